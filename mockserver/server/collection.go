package server

import (
	"errors"

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

func (c Collection) items() (*store.Items, error) {
	now, err := c.project.now()
	if err != nil {
		return nil, err
	}
	return now.Items, nil
}

// List returns the items chosen, newest first, and how many there are without the
// search's offset and limit.
func (c Collection) List(q engine.Search) (items []engine.Item, total int, err error) {
	s, err := c.items()
	if err != nil {
		return nil, 0, err
	}
	return c.project.world.config.Engine.Items(s, c.name, q)
}

// Create makes an item with the given properties; the rest is made up.
func (c Collection) Create(partial map[string]any) (engine.Item, error) {
	s, err := c.items()
	if err != nil {
		return engine.Item{}, err
	}
	now, _, err := c.project.Clock()
	if err != nil {
		return engine.Item{}, err
	}
	return c.project.world.config.Engine.Put(s, c.name, partial, now)
}

// Get returns an item.
func (c Collection) Get(id string) (engine.Item, error) {
	s, err := c.items()
	if err != nil {
		return engine.Item{}, err
	}
	return c.project.world.config.Engine.Item(s, c.name, id)
}

// Update changes an item by a merge patch (RFC 7396).
func (c Collection) Update(id string, patch map[string]any) (engine.Item, error) {
	s, err := c.items()
	if err != nil {
		return engine.Item{}, err
	}
	return c.project.world.config.Engine.Patch(s, c.name, id, patch)
}

// Delete removes an item and what lies below it.
func (c Collection) Delete(id string) error {
	s, err := c.items()
	if err != nil {
		return err
	}
	return c.project.world.config.Engine.Remove(s, c.name, id)
}

// SeedItems replaces all items by the given ones and what is made up besides, in one
// step, and lets resets go back to them: see [engine.Engine.Fill]. The error tells of
// each item that cannot be made; nothing has changed then.
func (p *Project) SeedItems(lists map[string][]map[string]any) error {
	now, err := p.now()
	if err != nil {
		return err
	}
	fresh := store.NewItems()
	fresh.Owner = now.Owner
	var errs []error
	for _, e := range p.world.config.Engine.Fill(fresh, lists, now.Clock().Now()) {
		errs = append(errs, e)
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	err = now.SetItems(fresh.Snapshot())
	p.world.keeper.whole(now)
	return err
}
