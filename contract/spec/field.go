package spec

import (
	"slices"
	"strings"
)

// fieldsOf lists the fixed fields of a kind of object (OpenAPI 3.1, sections
// 4.8.x); nil for one whose keys are names.
func fieldsOf(kind string) []string {
	switch kind {
	case "document":
		return []string{"openapi", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs"}
	case "info":
		return []string{"openapi", "title", "summary", "description", "termsOfService", "contact", "license", "version"}
	case "server":
		return []string{"url", "description", "variables"}
	case "tag":
		return []string{"name", "description", "externalDocs"}
	case "components":
		return []string{"schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems"}
	case "path":
		return append(Methods(), "$ref", "summary", "description", "servers", "parameters")
	case "operation":
		return []string{
			"tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody", "responses", "callbacks", "deprecated", "security", "servers",
		}
	case "parameter":
		return append(fieldsOf("header"), "name", "in")
	case "header":
		return []string{"description", "required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved", "schema", "example", "examples", "content"}
	case "body":
		return []string{"description", "content", "required"}
	case "response":
		return []string{"description", "headers", "content", "links"}
	case "media":
		return []string{"schema", "example", "examples", "encoding"}
	case "encoding":
		return []string{"contentType", "headers", "style", "explode", "allowReserved"}
	case "example":
		return []string{"summary", "description", "value", "externalValue"}
	case "link":
		return []string{"operationRef", "operationId", "parameters", "requestBody", "description", "server"}
	case "scheme":
		return []string{"type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"}
	}
	return nil
}

// newField tells whether a fixed field came with OpenAPI 3.1.
func newField(kind, field string) bool {
	return slices.Contains([]string{"document jsonSchemaDialect", "document webhooks", "info summary", "components pathItems"}, kind+" "+field)
}

// requiredOf lists the fields that an object of a kind must have; old is
// OpenAPI 3.0.
func requiredOf(kind string, old bool) []string {
	switch kind {
	case "document":
		return []string{"info"}
	case "info":
		return []string{"title", "version"}
	case "server":
		return []string{"url"}
	case "tag":
		return []string{"name"}
	case "operation":
		if old {
			return []string{"responses"}
		}
	case "parameter":
		return []string{"name", "in"}
	case "body":
		return []string{"content"}
	case "response":
		return []string{"description"}
	case "scheme":
		return []string{"type"}
	}
	return nil
}

// textFields are fixed fields that hold text, in whatever object they are.
func textFields() []string {
	return []string{"openapi", "title", "summary", "description", "version", "name", "in", "operationId", "url", "scheme", "termsOfService"}
}

// articled names a kind of object in a sentence.
func articled(kind string) string {
	switch kind {
	case "":
		return "nothing that OpenAPI names"
	case "document", "info", "components":
		return "the " + kind + " object"
	case "scheme":
		return "a security scheme"
	case "body":
		return "a request body"
	case "media":
		return "a media type"
	case "path":
		return "a path item"
	}
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}
