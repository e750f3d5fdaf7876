package spec

import (
	"slices"
	"strings"
)

// shape is how a field or keyword holds what it holds.
type shape int

const (
	one shape = iota
	list
	mapping
)

// edge is a field that holds objects of a kind.
type edge struct {
	key   string // empty: the object itself maps names to them
	shape shape
	to    string
}

// kind is what OpenAPI 3.1 (sections 4.8.x) says of a kind of object.
type kind struct {
	name     string   // in a sentence
	edges    []edge   // which hold other objects
	fields   []string // the others; nil: the keys are names
	required []string
	newer    []string // fields of 3.1 alone
}

func words(text string) []string { return strings.Fields(text) }

var kinds = map[string]kind{
	"": {name: "nothing that OpenAPI names"},
	"document": {
		name: "the document object", fields: words("openapi jsonSchemaDialect security externalDocs"), required: words("info"), newer: words("jsonSchemaDialect webhooks"),
		edges: []edge{{"info", one, "info"}, {"servers", list, "server"}, {"paths", mapping, "path"}, {"webhooks", mapping, "path"}, {"components", one, "components"}, {"tags", list, "tag"}},
	},
	"info":   {name: "the info object", fields: words("openapi title summary description termsOfService contact license version"), required: words("title version"), newer: words("summary")},
	"server": {name: "a server", fields: words("url description variables"), required: words("url")},
	"tag":    {name: "a tag", fields: words("name description externalDocs"), required: words("name")},
	"components": {name: "the components object", fields: []string{}, newer: words("pathItems"), edges: []edge{
		{"schemas", mapping, "schema"}, {"responses", mapping, "response"}, {"parameters", mapping, "parameter"}, {"requestBodies", mapping, "body"},
		{"headers", mapping, "header"}, {"callbacks", mapping, "callback"}, {"pathItems", mapping, "path"},
		{"examples", mapping, "example"}, {"links", mapping, "link"}, {"securitySchemes", mapping, "scheme"},
	}},
	"path": {name: "a path item", fields: words("$ref summary description"), edges: []edge{
		{"servers", list, "server"}, {"parameters", list, "parameter"},
		{"get", one, "operation"}, {"put", one, "operation"}, {"post", one, "operation"}, {"delete", one, "operation"},
		{"options", one, "operation"}, {"head", one, "operation"}, {"patch", one, "operation"}, {"trace", one, "operation"},
	}},
	"operation": {name: "an operation", fields: words("tags summary description externalDocs operationId deprecated security"), required: words("responses"), edges: []edge{
		{"servers", list, "server"}, {"parameters", list, "parameter"}, {"requestBody", one, "body"},
		{"responses", mapping, "response"}, {"callbacks", mapping, "callback"},
	}},
	"callback":  {name: "a callback", edges: []edge{{"", mapping, "path"}}},
	"parameter": {name: "a parameter", fields: append(words("name in"), headerFields...), edges: headerEdges, required: words("name in")},
	"header":    {name: "a header", fields: headerFields, edges: headerEdges},
	"body":      {name: "a request body", fields: words("description required"), edges: []edge{{"content", mapping, "media"}}, required: words("content")},
	"response": {
		name: "a response", fields: words("description"), required: words("description"),
		edges: []edge{{"headers", mapping, "header"}, {"content", mapping, "media"}, {"links", mapping, "link"}},
	},
	"media":    {name: "a media type", fields: words("example"), edges: []edge{{"schema", one, "schema"}, {"encoding", mapping, "encoding"}, {"examples", mapping, "example"}}},
	"encoding": {name: "an encoding", fields: words("contentType style explode allowReserved"), edges: []edge{{"headers", mapping, "header"}}},
	"example":  {name: "an example", fields: words("summary description value externalValue")},
	"link":     {name: "a link", fields: words("operationRef operationId parameters requestBody description server")},
	"scheme":   {name: "a security scheme", fields: words("type description name in scheme bearerFormat flows openIdConnectUrl"), required: words("type")},
	"schema":   {name: "a schema", edges: applicators},
}

var (
	headerFields = words("description required deprecated allowEmptyValue style explode allowReserved example")
	// textFields hold text, in whatever object they are.
	textFields  = words("openapi title summary description version name in operationId url scheme termsOfService")
	headerEdges = []edge{{"schema", one, "schema"}, {"content", mapping, "media"}, {"examples", mapping, "example"}}
	// applicators are the keywords of JSON Schema 2020-12 that hold schemas.
	applicators = []edge{
		{"allOf", list, "schema"}, {"anyOf", list, "schema"}, {"oneOf", list, "schema"}, {"then", one, "schema"}, {"else", one, "schema"},
		{"dependentSchemas", mapping, "schema"}, {"not", one, "schema"}, {"if", one, "schema"}, {"contains", one, "schema"}, {"propertyNames", one, "schema"},
		{"properties", mapping, "schema"}, {"patternProperties", mapping, "schema"}, {"additionalProperties", one, "schema"}, {"unevaluatedProperties", one, "schema"},
		{"items", one, "schema"}, {"prefixItems", list, "schema"}, {"unevaluatedItems", one, "schema"}, {"$defs", mapping, "schema"}, {"definitions", mapping, "schema"},
	}
)

// has tells whether objects of the kind have a field.
func (k kind) has(field string) bool {
	return slices.Contains(k.fields, field) || slices.ContainsFunc(k.edges, func(e edge) bool { return e.key == field })
}
