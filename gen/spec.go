package gen

import _ "embed"

// oapi-codegen's own embedded-spec would carry the names of overlay.yaml, and
// its operation ids are not the published ones; hence the plain copy.
//
//go:embed openapi.json
var openAPI []byte

// OpenAPI returns the Diga API's OpenAPI document exactly as published: JSON,
// in the source's order. Each call returns its own copy.
func OpenAPI() []byte {
	return append([]byte(nil), openAPI...)
}
