package coverage

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// parameter is the plan of one documented parameter.
type parameter struct {
	documented contract.Parameter
	given      int
	leftOut    int // counter; -1: nothing to count
	boundaries []boundary
	values     []boundary
	measure                   // of a plain value, or of the items of an array
	count      map[int]int    // boundaries of how many items there are
	beyond     map[string]int // counters by broken keyword; of items by "[]"+keyword
	anyBeyond  int            // counter of every broken keyword; -1: none
}

// boundary is one countable place at the edge of what is allowed.
type boundary struct {
	text    string
	counter int
}

// parameter plans one parameter.
func (p *plan) parameter(documented contract.Parameter) parameter {
	one := parameter{documented: documented, given: p.counter(), leftOut: -1, anyBeyond: -1, beyond: map[string]int{}}
	b := bounds{plan: p, parameter: &one}
	s := p.validator.Document().Schema(spec.Join(documented.Pointer, "schema"))
	b.leftOut(s)
	switch {
	case s == nil || slices.Contains(s.Types, "object"):
		return one
	case slices.Contains(s.Types, "array"):
		b.items(s)
		s, b.within = s.Items(), "[]"
	}
	if s != nil {
		b.scalar(s)
	}
	return one
}

// measure looks at one plain value: where it stands exactly.
type measure struct {
	integer bool           // a number is an integer: nothing but digits
	exact   map[string]int // boundaries, as canonical makes them
	numbers map[string]int // of an enum, the same
	words   map[string]int
	length  map[int]int // in characters
}

// number reads text as the validator does, and makes it canonical; empty when it
// is no number.
func (m *measure) number(text string) string {
	digits := strings.TrimPrefix(text, "-")
	switch {
	case digits == "" || digits[0] < '0' || digits[0] > '9':
		return ""
	case strings.Trim(digits, "0123456789") == "":
		return canonical(text)
	case m.integer || strings.Trim(digits, "0123456789.eE+-") != "":
		return ""
	}
	return canonical(text)
}
