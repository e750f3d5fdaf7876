package store

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Project owns API keys and other items, and has members and a clock. It is the unit of
// isolation: a secret belongs to one project, and an item of another project is unknown
// here. It is safe for concurrent use, but for what [Items] says of its own methods.
type Project struct {
	*Items // the lock guards what is below, too, but secrets

	store *Store
	id    uuid.UUID
	name  string
	clock *Clock

	caller  bool // made by CreateProject
	gone    bool
	origin  Origin // what Reset goes back to
	keys    KeyList
	members []Member
	joined  int       // members that there have ever been
	created uint64    // keys ever created here; the next one's id is made from it
	newest  time.Time // creation time of the newest key ever created here

	start Mark // set when the project is complete

	changes []Change // of the step under way, for the store's observer

	secrets map[Digest]*Key // guarded by the store's mu
}

// Origin is how a project begins.
type Origin struct {
	ID      uuid.UUID
	Name    string
	Members []Member
	Keys    KeyList
	Created uint64 // keys ever created; decides the next one's id
	Items   ItemsSnapshot

	gone []int // ordinals in Keys of those that have been deleted
}

// KeyList is the keys that a project begins with, by creation date and id, oldest first.
// They are made when they are looked at, the same each time.
type KeyList struct {
	Len     int
	At      func(i int) Key
	ID      func(i int) uuid.UUID // of At, where that is made faster; nil, with Name: it is not
	Name    func(i int) string
	Secrets []int // those that have one which somebody knows
}

func newProject(s *Store, id uuid.UUID, name string) *Project {
	p := &Project{store: s, id: id, name: name, Items: NewItems(), clock: newClock(s.config)}
	p.Owner = Owner{id.String(), name}
	p.total, p.Items.watch, p.dropped, p.done = &s.total, p.watch, p.watchDrop, p.report
	return p
}

// ID returns the project's id.
func (p *Project) ID() uuid.UUID { return p.id }

// Name returns the project's name.
func (p *Project) Name() string { return p.name }

// Clock returns the project's clock. A reset puts it back, too.
func (p *Project) Clock() *Clock { return p.clock }

// change is Items.Change for a project that is still there; else the error is ErrGone.
func (p *Project) change(f func() error) error {
	err := ErrGone
	p.Change(func() {
		if !p.gone {
			err = f()
		}
	})
	return err
}

// content is what a project begins with, made.
type content struct {
	origin  Origin
	items   *Items
	secrets map[Digest]*Key
	newest  time.Time
	size    int64
	begins  func() // called when it is in its place, and nobody has seen it yet; nil: nothing is
}

// make makes what a project begins with, which nobody else can see yet.
func (s *Store) make(o Origin) (*content, error) {
	if err := errors.Join(checkName("project", o.Name), checkReserved(o.Name)); err != nil {
		return nil, err
	}
	if _, there := o.Items.Collections[s.config.Keys]; there {
		return nil, fmt.Errorf("store: items of %s are the keys of a project, and stand among those", s.config.Keys)
	}
	items, err := From(o.Items)
	if err != nil {
		return nil, err
	}
	if o.Keys.ID == nil {
		o.Keys.ID, o.Keys.Name = func(i int) uuid.UUID { return o.Keys.At(i).ID }, func(i int) string { return o.Keys.At(i).Name }
	}
	c := &content{origin: o, items: items, secrets: map[Digest]*Key{}, size: items.total.Load() + int64(o.Keys.Len-len(o.gone))}
	head := newHead(o.Keys.Len, 1, func(i int) string { return o.Keys.ID(i).String() }, func(i int) *Item { return s.config.item(o.Keys.At(i)) })
	items.Open(s.config.Keys, "")
	in := items.find(s.config.Keys, "")
	in.head = head
	items.next = max(items.next, uint64(o.Keys.Len)) //nolint:gosec // a count
	for _, i := range o.gone {
		in.bury(head.item(i))
		head.gone.Insert(i)
	}
	for _, i := range o.Keys.Secrets {
		k := o.Keys.At(i)
		if c.secrets[k.Digest] != nil {
			return nil, fmt.Errorf("store: the secret of key %s belongs to another key", k.ID)
		}
		c.secrets[k.Digest] = &k
	}
	if o.Keys.Len > 0 {
		c.newest = o.Keys.At(o.Keys.Len - 1).Created
	}
	return c, nil
}

