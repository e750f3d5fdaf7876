package server

import (
	"errors"
	"time"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/store"
)

// Collection is a handle on one collection of a project. What is set here need not be
// what the API lets its clients set; it must fit the document. Errors are those of
// package engine, and [ErrNoProject].
type Collection struct {
	project *Project
	name    string
}

// Collections lists the collections that the document has, API keys apart.
func (p *Project) Collections() []*plan.Collection { return p.world.config.Engine.Collections() }

// Properties are those that items of a collection may have.
func (p *Project) Properties(c *plan.Collection) []spec.Property {
	return p.world.config.Engine.Properties(c)
}

// Collection returns the collection of a name, such as "agent" or "knowledge/base".
func (p *Project) Collection(name string) Collection { return Collection{p, name} }

// List returns the items chosen, newest first, and how many there are without the
// search's offset and limit.
func (c Collection) List(q engine.Search) (items []engine.Item, total int, err error) {
	err = c.project.do(func(now *store.Project) (err error) {
		items, total, err = c.engine().Items(now.Items, c.name, q)
		return err
	})
	return items, total, err
}

func (c Collection) engine() *engine.Engine { return c.project.world.config.Engine }

// Create makes an item with the given properties; the rest is made up.
func (c Collection) Create(partial map[string]any) (engine.Item, error) {
	return of(c.project, func(now *store.Project) (engine.Item, error) {
		return c.engine().Put(now.Items, c.name, partial, now.Clock().Now())
	})
}

// Get returns an item.
func (c Collection) Get(id string) (engine.Item, error) {
	return of(c.project, func(now *store.Project) (engine.Item, error) { return c.engine().Item(now.Items, c.name, id) })
}

// Update changes an item by a merge patch (RFC 7396).
func (c Collection) Update(id string, patch map[string]any) (engine.Item, error) {
	return of(c.project, func(now *store.Project) (engine.Item, error) {
		return c.engine().Patch(now.Items, c.name, id, patch, now.Clock().Now())
	})
}

// Delete removes an item and what lies below it.
func (c Collection) Delete(id string) error {
	return c.project.do(func(now *store.Project) error { return c.engine().Remove(now.Items, c.name, id) })
}

// SeedItems replaces all items by the given ones and what is made up besides, in one
// step, and lets resets go back to them: see [engine.Engine.Fill]. The error tells of
// each item that cannot be made; nothing has changed then.
func (p *Project) SeedItems(lists map[string][]map[string]any) error {
	return p.do(func(now *store.Project) error {
		shot, err := p.world.items(now.Owner, lists, now.Clock().Now())
		if err != nil {
			return err
		}
		err = now.SetItems(shot)
		p.world.keeper.whole(now)
		return err
	})
}

// items are those that a project begins with which is given some.
func (w *World) items(owner store.Owner, lists map[string][]map[string]any, now time.Time) (store.ItemsSnapshot, error) {
	fresh := store.NewItems()
	fresh.Owner = owner
	var errs []error
	for _, e := range w.config.Engine.Fill(fresh, lists, now) {
		errs = append(errs, e)
	}
	return fresh.Snapshot(), errors.Join(errs...)
}
