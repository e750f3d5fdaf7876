package plan

// Plan is what all operations of a document are for. It is not changed once it
// is made, and is safe for concurrent use.
type Plan struct {
	// Collections are what items live in, in document order.
	Collections []*Collection `json:"collections"`
	// Lines are the operations, one line each, in document order.
	Lines []*Line `json:"lines"`
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
