package engine

import (
	"reflect"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// link lets what names or holds items of other collections name such that are there.
func (t *tx) link(c *plan.Collection, in string, value map[string]any, ordinal int) {
	for i, l := range c.Links {
		target := t.collection(l.Collection)
		if target == nil || c.ParentProperty != "" && l.Property == spec.Join("", c.ParentProperty) || t.e.circular[[2]string{c.Name, target.Name}] {
			continue
		}
		near := ""
		if beside(c, target) {
			near = in
		}
		n := 0
		replace(value, l.Property, func(old any) any {
			if old == nil {
				return nil
			}
			n++
			if list, ok := old.([]any); ok && l.Many {
				for j := range list {
					list[j] = t.linked(target, l, near, ordinal+i+j, list[j])
				}
				return distinct(list)
			}
			return t.linked(target, l, near, ordinal+i+n-1, old)
		})
	}
}

// linked is the id or object of an item of a collection; what was there when there
// is none.
func (t *tx) linked(target *plan.Collection, l plan.Link, in string, ordinal int, old any) any {
	item := t.pick(target, in, ordinal)
	if item == nil {
		return old
	}
	if l.Embedded {
		return t.embedded(item, l.Schema, old)
	}
	if len(target.Identity) == 1 {
		if v, ok := item.Value[target.Identity[0].Property]; ok {
			if reflect.TypeOf(v) != reflect.TypeOf(old) {
				return old // a number that names items told apart by texts
			}
			return v
		}
	}
	return item.ID
}

// fewParents are those whose items others name at first: to name those of any would be to
// make those of all.
const fewParents = 8

// pick chooses an item of a collection: of the scope, if there is one, else below one of
// the first parents, else whichever there is below others. What there is at first does not
// depend on what has been asked for.
func (t *tx) pick(c *plan.Collection, in string, ordinal int) *store.Item {
	if c.Of != "" {
		c = t.collection(c.Of)
	}
	if len(c.Parents) > 0 && in == "" {
		parent := t.collection(c.Parents[len(c.Parents)-1].Collection)
		if parent == nil {
			return nil
		}
		of := t.pick(parent, "", ordinal%fewParents)
		if of == nil {
			return nil
		}
		if in = of.ID; of.Scope != "" {
			in = store.Scope(of.Scope, of.ID)
		}
	}
	t.open(c, in)
	if item := t.at(c.Name, in, ordinal); item != nil || in == "" {
		return item
	}
	for _, other := range t.s.Scopes(c.Name) {
		if item := t.at(c.Name, other, ordinal); item != nil {
			return item
		}
	}
	return nil
}

// beside tells whether the items of two collections lie in the same scopes.
func beside(c, other *plan.Collection) bool {
	return len(c.Parents) > 0 && slices.EqualFunc(c.Parents, other.Parents, func(a, b plan.Parameter) bool {
		return a.Collection == b.Collection && a.Collection != ""
	})
}

// circles are the pairs of a collection and one that its items do not name at first: that
// lies below items which cannot be made before them.
func circles(p *plan.Plan) map[[2]string]bool {
	found := map[[2]string]bool{}
	for _, c := range p.Collections {
		for _, l := range c.Links {
			target := p.Collection(l.Collection)
			if target == nil || beside(c, target) {
				continue
			}
			for _, above := range target.Parents {
				if above.Collection == "" || opens(p, above.Collection, c.Name, map[string]bool{}) {
					found[[2]string{c.Name, target.Name}] = true
				}
			}
		}
	}
	return found
}

// opens tells whether making the first items of a collection makes those of another.
func opens(p *plan.Plan, name, other string, seen map[string]bool) bool {
	c := p.Collection(name)
	if name == other || c == nil || seen[name] {
		return name == other
	}
	seen[name] = true
	for _, l := range c.Links {
		target := p.Collection(l.Collection)
		if target == nil || slices.ContainsFunc(target.Parents, func(above plan.Parameter) bool { return above.Collection == name }) {
			continue // it is a circle
		}
		if opens(p, target.Name, other, seen) || slices.ContainsFunc(target.Parents, func(above plan.Parameter) bool { return opens(p, above.Collection, other, seen) }) {
			return true
		}
	}
	return false
}

func (t *tx) at(name, in string, ordinal int) *store.Item {
	n := t.s.Len(name, in)
	if n == 0 {
		return nil
	}
	return t.s.At(name, in, ordinal%n)
}

// embedded is an item as an object within another: what the schema of that object
// names, of the item where it has it.
func (t *tx) embedded(item *store.Item, schema string, old any) any {
	object, _ := old.(map[string]any)
	made := map[string]any{}
	for k, v := range object {
		made[k] = v
	}
	s := t.e.doc.Schema(schema)
	if s == nil {
		return made
	}
	for _, p := range s.Properties() {
		if v, ok := item.Value[p.Name]; ok && t.fits(p.Schema, v) {
			made[p.Name] = v
		}
	}
	return made
}
