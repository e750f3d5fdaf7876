package drift

import "github.com/digakit/digakit/contract/spec"

// servers compares where the API is served: of a document, a path, an operation.
func (c *comparison) servers(a, b *spec.Node) {
	sa, sb := a.Member("servers"), b.Member("servers")
	if c.equality.Equal(sa, sb) || c.partial && sb == nil {
		return
	}
	byURL := func(n *spec.Node) map[string]*spec.Node {
		m := map[string]*spec.Node{}
		for _, s := range n.Items() {
			m[s.Member("url").Text()] = s
		}
		return m
	}
	ma, mb := byURL(sa), byURL(sb)
	var gone, fresh []*spec.Node
	found := false
	for _, s := range sa.Items() {
		other := mb[s.Member("url").Text()]
		if other == nil {
			gone = append(gone, s)
			continue
		}
		found = found || !c.equality.Equal(s, other)
		c.enter(s, other, response, func() { c.rest(s, other) })
	}
	for _, s := range sb.Items() {
		if ma[s.Member("url").Text()] == nil {
			fresh = append(fresh, s)
		}
	}
	found = found || len(gone)+len(fresh) > 0
	for len(gone) > 0 && len(fresh) > 0 {
		from, to := gone[0].Member("url"), fresh[0].Member("url")
		c.add(difference{rule: "server-url-changed", a: from, b: to, keyword: "url", detail: to.Text(), message: "server URL " + became(from, to)})
		c.enter(gone[0], fresh[0], response, func() { c.rest(gone[0], fresh[0], "url"); c.current.differs = true })
		gone, fresh = gone[1:], fresh[1:]
	}
	for _, s := range gone {
		c.add(difference{rule: "server-removed", a: s, inB: b, message: "server " + show(s.Member("url")) + " was removed"})
	}
	for _, s := range fresh {
		c.add(difference{rule: "server-added", b: s, in: a, detail: s.Member("url").Text(), message: "server " + show(s.Member("url")) + " was added"})
	}
	if !found {
		c.add(difference{rule: "other-changed", a: sa, b: sb, in: a, inB: b, keyword: "servers", detail: "servers", message: "the servers stand in another order"})
	}
}
