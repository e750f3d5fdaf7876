// Package overlay makes the OpenAPI Overlay that lets oapi-codegen generate
// idiomatic Go from a document as published. It says two things and changes
// nothing that goes over the wire:
//
//   - names: of each operation and each type, by rule, or as names.yaml has them;
//   - what generated Go cannot express, such as an answer that may be any JSON, is
//     taken out or typed any.
//
// The rule for operations: FastAPI makes an operationId of the function's name,
// the path and the method, so path and method are cut off again. For schemas:
// the endings Schema and Response are dropped, PaginatedResponse_X_ is XPage, and
// a page of a union takes the words that the names of its branches end in. Two
// that come to the same name are told apart by rule, and [Overlay.Notes] says so.
//
// All is a function of the two texts alone. The package reads neither generated
// code nor package contract, so that it runs where neither compiles.
package overlay
