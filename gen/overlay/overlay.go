package overlay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Overlay is what is to be changed in a document before code is generated.
type Overlay struct {
	Operations map[string]string // Go names by "METHOD /path"
	Schemas    map[string]string // Go names by the schemas' own

	// Notes says which names collided and what came of it, and what of the
	// document has no type in Go. In a fixed order.
	Notes []string

	actions []action
}

// action changes, or without an update removes, what is at a JSONPath.
type action struct {
	target string
	update object
}

type object = map[string]any

// maker holds what the passes over a document share.
type maker struct {
	*Overlay

	document   object
	schemas    object
	operations []*operation
	names      names
	owner      map[string]string // who has a Go identifier
	verbs      map[string]bool   // first words of the operations' names
	sent       map[string]bool   // schemas that request bodies name
	unions     []*site
}

// Make reads a document, as JSON, and names.yaml, which may be nil. The error
// says what is wrong with either; no document that spec.Load returns has one.
func Make(document, namesYAML []byte) (*Overlay, error) {
	m := &maker{Overlay: &Overlay{Operations: map[string]string{}, Schemas: map[string]string{}}, owner: map[string]string{}, verbs: map[string]bool{}, sent: map[string]bool{}}
	if err := json.Unmarshal(document, &m.document); err != nil {
		return nil, fmt.Errorf("overlay: the document is not a JSON object: %w", err)
	}
	var err error
	if m.names, err = parseNames(namesYAML); err != nil {
		return nil, err
	}
	for _, name := range reserved {
		m.owner[name] = "generated code"
	}
	m.schemas = within(m.document, "components", "schemas")
	m.nameOperations()
	m.nameSchemas()
	for _, raw := range slices.Sorted(maps.Keys(m.schemas)) {
		m.typeInside(place{target: path("components", "schemas", raw), by: raw, name: m.Schemas[raw]}, m.schemas[raw], true)
	}
	m.nameUnions()
	for _, op := range m.operations {
		m.typeOperation(op)
	}
	responses := within(m.document, "components", "responses")
	for _, name := range slices.Sorted(maps.Keys(responses)) {
		m.typeAnswer(place{target: path("components", "responses", name), by: "response " + name}, responses[name])
	}
	return m.Overlay, nil
}

// YAML returns the overlay as a file, the same for the same document.
func (o *Overlay) YAML() []byte {
	var b bytes.Buffer
	b.WriteString(`# Code generated from openapi.json and names.yaml by gen/overlay; DO NOT EDIT.
# Go names, and what Go cannot express. Nothing here changes what goes over the
# wire, and openapi.json stays as published.
overlay: 1.0.0
info:
  title: Go names
  version: 1.0.0
actions:`)
	if len(o.actions) == 0 {
		b.WriteString(" []")
	}
	for _, a := range o.actions {
		fmt.Fprintf(&b, "\n  - target: %s\n    ", plainJSON(a.target))
		if a.update == nil {
			b.WriteString("remove: true")
		} else {
			b.WriteString("update: " + plainJSON(a.update))
		}
	}
	b.WriteString("\n")
	return b.Bytes()
}

func (o *Overlay) update(target, key string, value any) {
	o.actions = append(o.actions, action{target, object{key: value}})
}

func (o *Overlay) remove(target string) { o.actions = append(o.actions, action{target, nil}) }

func (o *Overlay) note(format string, args ...any) {
	o.Notes = append(o.Notes, fmt.Sprintf(format, args...))
}

// claim takes the first of the candidates that nobody has; when all are taken,
// the first with a number.
func (m *maker) claim(who string, candidates ...string) string {
	first := candidates[0]
	name := first
	for i := 1; m.owner[name] != ""; i++ {
		if i < len(candidates) {
			name = candidates[i]
		} else {
			name = fmt.Sprint(first, i-len(candidates)+2)
		}
	}
	if name != first {
		m.note("%s: %s is taken by %s, so it is %s", who, first, m.owner[first], name)
	}
	m.owner[name] = who
	return name
}

// path is the JSONPath of what the keys lead to.
func path(keys ...string) string {
	var b strings.Builder
	b.WriteString("$")
	for _, key := range keys {
		b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(key) + "']")
	}
	return b.String()
}

// get is what the keys lead to; the zero value where that is of another type.
func get[T any](node any, keys ...string) T {
	for _, key := range keys {
		o, _ := node.(object)
		node = o[key]
	}
	found, _ := node.(T)
	return found
}

func at(node any, keys ...string) any        { return get[any](node, keys...) }
func within(node any, keys ...string) object { return get[object](node, keys...) }
func text(node any, key string) string       { return get[string](node, key) }
func listAt(node any, key string) []any      { return get[[]any](node, key) }

func plainJSON(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Errorf("overlay: a name is no JSON: %w", err))
	}
	return strings.TrimSpace(b.String())
}
