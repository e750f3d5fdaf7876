package drift

import (
	"github.com/digakit/digakit/contract/spec"
)

// way is what a schema describes, seen from the caller.
type way byte

const (
	parameter way = iota // of a request
	request              // body
	response             // body
	header               // of a response
)

func (w way) sent() bool { return w == parameter || w == request }

// flip is the way of the same place in a webhook or callback, where the API
// calls and the client answers.
func (w way) flip() way {
	return [...]way{parameter: header, request: response, response: request, header: parameter}[w]
}

// comparison walks two documents side by side. Each pair of nodes is looked at
// once, so that a schema many operations share costs and tells no more than one.
type comparison struct {
	equality  spec.Equality
	partial   bool
	flipped   bool // inside a webhook or callback
	pairs     map[pairKey]*pair
	current   *pair
	scopes    []*pair
	changes   []*change
	byKey     map[changeKey]*change
	residues  []*residue
	unchanged []*scope
}

type pairKey struct {
	base, revision *spec.Node
	way            way
}

// pair is two nodes that are compared, with what was found at and below them.
type pair struct {
	scope    *scope // of an operation or response: its own; else nil
	changes  []*change
	children []*pair
	told     bool
	reached  *pair // the last root that attribute came from
}

// scope is an operation, or one of its responses.
type scope struct {
	operation, method, path string
	status                  int
}

// change is a finding in the making.
type change struct {
	changeKey
	keyword        string
	message        string
	base, revision string // pointers
	uses           uses
}

// uses says who reaches a change: how many operations, by name the first three.
// Where it is one, scope is it, with its status if that is one as well.
type uses struct {
	operations int
	names      []string
	scope      scope
}

// add counts a scope. Those of one operation come one after the other.
func (u *uses) add(s *scope) {
	switch {
	case u.operations == 0 || u.scope.operation != s.operation || u.scope.method != s.method || u.scope.path != s.path:
		u.operations++
		if len(u.names) < 3 {
			u.names = append(u.names, s.operation)
		}
		u.scope = *s
	case u.scope.status != s.status:
		u.scope.status = 0
	}
}

// changeKey tells changes apart. Its pointer leads into the base.
type changeKey struct{ rule, pointer, detail string }

// told is what a rule found.
type told struct {
	rule    string
	a, b    *spec.Node // what changed; nil where it is not
	in, inB *spec.Node // what holds it, where a or b is nil
	keyword string
	detail  string // tells changes of one rule at one place apart
	message string
}

func (c *comparison) way(w way) way {
	if c.flipped {
		return w.flip()
	}
	return w
}

// tell records a change. The same change told again is the same change.
func (c *comparison) tell(t told) {
	base, revision := t.a, t.b
	if base == nil {
		base = t.in
	}
	if revision == nil {
		revision = t.inB
	}
	ch := &change{
		changeKey: changeKey{rule: t.rule, detail: t.detail},
		keyword:   t.keyword, message: t.message,
	}
	if base != nil {
		ch.base = base.Pointer()
		ch.pointer = ch.base
	}
	if revision != nil {
		ch.revision = revision.Pointer()
	}
	if known, ok := c.byKey[ch.changeKey]; ok {
		ch = known
	} else {
		c.byKey[ch.changeKey] = ch
		c.changes = append(c.changes, ch)
	}
	c.current.changes = append(c.current.changes, ch)
	c.current.told = true
}

// enter compares a pair once. What differs below and was not told is told as
// other-changed at the innermost place.
func (c *comparison) enter(a, b *spec.Node, w way, compare func()) {
	if c.same(a, b) {
		return
	}
	key := pairKey{a, b, w}
	if p, ok := c.pairs[key]; ok {
		c.current.children = append(c.current.children, p)
		c.current.told = c.current.told || p.told
		return
	}
	p := &pair{}
	c.pairs[key] = p
	c.within(p, func() {
		compare()
		if !p.told && !a.Recursive() && !b.Recursive() {
			c.other(a, b)
		}
	})
	c.current.children = append(c.current.children, p)
}

// inScope compares what belongs to an operation or a response.
func (c *comparison) inScope(s *scope, a, b *spec.Node, compare func()) {
	if c.same(a, b) {
		return
	}
	p := &pair{scope: s}
	c.scopes = append(c.scopes, p)
	c.within(p, func() {
		compare()
		if !p.told && !c.equality.Equal(a, b) {
			c.other(a, b)
		}
	})
}

// tellOf records a change of an operation or a response as a whole.
func (c *comparison) tellOf(s *scope, t told) {
	p := &pair{scope: s}
	c.scopes = append(c.scopes, p)
	c.within(p, func() { c.tell(t) })
}

func (c *comparison) within(p *pair, f func()) {
	outer := c.current
	c.current = p
	f()
	c.current = outer
	if outer != nil {
		outer.told = outer.told || p.told
	}
}

// same tells, without walking, whether nodes mean the same.
func (c *comparison) same(a, b *spec.Node) bool {
	return a == b || a != nil && b != nil && !a.Recursive() && !b.Recursive() && c.equality.Equal(a, b)
}

// attribute tells each change which operations and responses reach it.
func (c *comparison) attribute() {
	for _, root := range c.scopes {
		var visit func(p *pair)
		visit = func(p *pair) {
			if p.reached == root || p.scope != nil && p != root {
				return
			}
			p.reached = root
			for _, ch := range p.changes {
				ch.uses.add(root.scope)
			}
			for _, child := range p.children {
				visit(child)
			}
		}
		visit(root)
	}
}
