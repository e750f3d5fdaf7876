package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
)

// Change is what one thing in a body is made, while the rest stays.
type Change struct {
	At    string // RFC 6901, into the body
	Class string // what is special about it: "maximum"; the same in every run
	Value any
	Gone  bool // it is left out
	Guess bool // it names something only the server knows
}

// Name tells changes of one body apart.
func (c Change) Name() string {
	if c.At == "" {
		return "body: " + c.Class
	}
	return c.At + ": " + c.Class
}

// In returns the value with the change.
func (c Change) In(v any) any { return Set(v, c.At, c.Value, c.Gone) }

const (
	maxChangeDepth = 6   // of what is changed in a body
	maxChanges     = 600 // of one body, valid and invalid each
)

// Changes lists what can be changed in a valid body, one thing at a time: to what the
// document allows as well (at the boundaries of schemas, each alternative), and to
// what it does not, in each way to be wrong. The validator has had the last word on
// each. What is at a pointer in fixed stays.
func (d *Document) Changes(o *contract.Operation, m Media, base any, fixed func(pointer string) bool) (valid, invalid []Change) {
	w := &changer{d: d, o: o}
	w.schema(m.Schema, base, "", 0)
	seen := map[string]bool{}
	for _, c := range w.list {
		if fixed(c.At) {
			continue
		}
		v := c.In(base)
		id, _ := json.Marshal([]any{c.At, v}) // JSON values marshal
		same, _ := json.Marshal([]any{c.At, base})
		if seen[string(id)] || bytes.Equal(id, same) {
			continue
		}
		seen[string(id)] = true
		if _, isText := c.Value.(string); !m.JSON() && (c.At == "" || !c.Gone && !isText) {
			continue // a form has texts under names, and nothing else
		}
		switch {
		case len(valid) < maxChanges && d.TakesBody(o, m, v):
			valid = append(valid, c)
		case len(invalid) < maxChanges && d.refusesBody(o, m, v):
			invalid = append(invalid, c)
		}
	}
	return valid, invalid
}

// refusesBody tells whether a value is certainly none of an operation's body.
func (d *Document) refusesBody(o *contract.Operation, m Media, v any) bool {
	if !m.JSON() {
		return !d.TakesBody(o, m, v)
	}
	body, contentType := m.Write(v)
	return slices.ContainsFunc(d.BodyViolations(o, contentType, body), func(v contract.Violation) bool { return v.Kind == contract.KindInvalidBody })
}

// changer collects changes, right and wrong together.
type changer struct {
	d    *Document
	o    *contract.Operation
	list []Change
}

func (w *changer) add(at, class string, v any) {
	w.list = append(w.list, Change{At: at, Class: class, Value: v})
}

func (w *changer) schema(s *spec.Schema, v any, at string, depth int) {
	if s == nil || s.Never || depth > maxChangeDepth {
		return
	}
	w.add(at, "null", nil)
	if s.Types != nil {
		w.otherTypes(s, at)
	}
	for i, form := range s.Alternatives() {
		for _, least := range []bool{true, false} {
			place := sample.Place{Collection: "digakit-verify " + w.o.Name() + at, Ordinal: i, Request: true, Least: least}
			if made, err := w.d.maker().Value(form, place); err == nil {
				class := "all of alternative "
				if least {
					class = "least of alternative "
				}
				w.add(at, class+strconv.Itoa(i+1), made)
			}
		}
	}
	if of := s.Discriminator(); of != nil {
		w.add(spec.Join(at, of.Property), "unknown discriminator", "digakit-unknown")
	}
	w.scalars(s, at)
	form := s.Branch(v, w.d.Validator.Fits)
	switch v := v.(type) {
	case map[string]any:
		w.object(form, v, at, depth)
	case []any:
		w.array(form, v, at, depth)
	}
}

// otherTypes are values of types that a schema does not have, none that a reader who
// means well takes for one: a text of digits is not sent for a number.
func (w *changer) otherTypes(s *spec.Schema, at string) {
	for _, one := range []struct {
		class string
		value any
		types []string // of those that read it kindly
	}{
		{"an object", map[string]any{}, []string{"object"}},
		{"an array", []any{}, []string{"array"}},
		{"a text", "digakit", []string{"string"}},
		{"a number", json.Number("7"), []string{"integer", "number", "boolean"}},
		{"true", true, []string{"boolean", "integer", "number"}},
	} {
		if !slices.ContainsFunc(one.types, func(t string) bool { return slices.Contains(s.Types, t) }) {
			w.add(at, one.class, one.value)
		}
	}
}

