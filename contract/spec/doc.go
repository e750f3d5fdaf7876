// Package spec reads OpenAPI documents into the one form the rest of digakit works on.
//
// [Parse] takes JSON or YAML, OpenAPI 3.0 or 3.1, and gives a [Document]: its tree,
// 3.0 lifted to 3.1, with exact numbers, the order of keys and the place of every
// value. What breaks the specification is a [Warning], and the tree has what its
// author means; only what has no meaning is refused, all of it at once.
// [Load] takes what is published: files, addresses, docs pages that show parts of a
// document in fences, indexes of such pages, or several of them, merged. Nothing is
// fetched but what the caller names. [Document.Canonical] is the one text there is for
// a document.
package spec
