package plan

import (
	"slices"
	"strings"
	"unicode"

	"github.com/digakit/digakit/contract/spec"
)

// wordsOf splits a name where its writer did: petId, pet_id and Pet-ID are pet and id.
func wordsOf(name string) []string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

// stem is the words of a name, its last in the singular.
func stem(name string) []string {
	words := wordsOf(name)
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	ends := func(suffix string) bool { return strings.HasSuffix(last, suffix) }
	switch {
	case len(last) > 4 && ends("ies"):
		last = strings.TrimSuffix(last, "ies") + "y"
	case slices.ContainsFunc([]string{"sses", "xes", "ches", "shes", "zes", "uses"}, ends):
		last = strings.TrimSuffix(last, "es")
	case len(last) > 2 && !slices.ContainsFunc([]string{"ss", "us", "is"}, ends):
		last = strings.TrimSuffix(last, "s")
	}
	return append(words[:len(words)-1], last)
}

// idStem is the words of X of X_id or, when many, X_ids; in the singular. Nil for other names.
func idStem(name string) (words []string, many bool) {
	words = wordsOf(name)
	n := len(words) - 1
	if n < 1 || !is(words[n], "id uuid guid ids uuids") {
		return nil, false
	}
	return stem(strings.Join(words[:n], "_")), strings.HasSuffix(words[n], "s")
}

// idOf is the X of X_id; nil for all other names.
func idOf(name string) []string {
	if words, many := idStem(name); !many {
		return words
	}
	return nil
}

func lastOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

func endsWith(words, tail []string) bool {
	return len(tail) > 0 && len(words) >= len(tail) && slices.Equal(words[len(words)-len(tail):], tail)
}

func startsWith(words, front []string) bool {
	return len(front) > 0 && len(words) >= len(front) && slices.Equal(words[:len(front)], front)
}

// is tells whether a name has the words of one of several, which spaces separate.
func is(name, names string) bool {
	return slices.Contains(strings.Fields(names), strings.Join(wordsOf(name), "_"))
}

// pointerOf is where a schema stands, its component when it is one.
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

func nameOf(p *spec.Property) string {
	if p == nil {
		return ""
	}
	return p.Name
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

func ofObjects(s *spec.Schema) bool { return isArray(s) && isObject(s.Items()) }

func isDate(s *spec.Schema) bool {
	return hasType(s, "string") && (s.Format == "date-time" || s.Format == "date")
}

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
