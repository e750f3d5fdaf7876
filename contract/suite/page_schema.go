package suite

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// branch is the schema, or the first alternative of it, that is for a type; nil:
// there is none.
func branch(s *spec.Schema, kind string) *spec.Schema {
	if s == nil {
		return nil
	}
	for _, form := range s.Forms() {
		if slices.Contains(form.Types, kind) {
			return form
		}
	}
	return nil
}

// properties are those of objects that a schema describes, by name.
func properties(s *spec.Schema) []spec.Property {
	if s == nil {
		return nil
	}
	all := s.AllProperties()
	slices.SortFunc(all, func(a, b spec.Property) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// property is the schema of a property; nil: there is none.
func property(all []spec.Property, name string) *spec.Schema {
	for _, p := range all {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}