// scalars are values at the boundaries of a schema's, and beyond.
func (w *changer) scalars(s *spec.Schema, at string) {
	for _, f := range formsOf(s, 0) {
		if f.kind == ArrayKind {
			continue
		}
		for _, v := range slices.Concat(f.valid(), f.invalid()) {
			if !v.array {
				w.list = append(w.list, Change{At: at, Class: v.Class, Value: f.json(v.Texts[0]), Guess: v.Guess})
			}
		}
	}
}

// json is the text of a value as JSON of the form's type, where it can be one.
func (f form) json(text string) any {
	switch {
	case (f.kind == integerKind || f.kind == numberKind) && json.Valid([]byte(text)) && text != "true":
		return json.Number(text)
	case f.kind == booleanKind && (text == "true" || text == "false"):
		return text == "true"
	}
	return text
}

func (w *changer) object(s *spec.Schema, v map[string]any, at string, depth int) {
	for _, p := range s.Properties() {
		here := spec.Join(at, p.Name)
		if p.Schema.ReadOnly {
			continue
		}
		inner, there := v[p.Name]
		if !there {
			made, err := w.d.maker().Value(p.Schema, sample.Place{Collection: "digakit-verify " + w.o.Name() + here, Request: true})
			if err == nil {
				w.add(here, "given", made)
			}
			continue
		}
		w.list = append(w.list, Change{At: here, Class: "left out", Gone: true})
		w.schema(p.Schema, inner, here, depth+1)
	}
	for _, name := range s.Required {
		if s.Property(name) == nil {
			w.list = append(w.list, Change{At: spec.Join(at, name), Class: "left out", Gone: true})
		}
	}
	if rest := s.Additional(); rest != nil {
		w.add(spec.Join(at, "digakit_unknown"), "a property that is not allowed", "digakit")
		if !rest.Never {
			w.otherTypes(rest, spec.Join(at, "digakit_unknown"))
		}
	}
	if s.MaxProperties >= 0 && s.MaxProperties < maxArray {
		many := map[string]any{}
		for i := range s.MaxProperties + 1 {
			many[fmt.Sprintf("digakit_%d", i)] = "digakit"
		}
		w.add(at, "more than maxProperties", many)
	}
	if s.MinProperties > 0 {
		w.add(at, "fewer than minProperties", map[string]any{})
	}
}

func (w *changer) array(s *spec.Schema, v []any, at string, depth int) {
	w.add(at, "no items", []any{})
	if len(v) == 0 {
		return
	}
	repeated := func(n int) []any { return slices.Repeat(v, n/len(v)+1)[:n] }
	w.add(at, "one item", v[:1])
	if s.MinItems > 1 && s.MinItems <= maxArray {
		w.add(at, "fewer than minItems", repeated(s.MinItems-1))
		w.add(at, "minItems", repeated(s.MinItems))
	}
	if s.MaxItems >= 0 && s.MaxItems <= maxArray {
		w.add(at, "maxItems", repeated(s.MaxItems))
		w.add(at, "more than maxItems", repeated(s.MaxItems+1))
	}
	if s.UniqueItems {
		w.add(at, "the same item twice", []any{v[0], v[0]})
	}
	w.schema(s.Items(), v[0], spec.Join(at, "0"), depth+1)
}

// Malformed are bodies that are not what their media type says.
func Malformed(whole []byte) []struct{ Class, Text string } {
	half := string(whole[:len(whole)/2])
	return []struct{ Class, Text string }{
		{"cut in half", half},
		{"nothing but a brace", "{"},
		{"a comma at the end", `{"digakit": 1,}`},
		{"single quotes", `{'digakit': 1}`},
		{"no quotes", `{digakit: 1}`},
		{"a comment", "{} // digakit"},
		{"a second value", string(whole) + string(whole)},
		{"a line break in a text", "{\"digakit\": \"a\nb\"}"},
		{"a byte that is no UTF-8", "{\"digakit\": \"\xff\"}"},
		{"a broken escape", `{"digakit": "\x"}`},
		{"not a number", `{"digakit": NaN}`},
		{"a form", "digakit=1&verify=2"},
		{"markup", "<digakit/>"},
		{"spaces alone", "   "},
	}
}
