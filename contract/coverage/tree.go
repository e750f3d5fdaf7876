package coverage

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

const (
	maxDepth    = 64   // of nodes above one another
	maxCounters = 5000 // of one body
)

// body is what a JSON body of some schemas may hold. Operations whose bodies have
// the same schemas share it.
type body struct {
	schemas []*spec.Schema
	kinds   *kinds
	tree    func() *tree // made for the first body that comes, and kept
}

// tree is the places of a body, each with its counters: a schema that is referred
// to from two places stands there twice. It never changes.
type tree struct {
	root     *node
	counters int
	nodes    []int32 // how many counters stand in each node and below
	parents  []int   // of each node; -1 above the root
	bounded  bool    // not all is planned: there was too much of it
}

// node is one place of a body.
type node struct {
	*kind
	id          int // in nodes of the tree
	present     int // counter of the property itself; -1 when it is none
	first       int // counter of the first value; the others follow
	counted     int // how many values are counted
	children    []*node
	rest, items *node
}

// grow makes the tree of a body.
func (p *plan) grow(b *body) *tree {
	p.growing.Lock()
	defer p.growing.Unlock()
	g := grower{tree: &tree{}, open: map[string]int{}}
	g.root = g.grow(b.kinds.of(b.schemas), -1, false)
	for id := len(g.nodes) - 1; id > 0; id-- { // inner nodes come after outer ones
		g.nodes[g.parents[id]] += g.nodes[id]
	}
	return g.tree
}

type grower struct {
	*tree
	open  map[string]int // names of the schemas of the nodes above
	depth int
}

func (g *grower) grow(k *kind, parent int, isProperty bool) *node {
	n := &node{kind: k, id: len(g.nodes), present: -1}
	g.nodes, g.parents = append(g.nodes, 0), append(g.parents, parent)
	if isProperty {
		n.present = g.count(n)
	}
	n.first = g.counters
	for range k.values {
		if g.more() {
			g.count(n)
			n.counted++
		}
	}
	if slices.ContainsFunc(k.names, func(name string) bool { return g.open[name] > 0 }) {
		return n // a schema inside itself
	}
	if g.depth == maxDepth {
		g.bounded = true
		return n
	}
	g.enter(k, 1)
	defer g.enter(k, -1)
	for _, p := range k.properties {
		if !g.more() {
			break
		}
		n.children = append(n.children, g.grow(p.kind, n.id, true))
	}
	if k.rest != nil && g.more() {
		n.rest = g.grow(k.rest, n.id, true)
	}
	if k.items != nil && g.more() {
		n.items = g.grow(k.items, n.id, false)
	}
	return n
}

func (g *grower) enter(k *kind, by int) {
	g.depth += by
	for _, name := range k.names {
		g.open[name] += by
	}
}

// more tells whether there is room for another counter.
func (g *grower) more() bool {
	g.bounded = g.bounded || g.counters >= maxCounters
	return g.counters < maxCounters
}

// count makes a counter that belongs to n.
func (g *grower) count(n *node) int {
	g.nodes[n.id]++
	g.counters++
	return g.counters - 1
}
