package contract

import (
	"encoding/json"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// shape is what the text of a parameter has to be turned into before a schema
// can judge it: which scalars, or an array or object of what.
//
// The null of anyOf [T, null] is left out on purpose: text has no null, so an
// empty value and the word null are what they look like, strings.
type shape struct {
	types  jsonTypes // of scalars
	array  bool
	object bool
	items  *shape
	props  map[string]*shape
	rest   *shape // of additionalProperties; nil when there is no schema for them
}

func (s *shape) scalar() bool { return !s.array && !s.object }

func (s *shape) property(name string) *shape {
	if p, ok := s.props[name]; ok {
		return p
	}
	if s.rest != nil {
		return s.rest
	}
	return &shape{types: typeString}
}

func (s *shape) item() *shape {
	if s.items != nil {
		return s.items
	}
	if s.array {
		return &shape{types: typeString}
	}
	return s
}

const maxShapeDepth = 16

// shapeOf reads the shape off the document. Types that are nowhere given
// allow every scalar.
func shapeOf(doc *spec.Document, pointer string) *shape {
	s := &shape{}
	s.gather(doc, pointer, 0, true)
	if s.types == 0 && s.scalar() {
		s.types = typesOf([]string{"string", "number", "boolean"})
	}
	return s
}

// gather collects from a schema and those that apply to the same value. Only
// with top are parts looked into, and they are not: no style nests deeper.
func (s *shape) gather(doc *spec.Document, pointer string, depth int, top bool) {
	v, _ := doc.Lookup(pointer)
	schema, ok := v.(map[string]any)
	if !ok || depth > maxShapeDepth {
		return
	}
	if ref, ok := schema["$ref"].(string); ok && strings.HasPrefix(ref, "#") {
		s.gather(doc, ref[1:], depth+1, top)
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		branches, _ := schema[keyword].([]any)
		for i := range branches {
			s.gather(doc, spec.Join(pointer, keyword, itoa(i)), depth+1, top)
		}
	}
	for _, t := range s.declared(schema) {
		switch t {
		case "array":
			s.array = true
		case "object":
			s.object = true
		case "null":
		default:
			s.types |= typesOf([]string{t})
		}
	}
	if s.array && s.items == nil && schema["items"] != nil {
		s.items = &shape{}
		s.items.gather(doc, spec.Join(pointer, "items"), depth+1, false)
		if s.items.types == 0 {
			s.items.types = typeString
		}
	}
	if s.object && top {
		s.gatherProperties(doc, pointer, schema, depth)
	}
}

func (s *shape) gatherProperties(doc *spec.Document, pointer string, schema map[string]any, depth int) {
	properties, _ := schema["properties"].(map[string]any)
	for name := range properties {
		if s.props == nil {
			s.props = map[string]*shape{}
		}
		p := &shape{}
		p.gather(doc, spec.Join(pointer, "properties", name), depth+1, false)
		if p.types == 0 {
			p.types = typeString
		}
		s.props[name] = p
	}
	if _, ok := schema["additionalProperties"].(map[string]any); ok {
		s.rest = &shape{}
		s.rest.gather(doc, spec.Join(pointer, "additionalProperties"), depth+1, false)
	}
}

// declared lists the types a schema object allows, those of its enum or const
// when it gives no type.
func (s *shape) declared(schema map[string]any) []string {
	switch t := schema["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var names []string
		for _, name := range t {
			if text, ok := name.(string); ok {
				names = append(names, text)
			}
		}
		return names
	}
	values, _ := schema["enum"].([]any)
	if c, ok := schema["const"]; ok {
		values = append(values[:len(values):len(values)], c)
	}
	var names []string
	for _, v := range values {
		switch v.(type) {
		case string:
			names = append(names, "string")
		case bool:
			names = append(names, "boolean")
		case json.Number:
			names = append(names, "number")
		}
	}
	return names
}
