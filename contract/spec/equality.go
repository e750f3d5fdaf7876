package spec

import "slices"

// Equality compares nodes and remembers what it found, for comparing many parts of two
// documents. The zero value is ready; it is not safe for concurrent use.
type Equality struct {
	// Admits leaves out what schemas say in annotations: equal is what admits
	// the same values. Set it before the first use. Default: all counts.
	Admits bool
	known  map[[2]*Node]bool
}

// Equal tells whether two nodes mean the same. Nil equals nil alone. The names
// of the components that a recursion passes through do not count.
func Equal(a, b *Node) bool { return new(Equality).Equal(a, b) }

// Equal is as the function Equal.
func (e *Equality) Equal(a, b *Node) bool {
	if e.known == nil {
		e.known = map[[2]*Node]bool{}
	}
	var assumed [][2]*Node
	return e.equal(a, b, &assumed)
}

// equal takes pairs it is looking at for equal: what makes them differ is found
// elsewhere, or nothing does. Pairs that differ are remembered for good; what
// was taken for equal on the way to them is forgotten.
func (e *Equality) equal(a, b *Node, assumed *[][2]*Node) bool {
	if a == nil || b == nil || a == b {
		return a == b
	}
	if a.open != b.open {
		return false
	}
	if !a.open && (a.digest == b.digest || !e.Admits) {
		return a.digest == b.digest
	}
	pair := [2]*Node{a, b}
	if known, ok := e.known[pair]; ok {
		return known
	}
	mark := len(*assumed)
	e.known[pair] = true
	*assumed = append(*assumed, pair)
	if e.parts(a, b, assumed) {
		return true
	}
	for _, p := range (*assumed)[mark:] {
		if e.known[p] {
			delete(e.known, p)
		}
	}
	*assumed = (*assumed)[:mark]
	e.known[pair] = false
	return false
}

func (e *Equality) parts(a, b *Node, assumed *[][2]*Node) bool {
	ka, kb := e.keys(a), e.keys(b)
	if a.kind != b.kind || len(a.items) != len(b.items) || !slices.Equal(ka, kb) {
		return false
	}
	for _, circles := range []bool{false, true} { // what is quick to tell first
		for _, k := range ka {
			if m := a.members[k]; m.open == circles && !e.equal(m, b.members[k], assumed) {
				return false
			}
		}
	}
	if a.set {
		return e.within(a, b, assumed) && e.within(b, a, assumed)
	}
	for i, item := range a.items {
		if !e.equal(item, b.items[i], assumed) {
			return false
		}
	}
	return true
}

// within tells whether each item of a is one of b.
func (e *Equality) within(a, b *Node, assumed *[][2]*Node) bool {
	for _, item := range a.items {
		if !slices.ContainsFunc(b.items, func(other *Node) bool { return e.equal(item, other, assumed) }) {
			return false
		}
	}
	return true
}

func (e *Equality) keys(n *Node) []string {
	keys := n.Keys()
	if e.Admits && n.schema {
		keys = slices.DeleteFunc(keys, IsAnnotation)
	}
	return keys
}
