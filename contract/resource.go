package contract

import (
	"errors"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// resources gives the engine the schemas of a document one by one, when it wants
// them: each that a body or parameter uses, and each that a `$ref` leads to, is a
// resource of its own, rewritten for its side. So the cost is that of what is
// used, not of the document. It is the engine's loader, and nothing
// is ever fetched.
type resources struct {
	doc    *spec.Document
	side   Side
	strict bool
}

// Where a resource is used: as the schema of a body or parameter, or as what a
// reference leads to.
const (
	usedPlace     = "contract:///use"
	referredPlace = "contract:///ref"
)

// address is the URL of the schema at a pointer.
func address(place, pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, t := range tokens {
		tokens[i] = url.PathEscape(t)
	}
	return place + strings.Join(tokens, "/")
}

// located is the pointer into the document of a place that the engine names.
func located(schemaURL string) (pointer string, used bool) {
	base, fragment, _ := strings.Cut(schemaURL, "#")
	path, used := strings.CutPrefix(base, usedPlace)
	if !used {
		path = strings.TrimPrefix(base, referredPlace)
	}
	pointer, err := url.PathUnescape(path + fragment)
	if err != nil {
		return "", used
	}
	return pointer, used
}

// Load returns the schema at an address.
func (r *resources) Load(address string) (any, error) {
	if !strings.HasPrefix(address, usedPlace) && !strings.HasPrefix(address, referredPlace) {
		return nil, errors.New("contract: a reference leaves the document")
	}
	pointer, used := located(address)
	v, ok := r.doc.Lookup(pointer)
	if !ok {
		return nil, errors.New("contract: nothing at " + pointer)
	}
	schema, ok := copyTree(v).(map[string]any)
	if !ok {
		return v, nil
	}
	place := spec.Definition
	if used {
		place = spec.Root
	}
	spec.WalkSchema(schema, pointer, place, r.rewrite)
	return schema, nil
}

// rewrite makes a schema object of the document one of the engine's.
func (r *resources) rewrite(pointer string, place spec.Place, schema map[string]any) {
	if r.strict {
		refuseUndeclared(r.doc.Schema(pointer), place, schema)
		refuseAssumedNull(r.doc, schema)
	}
	applyAccess(r.doc, r.side, pointer, schema)
	repeatPropertyNames(schema)
	if target, ok := spec.RefersTo(schema); ok {
		schema["$ref"] = address(referredPlace, target)
	}
}

// repeatPropertyNames copies a propertyNames into an allOf beside it. The engine
// (v6.0.3) does not copy the place of a propertyNames error, and later errors
// overwrite it; the place of an allOf error is right.
func repeatPropertyNames(schema map[string]any) {
	names, ok := schema["propertyNames"]
	if !ok || len(schema) == 1 {
		return
	}
	branches, _ := schema["allOf"].([]any)
	copied := map[string]any{"propertyNames": copyTree(names)}
	schema["allOf"] = append(branches[:len(branches):len(branches)], copied)
}

// copyTree copies a tree of JSON values, numbers as they are.
func copyTree(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, item := range v {
			m[k] = copyTree(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = copyTree(item)
		}
		return list
	}
	return v
}
