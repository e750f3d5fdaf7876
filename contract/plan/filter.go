package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// filters finds what the parameters of a list leave out, and returns those that
// leave out nothing.
func (c *compiler) filters(o *operation, one *collection, query []input) (others []input) {
	for _, q := range query {
		f := c.filter(o, one, q)
		if f == nil {
			others = append(others, q)
			continue
		}
		f.Parameter = q.name
		if q.schema != nil && q.schema.Default != nil && *q.schema.Default != nil {
			f.Flag = *q.schema.Default == false
			if data, err := json.Marshal(*q.schema.Default); err == nil && !f.Flag {
				f.Default = data
			}
		}
		o.line.List.Filters = append(o.line.List.Filters, *f)
	}
	return others
}

func (c *compiler) filter(o *operation, one *collection, q input) *Filter {
	if p := property(o.shown.item, q.name); p != nil {
		return equal(p, q)
	}
	for _, find := range []func(*spec.Schema, input) *Filter{within, search, nested} {
		if f := find(o.shown.item, q); f != nil {
			return f
		}
	}
	return c.reverse(o, one, q)
}

func filterBy(match Match, pointer, reason string, args ...any) *Filter {
	return &Filter{Match: match, Properties: []string{pointer}, Reason: fmt.Sprintf(reason, args...)}
}

// equal compares with the property of the parameter's name.
func equal(p *spec.Property, q input) *Filter {
	match := Equal
	switch {
	case isArray(p.Schema):
		match = Has
	case isObject(p.Schema):
		return nil
	case isText(p.Schema) && isText(q.schema) && is(lastOf(wordsOf(p.Name)), "name title description"):
		match = Contains
	}
	return filterBy(match, spec.Join("", p.Name), "the property has the parameter's name")
}

// within compares with the property that is left of the parameter's name without
// a word for a bound, in front or behind.
func within(item *spec.Schema, q input) *Filter {
	words := wordsOf(q.name)
	if len(words) == 0 || isArray(q.schema) {
		return nil
	}
	bounds := map[Match]string{From: "start from min since after gte gt begin", To: "end to max until before lte lt"}
	for _, match := range []Match{From, To} {
		rest := words[1:]
		if !is(words[0], bounds[match]) {
			rest = words[:len(words)-1]
			if !is(lastOf(words), bounds[match]) {
				continue
			}
		}
		if p := bounded(item, rest); p != nil && (hasType(p.Schema, "integer", "number") || isDate(p.Schema)) {
			return filterBy(match, spec.Join("", p.Name), "the parameter bounds the property %s", p.Name)
		}
	}
	return nil
}

// bounded is the property of those words, or the only point in time whose name
// begins with them; of no words the date of making.
func bounded(item *spec.Schema, words []string) *spec.Property {
	if len(words) == 0 {
		words = wordsOf(dateOf(item, createdWords))
	}
	if p := property(item, strings.Join(words, "_")); p != nil {
		return p
	}
	return only(item, func(p spec.Property) bool { return isDate(p.Schema) && startsWith(wordsOf(p.Name), words) })
}

// search looks for a text in the properties that say what an item is.
func search(item *spec.Schema, q input) *Filter {
	if !is(q.name, "search q query search_term search_text keyword keywords term text") || !hasType(q.schema, "string") {
		return nil
	}
	f := &Filter{Match: Contains, Reason: "a search in the properties that say what an item is"}
	for _, p := range properties(item) {
		if isText(p.Schema) && is(p.Name, "name title label display_name full_name description subject summary email text content") {
			f.Properties = append(f.Properties, spec.Join("", p.Name))
		}
	}
	if f.Properties == nil {
		return nil
	}
	return f
}

// nested finds the item that X_id names in the object X, or in the only property
// that begins with X and ends in id.
func nested(item *spec.Schema, q input) *Filter {
	words := idOf(q.name)
	if words == nil {
		return nil
	}
	for _, p := range properties(item) {
		match, value, at := Equal, p.Schema, spec.Join("", p.Name)
		if isArray(value) {
			match, value, at = Has, value.Items(), at+"/*"
		}
		if id := property(value, "id"); id != nil && slices.Equal(stem(p.Name), words) {
			return filterBy(match, spec.Join(at, id.Name), "%s is an object with an id", p.Name)
		}
	}
	match := Equal
	p := only(item, func(p spec.Property) bool { return startsWith(idOf(p.Name), words) })
	if p == nil {
		match = Has
		p = only(item, func(p spec.Property) bool {
			rest, many := idStem(p.Name)
			return many && slices.Equal(rest, words) && isArray(p.Schema)
		})
	}
	if p == nil {
		return nil
	}
	return filterBy(match, spec.Join("", p.Name), "%s is the only property that begins so and ends in id", p.Name)
}

// reverse finds the items that the item of X_id names in its turn.
func (c *compiler) reverse(o *operation, one *collection, q input) *Filter {
	other := c.resolve(idOf(q.name), o.path, one)
	if other == nil || one == nil {
		return nil
	}
	for _, l := range other.Links {
		if l.Collection == one.Name {
			f := filterBy(Named, l.Property, "the item of %s that the parameter names has links to %s", other.Name, one.Name)
			f.Collection = other.Name
			return f
		}
	}
	return nil
}
