// Package spec reads OpenAPI documents into the one form the rest of digakit
// works on.
//
// [Parse] takes JSON or YAML, OpenAPI 3.0 or 3.1, and gives a [Document]: the
// tree of the document with its numbers exact, its key order and the place of
// every value known, 3.0 lifted to 3.1 so that a single JSON Schema 2020-12
// engine serves both. What people publish is read: what breaks the
// specification is a [Warning] with its place, and the tree has what its author
// means; only what has no meaning is refused, all of it at once.
// [Document.T] is the same document as kin-openapi sees it.
//
// [Load] takes what is published: files, addresses, docs pages that show parts
// of a document in fences, indexes of such pages, or several of them, merged.
// It says what it took and what is questionable. Neither fetches anything but
// what the caller names: a reference out of the document is an error.
//
// [Document.Canonical] writes a document as the one text there is for it.
package spec
