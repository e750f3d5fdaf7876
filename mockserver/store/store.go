// Package store keeps what a mock remembers of one project: ordered collections of
// immutable JSON items. It knows neither HTTP nor OpenAPI.
package store

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"
)

// Errors of writes and pages.
var (
	ErrTaken         = errors.New("store: the id is taken")
	ErrUnknownCursor = errors.New("store: the cursor is no item of the list")
)

// Store holds collections by name. In each, items lie in scopes: a scope is what
// an item belongs to, such as the agent of a version; "" where it belongs to
// nothing. A Store has no lock of its own: see [Store.View] and [Store.Change].
type Store struct {
	mu          sync.RWMutex
	collections map[string]*collection
	next        uint64 // number of the next item
}

// New returns an empty store.
func New() *Store { return &Store{collections: map[string]*collection{}} }

// View calls f while nothing changes. Other views go on meanwhile.
func (s *Store) View(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f()
}

// Change calls f while nobody else views or changes anything.
func (s *Store) Change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

type collection struct {
	scopes map[string]*scope
	byID   map[string]*Item // of ids that are in several scopes the last one written
	made   int
}

// scope is the items that belong to one thing, oldest first.
type scope struct {
	items   *btree.BTreeG[*Item]
	byID    map[string]*Item
	deleted map[string]uint64 // number of those that are gone, for cursors
	order   []string          // of deleted, oldest first
}

const maxDeleted = 1000 // remembered in a scope

// Item is one item. Nothing of it changes once it is stored, Value and all below
// included: whoever wants a change stores another in its place.
type Item struct {
	ID     string
	Scope  string
	Number uint64 // in the order in which items were made
	Value  map[string]any
	// Views are the properties that a schema shows otherwise than Value, by the
	// pointer of the schema.
	Views map[string]map[string]any

	shown sync.Map // texts by schema
}

// Shown returns the text that show makes of the item, once for each key.
func (i *Item) Shown(key any, show func() []byte) []byte {
	if text, ok := i.shown.Load(key); ok {
		return text.([]byte) //nolint:forcetypeassert // nothing else is stored
	}
	text, _ := i.shown.LoadOrStore(key, show())
	return text.([]byte) //nolint:forcetypeassert // nothing else is stored
}

func (s *Store) collection(name string) *collection {
	c := s.collections[name]
	if c == nil {
		c = &collection{scopes: map[string]*scope{}, byID: map[string]*Item{}}
		s.collections[name] = c
	}
	return c
}

// Has tells whether a scope has been opened: by [Store.Open] or a first item.
func (s *Store) Has(name, in string) bool {
	c := s.collections[name]
	return c != nil && c.scopes[in] != nil
}

// Open makes a scope, empty, unless it is there.
func (s *Store) Open(name, in string) { s.collection(name).scope(in) }

func (c *collection) scope(name string) *scope {
	in := c.scopes[name]
	if in == nil {
		in = &scope{
			items:   btree.NewBTreeGOptions(func(a, b *Item) bool { return a.Number < b.Number }, btree.Options{NoLocks: true}),
			byID:    map[string]*Item{},
			deleted: map[string]uint64{},
		}
		c.scopes[name] = in
	}
	return in
}

// Add stores a new item behind all others. The error is ErrTaken.
func (s *Store) Add(name, in, id string, value map[string]any, views map[string]map[string]any) (*Item, error) {
	c := s.collection(name)
	to := c.scope(in)
	if to.byID[id] != nil {
		return nil, ErrTaken
	}
	s.next++
	c.made++
	i := &Item{ID: id, Scope: in, Number: s.next, Value: value, Views: views}
	c.put(i)
	return i, nil
}

func (c *collection) put(i *Item) {
	in := c.scope(i.Scope)
	in.items.Set(i)
	in.byID[i.ID], c.byID[i.ID] = i, i
}

// Set stores an item's new value in its place and returns the item that has it.
func (s *Store) Set(name string, i *Item, value map[string]any, views map[string]map[string]any) *Item {
	changed := &Item{ID: i.ID, Scope: i.Scope, Number: i.Number, Value: value, Views: views}
	s.collection(name).put(changed)
	return changed
}

// Get returns the item of a scope by its id; nil: there is none.
func (s *Store) Get(name, in, id string) *Item {
	if c := s.collections[name]; c != nil && c.scopes[in] != nil {
		return c.scopes[in].byID[id]
	}
	return nil
}

// Find returns an item by its id, in whatever scope; nil: there is none.
func (s *Store) Find(name, id string) *Item {
	if c := s.collections[name]; c != nil {
		return c.byID[id]
	}
	return nil
}

// Len is how many items a scope has.
func (s *Store) Len(name, in string) int {
	if c := s.collections[name]; c != nil && c.scopes[in] != nil {
		return c.scopes[in].items.Len()
	}
	return 0
}

// At returns the item at an index of a scope, oldest first; nil beyond the end.
func (s *Store) At(name, in string, index int) *Item {
	if c := s.collections[name]; c != nil && c.scopes[in] != nil {
		i, _ := c.scopes[in].items.GetAt(index)
		return i
	}
	return nil
}

// Delete removes an item. Cursors may go on from where it stood: a scope remembers
// the last 1,000 that went.
func (s *Store) Delete(name string, i *Item) {
	c := s.collection(name)
	in := c.scope(i.Scope)
	in.items.Delete(i)
	delete(in.byID, i.ID)
	c.forget(i)
	if len(in.order) == maxDeleted {
		delete(in.deleted, in.order[0])
		in.order = in.order[1:]
	}
	in.deleted[i.ID], in.order = i.Number, append(in.order, i.ID)
}

// forget lets an id name the newest item of it in the other scopes, if one has it.
func (c *collection) forget(gone *Item) {
	if named := c.byID[gone.ID]; named == nil || named.Scope != gone.Scope {
		return
	}
	delete(c.byID, gone.ID)
	for _, in := range c.scopes {
		if i, last := in.byID[gone.ID], c.byID[gone.ID]; i != nil && (last == nil || i.Number > last.Number) {
			c.byID[gone.ID] = i
		}
	}
}

// Drop removes the scopes of a collection that gone chooses, with their items.
func (s *Store) Drop(name string, gone func(scope string) bool) {
	c := s.collections[name]
	if c == nil {
		return
	}
	for in, items := range c.scopes {
		if !gone(in) {
			continue
		}
		delete(c.scopes, in)
		for _, i := range items.byID {
			c.forget(i)
		}
	}
}

// Scopes lists the scopes of a collection that are there, sorted.
func (s *Store) Scopes(name string) []string {
	if c := s.collections[name]; c != nil {
		return slices.Sorted(maps.Keys(c.scopes))
	}
	return nil
}

// Names lists the collections that are there, sorted.
func (s *Store) Names() []string { return slices.Sorted(maps.Keys(s.collections)) }

// Scope joins the ids of what an item belongs to, the outermost first.
func Scope(ids ...string) string { return strings.Join(ids, "\x00") }

// Within tells whether a scope has an id at a position.
func Within(scope string, position int, id string) bool {
	ids := strings.Split(scope, "\x00")
	return position < len(ids) && ids[position] == id
}

// Innermost is the id of the last thing that a scope names.
func Innermost(scope string) string { return scope[strings.LastIndexByte(scope, 0)+1:] }

// Made is how many items a collection has ever been given.
func (s *Store) Made(name string) int {
	if c := s.collections[name]; c != nil {
		return c.made
	}
	return 0
}
