package gen

import (
	_ "embed"
	"strings"
)

// oapi-codegen's own embedded-spec would carry the names of overlay.yaml, and
// its operation ids are not the published ones; hence the plain copy.
//
//go:embed openapi.json
var openAPI []byte

// Imported returns the day (UTC, 2006-01-02) on which `digakit spec import` last changed
// the document.
func Imported() string { return strings.TrimSpace(imported) }

//go:embed imported.txt
var imported string

// OpenAPI returns the Diga API's OpenAPI document exactly as published: JSON,
// in the source's order. Each call returns its own copy.
func OpenAPI() []byte {
	return append([]byte(nil), openAPI...)
}
