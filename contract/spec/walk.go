package spec

import (
	"sort"
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

type shape int

const (
	one shape = iota
	list
	mapping
)

type edge struct {
	key   string
	shape shape
	to    string
}

// edgesOf is where objects hang in an object of a kind of OpenAPI 3.1 (sections
// 4.8.x). A function rather than a variable, so that nothing can change it.
func edgesOf(kind string) []edge {
	switch kind {
	case "document":
		return []edge{{"info", one, "info"}, {"servers", list, "server"}, {"paths", mapping, "path"}, {"webhooks", mapping, "path"}, {"components", one, "components"}, {"tags", list, "tag"}}
	case "components":
		return []edge{
			{"schemas", mapping, "schema"}, {"responses", mapping, "response"},
			{"parameters", mapping, "parameter"}, {"requestBodies", mapping, "body"},
			{"headers", mapping, "header"}, {"callbacks", mapping, "callback"}, {"pathItems", mapping, "path"},
			{"examples", mapping, "example"}, {"links", mapping, "link"}, {"securitySchemes", mapping, "scheme"},
		}
	case "path":
		edges := []edge{{"servers", list, "server"}, {"parameters", list, "parameter"}}
		for _, m := range Methods() {
			edges = append(edges, edge{m, one, "operation"})
		}
		return edges
	case "operation":
		return []edge{
			{"servers", list, "server"}, {"parameters", list, "parameter"}, {"requestBody", one, "body"},
			{"responses", mapping, "response"}, {"callbacks", mapping, "callback"},
		}
	case "parameter", "header":
		return []edge{{"schema", one, "schema"}, {"content", mapping, "media"}, {"examples", mapping, "example"}}
	case "body":
		return []edge{{"content", mapping, "media"}}
	case "response":
		return []edge{{"headers", mapping, "header"}, {"content", mapping, "media"}, {"links", mapping, "link"}}
	case "media":
		return []edge{{"schema", one, "schema"}, {"encoding", mapping, "encoding"}, {"examples", mapping, "example"}}
	case "encoding":
		return []edge{{"headers", mapping, "header"}}
	case "schema":
		var edges []edge
		for _, a := range applicators() {
			edges = append(edges, edge{a.key, a.shape, "schema"})
		}
		return edges
	}
	return nil
}

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
	switch kind {
	case "schema":
		place := Root
		if strings.HasPrefix(pointer, "/components/schemas/") {
			place = Definition
		}
		WalkSchema(obj, pointer, place, visit)
		return
	case "callback":
		for _, k := range sortedKeys(obj) {
			walkObject(obj[k], Join(pointer, k), "path", visit)
		}
		return
	}
	for _, e := range edgesOf(kind) {
		eachChild(obj, pointer, e.key, e.shape, func(child any, at string) {
			walkObject(child, at, e.to, visit)
		})
	}
}

// WalkSchema is WalkSchemas for one schema object, which stands at a pointer and is
// reached as place says.
func WalkSchema(schema map[string]any, pointer string, place Place, visit func(pointer string, place Place, schema map[string]any)) {
	visit(pointer, place, schema)
	for _, a := range applicators() {
		inner := a.place
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

type applicator struct {
	key   string
	shape shape
	place Place
}

// applicators are the keywords of JSON Schema 2020-12 that hold schemas.
func applicators() []applicator {
	return []applicator{
		{"allOf", list, InPlace}, {"anyOf", list, InPlace}, {"oneOf", list, InPlace},
		{"then", one, InPlace}, {"else", one, InPlace}, {"dependentSchemas", mapping, InPlace},
		{"not", one, Probe}, {"if", one, Probe}, {"contains", one, Probe}, {"propertyNames", one, Probe},
		{"properties", mapping, Child}, {"patternProperties", mapping, Child},
		{"additionalProperties", one, Child}, {"unevaluatedProperties", one, Child},
		{"items", one, Child}, {"prefixItems", list, Child}, {"unevaluatedItems", one, Child},
		{"$defs", mapping, Definition}, {"definitions", mapping, Definition},
	}
}

func eachChild(obj map[string]any, pointer, key string, s shape, f func(any, string)) {
	v, ok := obj[key]
	if !ok {
		return
	}
	at := Join(pointer, key)
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

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
