package spec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is a parsed OpenAPI document. It is not changed after Parse and is
// safe for concurrent use as long as callers treat T and Tree as read-only.
type Document struct {
	// Version is the document's own `openapi` field: "3.0.3", "3.1.0".
	Version string
	// T is the document as kin-openapi reads it, after the lift to 3.1.
	T *openapi3.T
	// Tree is the lifted document: map[string]any, []any, string, bool, nil
	// and json.Number, so that no number loses a digit.
	Tree map[string]any

	raw   []byte
	order map[string][]string
	spans map[string]span
}

// Parse reads an OpenAPI 3.0 or 3.1 document in JSON or YAML.
//
// It refuses: what is neither, other versions, duplicate keys, references that
// leave the document or lead nowhere, and documents that break the OpenAPI
// specification. Examples and defaults that do not fit their schema are not
// errors: they are the publisher's, and judged elsewhere.
func Parse(data []byte) (*Document, error) {
	raw, err := toJSON(data)
	if err != nil {
		return nil, err
	}
	root, decoder, err := decodeOrdered(raw)
	if err != nil {
		return nil, err
	}
	tree, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("spec: an OpenAPI document is an object")
	}
	version, _ := tree["openapi"].(string)
	switch {
	case strings.HasPrefix(version, "3.0."):
		// Validated as what it claims to be; once lifted, 3.1 rules apply.
		if _, err := load(raw); err != nil {
			return nil, err
		}
		lift(tree)
	case strings.HasPrefix(version, "3.1."):
	case version == "":
		return nil, errors.New("spec: no `openapi` field: not an OpenAPI 3 document")
	default:
		return nil, fmt.Errorf("spec: OpenAPI %s is not supported, only 3.0 and 3.1", printable(version))
	}
	lifted, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	doc, err := load(lifted)
	if err != nil {
		return nil, err
	}
	if dialect := doc.JSONSchemaDialect; dialect != "" && !knownDialect(dialect) {
		return nil, fmt.Errorf("spec: jsonSchemaDialect %s is not supported, only JSON Schema 2020-12", printable(dialect))
	}
	return &Document{Version: version, T: doc, Tree: tree, raw: raw, order: decoder.order, spans: decoder.spans}, nil
}

func load(raw []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	doc, err := loader.LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	// Patterns are left to the engine that will run them. kin's checks of
	// examples and defaults embed their values and stop at the first.
	err = doc.Validate(context.Background(),
		openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaDefaultsValidation(),
		openapi3.DisableSchemaPatternValidation(),
	)
	if err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	return doc, nil
}

func knownDialect(dialect string) bool {
	switch strings.TrimSuffix(dialect, "#") {
	case "https://spec.openapis.org/oas/3.1/dialect/base", "https://json-schema.org/draft/2020-12/schema":
		return true
	}
	return false
}

// JSON returns the document as JSON, before the lift, in its own key order.
// Each call returns its own copy.
func (d *Document) JSON() []byte { return bytes.Clone(d.raw) }

// Keys returns the keys of the object at an RFC 6901 pointer in the order the
// document has them; nil when there is no object.
func (d *Document) Keys(pointer string) []string {
	return append([]string(nil), d.order[pointer]...)
}

// Lookup returns the value at an RFC 6901 pointer into Tree.
func (d *Document) Lookup(pointer string) (any, bool) { return lookup(d.Tree, pointer) }

// Resolve follows `$ref` from the object at pointer until there is none, and
// returns where it ended. It fails on a reference that leaves the document,
// leads nowhere or into a circle.
func (d *Document) Resolve(pointer string) (string, map[string]any, error) {
	start := pointer
	for range 64 {
		v, ok := d.Lookup(pointer)
		if !ok {
			return "", nil, fmt.Errorf("spec: nothing at %s", printable(pointer))
		}
		obj, ok := v.(map[string]any)
		if !ok {
			return "", nil, fmt.Errorf("spec: no object at %s", printable(pointer))
		}
		ref, ok := obj["$ref"].(string)
		if !ok {
			return pointer, obj, nil
		}
		target, ok := strings.CutPrefix(ref, "#")
		if !ok {
			return "", nil, fmt.Errorf("spec: reference at %s leaves the document", printable(pointer))
		}
		pointer = target
	}
	return "", nil, fmt.Errorf("spec: references from %s go round in a circle", printable(start))
}

// Raw returns the JSON text at a pointer as published, compacted; nil when
// nothing is there.
func (d *Document) Raw(pointer string) json.RawMessage {
	at, ok := d.spans[pointer]
	if !ok {
		return nil
	}
	var out bytes.Buffer
	if json.Compact(&out, d.raw[at.from:at.to]) != nil {
		return nil
	}
	return out.Bytes()
}

func printable(s string) string {
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return strconv.QuoteToASCII(s)
}
