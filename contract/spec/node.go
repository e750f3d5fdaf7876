package spec

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Node is a value of a document in normal form: see [Document.Normalise]. References
// have been followed, so that a recursive schema is a circle of nodes: walk it with a
// memory of where you have been. A Node is not changed once Normalise has returned.
type Node struct {
	kind    nature
	members map[string]*Node
	items   []*Node
	leaf    any    // string, bool, nil or json.Number
	at      string // pointer
	name    string
	schema  bool
	set     bool              // an array whose order means nothing and whose items stand once
	parts   []string          // of a schema put together from several: theirs
	uses    map[string]string // of an object: where members stand that came by a reference

	doc    *Document // set by seal, as those below
	state  byte
	open   bool     // a circle passes through here or below
	digest [16]byte // of all it is
}

type nature byte

const (
	scalar nature = iota
	object
	array
)

// Pointer is the RFC 6901 pointer to where the value stands in its document;
// of a value that was put together from several, the outermost. Nil has "".
func (n *Node) Pointer() string {
	if n == nil {
		return ""
	}
	return n.at
}

// PartAt returns pointer if that is where a schema stands that n was put
// together from, else n's own pointer.
func (n *Node) PartAt(pointer string) string {
	if slices.Contains(n.parts, pointer) {
		return pointer
	}
	return n.Pointer()
}

// MemberPointer is where a member stands, such as a property that is a
// reference: the member's own Pointer is that of what it refers to.
func (n *Node) MemberPointer(key string) string {
	switch p := n.uses[key]; {
	case p != "":
		return p
	case n.schema:
		return n.members[key].Pointer()
	}
	return Join(n.Pointer(), key)
}

// Name is the template of a path or operation, the name of a parameter or header, or
// the media type, as the document has it. Empty for all else.
func (n *Node) Name() string { return n.name }

// Parameter is the place and name of the parameter that n is or is part of, such
// as "query limit"; empty when there is none.
func (n *Node) Parameter() string {
	for at := n.Pointer(); at != ""; at = Parent(at) {
		if strings.HasSuffix(Parent(at), "/parameters") {
			v := n.doc.object(at)
			in, _ := v["in"].(string)
			if name, ok := v["name"].(string); ok {
				return in + " " + name
			}
		}
	}
	return ""
}

// Keys returns the keys of an object, sorted; nil for what is no object.
func (n *Node) Keys() []string {
	if n == nil || n.kind != object {
		return nil
	}
	return sortedKeys(n.members)
}

// Member returns a member of an object; nil when there is none.
func (n *Node) Member(key string) *Node {
	if n == nil {
		return nil
	}
	return n.members[key]
}

// Items returns the items of an array; nil for what is no array.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	return slices.Clone(n.items)
}

// Scalar returns a string, bool, nil or json.Number; false for what is none of
// them, or no node at all.
func (n *Node) Scalar() (any, bool) {
	if n == nil || n.kind != scalar {
		return nil, false
	}
	return n.leaf, true
}

// Text returns the string that n is, else "".
func (n *Node) Text() string {
	v, _ := n.Scalar()
	s, _ := v.(string)
	return s
}

// IsObject tells whether n is an object.
func (n *Node) IsObject() bool { return n != nil && n.kind == object }

// IsArray tells whether n is an array.
func (n *Node) IsArray() bool { return n != nil && n.kind == array }

// Only returns the object with the given members alone, and n itself when that
// is all it has.
func (n *Node) Only(keep func(key string) bool) *Node {
	if !n.IsObject() {
		return n
	}
	members := maps.Clone(n.members)
	maps.DeleteFunc(members, func(k string, _ *Node) bool { return !keep(k) })
	if len(members) == len(n.members) {
		return n
	}
	made := *n
	made.members, made.state, made.open = members, 0, false
	if n.state == sealed {
		made.seal(n.doc)
	}
	return &made
}

// Recursive tells whether n is part of a circle of references or leads to one.
func (n *Node) Recursive() bool { return n != nil && n.open }

func newObject(at string, members map[string]*Node) *Node {
	return &Node{kind: object, members: members, at: at}
}

func newSchemaNode(at string) *Node {
	return &Node{kind: object, schema: true, at: at, members: map[string]*Node{}, uses: map[string]string{}}
}

func newArray(at string, items []*Node) *Node { return &Node{kind: array, items: items, at: at} }

// newSet is an array whose order means nothing and whose items stand once.
func newSet(at string, items []*Node) *Node {
	return &Node{kind: array, items: items, at: at, set: true}
}

func newScalar(at string, v any) *Node {
	if number, ok := v.(json.Number); ok {
		v = plainNumber(number)
	}
	return &Node{leaf: v, at: at}
}

const (
	entered byte = iota + 1
	sealed
)

// seal finds the circles and digests of n and all below, once they are made.
// What leads to a circle has no digest of its meaning: its own only puts it in
// an order that neither names nor the place of entry change.
func (n *Node) seal(d *Document) {
	if n.state != 0 {
		return
	}
	n.doc, n.state = d, entered
	below := slices.Clone(n.items)
	for _, k := range n.Keys() {
		below = append(below, n.members[k])
	}
	for _, m := range below {
		m.seal(d)
		n.open = n.open || m.open || m.state == entered
	}
	if n.set {
		order := func(a, b *Node) int { return strings.Compare(string(a.digest[:]), string(b.digest[:])) }
		slices.SortStableFunc(n.items, order)
		n.items = slices.CompactFunc(n.items, func(a, b *Node) bool { return a == b || !a.open && !b.open && order(a, b) == 0 })
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d", n.kind)
	if n.kind == scalar {
		leaf, _ := json.Marshal(n.leaf) // strings, bools, nil and checked numbers marshal
		sum.Write(leaf)
	}
	write := func(key string, m *Node) {
		sum.Write([]byte(key + "\x00"))
		if m.open || m.state == entered {
			sum.Write([]byte("circle"))
		} else {
			sum.Write(m.digest[:])
		}
	}
	for _, k := range n.Keys() {
		write(k, n.members[k])
	}
	for _, item := range n.items {
		write("", item)
	}
	copy(n.digest[:], sum.Sum(nil))
	n.state = sealed
}
