package spec

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Place says how a schema is reached from the one around it.
type Place int

const (
	// Definition is a schema that applies only where something refers to it.
	Definition Place = iota
	// Root is a schema an OpenAPI object names: of a body, parameter, header.
	Root
	// Child applies to a part of the value: a property, an item.
	Child
	// InPlace applies to the same value as its parent: a branch of allOf,
	// anyOf, oneOf, then, else, dependentSchemas.
	InPlace
	// Probe is only asked, not imposed: under not, if, contains, propertyNames.
	Probe
)

// Methods lists the HTTP methods a Path Item Object has fields for.
func Methods() []string {
	return []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}
}

// WalkSchemas calls visit for every schema object of an OpenAPI 3.1 tree, the
// outer before the inner, in a stable order. visit may change the object.
func WalkSchemas(tree map[string]any, visit func(pointer string, place Place, schema map[string]any)) {
	walkObject(tree, "", "document", visit)
}

func walkObject(v any, pointer, kind string, visit func(string, Place, map[string]any)) {
	obj, ok := v.(map[string]any)
	if !ok {
		return
	}
	if kind == "schema" {
		place := Root
		if strings.HasPrefix(pointer, "/components/schemas/") {
			place = Definition
		}
		WalkSchema(obj, pointer, place, visit)
		return
	}
	for _, e := range kinds[kind].edges {
		eachChild(obj, pointer, e.key, e.shape, func(child any, at string) {
			walkObject(child, at, e.to, visit)
		})
	}
}

// WalkSchema is WalkSchemas for one schema object, which stands at a pointer and is
// reached as place says.
func WalkSchema(schema map[string]any, pointer string, place Place, visit func(pointer string, place Place, schema map[string]any)) {
	visit(pointer, place, schema)
	for _, a := range applicators {
		inner := placeOf(a.key)
		if place == Probe {
			inner = Probe
		}
		eachChild(schema, pointer, a.key, a.shape, func(child any, at string) {
			if obj, ok := child.(map[string]any); ok {
				WalkSchema(obj, at, inner, visit)
			}
		})
	}
}

func placeOf(keyword string) Place {
	switch keyword {
	case "allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas":
		return InPlace
	case "not", "if", "contains", "propertyNames":
		return Probe
	case "$defs", "definitions":
		return Definition
	}
	return Child
}

func eachChild(obj map[string]any, pointer, key string, s shape, f func(any, string)) {
	at, v := pointer, any(obj)
	if key != "" {
		var ok bool
		if v, ok = obj[key]; !ok {
			return
		}
		at = Join(pointer, key)
	}
	switch s {
	case one:
		f(v, at)
	case list:
		items, _ := v.([]any)
		for i, item := range items {
			f(item, at+"/"+strconv.Itoa(i))
		}
	case mapping:
		m, _ := v.(map[string]any)
		for _, k := range sortedKeys(m) {
			f(m[k], Join(at, k))
		}
	}
}

// operation is one operation of a document's paths.
type operation struct {
	path, method string
	node         *node
}

// operationsOf lists the operations of a tree's paths in document order.
func operationsOf(root *node) []operation {
	var all []operation
	for _, item := range root.member("paths").members() {
		for _, c := range item.members() {
			if c.form == formObject && slices.Contains(Methods(), c.key) {
				all = append(all, operation{path: item.key, method: c.key, node: c})
			}
		}
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
