package plan

import (
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// identify finds what tells the items of a collection apart.
func (c *compiler) identify(one *collection) {
	one.Identity = identityOf(one)
	if len(one.Identity) == 0 && one.itemShape != "" {
		for _, name := range ownParams(one) {
			one.Identity = append(one.Identity, Identity{Parameter: name, Reason: fmt.Sprintf("no property is like the path parameter %s: the path alone tells items apart", name)})
		}
	}
}

// ownParams are the parameters at the end of the path of items: one as a rule.
func ownParams(one *collection) []string {
	all := one.items.params()
	n := len(one.path.params())
	if front, ok := one.items.ofItem(); ok {
		n = len(front.params())
	}
	if n > len(all) {
		return nil
	}
	return all[n:]
}

// identityOf finds the properties, one for each of the parameters at the end of
// the items' path; of none, the property that is called id.
func identityOf(one *collection) []Identity {
	params := ownParams(one)
	if len(params) == 0 {
		params = []string{""}
	}
	var found []Identity
	for _, name := range params {
		p, reason := identityProperty(one.entity, name, one.path.last())
		if p == nil {
			return nil
		}
		if slices.ContainsFunc(found, func(i Identity) bool { return i.Property == p.Name }) {
			return nil // two parameters, one property
		}
		i := Identity{Property: p.Name, Parameter: name, Reason: reason, Format: p.Schema.Format}
		if len(p.Schema.Types) > 0 {
			i.Type = p.Schema.Types[0]
		}
		found = append(found, i)
	}
	return found
}

// identityProperty finds the property that a path parameter carries: the one of
// its name, of its name without the resource's, id, <resource>_id, and for items
// that no path has: uuid, key, slug, code, name.
func identityProperty(s *spec.Schema, parameter, resource string) (*spec.Property, string) {
	name := stem(resource)
	scalar := func(p *spec.Property) bool { return p != nil && hasType(p.Schema, "string", "integer", "number") }
	find := func(words []string) *spec.Property {
		all := properties(s)
		if i := slices.IndexFunc(all, func(p spec.Property) bool { return slices.Equal(wordsOf(p.Name), words) && scalar(&p) }); i >= 0 {
			return &all[i]
		}
		return nil
	}
	if parameter != "" {
		if p := property(s, parameter); scalar(p) {
			return p, "the property is named like the path parameter"
		}
		words := wordsOf(parameter)
		if startsWith(words, name) && len(words) > len(name) {
			if p := find(words[len(name):]); p != nil {
				return p, fmt.Sprintf("the path parameter %s is the item's %s", parameter, p.Name)
			}
		}
	}
	if p := find([]string{"id"}); p != nil {
		return p, "the property is named id"
	}
	if p := find(append(slices.Clone(name), "id")); p != nil {
		return p, "the property is named after the resource and id"
	}
	if parameter == "" {
		return nil, ""
	}
	for _, key := range []string{"uuid", "guid", "key", "slug", "code", "name"} {
		if p := find([]string{key}); p != nil && p.Required {
			return p, fmt.Sprintf("no property is like the path parameter %s; the required %s is the nearest", parameter, p.Name)
		}
	}
	return nil, ""
}

// findParents finds what the parameters of a collection's path name.
func (c *compiler) findParents(one *collection) {
	for i, s := range one.path {
		for _, name := range s.params {
			p := Parameter{Name: name, In: "path"}
			if parent := c.itemNamed(one.path[:i+1], name, one); parent != nil {
				p.Collection, p.Property = parent.Name, parent.property(name)
			}
			one.Parents = append(one.Parents, p)
		}
	}
}

// itemNamed is the collection whose item a path parameter names: by the path up
// to it, else by its name.
func (c *compiler) itemNamed(path template, name string, not *collection) *collection {
	if parent := c.itemAt(path); parent != nil && parent != not {
		return parent
	}
	if words, _ := idStem(name); words != nil {
		return c.resolve(words, path, not)
	}
	return nil
}

// property is the identity property that a path parameter carries.
func (c *collection) property(parameter string) string {
	for _, i := range c.Identity {
		if i.Parameter == parameter {
			return i.Property
		}
	}
	if len(c.Identity) == 0 {
		return ""
	}
	return c.Identity[len(c.Identity)-1].Property
}
