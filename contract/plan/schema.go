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

// keysOf are the schemas that a value of this one is shown through: those of its
// forms.
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

// property finds one of properties by its name, else by its words; nil when there
// is none.
func property(s *spec.Schema, name string) *spec.Property {
	var found *spec.Property
	for _, p := range properties(s) {
		if p.Name == name {
			return &p
		}
		if found == nil && sameName(p.Name, name) {
			found = &p
		}
	}
	return found
}

// only is the property that alone fits; nil when none does, or several.
func only(s *spec.Schema, fits func(spec.Property) bool) *spec.Property {
	var found *spec.Property
	for _, p := range properties(s) {
		if fits(p) && found != nil {
			return nil
		} else if fits(p) {
			found = &p
		}
	}
	return found
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

func isObject(s *spec.Schema) bool { return hasType(s, "object") || len(properties(s)) > 0 }

func isArray(s *spec.Schema) bool {
	return hasType(s, "array") && !hasType(s, "object") && s.Items() != nil
}

// ofObjects tells whether a value is an array of objects.
func ofObjects(s *spec.Schema) bool { return isArray(s) && isObject(s.Items()) }

// isDate tells whether a value is a point in time; integers are one by the name
// of their property alone.
func isDate(s *spec.Schema) bool {
	return hasType(s, "string") && (s.Format == "date-time" || s.Format == "date")
}

// isText tells whether a value is free text.
func isText(s *spec.Schema) bool { return hasType(s, "string") && s.Format == "" && s.Enum == nil }

// alike tells whether a value of one may as well stand for the other.
func alike(a, b *spec.Schema) bool {
	if untyped(a) || untyped(b) {
		return untyped(a) == untyped(b)
	}
	return slices.ContainsFunc(a.Types, func(t string) bool {
		return slices.Contains(b.Types, t) || t == "integer" && slices.Contains(b.Types, "number")
	})
}

// covers tells whether a has all properties of b, and b has any.
func covers(a, b *spec.Schema) bool {
	sent := properties(b)
	return len(sent) > 0 && !slices.ContainsFunc(sent, func(p spec.Property) bool { return property(a, p.Name) == nil })
}

// constant is the text that alone fits; empty when there is none.
func constant(s *spec.Schema) string {
	if s == nil || len(s.Enum) != 1 {
		return ""
	}
	text, _ := s.Enum[0].(string)
	return text
}
