package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// operation compares two operations. In a partial revision the operation is
// shown whole.
func (c *comparison) operation(path, method string, a, b *spec.Node) {
	s := &scope{operation: operationName(a, method, path), method: strings.ToUpper(method), path: path}
	if c.same(a, b) {
		c.unchanged = append(c.unchanged, s)
		return
	}
	before := len(c.scopes)
	c.inScope(s, a, b, func() {
		ia, ib := a.Member("operationId"), b.Member("operationId")
		if !c.equality.Equal(ia, ib) {
			rule := "api-operation-id-changed"
			switch {
			case ia == nil:
				rule = "api-operation-id-added"
			case ib == nil:
				rule = "api-operation-id-removed"
			}
			c.add(difference{rule: rule, a: ia, b: ib, in: a, inB: b, keyword: "operationId", detail: ib.Text(), message: "operationId " + became(ia, ib)})
		}
		c.tags(a, b)
		c.parameters(a, b)
		c.body(a, b)
		c.responses(s, a, b)
		c.security(a, b)
		c.servers(a, b)
		c.callbacks(a.Member("callbacks"), b.Member("callbacks"), a, b)
		c.rest(a, b, "operationId", "tags", "parameters", "requestBody", "responses", "security", "servers", "callbacks")
	})
	if len(c.scopes) > before && !c.scopes[before].differs {
		c.unchanged = append(c.unchanged, s)
	}
}

func (c *comparison) tags(a, b *spec.Node) {
	ta, tb := a.Member("tags"), b.Member("tags")
	if c.equality.Equal(ta, tb) {
		return
	}
	found := false
	each := func(rule, verb string, from, against *spec.Node) {
		for _, tag := range from.Items() {
			if !slices.ContainsFunc(against.Items(), func(t *spec.Node) bool { return c.equality.Equal(t, tag) }) {
				found = true
				t := difference{rule: rule, in: a, inB: b, keyword: "tags", detail: tag.Text(), message: "tag " + show(tag) + " was " + verb}
				c.add(t)
			}
		}
	}
	each("api-tag-removed", "removed", ta, tb)
	each("api-tag-added", "added", tb, ta)
	if !found {
		c.add(difference{rule: "other-changed", a: ta, b: tb, in: a, inB: b, keyword: "tags", detail: "tags", message: "tags " + became(ta, tb)})
	}
}

func (c *comparison) callbacks(a, b, inA, inB *spec.Node) {
	for _, k := range union(a.Keys(), b.Keys()) {
		ma, mb := a.Member(k), b.Member(k)
		switch {
		case ma == nil:
			c.add(difference{rule: "callback-added", b: mb, in: inA, detail: k, message: "callback " + k + " was added"})
		case mb == nil:
			c.add(difference{rule: "callback-removed", a: ma, inB: inB, message: "callback " + k + " was removed"})
		default:
			c.enter(ma, mb, response, func() {
				c.flipped = !c.flipped
				for _, expression := range union(ma.Keys(), mb.Keys()) {
					ea, eb := ma.Member(expression), mb.Member(expression)
					if ea == nil || eb == nil {
						c.add(difference{rule: "callback-changed", a: ea, b: eb, in: ma, inB: mb, detail: expression, message: "callback " + k + ": " + expression + " is on one side alone"})
						continue
					}
					c.callback(k, ea, eb)
				}
				c.flipped = !c.flipped
			})
		}
	}
}

// callback compares the operations of a callback, which belong to the operation
// that announces them.
func (c *comparison) callback(name string, a, b *spec.Node) {
	c.enter(a, b, response, func() {
		for _, method := range spec.Methods() {
			oa, ob := a.Member(method), b.Member(method)
			switch {
			case oa == nil && ob == nil:
			case oa == nil || ob == nil:
				c.add(difference{rule: "callback-changed", a: oa, b: ob, in: a, inB: b, detail: method, message: "callback " + name + ": " + strings.ToUpper(method) + " is on one side alone"})
			default:
				c.parameters(oa, ob)
				c.body(oa, ob)
				c.responses(&scope{}, oa, ob)
				c.rest(oa, ob, "parameters", "requestBody", "responses")
			}
		}
		c.rest(a, b, spec.Methods()...)
	})
}
