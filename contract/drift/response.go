package drift

import (
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// responses compares the responses of two operations by status.
func (c *comparison) responses(of *scope, a, b *spec.Node) {
	ra, rb := a.Member("responses"), b.Member("responses")
	gone, fresh := match(c.named(ra, rb), ra, rb, func(k string, a, b *spec.Node) { c.response(of, k, a, b) })
	was, is := success(gone), success(fresh)
	gone, fresh = take(gone, fresh, func(from, to string) bool {
		if was != "" && is != "" && (from == was || to == is) {
			return from == was && to == is
		}
		return succeeds(from) == succeeds(to) && c.equality.Equal(ra.Member(from).Member("content"), rb.Member(to).Member("content"))
	}, func(from, to string) {
		d := difference{a: ra.Member(from), b: rb.Member(to)}
		c.addTo(of.response(from), d, statusRule(from)+"-changed", from+" -> "+to, "status "+from+" is now "+to)
		if (d.a.Member("content") == nil) == (d.b.Member("content") == nil) {
			c.response(of, from, d.a, d.b)
		}
	})
	for _, k := range gone {
		c.addTo(of.response(k), difference{a: ra.Member(k), inB: rb}, statusRule(k)+"-removed", k, "status "+k+" is no longer documented")
	}
	for _, k := range fresh {
		c.addTo(of.response(k), difference{b: rb.Member(k), in: ra}, statusRule(k)+"-added", k, "status "+k+" is now documented")
	}
}

// success is the one status of success among several, if there is but one.
func success(statuses []string) string {
	first := func(k string) bool { return k[0] == '2' }
	i := slices.IndexFunc(statuses, first)
	if i < 0 || slices.ContainsFunc(statuses[i+1:], first) {
		return ""
	}
	return statuses[i]
}

func (s *scope) response(status string) *scope {
	made := *s
	made.status, _ = strconv.Atoi(status) // "default" and "4XX" are no status: 0
	return &made
}

func statusRule(status string) string {
	if succeeds(status) {
		return "response-success-status"
	}
	return "response-non-success-status"
}

// succeeds tells whether a status is none of an error, as `default` is.
func succeeds(status string) bool {
	return status != "" && status[0] >= '1' && status[0] <= '3'
}

func (c *comparison) response(of *scope, status string, a, b *spec.Node) {
	s := c.side(response)
	exampleRule := "error-example-changed"
	if succeeds(status) {
		exampleRule = "example-changed"
	}
	c.inScope(of.response(status), func() {
		c.enter(a, b, s, func() {
			c.content(a, b, s, "response", exampleRule)
			c.headers(a, b)
			c.rest(a, b, "content", "headers")
		})
		c.told(a, b)
	})
}

func (c *comparison) headers(a, b *spec.Node) {
	ha, hb := a.Member("headers"), b.Member("headers")
	what := func(n *spec.Node) string { return "header " + n.Name() + " of " + subject(a) }
	gone, fresh := match(union(ha, hb), ha, hb, func(_ string, a, b *spec.Node) {
		c.valued(a, b, c.side(header), "response-header", what(a)+" is now always there", what(a)+" may now be missing")
	})
	for _, k := range gone {
		ma, rule := ha.Member(k), "optional-response-header-removed"
		if ma.Member("required") != nil {
			rule = "required-response-header-removed"
		}
		c.add(difference{a: ma, inB: b}, rule, "", what(ma)+" was removed")
	}
	for _, k := range fresh {
		c.add(difference{b: hb.Member(k), in: a}, "response-header-added", k, what(hb.Member(k))+" was added")
	}
}
