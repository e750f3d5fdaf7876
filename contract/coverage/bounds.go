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
	several   bool   // alternatives: which was meant, and so which keyword was broken, nobody knows
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
	if !b.several {
		b.parameter.beyond[b.within+keyword] = b.boundary(format, args...)
	}
}

// size makes boundaries of the least or most characters or items.
func (b *bounds) size(counters *map[int]int, keyword string, n int, exactly, beyond string) {
	if n > 0 || n == 0 && strings.HasPrefix(keyword, "max") {
		*counters = put(*counters, n, b.boundary(exactly, n))
		b.refused(keyword, beyond, n)
	}
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
	b.size(&b.parameter.count, "minItems", s.MinItems, "fewest items: %d", "fewer items than %d")
	b.size(&b.parameter.count, "maxItems", s.MaxItems, "most items: %d", "more items than %d")
	if s.UniqueItems {
		b.refused("uniqueItems", "an item twice")
	}
}

// scalar plans what the schema of a plain value says.
func (b *bounds) scalar(s *spec.Schema) {
	forms, m := s.Forms(), &b.parameter.measure
	b.several, m.integer = len(forms) > 1, isInteger(s)
	for _, form := range forms {
		b.numbers(form)
		if form.Types == nil || slices.Contains(form.Types, "string") {
			b.size(&m.length, "minLength", form.MinLength, "shortest: %d characters", "shorter than %d characters")
			b.size(&m.length, "maxLength", form.MaxLength, "longest: %d characters", "longer than %d characters")
		}
		b.values(form, m)
	}
	if b.several {
		b.parameter.anyBeyond = b.boundary("fits no alternative")
		return
	}
	b.kinds(s)
}

func (b *bounds) numbers(s *spec.Schema) {
	m := &b.parameter.measure
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
		if at, passes := last(side.bound, isInteger(s), side.inward); passes {
			m.exact = put(m.exact, canonical(at), b.boundary("%s %s", side.keyword, at))
			b.refused(refused, "%s %s %s", side.outside, side.keyword, at)
		} else {
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

// values plans the values of an enum, and true and false.
func (b *bounds) values(s *spec.Schema, m *measure) {
	values := s.Enum
	if values == nil && slices.Contains(s.Types, "boolean") {
		values = []any{true, false}
	}
	for _, v := range values {
		into, key := &m.words, fmt.Sprint(v)
		switch v := v.(type) {
		case json.Number:
			into, key = &m.numbers, canonical(string(v))
		case string, bool:
		default:
			continue
		}
		if _, known := (*into)[key]; !known {
			b.parameter.values = append(b.parameter.values, boundary{textOf(v), b.plan.counter()})
			*into = put(*into, key, b.plan.counters-1)
		}
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
	if slices.Contains(assertedFormats, s.Format) && is("string") {
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

// assertedFormats are the formats whose breach the validator reports.
var assertedFormats = strings.Fields("uuid date date-time time duration email hostname ipv4 ipv6 uri uri-reference uri-template " +
	"iri iri-reference json-pointer relative-json-pointer")
