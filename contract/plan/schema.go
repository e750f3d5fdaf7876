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

// keysOf are the schemas that a value of this one is shown through: its forms.
func keysOf(s *spec.Schema) (keys []string) {
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

// pointerTo leads to a property of a value; of one without a name to the value.
func pointerTo(p *spec.Property) string {
	if p.Name == "" {
		return ""
	}
	return spec.Join("", p.Name)
}

// find returns the first property that fits; nil when none does.
func find(s *spec.Schema, fits func(p spec.Property) bool) *spec.Property {
	for _, p := range properties(s) {
		if fits(p) {
			return &p
		}
	}
	return nil
}

// only is the property that alone fits; nil when none does, or several.
func only(s *spec.Schema, fits func(p spec.Property) bool) *spec.Property {
	found := find(s, fits)
	if found != nil && find(s, func(p spec.Property) bool { return p.Name != found.Name && fits(p) }) != nil {
		return nil
	}
	return found
}

// property finds one of properties by its name, else by its words.
func property(s *spec.Schema, name string) *spec.Property {
	if p := find(s, func(p spec.Property) bool { return p.Name == name }); p != nil {
		return p
	}
	words := wordsOf(name)
	return find(s, func(p spec.Property) bool { return slices.Equal(wordsOf(p.Name), words) })
}

func has(s *spec.Schema, name string) bool {
	return find(s, func(p spec.Property) bool { return p.Name == name }) != nil
}

// covers tells whether a has all properties of b, and b has any.
func covers(a, b *spec.Schema) bool {
	return len(properties(b)) > 0 && find(b, func(p spec.Property) bool { return property(a, p.Name) == nil }) == nil
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
