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
	self       *measure
	items      *measure       // of an array; nil: it is none
	separator  string         // between items; empty: each occurrence is one
	prefix     string         // of the names of a deep object: filter[
	members    []string       // the names an exploded object is given by
	beyond     map[string]int // counters by broken keyword; of items by "[]"+keyword
	anyBeyond  int            // counter of every broken keyword; -1: none
}

// boundary is one countable place at the edge of what is allowed.
type boundary struct {
	text    string
	counter int
}

// judged tells whether there is more to count than that it was given.
func (p *parameter) judged() bool { return len(p.boundaries)+len(p.values) > 0 }

// parameter plans one parameter.
func (p *plan) parameter(documented contract.Parameter) parameter {
	doc := p.validator.Document()
	v, _ := doc.Lookup(documented.Pointer)
	object, _ := v.(map[string]any)
	one := parameter{documented: documented, given: p.counter(), leftOut: -1, anyBeyond: -1, self: &measure{}, beyond: map[string]int{}}
	b := bounds{plan: p, parameter: &one}
	s := doc.Schema(spec.Join(documented.Pointer, "schema"))
	b.leftOut(s)
	if s == nil {
		return one
	}
	one.self.integer = isInteger(s)
	switch {
	case slices.Contains(s.Types, "object"):
		one.named(object, s)
	case slices.Contains(s.Types, "array"):
		one.items = &measure{}
		one.separator = separator(object, documented.In)
		b.items(s)
		if items := s.Items(); items != nil {
			one.items.integer = isInteger(items)
			b.within = "[]"
			b.scalar(items, one.items)
		}
	default:
		b.scalar(s, one.self)
	}
	return one
}

// separator is what stands between the items of an array (OpenAPI 3.1,
// 4.8.12.3); label and matrix are not taken apart and have none that occurs.
func separator(object map[string]any, in string) string {
	style, _ := object["style"].(string)
	explode, set := object["explode"].(bool)
	form := (in == "query" || in == "cookie") && (style == "" || style == "form")
	switch {
	case form && (explode || !set):
		return ""
	case style == "spaceDelimited":
		return "%20"
	case style == "pipeDelimited":
		return "|"
	case style == "label" || style == "matrix":
		return "\x00"
	}
	return ","
}

// named notes the names by which an object is given in a query.
func (p *parameter) named(object map[string]any, s *spec.Schema) {
	explode, set := object["explode"].(bool)
	switch style, _ := object["style"].(string); {
	case style == "deepObject":
		p.prefix = p.documented.Name + "["
	case (style == "" || style == "form") && p.documented.In == "query" && (explode || !set):
		for _, member := range s.AllProperties() {
			p.members = append(p.members, member.Name)
		}
	}
}

// goesBy tells whether a name in a query gives the parameter.
func (p *parameter) goesBy(name string) bool {
	if name == p.documented.Name || p.prefix != "" && strings.HasPrefix(name, p.prefix) {
		return true
	}
	return slices.Contains(p.members, name)
}

// measure looks at one plain value: where it stands exactly.
type measure struct {
	integer bool           // a number is an integer: nothing but digits
	exact   map[string]int // boundaries, as canonical makes them
	numbers map[string]int // of an enum, the same
	words   map[string]int
	length  map[int]int // in characters
	count   map[int]int // in items
}

func (m *measure) idle() bool {
	return len(m.exact)+len(m.numbers)+len(m.words)+len(m.length) == 0
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
