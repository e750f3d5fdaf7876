package plan

import (
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// describe says of a collection what its items are like, once it is known what
// each operation is for.
func (c *compiler) describe(one *collection) {
	if of := c.named(one.Of); of != nil {
		one.Flag = flagOf(one, of)
		one.entity, one.Identity = of.entity, of.Identity
	}
	one.Schema = pointerOf(one.entity)
	for _, o := range c.operations {
		if o.line.Collection != one.Name {
			continue
		}
		made := o.line.Kind == Create || o.line.Kind == Copy
		one.Creatable = one.Creatable || made
		shows := made || o.line.Kind == Read || one.Singleton || one.holds(o.shown.item)
		if o.line.Answer.Of != "" || !isObject(o.shown.item) || !shows {
			continue
		}
		keys := keysOf(o.shown.item)
		if !slices.ContainsFunc(one.Projections, func(p Projection) bool { return slices.Equal(keysOf(c.doc.Schema(p.Schema)), keys) }) && isItem(one, o.shown.item) {
			one.Projections = append(one.Projections, Projection{pointerOf(o.shown.item), o.line.Kind})
		}
	}
	one.Creatable = one.Creatable || one.Of != ""
	one.Once = onceOf(one)
	one.branches()
	one.Created = dateOf(one.entity, "created", "creation", "create", "added", "inserted", "timestamp")
	one.Updated = dateOf(one.entity, "updated", "modified", "changed", "last_updated", "last_modified", "update", "edited")
	if n := len(one.Parents); n > 0 && one.Parents[n-1].Collection != "" {
		one.ParentProperty = parentProperty(one, one.Parents[n-1], alias(c.named(one.Parents[n-1].Collection)))
	}
}

// isItem tells whether a schema shows items of a collection: one that it holds
// does, one with the identity, and any when there is none.
func isItem(one *collection, s *spec.Schema) bool {
	if one.Singleton || one.holds(s) || len(one.Identity) == 0 {
		return true
	}
	for _, i := range one.Identity {
		if i.Property != "" && !has(s, i.Property) {
			return false
		}
	}
	return true
}

// onceOf are the properties that the answer of creation has and items have not,
// apart from the identity under the resource's name.
func onceOf(one *collection) []string {
	var once []string
	shown := properties(one.entity)
	if one.created == nil || len(shown) == 0 || !isItem(one, one.created) {
		return nil
	}
	for _, p := range properties(one.created) {
		if !slices.ContainsFunc(shown, func(q spec.Property) bool { return q.Name == p.Name }) && !namesIdentity(one, p.Name) {
			once = append(once, p.Name)
		}
	}
	return once
}

// namesIdentity tells whether a property is the identity under the name of the
// resource: verification_id in the answer of creation, where items have id.
func namesIdentity(one *collection, name string) bool {
	words, many := idStem(name)
	if words == nil || many {
		return false
	}
	words = slices.Clone(words)
	words[len(words)-1] = singular(words[len(words)-1])
	return slices.Equal(words, stem(one.path.last())) || slices.Equal(words, alias(one))
}

// branches are the alternatives of the entity with what tells them apart.
func (c *collection) branches() {
	for _, a := range c.entity.Alternatives() {
		b := Branch{Schema: pointerOf(a)}
		if d := c.entity.Discriminator(); d != nil {
			for _, one := range d.Cases {
				if pointerOf(one.Schema) == b.Schema {
					b.Discriminator, b.Value = d.Property, one.Value
				}
			}
		}
		if b.Discriminator == "" {
			for _, p := range a.Properties() {
				if value, ok := constant(p.Schema); ok {
					b.Discriminator, b.Value = p.Name, value
					break
				}
			}
		}
		c.Branches = append(c.Branches, b)
	}
}

func constant(s *spec.Schema) (string, bool) {
	if s == nil || len(s.Enum) != 1 {
		return "", false
	}
	text, ok := s.Enum[0].(string)
	return text, ok
}

// dateOf is the property for a point in time whose name begins with one of the
// words, the first word first; of integers those that are named so with at.
func dateOf(s *spec.Schema, names ...string) string {
	for _, name := range names {
		for _, p := range properties(s) {
			words := wordsOf(p.Name)
			if !startsWith(words, strings.Split(name, "_")) || len(words) > 1 && !slices.Contains([]string{"at", "date", "on", "time", "timestamp", "datetime"}, words[len(words)-1]) {
				continue
			}
			if isDate(p.Schema) || hasType(p.Schema, "integer") && (len(words) == 1 || words[len(words)-1] == "at") {
				return p.Name
			}
		}
	}
	for _, p := range properties(s) { // date_created
		words := wordsOf(p.Name)
		if isDate(p.Schema) && len(words) == 2 && words[0] == "date" && slices.Contains(names, words[1]) {
			return p.Name
		}
	}
	return ""
}

// parentProperty is the property of an item that shows its parent's identity.
func parentProperty(one *collection, parent Parameter, alias []string) string {
	for _, p := range properties(one.entity) {
		words, many := idStem(p.Name)
		if words == nil || many || len(one.Identity) > 0 && p.Name == one.Identity[0].Property {
			continue
		}
		if sameName(p.Name, parent.Name) || slices.Equal(words, stem(parent.Collection)) || slices.Equal(words, alias) {
			return p.Name
		}
	}
	return ""
}

// memberships finds the collections that have no items of their own: their list
// shows another's items, and a member is added by its path alone.
func (c *compiler) memberships() {
	for _, one := range c.collections {
		if one.itemShape == "" || len(one.lists) == 0 || one.parameter() == "" {
			continue
		}
		added, other := false, false
		for _, o := range c.operations {
			if o.shape == one.itemShape {
				added = added || o.body == nil && o.method(http.MethodPost, http.MethodPut)
				other = other || o.method(http.MethodPatch) || o.body != nil
			}
			other = other || o.shape == one.shape && o.method(http.MethodPost)
		}
		if !added || other {
			continue
		}
		if of := c.find(func(of *collection) bool {
			return of != one && of.itemShape != "" && of.Of == "" && of.holds(one.entity)
		}); of != nil {
			one.Of = of.Name
		}
	}
}

// flagOf is the boolean property of an item that tells of its membership:
// is_favourite of /voice/favourite.
func flagOf(one, of *collection) string {
	for _, p := range properties(of.entity) {
		words := wordsOf(p.Name)
		if hasType(p.Schema, "boolean") && endsWith(words, stem(one.path.last())) && len(words) <= 2 {
			return p.Name
		}
	}
	return ""
}
