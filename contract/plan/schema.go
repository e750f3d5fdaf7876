package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// pointerOf is where a schema stands: its component when it is one, so that all
// uses of a component are one schema.
func pointerOf(s *spec.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Name != "":
		return spec.Join("/components/schemas", s.Name)
	}
	return s.Pointer
}

// keysOf are the schemas that a value of this one is shown through: itself and
// its alternatives.
func keysOf(s *spec.Schema) []string {
	if s == nil {
		return nil
	}
	var keys []string
	for _, form := range s.Forms() {
		keys = append(keys, pointerOf(form))
	}
	return keys
}

// properties are those of an object and of all its alternatives, each name once.
func properties(s *spec.Schema) []spec.Property {
	if s == nil {
		return nil
	}
	return s.AllProperties()
}

// property finds one of properties by its words; nil when there is none.
func property(s *spec.Schema, name string) *spec.Property {
	all := properties(s)
	for _, same := range []func(string) bool{
		func(n string) bool { return n == name },
		func(n string) bool { return sameName(n, name) },
	} {
		if i := slices.IndexFunc(all, func(p spec.Property) bool { return same(p.Name) }); i >= 0 {
			return &all[i]
		}
	}
	return nil
}

// has tells whether one of properties has a name.
func has(s *spec.Schema, name string) bool {
	return slices.ContainsFunc(properties(s), func(p spec.Property) bool { return p.Name == name })
}

func hasType(s *spec.Schema, types ...string) bool {
	return s != nil && slices.ContainsFunc(s.Types, func(t string) bool { return slices.Contains(types, t) })
}

// untyped: any value fits, and nothing is said of it.
func untyped(s *spec.Schema) bool {
	return s == nil || s.Types == nil && s.Enum == nil && len(properties(s)) == 0
}

func isObject(s *spec.Schema) bool {
	return hasType(s, "object") || len(properties(s)) > 0
}

func isArray(s *spec.Schema) bool {
	return hasType(s, "array") && !hasType(s, "object") && s.Items() != nil
}

// isDate tells whether a value is a point in time; integers are one by the name
// of their property alone.
func isDate(s *spec.Schema) bool {
	return hasType(s, "string") && (s.Format == "date-time" || s.Format == "date")
}

// isText tells whether a value is free text.
func isText(s *spec.Schema) bool {
	return hasType(s, "string") && s.Format == "" && s.Enum == nil
}

// alike tells whether a value of one may as well stand for the other.
func alike(a, b *spec.Schema) bool {
	if untyped(a) || untyped(b) {
		return untyped(a) == untyped(b)
	}
	return slices.ContainsFunc(a.Types, func(t string) bool {
		return slices.Contains(b.Types, t) || t == "integer" && slices.Contains(b.Types, "number")
	})
}
