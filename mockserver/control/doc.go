// Package control is the control API of the mock, everything under /_mock/: its
// OpenAPI document, the strict server and client generated from it, and the
// handlers, which lead to package server. The validator of package contract
// guards it both ways.
//
// control.gen.go is made by `go generate` from openapi.yaml and oapi-codegen.yaml.
package control

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
