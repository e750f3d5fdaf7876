package plan

import (
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
			if *q.schema.Default == false {
				f.Flag = true
			} else {
				f.Default = raw(*q.schema.Default)
			}
		}
		o.line.List.Filters = append(o.line.List.Filters, *f)
	}
	return others
}

func (c *compiler) filter(o *operation, one *collection, q input) *Filter {
	item := o.shown.item
	if p := property(item, q.name); p != nil {
		return equal(p, q)
	}
	for _, find := range []func(*spec.Schema, input) *Filter{within, search, nested} {
		if f := find(item, q); f != nil {
			return f
		}
	}
	return c.reverse(o, one, q)
}

// equal compares with the property of the parameter's name.
func equal(p *spec.Property, q input) *Filter {
	f := &Filter{Properties: []string{spec.Join("", p.Name)}, Match: Equal, Reason: "the property has the parameter's name"}
	words := wordsOf(p.Name)
	switch {
	case isArray(p.Schema):
		f.Match = Has
	case isText(p.Schema) && isText(q.schema) && slices.Contains([]string{"name", "title", "description"}, words[len(words)-1]):
		f.Match = Contains
	case isObject(p.Schema):
		return nil
	}
	return f
}

var (
	fromWords = []string{"start", "from", "min", "since", "after", "gte", "gt", "begin"}
	toWords   = []string{"end", "to", "max", "until", "before", "lte", "lt"}
)

// within compares with the property that is left of the parameter's name without
// a word for a bound, in front or behind.
func within(item *spec.Schema, q input) *Filter {
	words := wordsOf(q.name)
	if len(words) == 0 || isArray(q.schema) {
		return nil
	}
	for _, side := range []struct {
		match Match
		words []string
	}{{From, fromWords}, {To, toWords}} {
		var rest []string
		switch {
		case slices.Contains(side.words, words[0]):
			rest = words[1:]
		case slices.Contains(side.words, words[len(words)-1]):
			rest = words[:len(words)-1]
		default:
			continue
		}
		if p := bounded(item, rest); p != nil && (hasType(p.Schema, "integer", "number") || isDate(p.Schema)) {
			return &Filter{Properties: []string{spec.Join("", p.Name)}, Match: side.match, Reason: fmt.Sprintf("the parameter bounds the property %s", p.Name)}
		}
	}
	return nil
}

// bounded is the property of those words, or the only point in time whose name
// begins with them; of no words the date of making.
func bounded(item *spec.Schema, words []string) *spec.Property {
	if len(words) == 0 {
		words = wordsOf(dateOf(item, "created", "creation", "added", "timestamp"))
	}
	if p := property(item, strings.Join(words, "_")); p != nil {
		return p
	}
	return only(item, func(p spec.Property) bool { return isDate(p.Schema) && startsWith(wordsOf(p.Name), words) })
}

// only is the property that alone fits; nil when none does, or several.
func only(s *spec.Schema, fits func(spec.Property) bool) *spec.Property {
	var found *spec.Property
	for _, p := range properties(s) {
		if fits(p) {
			if found != nil {
				return nil
			}
			found = &p
		}
	}
	return found
}

// search looks for a text in the properties that say what an item is.
func search(item *spec.Schema, q input) *Filter {
	if !is(q.name, "search", "q", "query", "search_term", "search_text", "keyword", "keywords", "term", "text") || !hasType(q.schema, "string") {
		return nil
	}
	f := &Filter{Match: Contains, Reason: "a search in the properties that say what an item is"}
	for _, p := range properties(item) {
		if isText(p.Schema) && is(p.Name, "name", "title", "label", "display_name", "full_name", "description", "subject", "summary", "email", "text", "content") {
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
	words, many := idStem(q.name)
	if words == nil || many {
		return nil
	}
	for _, p := range properties(item) {
		if !slices.Equal(stem(p.Name), words) {
			continue
		}
		f := &Filter{Match: Equal, Reason: fmt.Sprintf("%s is an object with an id", p.Name)}
		value, at := p.Schema, spec.Join("", p.Name)
		if isArray(value) {
			f.Match, value, at = Has, value.Items(), at+"/*"
		}
		if id := property(value, "id"); isObject(value) && id != nil {
			f.Properties = []string{spec.Join(at, id.Name)}
			return f
		}
	}
	p := only(item, func(p spec.Property) bool {
		rest, many := idStem(p.Name)
		return rest != nil && startsWith(rest, words) && !many
	})
	match := Equal
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
	return &Filter{Properties: []string{spec.Join("", p.Name)}, Match: match, Reason: fmt.Sprintf("%s is the only property that begins so and ends in id", p.Name)}
}

// reverse finds the items that the item of X_id names in its turn.
func (c *compiler) reverse(o *operation, one *collection, q input) *Filter {
	words, many := idStem(q.name)
	if words == nil || many || one == nil {
		return nil
	}
	other := c.resolve(words, o.path, one)
	if other == nil {
		return nil
	}
	for _, l := range c.links(other.entity, other, other.path) {
		if l.Collection == one.Name {
			return &Filter{
				Collection: other.Name, Properties: []string{l.Property}, Match: Named,
				Reason: fmt.Sprintf("the item of %s that the parameter names has links to %s", other.Name, one.Name),
			}
		}
	}
	return nil
}
