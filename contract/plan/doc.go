// Package plan says what each operation of an OpenAPI document is for: to list
// the items of a collection, to create one, to read, change or delete it, to act
// on it, or none of these. A mock answers by it and a suite checks by it.
//
// A plan is data: it is made from the document alone, the same document makes
// the same plan, and nothing in it is changed afterwards. Where nothing can be
// inferred, the line says [Sampled] and why; nothing is guessed without saying so.
package plan
