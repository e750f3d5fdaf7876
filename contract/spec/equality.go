package spec

// Equality compares nodes and remembers what it found, so that comparing many
// parts of two documents costs about as much as comparing them once. The zero
// value is ready; it is not safe for concurrent use.
type Equality struct {
	known map[[2]*Node]bool
}

// Equal tells whether two nodes mean the same. Nil equals nil alone. The names
// of the components that a recursion passes through do not count.
func Equal(a, b *Node) bool { return new(Equality).Equal(a, b) }

// Equal is as the function Equal.
func (e *Equality) Equal(a, b *Node) bool {
	a, b = a.follow(), b.follow()
	if a == nil || b == nil || a == b {
		return a == b
	}
	if !a.open && !b.open {
		return a.digest == b.digest
	}
	if e.known == nil {
		e.known = map[[2]*Node]bool{}
	}
	var assumed [][2]*Node
	equal := e.equal(a, b, &assumed)
	if !equal {
		// What was taken for equal on the way may have been so because of a
		// pair that turned out not to be.
		for _, pair := range assumed {
			if e.known[pair] {
				delete(e.known, pair)
			}
		}
	}
	return equal
}

// equal takes pairs it is looking at for equal: what makes them differ is found
// elsewhere, or nothing does. Pairs that differ are remembered for good.
func (e *Equality) equal(a, b *Node, assumed *[][2]*Node) bool {
	a, b = a.follow(), b.follow()
	if a == nil || b == nil || a == b {
		return a == b
	}
	if !a.open && !b.open {
		return a.digest == b.digest
	}
	pair := [2]*Node{a, b}
	if known, ok := e.known[pair]; ok {
		return known
	}
	e.known[pair] = true
	*assumed = append(*assumed, pair)
	if !e.parts(a, b, assumed) {
		e.known[pair] = false
		return false
	}
	return true
}

func (e *Equality) parts(a, b *Node, assumed *[][2]*Node) bool {
	if a.kind != b.kind || len(a.members) != len(b.members) || len(a.items) != len(b.items) {
		return false
	}
	for _, circles := range []bool{false, true} { // what is quick to tell first
		for k, m := range a.members {
			if m.open != circles {
				continue
			}
			other, ok := b.members[k]
			if !ok || !e.equal(m, other, assumed) {
				return false
			}
		}
	}
	for i, item := range a.items {
		if !e.equal(item, b.items[i], assumed) {
			return false
		}
	}
	return true
}
