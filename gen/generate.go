// Package gen holds the code that `go generate` makes from openapi.json: the
// models, the HTTP client and the Echo strict server of the Diga API, and the
// document itself, embedded byte for byte as published.
//
// Do not edit the .gen.go files, gen/openapi.json or overlay.yaml. Change
// ../openapi.json, ../oapi-codegen.yaml or names.yaml and run `make generate`;
// `make check` fails when the committed files are not what those three produce.
// Package gen/overlay has the rule by which operations and types are named.
package gen

//go:generate go run ./overlay/write ../openapi.json names.yaml overlay.yaml
//go:generate go tool oapi-codegen -config ../oapi-codegen.yaml ../openapi.json
//go:generate cp ../openapi.json openapi.json
