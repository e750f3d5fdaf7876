package spec

import (
	"cmp"
	"fmt"
)

// Position is a place in a source.
type Position struct {
	// Source is the file, address or "-" the document was loaded from; empty
	// for documents parsed from bytes.
	Source string
	// Line and Column count from 1, columns in characters. For a fragment of a
	// docs page they are those of the page.
	Line, Column int
}

// String writes the position as compilers do: openapi.yaml:12:3.
func (p Position) String() string {
	switch {
	case p.Source == "":
		return fmt.Sprintf("line %d, column %d", p.Line, p.Column)
	case p.Line == 0:
		return p.Source
	}
	return fmt.Sprintf("%s:%d:%d", p.Source, p.Line, p.Column)
}

// compare orders positions by source and place.
func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Source, q.Source), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Position returns where the value at an RFC 6901 pointer was read: the place of the
// key for a member of an object, else of the value. What several sources hold alike
// has the place in the first of them. False when nothing is at the pointer, or what
// the lift from 3.0 made.
func (d *Document) Position(pointer string) (Position, bool) {
	n := d.root.at(d.published(pointer))
	if n == nil {
		return Position{}, false
	}
	return n.position(), true
}
