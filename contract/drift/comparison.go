package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// side is where in an exchange a schema stands, seen from the caller.
type side byte

const (
	parameter side = iota // of a request
	request               // body
	response              // body
	header                // of a response
)

func (s side) sent() bool { return s == parameter || s == request }

// of is "request" or "response", of which the side is.
func (s side) of() string {
	if s.sent() {
		return "request"
	}
	return "response"
}

// comparison walks two documents side by side. Each pair of nodes is looked at
// once, so that a schema many operations share costs and tells no more than one.
type comparison struct {
	equality  spec.Equality
	values    spec.Equality // of what schemas admit
	partial   bool
	kept      map[string]any // the schemas that the revision still has
	flipped   bool           // inside a webhook or callback
	pairs     map[pairKey]*pair
	current   *pair
	use       use // of the schemas that are compared
	scopes    []*pair
	changes   []*change
	byKey     map[changeKey]*change
	hidden    []func(shown map[string]bool)
	unchanged []*scope
}

// use is where schemas are used: by reference, elsewhere than they stand.
type use struct{ base, revision string }

type pairKey struct {
	base, revision *spec.Node
	side           side
}

// pair is two nodes that are compared, with what was found at and below them.
type pair struct {
	scope    *scope // of an operation or response: its own; else nil
	changes  []*change
	children []*pair
	differs  bool
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
	parameter      string // of the base, which it stands in: "query limit"
	base, revision string // pointers
	uses           uses
}

// uses says who reaches a change: how many operations, by name the first three.
// Where it is one, scope is it, with its status if that is one as well.
type uses struct {
	operations int
	names      []string
	scope      scope
	scopes     []*scope // all of them
}

// add counts a scope. Those of one operation come one after the other.
func (u *uses) add(s *scope) {
	u.scopes = append(u.scopes, s)
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

// difference is what a rule found.
type difference struct {
	a, b    *spec.Node // what changed; nil where it is not
	in, inB *spec.Node // what holds it, where a or b is nil
	at, atB string     // pointers, where they are not those of a, b, in and inB
	fresh   bool       // the message is about the revision alone
	keyword string
}

// memberOf is the difference of a member.
func memberOf(k string, a, b *spec.Node) difference {
	return difference{a: a.Member(k), b: b.Member(k), in: a, inB: b, keyword: k}
}

// side turns sides round in webhooks and callbacks, where the client answers.
func (c *comparison) side(s side) side {
	if c.flipped {
		return [...]side{parameter: header, request: response, response: request, header: parameter}[s]
	}
	return s
}

// add records a difference. What is found again is the same change; the detail
// tells changes of one rule at one place apart.
func (c *comparison) add(d difference, rule, detail, message string) {
	ch := &change{
		keyword: d.keyword, message: message,
		base: cmp.Or(d.at, d.a.Pointer(), d.in.Pointer()), revision: cmp.Or(d.atB, d.b.Pointer(), d.inB.Pointer()),
		parameter: cmp.Or(d.a, d.in).Parameter(),
	}
	ch.changeKey = changeKey{rule: rule, pointer: ch.base, detail: detail}
	switch from, to := component(ch.base), component(ch.revision); {
	case from == to || to == "" || c.kept[from] == nil:
	case d.fresh:
		ch.message += " (which is used in place of " + from + ")"
	default:
		ch.message += " (in its place " + to + " is used)"
	}
	if known, ok := c.byKey[ch.changeKey]; ok {
		ch = known
	} else {
		c.byKey[ch.changeKey] = ch
		c.changes = append(c.changes, ch)
	}
	c.current.changes = append(c.current.changes, ch)
	c.current.differs = true
}

// component is the name of the component schema that a pointer leads into, or "".
func component(pointer string) string {
	if tokens := spec.Tokens(pointer); len(tokens) > 2 && tokens[0] == "components" && tokens[1] == "schemas" {
		return tokens[2]
	}
	return ""
}

// enter compares a pair once.
func (c *comparison) enter(a, b *spec.Node, s side, compare func()) {
	if c.same(a, b) {
		return
	}
	key := pairKey{a, b, s}
	if p, ok := c.pairs[key]; ok {
		c.current.children = append(c.current.children, p)
		c.current.differs = c.current.differs || p.differs
		return
	}
	p := &pair{}
	c.pairs[key] = p
	c.within(p, func() {
		compare()
		if !a.Recursive() && !b.Recursive() {
			c.told(a, b)
		}
	})
	c.current.children = append(c.current.children, p)
}

// told records a difference of the current pair that was not found otherwise.
func (c *comparison) told(a, b *spec.Node) {
	if !c.current.differs && !c.equality.Equal(a, b) {
		c.add(difference{a: a, b: b}, "other-changed", "", "something changed at "+a.Pointer())
	}
}

// inScope compares what belongs to an operation or a response.
func (c *comparison) inScope(s *scope, compare func()) *pair {
	p := &pair{scope: s}
	c.scopes = append(c.scopes, p)
	c.within(p, compare)
	return p
}

// addTo records a change of an operation or a response as a whole.
func (c *comparison) addTo(s *scope, d difference, rule, detail, message string) {
	c.inScope(s, func() { c.add(d, rule, detail, message) })
}

func (c *comparison) within(p *pair, f func()) {
	outer := c.current
	c.current = p
	f()
	c.current = outer
	if outer != nil {
		outer.differs = outer.differs || p.differs
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

// rest compares the members that no other rule has looked at.
func (c *comparison) rest(a, b *spec.Node, handled ...string) {
	for _, k := range union(a, b) {
		if !slices.Contains(handled, k) {
			c.member(k, a, b)
		}
	}
}

// member compares one member by what its name means everywhere in OpenAPI.
func (c *comparison) member(k string, a, b *spec.Node) {
	c.changed(k, a, b, cmp.Or(wordRule(k, b.Member(k)), "other-changed"), subject(a))
}

// changed compares one member of what is named so.
func (c *comparison) changed(k string, a, b *spec.Node, rule, name string) {
	if d := memberOf(k, a, b); !c.equality.Equal(d.a, d.b) {
		c.add(d, rule, k, k+" of "+name+" "+became(d.a, d.b))
	}
}

// words are the rules of members that describe and do not bind.
var words = map[string]string{
	"description": "description-changed", "summary": "summary-changed", "title": "title-changed",
	"example": "example-changed", "examples": "example-changed", "externalDocs": "external-docs-changed",
}

// wordRule is the rule of a member that describes, or ""; it has become b.
func wordRule(k string, b *spec.Node) string {
	switch {
	case strings.HasPrefix(k, "x-"):
		return "extension-changed"
	case k == "deprecated" && b == nil:
		return "reactivated"
	case k == "deprecated":
		return k
	}
	return words[k]
}
