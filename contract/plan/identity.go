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
	front, _ := one.items.ofItem()
	return one.items[len(front):].params()
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
		p, reason := identityProperty(one.entity, name, stem(one.path.last()))
		if p == nil || slices.ContainsFunc(found, func(i Identity) bool { return i.Property == p.Name }) {
			return nil
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
// with a path the required uuid, guid, key, slug, code or name.
func identityProperty(s *spec.Schema, parameter string, resource []string) (*spec.Property, string) {
	find := func(words ...string) *spec.Property {
		return find(s, func(p spec.Property) bool {
			return len(words) > 0 && slices.Equal(wordsOf(p.Name), words) && hasType(p.Schema, "string", "integer", "number")
		})
	}
	words := wordsOf(parameter)
	if p := find(words...); p != nil {
		return p, "the property is named like the path parameter"
	}
	if startsWith(words, resource) {
		if p := find(words[len(resource):]...); p != nil {
			return p, fmt.Sprintf("the path parameter %s is the item's %s", parameter, p.Name)
		}
	}
	if p := find("id"); p != nil {
		return p, "the property is named id"
	}
	if p := find(append(resource, "id")...); p != nil {
		return p, "the property is named after the resource and id"
	}
	for _, key := range []string{"uuid", "guid", "key", "slug", "code", "name"} {
		if p := find(key); p != nil && p.Required && parameter != "" {
			return p, fmt.Sprintf("no property is like the path parameter %s; the required %s is the nearest", parameter, p.Name)
		}
	}
	return nil, ""
}

// namesIdentity tells whether a property is the identity under the name of the
// resource: verification_id in the answer of creation, where items have id.
func namesIdentity(one *collection, name string) bool {
	words := idOf(name)
	return words != nil && (slices.Equal(words, stem(one.path.last())) || slices.Equal(words, one.alias()))
}

// findParents finds what the parameters of a collection's path name.
func (c *compiler) findParents(one *collection) {
	for i, s := range one.path {
		for _, name := range s.params {
			one.Parents = append(one.Parents, parameter(name, "path", c.itemNamed(one.path[:i+1], name, one)))
		}
	}
}

// parameter is one that names an item of a collection, or of none.
func parameter(name, in string, one *collection) Parameter {
	p := Parameter{Name: name, In: in}
	if one == nil {
		return p
	}
	p.Collection = one.Name
	for _, i := range one.Identity {
		if p.Property = i.Property; i.Parameter == name {
			break
		}
	}
	return p
}

// alias is the X of the path parameter X_id of a collection's items.
func (c *collection) alias() []string { return idOf(c.items.lastParam()) }
