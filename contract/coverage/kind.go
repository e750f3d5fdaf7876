package coverage

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// kind is what there is to cover in the values that some schemas describe, whichever
// of these it is that fits. All bodies share the kinds of a document: it has about
// as many as it has schemas.
type kind struct {
	names      []string // the schemas that such a value is, to know it inside itself
	properties []property
	byName     map[string]int // index in properties
	rest       *kind          // of additionalProperties and patternProperties
	items      *kind

	values  []string       // as text, in the document's order
	byValue map[string]int // index in values: numbers as canonical makes them, strings behind a quote, null, true, false
}

type property struct {
	name string
	kind *kind
}

// kinds makes the kinds of what is sent in one direction.
type kinds struct {
	request bool
	known   map[string]*kind
}

// of returns the kind of the values that the schemas describe.
func (k *kinds) of(schemas []*spec.Schema) *kind {
	key := keyOf(schemas)
	if known := k.known[key]; known != nil {
		return known
	}
	made := &kind{}
	k.known[key] = made
	p := parts{kind: made, kinds: k, seen: map[*spec.Schema]bool{}, properties: map[string][]*spec.Schema{}}
	for _, s := range schemas {
		p.gather(s)
	}
	for _, name := range p.order {
		made.byName = put(made.byName, name, len(made.properties))
		made.properties = append(made.properties, property{name, k.of(p.properties[name])})
	}
	if len(p.rest) > 0 {
		made.rest = k.of(p.rest)
	}
	if len(p.items) > 0 {
		made.items = k.of(p.items)
	}
	return made
}

// keyOf is the same for the same schemas.
func keyOf(schemas []*spec.Schema) string {
	keys := make([]string, len(schemas))
	for i, s := range schemas {
		keys[i] = s.Key()
	}
	return strings.Join(keys, "\n")
}

// parts collects what several schemas say of one value.
type parts struct {
	*kind
	kinds       *kinds
	seen        map[*spec.Schema]bool
	order       []string // names of properties
	properties  map[string][]*spec.Schema
	rest, items []*spec.Schema
}

// gather collects from a schema, from its alternatives and from what else may apply
// to the same value.
func (p *parts) gather(s *spec.Schema) {
	for _, form := range s.Forms() {
		if p.seen[form] {
			continue
		}
		p.seen[form] = true
		p.names = append(p.names, form.Pointer, form.Name)
		p.form(form)
		for _, conditional := range form.Conditional() {
			p.gather(conditional)
		}
	}
	if s.Nullable {
		p.value(nil)
	}
	p.names = slices.DeleteFunc(append(p.names, s.Pointer, s.Name), func(name string) bool { return name == "" })
}

func (p *parts) form(s *spec.Schema) {
	for _, v := range s.Enum {
		p.value(v)
	}
	if s.Enum == nil && slices.Contains(s.Types, "boolean") {
		p.value(true)
		p.value(false)
	}
	for _, one := range s.Properties() {
		if one.Schema.Never || p.kinds.request && one.Schema.ReadOnly || !p.kinds.request && one.Schema.WriteOnly {
			continue // it does not travel this way
		}
		if p.properties[one.Name] == nil {
			p.order = append(p.order, one.Name)
		}
		p.properties[one.Name] = with(p.properties[one.Name], one.Schema)
	}
	for _, one := range s.PatternProperties() {
		p.rest = with(p.rest, one.Schema)
	}
	if rest := s.Additional(); rest != nil && !rest.Never {
		p.rest = with(p.rest, rest)
	}
	for _, one := range s.PrefixItems() {
		p.items = with(p.items, one)
	}
	if items := s.Items(); items != nil && !items.Never {
		p.items = with(p.items, items)
	}
}

// with adds a schema once.
func with(list []*spec.Schema, s *spec.Schema) []*spec.Schema {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// value makes a value countable. Arrays and objects in an enum are not.
func (k *kind) value(v any) {
	key := textOf(v)
	switch v := v.(type) {
	case string:
		key = `"` + v
	case json.Number:
		key = canonical(string(v))
	case []any, map[string]any:
		return
	}
	if _, known := k.byValue[key]; !known {
		k.byValue = put(k.byValue, key, len(k.values))
		k.values = append(k.values, textOf(v))
	}
}
