package plan

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

func (c *compiler) tryList(o *operation) *found {
	one := c.at(o.shape)
	if !o.get() || one == nil || !o.shown.many {
		return nil
	}
	what := "an array"
	if o.shown.data != "" {
		what = fmt.Sprintf("an envelope whose %s is an array", o.shown.data[1:])
	}
	if one.shape != o.shape {
		return &found{collection: one, reason: fmt.Sprintf("GET answers %s of what %s has", what, one.Path)}
	}
	return &found{collection: one, reason: "GET answers " + what}
}

func (c *compiler) trySearch(o *operation) *found {
	verbs := o.path.verbs()
	if !o.method(http.MethodPost) || !o.shown.many || len(verbs) == 0 ||
		!slices.ContainsFunc([]string{"search", "query", "find", "filter", "list"}, func(w string) bool { return startsWith(wordsOf(verbs[len(verbs)-1]), []string{w}) }) {
		return nil
	}
	one := c.above(o.path, func(one *collection) bool { return one.holds(o.shown.item) })
	if one == nil {
		return nil
	}
	return &found{collection: one, reason: "POST to " + o.path.last() + " answers an array of its items"}
}

// trySingleton adds the singleton that it finds.
func (c *compiler) trySingleton(o *operation) *found {
	if o.shown.many || c.at(o.shape) != nil || c.itemAt(o.path) != nil || len(o.path.verbs()) == 0 && c.owner(o) == "" || len(o.path.literals()) == 0 {
		return nil
	}
	if one := c.find(func(one *collection) bool { return one.Singleton && one.shape == o.shape }); one != nil {
		return &found{collection: one, of: c.answers(o, one), item: c.owner(o), reason: fmt.Sprintf("%s on the path that GET reads", o.line.Method)}
	}
	if o.method(http.MethodDelete) || !isObject(o.shown.item) {
		return nil
	}
	var read, write *operation
	for _, other := range c.operations {
		switch {
		case other.shape != o.shape:
		case other.get():
			read = other
		case !other.method(http.MethodDelete) && other.body != nil:
			write = other
		}
	}
	var reason string
	switch {
	case write == nil, read != nil && !isObject(read.shown.item):
		return nil
	case read != nil:
		reason = fmt.Sprintf("%s and %s at one path without a list", read.line.Method, write.line.Method)
	case len(o.path.params()) > 0 || o.method(http.MethodPost) || !covers(o.shown.item, o.body):
		return nil
	default:
		read = o
		reason = fmt.Sprintf("%s on a path of its own answers all that it is sent: one object, kept, though no GET shows it", o.line.Method)
	}
	one := &collection{Collection: &Collection{Path: o.line.Path, Singleton: true, Name: o.path.bare().words()}, path: o.path, shape: o.shape, entity: read.shown.item}
	if c.named(one.Name) != nil {
		one.Name = strings.TrimPrefix(o.path.String(), "/")
	}
	one.show(one.entity)
	c.findParents(one)
	c.collections = append(c.collections, one)
	return &found{collection: one, of: c.answers(o, one), item: c.owner(o), reason: reason}
}

// answers is the collection whose item a singleton's write answers in its stead.
func (c *compiler) answers(o *operation, singleton *collection) *collection {
	if singleton.holds(o.shown.item) {
		return nil
	}
	one, _ := c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) })
	return one
}

// owner is the path parameter of the item that a singleton belongs to.
func (c *compiler) owner(o *operation) string {
	_, name := c.ancestor(o, func(*collection) bool { return true })
	return name
}

// covers tells whether a has all properties of b, and b has any.
func covers(a, b *spec.Schema) bool {
	sent := properties(b)
	return len(sent) > 0 && !slices.ContainsFunc(sent, func(p spec.Property) bool { return property(a, p.Name) == nil })
}

// onItem makes the rule for the path of an item, of a member when members is true.
func onItem(members bool, fits func(c *compiler, o *operation) bool) func(*compiler, *operation) *found {
	return func(c *compiler, o *operation) *found {
		one := c.itemAt(o.path)
		if one == nil || members && one.Of == "" || !fits(c, o) {
			return nil
		}
		params := o.path.params()
		f := &found{collection: one, item: params[len(params)-1], reason: o.line.Method + " on the path of an item"}
		if members {
			f.reason = fmt.Sprintf("%s on the path of a member; the list of %s shows items of %s", o.line.Method, one.Name, one.Of)
		}
		return f
	}
}

func reads(_ *compiler, o *operation) bool { return o.get() && !o.shown.many }

func joins(_ *compiler, o *operation) bool {
	return o.body == nil && o.method(http.MethodPost, http.MethodPut)
}

func updates(_ *compiler, o *operation) bool {
	return o.method(http.MethodPatch) || o.method(http.MethodPost) && (o.body != nil || len(o.query) > 0)
}

func replaces(_ *compiler, o *operation) bool { return o.method(http.MethodPut) }

func deletes(c *compiler, o *operation) bool {
	return o.method(http.MethodDelete) && !c.answersAncestor(o)
}

// answersAncestor tells whether the answer is an item further up the path than
// the one that the path names.
func (c *compiler) answersAncestor(o *operation) bool {
	own := c.itemAt(o.path)
	one, _ := c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) })
	return one != nil && own != nil && one != own && !own.holds(o.shown.item)
}

// ancestor is the nearest collection whose item stands in a path, and the path
// parameter that names it.
func (c *compiler) ancestor(o *operation, is func(*collection) bool) (*collection, string) {
	for n := len(o.path); n > 0; n-- {
		if o.path[n-1].literal() {
			continue
		}
		params := o.path[:n].params()
		last := params[len(params)-1]
		if one := c.itemNamed(o.path[:n], last, nil); one != nil && one.Of == "" && is(one) {
			return one, last
		}
	}
	return nil, ""
}
