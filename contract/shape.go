package contract

import (
	"slices"

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

// parameterDepth is how deep the styles of parameters nest: an array or object,
// and arrays in the object.
const parameterDepth = 2

// shapeOf reads the shape off a schema; its types are those given when the schema
// names none. Depth is how many levels are left to look at.
func shapeOf(view *spec.Schema, otherwise jsonTypes, depth int) *shape {
	s := &shape{types: otherwise}
	if view == nil {
		return s
	}
	s.array, s.object = slices.Contains(view.Types, "array"), slices.Contains(view.Types, "object")
	if types := typesOf(view.Types) &^ (typeArray | typeObject); types != 0 || !s.scalar() {
		s.types = types
	}
	if depth == 0 {
		return s
	}
	for _, form := range view.Forms() {
		if items := form.Items(); s.array && s.items == nil && items != nil {
			s.items = shapeOf(items, typeString, depth-1)
		}
		if !s.object || depth < parameterDepth {
			continue
		}
		for _, p := range form.Properties() {
			if s.props == nil {
				s.props = map[string]*shape{}
			}
			s.props[p.Name] = shapeOf(p.Schema, typeString, depth-1)
		}
		if rest := form.Additional(); rest != nil && !rest.Never {
			s.rest = shapeOf(rest, typeString, depth-1)
		}
	}
	return s
}
