// Package spec reads OpenAPI documents into the one form the rest of digakit
// works on.
//
// Parse takes JSON or YAML, OpenAPI 3.0 or 3.1, and gives a [Document]: the
// tree of the document with its numbers exact and its key order known, 3.0
// lifted to 3.1 so that a single JSON Schema 2020-12 engine serves both, and
// the same document as kin-openapi sees it. It never fetches anything: a
// reference out of the document is an error.
package spec
