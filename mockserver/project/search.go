package project

import "strings"

// Search returns the keys whose name holds text, whatever the case, newest
// first; all keys when text is empty. It looks at every key.
func (p *Project) Search(text string) []*Key {
	text = strings.ToLower(text)
	found := []*Key{}
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	p.keys.Reverse(func(k *Key) bool {
		if strings.Contains(strings.ToLower(k.Name), text) {
			found = append(found, k)
		}
		return true
	})
	return found
}
