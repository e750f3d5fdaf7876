package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// compiler makes the plan of a document.
type compiler struct {
	doc         *spec.Document
	operations  []*operation
	collections []*collection
}

// collection is a Collection while it is being made.
type collection struct {
	*Collection
	path, items template     // of Path and ItemPath
	shape       string       // of path
	itemShape   string       // of items; empty when there are none
	entity      *spec.Schema // what Schema points to
	created     *spec.Schema // answer of its creation
	keys        []string     // schemas its items are shown through
	lists       []string     // shapes of all paths that list it
	phrases     [][]string   // see [compiler.phrases]
}

func newCollection(published string, path template, entity *spec.Schema) *collection {
	return &collection{Collection: &Collection{Path: published}, path: path, shape: path.shape(), entity: entity}
}

// named returns a collection by its name; nil when there is none.
func (c *compiler) named(name string) *collection {
	return c.find(func(one *collection) bool { return one.Name == name })
}

func (c *compiler) find(fits func(*collection) bool) *collection { return first(c.collections, fits) }

// at returns the collection whose list is at a path of that shape.
func (c *compiler) at(shape string) *collection {
	return c.find(func(one *collection) bool {
		return !one.Singleton && (one.shape == shape || slices.Contains(one.lists, shape))
	})
}

// itemAt returns the collection whose items are at a path: one of the same
// shape, else the first of the same literals when the last parameter is named
// as its items' is: /project/{id}/invitation/{invitation_id} is an item of
// /project/invitation/{invitation_id}.
func (c *compiler) itemAt(path template) *collection {
	if _, ok := path.ofItem(); !ok {
		return nil
	}
	shape, words, last := path.shape(), path.words(), path.lastParam()
	if one := c.find(func(one *collection) bool { return one.itemShape == shape }); one != nil {
		return one
	}
	return c.find(func(one *collection) bool {
		return one.itemShape != "" && last == one.items.lastParam() && !is(last, "id uuid key name") && one.items.words() == words
	})
}

// front is the nearest collection whose path is in front of a path with only
// literals between.
func (c *compiler) front(path template, fits func(*collection) bool) *collection {
	for n := len(path) - 1; n > 0 && path[n].literal(); n-- {
		shape := path[:n].shape()
		if one := c.find(func(one *collection) bool { return one.shape == shape && fits(one) }); one != nil {
			return one
		}
	}
	return nil
}

// itemNamed is the collection whose item a path parameter names: by the path up
// to it, else by its name.
func (c *compiler) itemNamed(path template, name string, not *collection) *collection {
	if one := c.itemAt(path); one != nil && one != not {
		return one
	}
	return c.resolve(idOf(name), path, not)
}

// ancestor is the nearest collection whose item stands in a path, and the path
// parameter that names it.
func (c *compiler) ancestor(o *operation, fits func(*collection) bool) (*collection, string) {
	for n := len(o.path); n > 0; n-- {
		if o.path[n-1].literal() {
			continue
		}
		last := o.path[:n].lastParam()
		if one := c.itemNamed(o.path[:n], last, nil); one != nil && one.Of == "" && fits(one) {
			return one, last
		}
	}
	return nil, ""
}

// holder is the collection whose items a schema shows: of several the one below
// the fewest parents, then the nearest to a path.
func (c *compiler) holder(s *spec.Schema, path template) *collection {
	var best *collection
	for _, one := range c.collections {
		if one.Singleton || one.Of != "" || !one.holds(s) {
			continue
		}
		if best == nil || len(one.Parents) < len(best.Parents) || len(one.Parents) == len(best.Parents) && one.path.common(path) > best.path.common(path) {
			best = one
		}
	}
	return best
}

// holds tells whether a schema is one that items of the collection are shown
// through, or a union of such; an object of no component is one when it has the
// same properties.
func (c *collection) holds(s *spec.Schema) bool {
	if !isObject(s) {
		return false
	}
	for _, key := range keysOf(s) {
		if !slices.Contains(c.keys, key) {
			n := len(properties(s))
			return s.Name == "" && len(s.Alternatives()) == 0 && n > 1 && n == len(properties(c.entity)) &&
				find(s, func(p spec.Property) bool { return !has(c.entity, p.Name) }) == nil
		}
	}
	return true
}

// show adds a schema that items are shown through.
func (c *collection) show(s *spec.Schema) {
	for _, key := range keysOf(s) {
		if key != "" && !slices.Contains(c.keys, key) {
			c.keys = append(c.keys, key)
		}
	}
}

// isItem tells whether a schema shows items of the collection: one that it holds
// does, one with the identity, and any when there is none.
func (c *collection) isItem(s *spec.Schema) bool {
	return c.Singleton || c.holds(s) || !slices.ContainsFunc(c.Identity, func(i Identity) bool { return i.Property != "" && !has(s, i.Property) })
}

// arrayOf is the property of a body that is an array of a collection's items; the
// body itself, without a name, when it is one.
func arrayOf(body *spec.Schema, one *collection) *spec.Property {
	if isArray(body) && one.holds(body.Items()) {
		return &spec.Property{Schema: body}
	}
	return find(body, func(p spec.Property) bool { return isArray(p.Schema) && one.holds(p.Schema.Items()) })
}
