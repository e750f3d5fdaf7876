package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// operation compares two operations, which a partial revision shows whole.
func (c *comparison) operation(path, method string, a, b *spec.Node) {
	s := scopeOf(path, method, a)
	if c.same(a, b) || !c.inScope(s, func() {
		if d := memberOf("operationId", a, b); !c.equality.Equal(d.a, d.b) {
			c.add(d, "api-operation-id"+event(d), d.b.Text(), "operationId "+became(d.a, d.b))
		}
		c.tags(a, b)
		c.exchange(s, a, b)
		c.security(a, b)
		c.servers(a, b)
		c.callbacks(a, b)
		c.rest(a, b, "operationId", "tags", "parameters", "requestBody", "responses", "security", "servers", "callbacks")
		c.told(a, b)
	}).differs {
		c.unchanged = append(c.unchanged, s)
	}
}

// exchange compares what is sent and answered.
func (c *comparison) exchange(s *scope, a, b *spec.Node) {
	c.parameters(a, b)
	c.body(a, b)
	c.responses(s, a, b)
}

func (c *comparison) tags(a, b *spec.Node) {
	d := memberOf("tags", a, b)
	if c.equality.Equal(d.a, d.b) {
		return
	}
	gone, fresh := c.missing(d.a, d.b), c.missing(d.b, d.a)
	for _, tag := range gone {
		c.add(difference{in: a, inB: b, keyword: "tags"}, "api-tag-removed", tag.Text(), "tag "+show(tag)+" was removed")
	}
	for _, tag := range fresh {
		c.add(difference{in: a, inB: b, keyword: "tags"}, "api-tag-added", tag.Text(), "tag "+show(tag)+" was added")
	}
	if len(gone)+len(fresh) == 0 {
		c.add(d, "other-changed", "tags", "tags "+became(d.a, d.b))
	}
}

func (c *comparison) callbacks(a, b *spec.Node) {
	ca, cb := a.Member("callbacks"), b.Member("callbacks")
	gone, fresh := match(union(ca, cb), ca, cb, c.callback)
	for _, k := range gone {
		c.add(difference{a: ca.Member(k), inB: b}, "callback-removed", "", "callback "+k+" was removed")
	}
	for _, k := range fresh {
		c.add(difference{b: cb.Member(k), in: a}, "callback-added", k, "callback "+k+" was added")
	}
}

// callback compares operations that belong to the one that announces them.
func (c *comparison) callback(name string, a, b *spec.Node) {
	each := func(keys []string, a, b *spec.Node, both func(k string, a, b *spec.Node)) {
		gone, fresh := match(keys, a, b, both)
		for _, k := range append(gone, fresh...) {
			what := k
			if slices.Contains(spec.Methods(), k) {
				what = strings.ToUpper(k)
			}
			d := difference{a: a.Member(k), b: b.Member(k), in: a, inB: b}
			c.add(d, "callback-changed", k, "callback "+name+": "+what+" is on one side alone")
		}
	}
	c.enter(a, b, response, func() {
		c.flipped = !c.flipped
		each(union(a, b), a, b, func(_ string, a, b *spec.Node) {
			c.enter(a, b, response, func() {
				each(spec.Methods(), a, b, func(_ string, a, b *spec.Node) {
					c.exchange(&scope{}, a, b)
					c.rest(a, b, "parameters", "requestBody", "responses")
				})
				c.rest(a, b, spec.Methods()...)
			})
		})
		c.flipped = !c.flipped
	})
}
