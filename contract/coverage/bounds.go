package coverage

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
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

func (b *bounds) leftOut(s *spec.Schema) {
	switch {
	case b.parameter.documented.In == "path":
	case b.parameter.documented.Required:
		b.parameter.leftOut = b.boundary("left out, though required")
	case s != nil && s.Default != nil:
		b.parameter.leftOut = b.boundary("left out (default %s)", textOf(*s.Default))
	}
}

// items plans the length of an array.
func (b *bounds) items(s *spec.Schema) {
	p := b.parameter
	if n := s.MinItems; n > 0 {
		p.count = put(p.count, n, b.boundary("fewest items: %d", n))
		b.refused("minItems", "fewer items than %d", n)
	}
	if n := s.MaxItems; n >= 0 {
		p.count = put(p.count, n, b.boundary("most items: %d", n))
		b.refused("maxItems", "more items than %d", n)
	}
	if s.UniqueItems {
		b.refused("uniqueItems", "an item twice")
	}
}

// scalar plans what the schema of a plain value says.
func (b *bounds) scalar(s *spec.Schema) {
	forms, m := s.Forms(), &b.parameter.measure
	m.integer = isInteger(s)
	for _, form := range forms {
		b.numbers(form, m, len(forms) > 1)
		if form.Types == nil || slices.Contains(form.Types, "string") {
			b.lengths(form, m, len(forms) > 1)
		}
		b.values(form, m)
	}
	if len(forms) > 1 {
		// Which alternative was meant, and so which keyword was broken, nobody knows.
		b.parameter.anyBeyond = b.boundary("fits no alternative")
		return
	}
	b.kinds(s)
}

func (b *bounds) numbers(s *spec.Schema, m *measure, several bool) {
	for _, side := range []struct {
		keyword, exclusive, outside, within string
		bound                               *spec.Bound
		inward                              int64
	}{
		{"minimum", "exclusiveMinimum", "below", "above", s.Minimum, 1},
		{"maximum", "exclusiveMaximum", "above", "below", s.Maximum, -1},
	} {
		if side.bound == nil || len(side.bound.Number) > 40 || strings.ContainsAny(string(side.bound.Number), "eE") {
			continue
		}
		refused := side.keyword
		if side.bound.Exclusive {
			refused = side.exclusive
		}
		at, passes := last(side.bound, isInteger(s), side.inward)
		if passes {
			m.exact = put(m.exact, canonical(at), b.boundary("%s %s", side.keyword, at))
		}
		switch {
		case several:
		case passes:
			b.refused(refused, "%s %s %s", side.outside, side.keyword, at)
		default:
			b.refused(refused, "not %s %s", side.within, at)
		}
	}
}

// last returns the last number that a bound lets pass, as text; false says that it
// is beyond itself, there being none.
func last(bound *spec.Bound, integer bool, inward int64) (string, bool) {
	n := bound.Rat()
	switch {
	case bound.Exclusive && !integer:
		return n.RatString(), false
	case bound.Exclusive:
		n.Add(whole(n, -inward), big.NewRat(inward, 1))
	case integer:
		n = whole(n, inward)
	case !n.IsInt():
		return string(bound.Number), true
	}
	return n.RatString(), true
}

// whole rounds to an integer, up when inward is 1 and down when it is -1.
func whole(n *big.Rat, inward int64) *big.Rat {
	if n.IsInt() {
		return n
	}
	floor := new(big.Int).Div(n.Num(), n.Denom()) // Euclidean: down, for a positive divisor
	if inward > 0 {
		floor.Add(floor, big.NewInt(1))
	}
	return new(big.Rat).SetInt(floor)
}

func (b *bounds) lengths(s *spec.Schema, m *measure, several bool) {
	for _, side := range []struct {
		keyword, name, outside string
		n                      int
	}{
		{"minLength", "shortest", "shorter than", s.MinLength}, {"maxLength", "longest", "longer than", s.MaxLength},
	} {
		if side.n < 0 || side.n == 0 && side.keyword == "minLength" {
			continue
		}
		m.length = put(m.length, side.n, b.boundary("%s: %d characters", side.name, side.n))
		if !several {
			b.refused(side.keyword, "%s %d characters", side.outside, side.n)
		}
	}
}

// values plans the values of an enum, and true and false.
func (b *bounds) values(s *spec.Schema, m *measure) {
	values := s.Enum
	if values == nil && slices.Contains(s.Types, "boolean") {
		values = []any{true, false}
	}
	for _, v := range values {
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
		b.parameter.values = append(b.parameter.values, boundary{textOf(v), counter})
	}
}

// kinds plans what is wrong as a whole: type, enum, format, pattern, multipleOf.
func (b *bounds) kinds(s *spec.Schema) {
	is := func(name string) bool { return slices.Contains(s.Types, name) }
	switch {
	case len(s.Types) == 0 || is("string"):
	case is("number"):
		b.refused("type", "not a number")
	case is("integer"):
		b.refused("type", "not an integer")
	case is("boolean"):
		b.refused("type", "neither true nor false")
	}
	if s.Enum != nil {
		b.refused("enum", "none of the values allowed")
		b.parameter.beyond[b.within+"const"] = b.parameter.beyond[b.within+"enum"]
	}
	if assertsFormat(s.Format) && is("string") {
		b.refused("format", "not in the format %s", s.Format)
	}
	if len(s.Patterns) > 0 {
		b.refused("pattern", "not matching %s", cut(s.Patterns[0]))
	}
	if n := string(s.MultipleOf); n != "" && !strings.ContainsAny(n, "eE") {
		b.refused("multipleOf", "not a multiple of %s", n)
	}
}

// isInteger tells of the numbers that are integers.
func isInteger(s *spec.Schema) bool {
	return slices.Contains(s.Types, "integer") && !slices.Contains(s.Types, "number")
}

// assertsFormat lists the formats whose breach the validator reports.
func assertsFormat(name string) bool {
	return slices.Contains([]string{
		"uuid", "date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6",
		"uri", "uri-reference", "uri-template", "iri", "iri-reference", "json-pointer", "relative-json-pointer",
	}, name)
}
