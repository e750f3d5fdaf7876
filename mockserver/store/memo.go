package store

import (
	"hash/maphash"
	"sync/atomic"
)

// memo is what was made of items lately, until they change: a client that polls asks for
// the same again and again, and without it the repeated list misses its figure.
type memo [64]atomic.Pointer[remembered]

type remembered struct {
	key  any
	made any
}

// Recall returns what was kept for an equal key since the items changed last; nil: nothing
// is. Call it, and [Items.Keep], in [Items.View].
func (s *Items) Recall(key any) any {
	if r := s.memo.place(key).Load(); r != nil && r.key == key {
		return r.made
	}
	return nil
}

// Keep keeps what was made of the items for [Items.Recall], as long as there is room.
func (s *Items) Keep(key, made any) { s.memo.place(key).Store(&remembered{key, made}) }

func (m *memo) place(key any) *atomic.Pointer[remembered] {
	return &m[maphash.Comparable(idSeed, key)%uint64(len(m))]
}

func (m *memo) forget() {
	for i := range m {
		m[i].Store(nil)
	}
}
