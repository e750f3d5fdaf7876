package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// words that the names of properties for the date of making and of the last
// change begin with
const (
	createdWords = "created creation create added inserted timestamp"
	updatedWords = "updated modified changed last_updated last_modified update edited"
)

// describe says of a collection what its items are like, once it is known what
// each operation is for.
func (c *compiler) describe(one *collection) {
	if of := c.named(one.Of); of != nil {
		one.entity, one.Identity, one.Creatable = of.entity, of.Identity, true
		if p := find(of.entity, func(p spec.Property) bool { // is_favourite of /voice/favourite
			words := wordsOf(p.Name)
			return hasType(p.Schema, "boolean") && endsWith(words, stem(one.path.last())) && len(words) <= 2
		}); p != nil {
			one.Flag = p.Name
		}
	}
	one.Schema = pointerOf(one.entity)
	for _, o := range c.operations {
		if o.line.Collection == one.Name {
			c.project(one, o)
		}
	}
	one.Once = onceOf(one)
	for _, a := range one.entity.Alternatives() {
		one.Branches = append(one.Branches, branch(one.entity, a))
	}
	one.Created, one.Updated = dateOf(one.entity, createdWords), dateOf(one.entity, updatedWords)
	if n := len(one.Parents); n > 0 && one.Parents[n-1].Collection != "" {
		one.ParentProperty = c.parentProperty(one, one.Parents[n-1])
	}
}

// project adds what an operation shows of a collection's items.
func (c *compiler) project(one *collection, o *operation) {
	made := o.line.Kind == Create || o.line.Kind == Copy
	one.Creatable = one.Creatable || made
	shows := made || o.line.Kind == Read || one.Singleton || one.holds(o.shown.item)
	if !shows || o.line.Answer.Of != "" || !isObject(o.shown.item) || !one.isItem(o.shown.item) {
		return
	}
	keys := keysOf(o.shown.item)
	if !slices.ContainsFunc(one.Projections, func(p Projection) bool { return slices.Equal(keysOf(c.doc.Schema(p.Schema)), keys) }) {
		one.Projections = append(one.Projections, Projection{pointerOf(o.shown.item), o.line.Kind})
	}
}

// onceOf are the properties that the answer of creation has and items have not,
// apart from the identity under the resource's name.
func onceOf(one *collection) []string {
	var once []string
	if one.created == nil || len(properties(one.entity)) == 0 || !one.isItem(one.created) {
		return nil
	}
	for _, p := range properties(one.created) {
		if !has(one.entity, p.Name) && !namesIdentity(one, p.Name) {
			once = append(once, p.Name)
		}
	}
	return once
}

// branch is an alternative of a union with what tells it apart.
func branch(union, a *spec.Schema) Branch {
	b := Branch{Schema: pointerOf(a)}
	if d := union.Discriminator(); d != nil {
		for _, one := range d.Cases {
			if pointerOf(one.Schema) == b.Schema {
				b.Discriminator, b.Value = d.Property, one.Value
			}
		}
	}
	p := find(a, func(p spec.Property) bool { return len(p.Schema.Enum) == 1 })
	if p != nil && b.Discriminator == "" {
		b.Discriminator, b.Value = p.Name, fmt.Sprint(p.Schema.Enum[0])
	}
	return b
}

// dateOf is the property for a point in time whose name begins with one of the
// words, the first word first; of integers those that are named so with at.
func dateOf(s *spec.Schema, names string) string {
	for _, name := range strings.Fields(names) {
		for _, p := range properties(s) {
			words := wordsOf(p.Name)
			if len(words) == 2 && words[0] == "date" { // date_created
				words[0], words[1] = words[1], words[0]
			}
			alone := len(words) == 1
			if !startsWith(words, wordsOf(name)) || !alone && !is(lastOf(words), "at date on time timestamp datetime") {
				continue
			}
			if isDate(p.Schema) || hasType(p.Schema, "integer") && (alone || lastOf(words) == "at") {
				return p.Name
			}
		}
	}
	return ""
}

// parentProperty is the property of an item that shows its parent's identity.
func (c *compiler) parentProperty(one *collection, parent Parameter) string {
	alias := c.named(parent.Collection).alias()
	p := find(one.entity, func(p spec.Property) bool {
		words := idOf(p.Name)
		return words != nil && (len(one.Identity) == 0 || p.Name != one.Identity[0].Property) &&
			(slices.Equal(words, idOf(parent.Name)) || slices.Equal(words, stem(parent.Collection)) || slices.Equal(words, alias))
	})
	if p == nil {
		return ""
	}
	return p.Name
}
