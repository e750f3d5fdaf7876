// Package plan says what each operation of an OpenAPI document is for: to list
// the items of a collection, to create one, to read, change or delete it, to act
// on it, or none of these. A mock answers by it and a suite checks by it.
//
//	p, err := plan.New(document)
//	for _, line := range p.Lines {
//		fmt.Println(line.Method, line.Path, line.Text(), line.Reason)
//	}
//
// A plan is data, made from the document alone: from the shapes of paths and from
// what answers carry. Where no rule fits, the line says [Sampled] and why.
// [ParseOverrides] reads lines that are set by hand.
package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// Plan is what all operations of a document are for. It is not changed once it
// is made, and is safe for concurrent use.
type Plan struct {
	Collections []*Collection `json:"collections"` // in document order
	Lines       []*Line       `json:"lines"`       // one for each operation, in document order
}

// New makes the plan of a document. Overrides take the place of what the rules
// would say of their operations; every override that does not fit the document
// is told, with its place, in one error. Without overrides there is no error.
func New(document *spec.Document, overrides ...Override) (*Plan, error) {
	c := &compiler{doc: document, operations: operations(document)}
	c.discover()
	for _, o := range c.operations {
		c.infer(o)
	}
	var errs []error
	for _, one := range overrides {
		err := c.override(one)
		if err != nil && one.at != "" {
			err = fmt.Errorf("%s: %w", one.at, err)
		}
		errs = append(errs, err)
	}
	p := &Plan{Collections: []*Collection{}, Lines: []*Line{}}
	for _, one := range c.collections {
		c.describe(one)
		p.Collections = append(p.Collections, one.Collection)
	}
	c.held = map[*spec.Schema][]*collection{}
	for _, one := range c.collections {
		c.linkAll(one)
	}
	for _, o := range c.operations {
		c.detail(o)
		p.Lines = append(p.Lines, o.line)
	}
	return p, errors.Join(errs...)
}

// Line returns the line of an operation by its method, in capitals, and its
// path as the document writes it; nil when there is none.
func (p *Plan) Line(method, path string) *Line {
	return first(p.Lines, func(l *Line) bool { return l.Method == method && l.Path == path })
}

// Collection returns the collection of a name; nil when there is none.
func (p *Plan) Collection(name string) *Collection {
	return first(p.Collections, func(c *Collection) bool { return c.Name == name })
}

// first is the first that fits; nil when none does.
func first[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

// Summary says in one line how many operations there are and how many of each
// basis.
func (p *Plan) Summary() string {
	bases := map[Basis]int{}
	for _, l := range p.Lines {
		bases[l.Basis]++
	}
	return fmt.Sprintf("%s in %s: %d inferred, %d set by hand, %d sampled",
		spec.Count(len(p.Lines), "operation"), spec.Count(len(p.Collections), "collection"), bases[Inferred], bases[Overridden], bases[BySample])
}
