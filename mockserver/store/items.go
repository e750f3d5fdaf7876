// Package store keeps what a mock remembers: projects, and in each its members, its
// clock, and ordered collections of immutable JSON items, of which API keys are one.
// It knows neither HTTP nor OpenAPI.
package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tidwall/btree"
)

// Errors of writes and pages.
var (
	ErrTaken         = errors.New("store: the id is taken")
	ErrUnknownCursor = errors.New("store: the cursor is no item of the list")
)

// Items are collections by name. In each, items lie in scopes: a scope is what
// an item belongs to, such as the agent of a version; "" where it belongs to
// nothing. Items have no lock of their own: see [Items.View] and [Items.Change].
type Items struct {
	Owner Owner // set before anybody else has them

	mu          sync.RWMutex
	collections map[string]*collection
	next        uint64        // number of the next item
	total       *atomic.Int64 // items of the store that these are part of
	// watch is told of each change while nobody else changes anything: of an item
	// that was there, one that is there now, or both; dropped of a scope that is no more;
	// and done at the end of a step.
	watch   func(collection string, old, now *Item)
	dropped func(collection, scope string)
	done    func()

	memo memo
}

// Owner is the project that items belong to; the zero Owner is none.
type Owner struct{ ID, Name string }

// NewItems returns items that are part of no store.
func NewItems() *Items {
	return &Items{collections: map[string]*collection{}, total: new(atomic.Int64),
		watch: func(string, *Item, *Item) {}, dropped: func(string, string) {}, done: func() {}}
}

// View calls f while nothing changes. Other views go on meanwhile.
func (s *Items) View(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f()
}

// Change calls f while nobody else views or changes anything.
func (s *Items) Change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.done()
	s.memo.forget()
	f()
}

type collection struct {
	scopes map[string]*scope
	byID   map[string]*Item // of ids that are in several scopes the last one written; not of heads
	made   int

	seeded  map[string]*scope // what scopes begin with that the engine has opened; none: nothing
	dropped map[string]bool   // scopes that are no more
}

// scope is the items that belong to one thing, oldest first: those of its head, then
// those in items.
type scope struct {
	head    *head
	items   *btree.BTreeG[*Item]
	byID    map[string]*Item
	deleted map[string]*Item // those that went last, for cursors
	order   []string         // of deleted, oldest first

	writes int    // to the items
	of     *scope // that this is a copy of; nil: it is none
}

const maxDeleted = 10_000 // remembered in a scope

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
	// Secret is what of an API key is never shown; nil: nobody knows its secret, and it
	// does not expire.
	Secret *Secret
}

func (s *Items) collection(name string) *collection {
	c := s.collections[name]
	if c == nil {
		c = &collection{scopes: map[string]*scope{}, byID: map[string]*Item{}}
		s.collections[name] = c
	}
	return c
}

// find returns a scope that is there; nil: it is not.
func (s *Items) find(name, in string) *scope {
	if c := s.collections[name]; c != nil {
		return c.scopes[in]
	}
	return nil
}

// Has tells whether a scope has been opened: by [Items.Open] or a first item.
func (s *Items) Has(name, in string) bool { return s.find(name, in) != nil }

// Open makes a scope, empty, unless it is there.
func (s *Items) Open(name, in string) { s.collection(name).scope(in) }

func (c *collection) scope(name string) *scope {
	in := c.scopes[name]
	if in == nil {
		in = &scope{
			items:   btree.NewBTreeGOptions(func(a, b *Item) bool { return a.Number < b.Number }, btree.Options{NoLocks: true}),
			byID:    map[string]*Item{},
			deleted: map[string]*Item{},
		}
		c.scopes[name] = in
		delete(c.dropped, name)
	}
	return in
}

// get returns an item by its id, or by what differs from it in the case of letters
// alone, as hexadecimal ids may.
func (in *scope) get(id string) *Item {
	if in == nil {
		return nil
	}
	for _, id := range []string{id, strings.ToLower(id)} {
		if i := in.byID[id]; i != nil {
			return i
		}
		if in.head != nil {
			if i := in.head.find(id); i != nil {
				return i
			}
		}
	}
	return nil
}

// Add stores a new item behind all others. The error is [ErrTaken].
func (s *Items) Add(name, in, id string, value map[string]any, views map[string]map[string]any) (*Item, error) {
	i := &Item{ID: id, Scope: in, Value: value, Views: views}
	return i, s.add(name, i)
}