// begin puts a content in the place of what the project has. What was counted goes on:
// no id is given out again.
func (p *Project) begin(c *content) {
	p.Change(func() {
		s := p.store
		s.mu.Lock()
		defer s.mu.Unlock()
		s.total.Add(c.size - p.sizeNow())
		for d := range p.secrets {
			delete(s.bearers, d)
		}
		for d := range c.secrets {
			s.bearers[d] = p
		}
		p.adopt(c.items)
		p.secrets = c.secrets
		p.keys, p.members = c.origin.Keys, slices.Clone(c.origin.Members)
		p.created, p.newest = max(p.created, c.origin.Created, uint64(c.origin.Keys.Len)), c.newest //nolint:gosec // a count
		p.joined = max(p.joined, len(p.members))
		s.projects[p.id], s.byName[p.name] = p, p
		if c.begins != nil {
			c.begins()
		}
	})
}

// sizeNow is how many items there are.
func (p *Project) sizeNow() (n int64) {
	for _, c := range p.collections {
		for _, in := range c.scopes {
			n += int64(in.len())
		}
	}
	return n
}

// end removes the project from its store.
func (p *Project) end() error {
	return p.change(func() error {
		p.gone = true
		s := p.store
		s.mu.Lock()
		defer s.mu.Unlock()
		for d := range p.secrets {
			delete(s.bearers, d)
		}
		delete(s.projects, p.id)
		delete(s.byName, p.name)
		s.total.Add(-p.sizeNow())
		return nil
	})
}

// revive takes back an end, and all that was changed before it.
func (p *Project) revive() error {
	p.Change(func() {
		p.gone = false
		p.store.total.Add(p.sizeNow())
	})
	return p.reset()
}

// Reset puts the project back to what it was when it was made, clock included.
// The error is [ErrGone].
func (p *Project) Reset() error {
	p.store.making.Lock()
	defer p.store.making.Unlock()
	return p.reset()
}

func (p *Project) reset() error {
	if p.isGone() {
		return ErrGone
	}
	c, err := p.store.make(p.origin)
	if err == nil {
		p.begin(c)
		p.clock.reset(p.store.config.Frozen)
		p.started()
	}
	return err
}

func (p *Project) started() { p.Change(func() { p.start = p.mark() }) }

func (p *Project) isGone() (gone bool) {
	p.View(func() { gone = p.gone })
	return gone
}

// SetItems puts other items in the place of all but API keys, and lets resets go back to
// them. On an error, such as [ErrGone], nothing has changed.
func (p *Project) SetItems(shot ItemsSnapshot) error {
	items, err := From(shot)
	if err != nil {
		return err
	}
	return p.change(func() error {
		before := p.sizeNow()
		items.collections[p.store.config.Keys] = p.collections[p.store.config.Keys]
		p.adopt(items)
		p.store.total.Add(p.sizeNow() - before)
		p.origin.Items = shot
		p.start = p.mark()
		return nil
	})
}

// adopt puts collections in the place of those that there are. What was counted goes on.
func (p *Project) adopt(items *Items) {
	for name, old := range p.collections {
		now := items.collection(name)
		now.made = max(now.made, old.made)
		now.seeded = old.seeded
	}
	p.collections, p.next = items.collections, max(p.next, items.next)
}

// Restore puts the content of a snapshot, which must be of this project, in the place
// of the project's. The clock stays as it is. On an error nothing has changed;
// [ErrGone] is one.
func (p *Project) Restore(shot ProjectSnapshot, items ItemsSnapshot) error {
	if shot.ID != p.id {
		return fmt.Errorf("store: the snapshot is of project %s, not of %s", shot.ID, p.id)
	}
	p.store.making.Lock()
	defer p.store.making.Unlock()
	if p.isGone() {
		return ErrGone
	}
	o, err := p.store.Origin(shot, items)
	if err != nil {
		return err
	}
	o.Name = p.name
	c, err := p.store.make(o)
	if err == nil {
		err = p.store.admit([]uuid.UUID{p.id}, c)
	}
	if err == nil {
		p.begin(c)
	}
	return err
}
