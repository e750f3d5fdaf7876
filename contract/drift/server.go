package drift

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

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
