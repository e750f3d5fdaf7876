package spec

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
)

// Node is a value of a document in normal form: see [Document.Normalise]. It
// knows where in its document it came from. References have been followed, so
// that a recursive schema is a circle of nodes: walk it with a memory of where
// you have been. A Node is not changed once Normalise has returned.
type Node struct {
	kind    nature
	members map[string]*Node
	items   []*Node
	leaf    any // string, bool, nil or json.Number
	at      *place
	name    string
	ref     *target // of the kind reference
	open    bool    // a circle passes through here or below
	digest  [16]byte
}

type nature byte

const (
	scalar nature = iota
	object
	array
	reference
)

// place is where a value stands in its document; a chain, so that a large
// document does not hold each pointer in full.
type place struct {
	up        *place
	token     string
	parameter string // "query limit", where a parameter stands
}

func (p *place) down(token string) *place { return &place{up: p, token: token} }

func (p *place) pointer() string {
	var tokens []string
	for ; p != nil && p.up != nil; p = p.up {
		tokens = append(tokens, p.token)
	}
	slices.Reverse(tokens)
	return Join("", tokens...)
}

// placeOf is the place an RFC 6901 pointer names.
func placeOf(pointer string) *place {
	at := &place{}
	for _, t := range Tokens(pointer) {
		at = at.down(t)
	}
	return at
}

// Pointer is the RFC 6901 pointer to where the value stands in its document;
// of a value that was put together from several, the outermost.
func (n *Node) Pointer() string { return n.at.pointer() }

// Name is what the document calls it where the normal form does not: of a path
// its template, of a parameter or header its name. Empty for all else.
func (n *Node) Name() string { return n.name }

// Parameter is the place and name of the parameter that n is or is part of, such
// as "query limit"; empty when there is none.
func (n *Node) Parameter() string {
	for p := n.at; p != nil; p = p.up {
		if p.parameter != "" {
			return p.parameter
		}
	}
	return ""
}

// Keys returns the keys of an object, sorted; nil for what is no object.
func (n *Node) Keys() []string {
	if n == nil || n.kind != object {
		return nil
	}
	keys := make([]string, 0, len(n.members))
	for k := range n.members {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Member returns a member of an object; nil when there is none.
func (n *Node) Member(key string) *Node {
	if n == nil {
		return nil
	}
	return n.members[key].follow()
}

// Items returns the items of an array; nil for what is no array.
func (n *Node) Items() []*Node {
	if n == nil || len(n.items) == 0 {
		return nil
	}
	items := make([]*Node, len(n.items))
	for i, item := range n.items {
		items[i] = item.follow()
	}
	return items
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
	members := map[string]*Node{}
	for k, m := range n.members {
		if keep(k) {
			members[k] = m
		}
	}
	if len(members) == len(n.members) {
		return n
	}
	made := newObject(n.at, members)
	made.name = n.name
	return made
}

// Recursive tells whether n is part of a circle of references or leads to one.
func (n *Node) Recursive() bool { return n != nil && n.open }

// follow goes where a reference leads.
func (n *Node) follow() *Node {
	for range 64 { // longer chains are circles, which Parse refuses
		if n == nil || n.kind != reference {
			return n
		}
		n = n.ref.node
	}
	return nil
}

func newObject(at *place, members map[string]*Node) *Node {
	n := &Node{kind: object, members: members, at: at}
	h := sha256.New()
	h.Write([]byte{'{'})
	for _, k := range sortedKeys(members) {
		m := members[k]
		n.open = n.open || m.open
		h.Write([]byte(k))
		h.Write([]byte{0})
		h.Write(m.digest[:])
	}
	copy(n.digest[:], h.Sum(nil))
	return n
}

func newArray(at *place, items []*Node) *Node {
	n := &Node{kind: array, items: items, at: at}
	h := sha256.New()
	h.Write([]byte{'['})
	for _, item := range items {
		n.open = n.open || item.open
		h.Write(item.digest[:])
	}
	copy(n.digest[:], h.Sum(nil))
	return n
}

// newSet is an array whose order means nothing and whose items stand once.
func newSet(at *place, items []*Node) *Node {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b *Node) int { return strings.Compare(string(a.digest[:]), string(b.digest[:])) })
	sorted = slices.CompactFunc(sorted, func(a, b *Node) bool { return a.digest == b.digest })
	return newArray(at, sorted)
}

func newScalar(at *place, v any) *Node {
	if number, ok := v.(json.Number); ok {
		v = plainNumber(number)
	}
	n := &Node{leaf: v, at: at}
	text, _ := json.Marshal(v) // strings, bools, nil and checked numbers marshal
	sum := sha256.Sum256(text)
	copy(n.digest[:], sum[:])
	return n
}
