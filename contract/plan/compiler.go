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

func newCompiler(doc *spec.Document) *compiler {
	return &compiler{doc: doc, operations: operations(doc)}
}

func (c *compiler) compile(overrides []Override) (*Plan, error) {
	c.discover()
	for _, o := range c.operations {
		c.infer(o)
	}
	err := c.override(overrides)
	for _, one := range c.collections {
		c.describe(one)
	}
	for _, one := range c.collections {
		c.linkAll(one)
	}
	p := &Plan{Collections: []*Collection{}, Lines: []*Line{}}
	for _, one := range c.collections {
		p.Collections = append(p.Collections, one.Collection)
	}
	for _, o := range c.operations {
		c.detail(o)
		p.Lines = append(p.Lines, o.line)
	}
	return p, err
}

// named returns a collection by its name; nil when there is none.
func (c *compiler) named(name string) *collection {
	return c.find(func(one *collection) bool { return one.Name == name })
}

func (c *compiler) find(is func(*collection) bool) *collection {
	if i := slices.IndexFunc(c.collections, is); i >= 0 {
		return c.collections[i]
	}
	return nil
}

// at returns the collection whose list is at a path of that shape.
func (c *compiler) at(shape string) *collection {
	return c.find(func(one *collection) bool {
		return !one.Singleton && (one.shape == shape || slices.Contains(one.lists, shape))
	})
}

// itemAt returns the collection whose items are at a path: one of the same
// shape, else the nearest of the same literals when the last parameter is named
// as its items' is: /project/{id}/invitation/{invitation_id} is an item of
// /project/invitation/{invitation_id}.
func (c *compiler) itemAt(path template) *collection {
	if _, ok := path.ofItem(); !ok {
		return nil
	}
	shape := path.shape()
	if one := c.find(func(one *collection) bool { return one.itemShape != "" && one.itemShape == shape }); one != nil {
		return one
	}
	params := path.params()
	last := params[len(params)-1]
	return c.find(func(one *collection) bool {
		return one.itemShape != "" && one.items.words() == path.words() && last == one.parameter() && !is(last, "id", "uuid", "key", "name")
	})
}

// parameter is the last path parameter of a collection's items; empty: none.
func (c *collection) parameter() string {
	params := c.items.params()
	if len(params) == 0 {
		return ""
	}
	return params[len(params)-1]
}

// holds tells whether a schema is one that items of the collection are shown
// through, or a union of such; an object of no component is one when it has the
// same properties.
func (c *collection) holds(s *spec.Schema) bool {
	if s == nil || !isObject(s) {
		return false
	}
	for _, key := range keysOf(s) {
		if !slices.Contains(c.keys, key) {
			return s.Name == "" && len(s.Alternatives()) == 0 && c.entity != nil && sameProperties(s, c.entity)
		}
	}
	return true
}

func sameProperties(a, b *spec.Schema) bool {
	one, other := properties(a), properties(b)
	if len(one) < 2 || len(one) != len(other) {
		return false
	}
	for _, p := range one {
		if !slices.ContainsFunc(other, func(q spec.Property) bool { return q.Name == p.Name }) {
			return false
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
