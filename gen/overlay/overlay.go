// Package overlay makes the OpenAPI Overlay that lets oapi-codegen generate
// idiomatic Go from a document as published. It says two things and changes
// nothing that goes over the wire:
//
//   - names: of each operation and each type, by rule, or as names.yaml has them;
//   - what generated Go cannot express, such as an answer that may be any JSON, is
//     taken out or typed any.
//
// The rule for operations: FastAPI makes an operationId of the function's name,
// the path and the method, so path and method are cut off again. For schemas:
// the endings Schema and Response are dropped, PaginatedResponse_X_ is XPage, and
// a page of a union takes the words that the names of its branches end in. Two
// that come to the same name are told apart by rule, and [Overlay.Notes] says so.
//
// All is a function of the two texts alone. The package reads neither generated
// code nor package contract, so that it runs where neither compiles.
package overlay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
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
	owner      map[string]string  // who has a Go identifier
	verbs      map[string]bool    // first words of the operations' names
	sent       map[string]bool    // schemas that request bodies name
	unions     map[string][]place // where the same named schemas stand in a union, for which Go has one type
}

// names is names.yaml: Go names set by hand, before any rule. An entry may name
// nothing in the document: one file serves all revisions.
type names struct {
	// Operations are by operationId, or by "METHOD /path".
	Operations map[string]string `yaml:"operations"`
	// Schemas are by name; a type within a schema is named by SCHEMA.PROPERTY.
	Schemas map[string]string `yaml:"schemas"`
}

func parseNames(data []byte) (names, error) {
	var n names
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&n); err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("overlay: names.yaml: %w", err)
	}
	var errs []error
	for _, group := range []map[string]string{n.Operations, n.Schemas} {
		for _, published := range slices.Sorted(maps.Keys(group)) {
			if name := group[published]; !token.IsIdentifier(name) || !token.IsExported(name) {
				errs = append(errs, fmt.Errorf("overlay: names.yaml: %s: %q is no exported Go name", published, name))
			}
		}
	}
	return n, errors.Join(errs...)
}

// Make reads a document, as JSON, and names.yaml, which may be nil. The error
// says what is wrong with either; no document that spec.Load returns has one.
func Make(document, namesYAML []byte) (*Overlay, error) {
	m := &maker{Overlay: &Overlay{Operations: map[string]string{}, Schemas: map[string]string{}}, owner: map[string]string{}, verbs: map[string]bool{}, sent: map[string]bool{}, unions: map[string][]place{}}
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

// claim takes the first candidate that nobody has, or the first with a number.
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
