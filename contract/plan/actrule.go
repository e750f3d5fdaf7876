package plan

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

var copyVerbs = []string{"copy", "duplicate", "clone", "fork"}

func (c *compiler) tryCopy(o *operation) *found {
	source, item := c.ancestor(o, func(*collection) bool { return true })
	if source == nil || !o.method(http.MethodPost) || o.shown.many || len(o.path.verbs()) == 0 {
		return nil
	}
	if own, _ := c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) }); own != nil {
		if !slices.ContainsFunc(o.path.verbs()[:1], func(v string) bool { return is(v, copyVerbs...) }) {
			return nil
		}
		return &found{collection: own, source: source, item: item, reason: fmt.Sprintf("POST to %s below an item answers a new one", o.path.last())}
	}
	if target := c.holder(o.shown.item, o.path); target != nil && (o.verb(copyVerbs...) || o.line.Answer.Status == 201) {
		return &found{collection: target, source: source, item: item, reason: fmt.Sprintf("POST to %s below an item of %s answers an item of %s", o.path.last(), source.Name, target.Name)}
	}
	if !o.verb(copyVerbs...) && o.line.Answer.Status != 201 {
		return nil
	}
	var own *found // what is copied may be what it is copied from, when nothing else is named
	for _, p := range properties(o.shown.item) {
		words, many := idStem(p.Name)
		if words == nil || many {
			continue
		}
		f := &found{source: source, item: item, reason: fmt.Sprintf("POST to %s below an item of %s answers a %s", o.path.last(), source.Name, p.Name)}
		if f.collection = c.resolve(words, o.path, source); f.collection != nil {
			return f
		}
		if f.collection = source; o.verb(copyVerbs...) && namesIdentity(source, p.Name) {
			own = f
		}
	}
	return own
}

// holder is the collection whose items a schema shows: of several the nearest to
// a path that is below no item, else the nearest.
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

func (c *compiler) tryAct(o *operation) *found {
	if o.get() || o.shown.many {
		return nil
	}
	one, item := c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) })
	if one == nil {
		return nil
	}
	return &found{collection: one, item: item, reason: fmt.Sprintf("%s below an item answers that item", o.line.Method)}
}

func (c *compiler) tryActOnLink(o *operation) *found {
	one, item := c.ancestor(o, func(*collection) bool { return true })
	if o.get() || one == nil || o.shown.many {
		return nil
	}
	other := c.holder(o.shown.item, o.path)
	if other == nil {
		return nil
	}
	for _, l := range c.links(one.entity, one, one.path) {
		if l.Collection == other.Name && !l.Many {
			o.line.Answer.By = l.Property
			return &found{collection: one, item: item, of: other, reason: fmt.Sprintf("%s below an item answers the item of %s that its %s names", o.line.Method, other.Name, l.Property[1:])}
		}
	}
	return nil
}

func (c *compiler) tryActWithoutAnswer(o *operation) *found {
	one, item := c.ancestor(o, func(*collection) bool { return true })
	if o.get() || one == nil || !untyped(o.shown.body) {
		return nil
	}
	return &found{collection: one, item: item, reason: fmt.Sprintf("%s below an item answers nothing", o.line.Method)}
}

func (c *compiler) tryRenew(o *operation) *found {
	one, item := c.ancestor(o, func(*collection) bool { return true })
	if o.get() || one == nil || !isObject(o.shown.item) {
		return nil
	}
	all, once := properties(o.shown.item), onceOf(one)
	if len(all) == 0 || slices.ContainsFunc(all, func(p spec.Property) bool { return !slices.Contains(once, p.Name) }) {
		return nil
	}
	return &found{collection: one, item: item, reason: fmt.Sprintf("%s below an item answers only %s, which its creation shows once: made anew", o.line.Method, all[0].Name)}
}

func (c *compiler) tryView(o *operation) *found {
	if !o.get() || !isObject(o.shown.item) {
		return nil
	}
	if one := c.above(o.path, func(one *collection) bool { return one.Of == "" && one.holds(o.shown.item) }); one != nil {
		return &found{collection: one, reason: fmt.Sprintf("GET on %s below the path of a collection answers one of its items", o.path.last())}
	}
	params := o.path.params()
	if len(params) == 0 {
		return nil
	}
	last := params[len(params)-1]
	if one := c.itemNamed(o.upTo(last), last, nil); one != nil {
		return &found{collection: one, item: last, reason: fmt.Sprintf("GET answers an object for the item of %s that %s names", one.Name, last)}
	}
	return nil
}

// upTo is the path up to the segment of a parameter.
func (o *operation) upTo(parameter string) template {
	for i, s := range o.path {
		if slices.Contains(s.params, parameter) {
			return o.path[:i+1]
		}
	}
	return nil
}

func sample(o *operation) *found {
	if o.get() {
		return &found{reason: "GET shows no collection, nor something of an item, and nothing writes what it shows: the same sample each time"}
	}
	return &found{reason: "the answer is neither an item nor an array of items that the document has elsewhere: a sample"}
}
