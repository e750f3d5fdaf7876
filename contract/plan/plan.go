package plan

import (
	"fmt"

	"github.com/digakit/digakit/contract/spec"
)

// Plan is what all operations of a document are for. It is not changed once it
// is made, and is safe for concurrent use.
type Plan struct {
	// Collections are what items live in, in document order.
	Collections []*Collection `json:"collections"`
	// Lines are the operations, one line each, in document order.
	Lines []*Line `json:"lines"`
}

// New makes the plan of a document. Overrides take the place of what the rules
// would say of their operations; every override that does not fit the document
// is told, with its place, in one error. Without overrides there is no error.
func New(document *spec.Document, overrides ...Override) (*Plan, error) {
	return newCompiler(document).compile(overrides)
}

// Line returns the line of an operation by its method, in capitals, and its
// path as the document writes it; nil when there is none.
func (p *Plan) Line(method, path string) *Line {
	for _, l := range p.Lines {
		if l.Method == method && l.Path == path {
			return l
		}
	}
	return nil
}

// Collection returns the collection of a name; nil when there is none.
func (p *Plan) Collection(name string) *Collection {
	for _, c := range p.Collections {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Count returns how many lines have a basis.
func (p *Plan) Count(basis Basis) int {
	n := 0
	for _, l := range p.Lines {
		if l.Basis == basis {
			n++
		}
	}
	return n
}

// Summary says in one line how many operations there are and how many of each
// basis.
func (p *Plan) Summary() string {
	count := func(n int, noun string) string {
		if n != 1 {
			noun += "s"
		}
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%s in %s: %d inferred, %d set by hand, %d sampled",
		count(len(p.Lines), "operation"), count(len(p.Collections), "collection"), p.Count(Inferred), p.Count(Overridden), p.Count(BySample))
}
