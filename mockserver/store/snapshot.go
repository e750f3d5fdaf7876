package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"
)

// ProjectSnapshot is a project as data, but for its clock and its items other than keys.
// It holds digests of secrets, never secrets, so that keys go on working after
// [Project.Restore].
type ProjectSnapshot struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name"`
	Members []Member  `json:"members"`
	Keys    []Key     `json:"keys"`              // oldest first
	Deleted []Key     `json:"deleted,omitempty"` // id and created alone; those that went last
	Created uint64    `json:"created"`           // keys ever created; decides the next one's id
}

// Snapshot returns the project's content at one moment, and a mark of it.
func (p *Project) Snapshot() (shot ProjectSnapshot, items ItemsSnapshot, mark Mark) {
	p.Change(func() {
		mark = p.mark()
		shot, items = p.snapshot()
	})
	return shot, items, mark
}

func (p *Project) snapshot() (ProjectSnapshot, ItemsSnapshot) {
	keys := p.store.config.Keys
	n := p.Items.Len(keys, "")
	shot := ProjectSnapshot{ID: p.id, Name: p.name, Members: slices.Clone(p.members), Created: p.created, Keys: make([]Key, n)}
	for i := range n {
		shot.Keys[i] = p.keyAt(i)
	}
	in := p.find(keys, "")
	for _, id := range in.order {
		gone := keyOf(in.deleted[id])
		shot.Deleted = append(shot.Deleted, Key{ID: gone.ID, Created: gone.Created})
	}
	return shot, p.Items.snapshot(keys)
}

// Origin is a snapshot as what a project begins with. The error tells what the store does
// not take.
func (s *Store) Origin(shot ProjectSnapshot, items ItemsSnapshot) (Origin, error) {
	o := Origin{ID: shot.ID, Name: shot.Name, Members: slices.Clone(shot.Members), Created: shot.Created, Items: items}
	wrong := func(k Key, err error) (Origin, error) {
		return Origin{}, fmt.Errorf("%w (key %s of project %q)", err, k.ID, shot.Name)
	}
	all := slices.Clone(shot.Keys)
	for _, k := range shot.Deleted {
		all = append(all, Key{ID: k.ID, Name: "deleted", Created: k.Created})
	}
	for i := range all {
		k := &all[i]
		k.Created = k.Created.UTC()
		if !k.Restricted {
			k.Permissions = nil
		} else if k.Permissions == nil {
			k.Permissions = []string{}
		}
		if err := s.config.check(*k); err != nil {
			return wrong(*k, err)
		}
		if raw, err := hex.DecodeString(string(k.Digest)); k.Digest != "" && (err != nil || len(raw) != sha256.Size) {
			return wrong(*k, errors.New("store: a digest is not 64 hex digits"))
		}
	}
	slices.SortFunc(all, compareKeys)
	ordinals := make(map[uuid.UUID]int, len(all))
	for i, k := range all {
		if _, twice := ordinals[k.ID]; twice {
			return wrong(k, errors.New("store: the key's id is taken"))
		}
		ordinals[k.ID] = i
		if k.Digest != "" {
			o.Keys.Secrets = append(o.Keys.Secrets, i)
		}
	}
	for _, k := range shot.Deleted { // in the order in which they went
		o.gone = append(o.gone, ordinals[k.ID])
	}
	o.Keys.Len, o.Keys.At = len(all), func(i int) Key { return all[i] }
	return o, nil
}

// ItemsSnapshot is items as data.
type ItemsSnapshot struct {
	Next        uint64                        `json:"next"` // number of the last item made
	Collections map[string]CollectionSnapshot `json:"collections,omitempty"`
}

// CollectionSnapshot is one collection as data.
type CollectionSnapshot struct {
	Made   int                       `json:"made"` // items that it was ever given
	Scopes map[string][]ItemSnapshot `json:"scopes"`
}

// ItemSnapshot is one item as data.
type ItemSnapshot struct {
	ID     string                    `json:"id"`
	Number uint64                    `json:"number"`
	Value  map[string]any            `json:"value"`
	Views  map[string]map[string]any `json:"views,omitempty"`
}

// UnmarshalJSON keeps the digits of numbers.
func (i *ItemSnapshot) UnmarshalJSON(text []byte) error {
	type plain ItemSnapshot
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode((*plain)(i))
}

// Snapshot returns all items as data, but where deleted ones stood.
func (s *Items) Snapshot() (shot ItemsSnapshot) {
	s.View(func() { shot = s.snapshot("") })
	return shot
}

// snapshot leaves a collection out.
func (s *Items) snapshot(but string) ItemsSnapshot {
	shot := ItemsSnapshot{Next: s.next, Collections: map[string]CollectionSnapshot{}}
	for name, c := range s.collections {
		if name == but {
			continue
		}
		kept := CollectionSnapshot{Made: c.made, Scopes: map[string][]ItemSnapshot{}}
		for in, scope := range c.scopes {
			kept.Scopes[in] = []ItemSnapshot{}
			for i := range scope.each {
				kept.Scopes[in] = append(kept.Scopes[in], ItemSnapshot{ID: i.ID, Number: i.Number, Value: i.Value, Views: i.Views})
			}
		}
		shot.Collections[name] = kept
	}
	if len(shot.Collections) == 0 {
		return ItemsSnapshot{}
	}
	return shot
}

