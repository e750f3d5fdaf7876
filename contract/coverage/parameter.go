package coverage

import (
	"fmt"
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

// parameterPlaces finds the parameter objects of lists by place and name; later
// lists override earlier ones, as an operation does with its path item.
func parameterPlaces(doc *spec.Document, lists ...string) map[[2]string]string {
	places := map[[2]string]string{}
	for _, list := range lists {
		v, _ := doc.Lookup(list)
		items, _ := v.([]any)
		for i := range items {
			at, object, err := doc.Resolve(fmt.Sprintf("%s/%d", list, i))
			if err != nil {
				continue
			}
			name, _ := object["name"].(string)
			in, _ := object["in"].(string)
			places[[2]string{in, name}] = at
		}
	}
	return places
}

// parameter plans one parameter, whose object stands at a pointer.
func (p *plan) parameter(doc *spec.Document, documented contract.Parameter, at string) parameter {
	v, _ := doc.Lookup(at)
	object, _ := v.(map[string]any)
	one := parameter{documented: documented, given: p.counter(), leftOut: -1, anyBeyond: -1, self: &measure{}, beyond: map[string]int{}}
	b := bounds{plan: p, parameter: &one}
	s := doc.Schema(spec.Join(at, "schema"))
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
		for _, form := range append(slices.Clone(s.Alternatives()), s) {
			for _, member := range form.Properties() {
				p.members = append(p.members, member.Name)
			}
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
