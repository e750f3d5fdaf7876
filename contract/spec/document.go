package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Document is a parsed OpenAPI document. It is not changed after Parse and is
// safe for concurrent use as long as callers treat Tree as read-only.
type Document struct {
	// Version is the document's own `openapi` field: "3.0.3", "3.1.0".
	Version string
	// Tree is the document, lifted to 3.1: map[string]any, []any, string, bool,
	// nil and json.Number, so that no number loses a digit.
	Tree map[string]any

	root *node  // as published, before the lift
	raw  []byte // the same as JSON

	moved    map[string]bool // pointers of schemas that Tree holds deeper: see nullable
	examples []example
	warnings []Warning

	views sync.Map // of schemas: key of a conjunction to *Schema
}

// Parse reads an OpenAPI 3.0 or 3.1 document in JSON or YAML, in UTF-8 with or without
// a byte order mark. It refuses what is neither, other versions, duplicate keys, and
// references that leave the document, lead nowhere or round in a circle. Errors that
// have a place are an [*Error].
func Parse(data []byte) (*Document, error) {
	in, err := newInput("", data)
	if err != nil {
		return nil, err
	}
	root, err := in.read()
	if err != nil {
		return nil, err
	}
	return newDocument(root, in.asJSON())
}

// newDocument makes a document of a tree. raw is its JSON text, if there is one.
func newDocument(root *node, raw []byte) (*Document, error) {
	version, err := versionOf(root)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		var out bytes.Buffer
		root.write(&out, false)
		raw = out.Bytes()
	}
	d := &Document{Version: version, root: root, raw: raw, moved: map[string]bool{}}
	d.Tree, _ = root.value().(map[string]any)
	if err := d.read(); err != nil {
		return nil, err
	}
	return d, nil
}

// versionOf returns the `openapi` field, or says why this is no document for us.
func versionOf(root *node) (string, error) {
	if root.form != formObject {
		return "", root.fail("an OpenAPI document is an object", "give an OpenAPI 3.0 or 3.1 document")
	}
	field := root.member("openapi")
	version := field.text()
	switch swagger := root.member("swagger"); {
	case field == nil && swagger != nil:
		return "", swagger.fail("OpenAPI 2 (Swagger) is not supported, only 3.0 and 3.1; no `openapi` field", "convert it to OpenAPI 3 first")
	case field == nil:
		return "", root.fail("no `openapi` field: not an OpenAPI 3 document", "give an OpenAPI 3.0 or 3.1 document, whole").because(errNotOpenAPI)
	case field.form == formScalar: // YAML reads 3.1 as a number
		version = field.literal
	case field.form != formText:
		return "", field.fail("the `openapi` field is not a string", "write the version as a string of three numbers: '3.1.0'")
	}
	if minorOf(version) < 0 {
		return "", field.fail(fmt.Sprintf("OpenAPI %s is not supported, only 3.0 and 3.1, and later 3.x as 3.1", printable(version)), "ask the publisher for one of these")
	}
	return version, nil
}

// minorOf is the N of OpenAPI 3.N; -1 when a version is none of these.
func minorOf(version string) int {
	rest, ok := strings.CutPrefix(version, "3.")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(minor, 10, 8)
	if !ok || err != nil {
		return -1
	}
	return int(n)
}

// JSON returns the document as JSON, before the lift, in its own key order.
// Each call returns its own copy.
func (d *Document) JSON() []byte { return bytes.Clone(d.raw) }

// Canonical returns the document, before the lift, as the one JSON text there is for
// it: what Python's json.dumps(document, indent=2) writes, in the document's own order
// of keys and with its digits, and a newline. Each call makes its own copy.
func (d *Document) Canonical() []byte {
	var compact, out bytes.Buffer
	d.root.write(&compact, true)
	_ = json.Indent(&out, compact.Bytes(), "", "  ") // it is JSON
	out.WriteByte('\n')
	return out.Bytes()
}

// Keys returns the keys of the object at an RFC 6901 pointer in the order the
// document has them; nil when there is no object.
func (d *Document) Keys(pointer string) []string {
	var keys []string
	for _, c := range d.root.at(d.published(pointer)).members() {
		keys = append(keys, c.key)
	}
	return keys
}

// object is the object at a pointer; nil when there is none.
func (d *Document) object(pointer string) map[string]any {
	v, _ := d.Lookup(pointer)
	object, _ := v.(map[string]any)
	return object
}

// Lookup returns the value at an RFC 6901 pointer into Tree.
func (d *Document) Lookup(pointer string) (any, bool) { return At(d.Tree, Tokens(pointer)...) }

// Resolve follows `$ref` from the object at pointer until there is none. It fails on a
// reference that leaves the document, leads nowhere or into a circle.
func (d *Document) Resolve(pointer string) (string, map[string]any, error) {
	start := pointer
	for range maxReferences {
		obj := d.object(pointer)
		if obj == nil {
			return "", nil, fmt.Errorf("spec: no object at %s", printable(pointer))
		}
		if _, refers := obj["$ref"].(string); !refers {
			return pointer, obj, nil
		}
		target, ok := refersTo(obj)
		if !ok {
			return "", nil, fmt.Errorf("spec: the reference at %s leaves the document", printable(pointer))
		}
		pointer = target
	}
	return "", nil, fmt.Errorf("spec: references from %s go round in a circle", printable(start))
}

// Raw returns the JSON text at a pointer as published, compacted; nil when
// nothing is there.
func (d *Document) Raw(pointer string) json.RawMessage {
	n := d.root.at(d.published(pointer))
	if n == nil {
		return nil
	}
	var out bytes.Buffer
	n.write(&out, false)
	return out.Bytes()
}

func printable(s string) string {
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return strconv.QuoteToASCII(s)
}