// Items are all items of a snapshot, by the names of their collections.
func (shot ItemsSnapshot) Items() iter.Seq2[string, ItemSnapshot] {
	return func(yield func(string, ItemSnapshot) bool) {
		for name, c := range shot.Collections {
			for _, items := range c.Scopes {
				for _, i := range items {
					if !yield(name, i) {
						return
					}
				}
			}
		}
	}
}

// From returns items with the content of a snapshot. It fails when an id or number
// stands twice.
func From(shot ItemsSnapshot) (*Items, error) {
	s := NewItems()
	s.next = shot.Next
	numbers := map[uint64]bool{}
	for name, kept := range shot.Collections {
		c := s.collection(name)
		c.made = kept.Made
		for in, items := range kept.Scopes {
			to := c.scope(in)
			for _, i := range items {
				if to.byID[i.ID] != nil || numbers[i.Number] || i.Number > s.next {
					return nil, errors.New("store: the snapshot has an item twice, or a number beyond its last: " + name + " " + i.ID)
				}
				numbers[i.Number] = true
				s.put(name, nil, &Item{ID: i.ID, Scope: in, Number: i.Number, Value: i.Value, Views: i.Views})
			}
		}
	}
	return s, nil
}

// Change is one change of a project's items as data.
type Change struct {
	Collection string        `json:"collection"`
	Scope      string        `json:"scope,omitempty"`
	Item       *ItemSnapshot `json:"item,omitempty"`    // as it is now
	Key        *Key          `json:"key,omitempty"`     // in its place for an item that is a key
	Deleted    string        `json:"deleted,omitempty"` // id of one that is no more
	Dropped    bool          `json:"dropped,omitempty"` // the scope is no more
}

func (p *Project) changeOf(collection string, old, now *Item) Change {
	switch {
	case now == nil:
		return Change{Collection: collection, Scope: old.Scope, Deleted: old.ID}
	case collection == p.store.config.Keys:
		k := keyOf(now)
		return Change{Collection: collection, Key: &k}
	}
	return Change{Collection: collection, Scope: now.Scope, Item: &ItemSnapshot{ID: now.ID, Number: now.Number, Value: now.Value, Views: now.Views}}
}

// Observe lets f be told of the changes of projects' items before anybody can see them,
// those of a step together; not of those by [Project.Restore] and the like. Call it
// before the store is used.
func (s *Store) Observe(f func(*Project, []Change)) { s.observe = f }

// Apply makes changes that an observer was told of anew.
func (p *Project) Apply(changes []Change) error {
	return p.change(func() error {
		for _, c := range changes {
			if err := p.apply(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *Project) apply(c Change) error {
	old := p.Get(c.Collection, c.Scope, c.Deleted)
	switch {
	case c.Dropped:
		p.Drop(c.Collection, func(scope string) bool { return scope == c.Scope })
	case c.Key != nil:
		k := *c.Key
		if err := p.store.config.check(k); err != nil {
			return err
		}
		i := p.store.config.item(k)
		if old = p.Get(c.Collection, "", i.ID); old != nil {
			p.Set(c.Collection, old, i.Value, nil)
			return nil
		}
		p.created++
		p.newest = k.Created
		return p.add(c.Collection, i)
	case c.Item != nil:
		i := &Item{ID: c.Item.ID, Scope: c.Scope, Number: c.Item.Number, Value: c.Item.Value, Views: c.Item.Views}
		if old = p.Get(c.Collection, c.Scope, i.ID); old == nil {
			p.collection(c.Collection).made++
			p.next = max(p.next, i.Number)
		}
		p.put(c.Collection, old, i)
	case old != nil:
		p.Delete(c.Collection, old)
	}
	return nil
}

// Held is a project while nothing changes.
type Held struct {
	Project *Project
	Content ProjectSnapshot
	Items   ItemsSnapshot
	Made    bool // by [Store.CreateProject]
}

// Hold calls f with all projects, while none is made or removed and no items of theirs
// change.
func (s *Store) Hold(f func([]Held)) {
	s.making.Lock()
	defer s.making.Unlock()
	var all []Held
	for _, p := range s.Projects() {
		p.mu.RLock()
		defer p.mu.RUnlock()
		all = append(all, p.held())
	}
	f(all)
}

// Hold calls f with the project, while its items do not change.
func (p *Project) Hold(f func(Held)) { p.View(func() { f(p.held()) }) }

func (p *Project) held() Held {
	h := Held{Project: p, Made: p.caller}
	h.Content, h.Items = p.snapshot()
	return h
}

// Continue adds a project, or puts it back, as it was in a store that ended: a reset goes
// back to what the project began with here, or removes it when it was made by
// [Store.CreateProject].
func (s *Store) Continue(h Held) (*Project, error) {
	if p, ok := s.Project(h.Content.ID.String()); ok && p.id == h.Content.ID {
		return p, p.Restore(h.Content, h.Items)
	}
	o, err := s.Origin(h.Content, h.Items)
	if err != nil {
		return nil, err
	}
	s.making.Lock()
	defer s.making.Unlock()
	p := newProject(s, o.ID, o.Name)
	p.caller = h.Made
	return p, s.put(p, o)
}
