package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// document compares the roots of two documents.
func (c *comparison) document(a, b *spec.Node) {
	ia, ib := a.Member("info"), b.Member("info")
	for _, k := range union(ia, ib) {
		rule := "api-info-changed"
		if k == "version" {
			rule = "api-version-changed"
		}
		if !c.partial || ib.Member(k) != nil {
			c.changed(k, ia, ib, rule, "the API")
		}
	}
	c.servers(a, b)
	c.items("paths", a, b)
	if c.partial {
		return // a page shows an operation, not the lists a document begins with
	}
	c.flipped = true
	c.items("webhooks", a, b)
	c.flipped = false
	if d := memberOf("tags", a, b); !c.equality.Equal(d.a, d.b) {
		c.add(d, "api-info-changed", "tags", "what the document says of its tags changed")
	}
	c.rest(a, b, "info", "servers", "paths", "webhooks", "tags")
}

// items compares path items by their templates, and webhooks by name.
func (c *comparison) items(k string, inA, inB *spec.Node) {
	a, b := inA.Member(k), inB.Member(k)
	gone, fresh := match(c.named(a, b), a, b, func(k string, a, b *spec.Node) { c.item(nameOf(a, k), a, b) })
	if c.partial {
		gone = nil
	}
	for _, alike := range []func(a, b *spec.Node) bool{
		func(a, b *spec.Node) bool { return sameItem(a, b, sameID) },
		func(a, b *spec.Node) bool {
			return c.alike(a, b, append(spec.Methods(), "summary")...) && sameItem(a, b, c.sameOperation)
		},
	} {
		gone, fresh = take(gone, fresh, func(from, to string) bool { return alike(a.Member(from), b.Member(to)) }, func(from, to string) {
			d := difference{a: a.Member(from), b: b.Member(to)}
			c.add(d, "api-path-renamed", to, "path "+nameOf(d.a, from)+" is now "+nameOf(d.b, to))
			c.item(nameOf(d.a, from), d.a, d.b)
		})
	}
	for _, k := range gone {
		ma := a.Member(k)
		rule, what := "api-path-removed-without-deprecation", "path "
		if c.flipped {
			rule, what = "webhook-removed", "webhook "
		}
		c.add(difference{a: ma, inB: b}, rule, "", what+nameOf(ma, k)+" was removed ("+strings.ToUpper(strings.Join(methodsOf(ma), ", "))+")")
	}
	if a == nil {
		a = inA
	}
	for _, k := range fresh {
		mb := b.Member(k)
		methods := methodsOf(mb)
		switch {
		case c.flipped:
			methods = nil
			c.add(difference{b: mb, in: a}, "webhook-added", k, "webhook "+k+" was added")
		case len(methods) == 0:
			c.add(difference{b: mb, in: a}, "other-changed", k, "path "+nameOf(mb, k)+" was added, without operations")
		}
		for _, method := range methods {
			c.added(nameOf(mb, k), method, mb.Member(method), a)
		}
	}
}

// item compares the operations of a path.
func (c *comparison) item(path string, a, b *spec.Node) {
	both := func(method string, oa, ob *spec.Node) { c.operation(path, method, oa, ob) }
	if c.same(a, b) {
		match(spec.Methods(), a, b, both)
		return
	}
	c.enter(a, b, response, func() {
		gone, fresh := match(spec.Methods(), a, b, both)
		if c.partial {
			gone = nil
		}
		gone, fresh = take(gone, fresh, func(from, to string) bool {
			return sameID(a.Member(from), b.Member(to)) || c.sameOperation(a.Member(from), b.Member(to))
		}, func(from, to string) {
			d := difference{a: a.Member(from), b: b.Member(to)}
			c.add(d, "api-method-changed", to, strings.ToUpper(from)+" "+path+" is now "+strings.ToUpper(to)+" "+path)
			both(from, d.a, d.b)
		})
		for _, method := range gone {
			s := scopeOf(path, method, a.Member(method))
			c.addTo(s, difference{a: a.Member(method), inB: b}, "api-removed-without-deprecation", "", s.method+" "+path+" was removed")
		}
		for _, method := range fresh {
			c.added(path, method, b.Member(method), a)
		}
		c.servers(a, b)
		if !c.partial {
			c.rest(a, b, append(spec.Methods(), "servers")...)
		}
	})
}

func (c *comparison) added(path, method string, b, in *spec.Node) {
	s := scopeOf(path, method, b)
	c.addTo(s, difference{b: b, in: in}, "endpoint-added", method+" "+path, s.method+" "+path+" was added")
}

// scopeOf names an operation: by its operationId, or by method and path.
func scopeOf(path, method string, op *spec.Node) *scope {
	s := &scope{operation: op.Member("operationId").Text(), method: strings.ToUpper(method), path: path}
	s.operation = cmp.Or(s.operation, s.method+" "+path)
	return s
}

func nameOf(n *spec.Node, key string) string { return cmp.Or(n.Name(), key) }

func methodsOf(item *spec.Node) []string {
	return slices.DeleteFunc(spec.Methods(), func(m string) bool { return item.Member(m) == nil })
}

// servers compares where the API is served: of a document, a path, an operation.
func (c *comparison) servers(a, b *spec.Node) {
	all := memberOf("servers", a, b)
	if c.equality.Equal(all.a, all.b) || c.partial && all.b == nil {
		return
	}
	url := func(s *spec.Node) string { return s.Member("url").Text() }
	was, is := map[string]*spec.Node{}, map[string]*spec.Node{}
	for _, s := range all.a.Items() {
		was[url(s)] = s
	}
	for _, s := range all.b.Items() {
		is[url(s)] = s
	}
	found := false
	gone := slices.DeleteFunc(all.a.Items(), func(s *spec.Node) bool {
		other := is[url(s)]
		if other != nil {
			found = found || !c.equality.Equal(s, other)
			c.enter(s, other, response, func() { c.rest(s, other) })
		}
		return other != nil
	})
	fresh := slices.DeleteFunc(all.b.Items(), func(s *spec.Node) bool { return was[url(s)] != nil })
	found = found || len(gone)+len(fresh) > 0
	for ; len(gone) > 0 && len(fresh) > 0; gone, fresh = gone[1:], fresh[1:] {
		from, to := gone[0].Member("url"), fresh[0].Member("url")
		c.add(difference{a: from, b: to, keyword: "url"}, "server-url-changed", to.Text(), "server URL "+became(from, to))
		c.enter(gone[0], fresh[0], response, func() { c.rest(gone[0], fresh[0], "url"); c.current.differs = true })
	}
	for _, s := range gone {
		c.add(difference{a: s, inB: b}, "server-removed", "", "server "+show(s.Member("url"))+" was removed")
	}
	for _, s := range fresh {
		c.add(difference{b: s, in: a}, "server-added", url(s), "server "+show(s.Member("url"))+" was added")
	}
	if !found {
		c.add(all, "other-changed", "servers", "the servers stand in another order")
	}
}
