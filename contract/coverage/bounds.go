package coverage

import (
	"encoding/json"
	"fmt"
	"strings"
)

// bounds plans the boundaries and values of one parameter.
type bounds struct {
	plan      *plan
	parameter *parameter
	within    string // "[]" for the items of an array
}

// boundary makes a boundary countable.
func (b *bounds) boundary(format string, args ...any) int {
	text := fmt.Sprintf(format, args...)
	if b.within != "" {
		text = "item: " + text
	}
	counter := b.plan.counter()
	b.parameter.boundaries = append(b.parameter.boundaries, boundary{text, counter})
	return counter
}

// refused makes a boundary of what breaks a keyword.
func (b *bounds) refused(keyword, format string, args ...any) {
	b.parameter.beyond[b.within+keyword] = b.boundary(format, args...)
}

func (b *bounds) leftOut(f *facets) {
	standard, has := f.keywords["default"]
	switch {
	case b.parameter.documented.In == "path":
	case b.parameter.documented.Required:
		b.parameter.leftOut = b.boundary("left out, though required")
	case has:
		b.parameter.leftOut = b.boundary("left out (default %s)", textOf(standard))
	}
}

// items plans the length of an array.
func (b *bounds) items(f *facets) {
	m := b.parameter.self
	if n, ok := f.count("minItems"); ok {
		m.count = put(m.count, n, b.boundary("fewest items: %d", n))
		b.refused("minItems", "fewer items than %d", n)
	}
	if n, ok := f.count("maxItems"); ok {
		m.count = put(m.count, n, b.boundary("most items: %d", n))
		b.refused("maxItems", "more items than %d", n)
	}
	if f.keywords["uniqueItems"] == true {
		b.refused("uniqueItems", "an item twice")
	}
}

// scalar plans what the schema of a plain value says.
func (b *bounds) scalar(f *facets, m *measure) {
	b.numbers(f, m)
	if f.is("string") || len(f.types) == 0 {
		b.lengths(f, m)
	}
	b.values(f, m)
	if f.alternatives > 1 {
		// Which alternative was meant, and so which keyword was broken, nobody knows.
		b.parameter.anyBeyond = b.boundary("fits no alternative")
		return
	}
	b.kinds(f)
}

func (b *bounds) numbers(f *facets, m *measure) {
	for _, side := range []struct {
		keyword, exclusive, name, outside string
		inward                            int64
	}{
		{"minimum", "exclusiveMinimum", "minimum", "below", 1},
		{"maximum", "exclusiveMaximum", "maximum", "above", -1},
	} {
		at, edge, refused := f.limit(side.keyword, side.exclusive, side.inward)
		if refused == "" {
			continue
		}
		if at != "" {
			m.exact = put(m.exact, canonical(at), b.boundary("%s %s", side.name, at))
		}
		switch {
		case f.alternatives > 1:
		case at == "":
			b.refused(refused, "not %s %s", map[string]string{"below": "above", "above": "below"}[side.outside], edge)
		default:
			b.refused(refused, "%s %s %s", side.outside, side.name, edge)
		}
	}
}

func (b *bounds) lengths(f *facets, m *measure) {
	for _, side := range []struct{ keyword, name, outside string }{
		{"minLength", "shortest", "shorter than"}, {"maxLength", "longest", "longer than"},
	} {
		n, ok := f.count(side.keyword)
		if !ok {
			continue
		}
		m.length = put(m.length, n, b.boundary("%s: %d characters", side.name, n))
		if f.alternatives <= 1 {
			b.refused(side.keyword, "%s %d characters", side.outside, n)
		}
	}
}

// values plans the values of an enum, and true and false.
func (b *bounds) values(f *facets, m *measure) {
	for _, v := range f.values {
		into := &m.words
		var key string
		switch v := v.(type) {
		case string:
			key = v
		case json.Number:
			into, key = &m.numbers, canonical(string(v))
		case bool:
			key = fmt.Sprint(v)
		default:
			continue
		}
		if _, known := (*into)[key]; known {
			continue
		}
		counter := b.plan.counter()
		*into = put(*into, key, counter)
		b.parameter.values = append(b.parameter.values, value{textOf(v), counter})
	}
}

// kinds plans what is wrong as a whole: type, enum, format, pattern, multipleOf.
func (b *bounds) kinds(f *facets) {
	switch {
	case len(f.types) == 0 || f.is("string"):
	case f.is("number"):
		b.refused("type", "not a number")
	case f.is("integer"):
		b.refused("type", "not an integer")
	case f.is("boolean"):
		b.refused("type", "neither true nor false")
	}
	_, isEnum := f.keywords["enum"]
	if _, isConst := f.keywords["const"]; isEnum || isConst {
		keyword := "enum"
		if isConst {
			keyword = "const"
		}
		b.refused(keyword, "none of the values allowed")
	}
	if name, ok := f.keywords["format"].(string); ok && assertsFormat(name) && f.is("string") {
		b.refused("format", "not in the format %s", name)
	}
	if pattern, ok := f.keywords["pattern"].(string); ok {
		b.refused("pattern", "not matching %s", cut(pattern))
	}
	if n, ok := f.keywords["multipleOf"].(json.Number); ok && !strings.ContainsAny(string(n), "eE") {
		b.refused("multipleOf", "not a multiple of %s", n)
	}
}