func (s *Items) add(name string, i *Item) error {
	c := s.collection(name)
	if c.scope(i.Scope).get(i.ID) != nil {
		return ErrTaken
	}
	if s.total.Load() >= MaxItems {
		return fmt.Errorf("%w items: a store holds %d, keys included; delete some, or projects", ErrTooMany, MaxItems)
	}
	s.next++
	c.made++
	i.Number = s.next
	s.put(name, nil, i)
	return nil
}

// put stores an item, in the place of another if there is one.
func (s *Items) put(name string, old, i *Item) {
	c := s.collection(name)
	in := c.scope(i.Scope)
	in.writes++
	if in.head != nil && in.head.has(i.Number) {
		in.head.changed[in.head.ordinal(i.Number)] = i
	} else {
		in.items.Set(i)
		in.byID[i.ID], c.byID[i.ID] = i, i
	}
	if old == nil {
		s.total.Add(1)
	}
	s.watch(name, old, i)
}

// Set stores an item's new value in its place and returns the item that has it.
func (s *Items) Set(name string, i *Item, value map[string]any, views map[string]map[string]any) *Item {
	changed := &Item{ID: i.ID, Scope: i.Scope, Number: i.Number, Value: value, Views: views, Secret: i.Secret}
	s.put(name, i, changed)
	return changed
}

// Get returns the item of a scope by its id; nil: there is none.
func (s *Items) Get(name, in, id string) *Item { return s.find(name, in).get(id) }

// Find returns an item by its id, in whatever scope; nil: there is none.
func (s *Items) Find(name, id string) *Item {
	c := s.collections[name]
	if c == nil {
		return nil
	}
	if i := c.byID[id]; i != nil {
		return i
	}
	for _, in := range c.scopes {
		if in.head != nil {
			if i := in.get(id); i != nil {
				return i
			}
		}
	}
	return c.byID[strings.ToLower(id)]
}

// Len is how many items a scope has.
func (s *Items) Len(name, in string) int { return s.find(name, in).len() }

func (in *scope) len() int {
	if in == nil {
		return 0
	}
	return in.head.len() + in.items.Len()
}

// At returns the item at an index of a scope, oldest first; nil beyond the end.
func (s *Items) At(name, in string, index int) *Item {
	if from := s.find(name, in); index >= 0 && index < from.len() {
		return from.at(index)
	}
	return nil
}

func (in *scope) at(index int) *Item {
	if n := in.head.len(); index >= n {
		i, _ := in.items.GetAt(index - n)
		return i
	}
	return in.head.item(in.head.at(index))
}

// Delete removes an item. Cursors may go on from where it stood: a scope remembers
// the last 10,000 that went.
func (s *Items) Delete(name string, i *Item) {
	in := s.collection(name).scope(i.Scope)
	s.remove(name, i)
	in.bury(i)
}

func (in *scope) bury(i *Item) {
	if len(in.order) == maxDeleted {
		delete(in.deleted, in.order[0])
		in.order = in.order[1:]
	}
	in.deleted[i.ID], in.order = i, append(in.order, i.ID)
}

// Undo removes an item that was added, as if it had never been.
func (s *Items) Undo(name string, i *Item) { s.remove(name, i) }

func (s *Items) remove(name string, i *Item) {
	c := s.collection(name)
	in := c.scope(i.Scope)
	in.writes++
	if in.head != nil && in.head.has(i.Number) {
		in.head.remove(i)
	} else {
		in.items.Delete(i)
		delete(in.byID, i.ID)
		c.forget(i)
	}
	s.total.Add(-1)
	s.watch(name, i, nil)
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
func (s *Items) Drop(name string, gone func(scope string) bool) {
	c := s.collections[name]
	if c == nil {
		return
	}
	for in, dropped := range c.scopes {
		if !gone(in) {
			continue
		}
		delete(c.scopes, in)
		if c.dropped == nil {
			c.dropped = map[string]bool{}
		}
		c.dropped[in] = true
		for _, i := range dropped.byID {
			c.forget(i)
		}
		s.dropped(name, in)
		s.total.Add(-int64(dropped.len()))
	}
}

// Scopes lists the scopes of a collection that are there, sorted.
func (s *Items) Scopes(name string) []string {
	if c := s.collections[name]; c != nil {
		return slices.Sorted(maps.Keys(c.scopes))
	}
	return nil
}

// Names lists the collections that are there, sorted.
func (s *Items) Names() []string { return slices.Sorted(maps.Keys(s.collections)) }

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
func (s *Items) Made(name string) int {
	if c := s.collections[name]; c != nil {
		return c.made
	}
	return 0
}
