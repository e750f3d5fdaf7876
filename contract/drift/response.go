package drift

import (
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// responses compares the responses of two operations by status.
func (c *comparison) responses(of *scope, a, b *spec.Node) {
	ra, rb := a.Member("responses"), b.Member("responses")
	if ra == nil && rb == nil {
		return
	}
	gone, fresh := map[string]*spec.Node{}, map[string]*spec.Node{}
	for _, k := range union(ra.Keys(), rb.Keys()) {
		ma, mb := ra.Member(k), rb.Member(k)
		switch {
		case strings.HasPrefix(k, "x-"):
			c.member(k, ra, rb)
		case ma == nil:
			fresh[k] = mb
		case mb == nil:
			gone[k] = ma
		default:
			c.response(of, k, ma, mb)
		}
	}
	renamed := renames(keysOf(gone), keysOf(fresh), func(from, to string) bool {
		return succeeds(from) == succeeds(to) && c.equality.Equal(gone[from].Member("content"), fresh[to].Member("content"))
	})
	if from, to := success(gone), success(fresh); from != "" && to != "" {
		renamed[from] = to
	}
	for _, from := range keysOf(renamed) {
		to := renamed[from]
		c.addTo(of.response(from), difference{
			rule: statusRule(from) + "-changed", a: gone[from], b: fresh[to], detail: from + " -> " + to,
			message: "status " + from + " is now " + to,
		})
		if a, b := gone[from].Member("content"), fresh[to].Member("content"); (a == nil) == (b == nil) {
			c.response(of, from, gone[from], fresh[to])
		}
		delete(gone, from)
		delete(fresh, to)
	}
	for _, k := range keysOf(gone) {
		c.addTo(of.response(k), difference{rule: statusRule(k) + "-removed", a: gone[k], inB: rb, detail: k, message: "status " + k + " is no longer documented"})
	}
	for _, k := range keysOf(fresh) {
		c.addTo(of.response(k), difference{rule: statusRule(k) + "-added", b: fresh[k], in: ra, detail: k, message: "status " + k + " is now documented"})
	}
}

// success is the one status of success among responses, if there is but one.
func success(responses map[string]*spec.Node) string {
	found := slices.DeleteFunc(keysOf(responses), func(k string) bool { return k[0] != '2' })
	if len(found) != 1 {
		return ""
	}
	return found[0]
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

// succeeds tells whether a status, or range of them, is none of an error.
// `default` is taken for one: that is what it is written for.
func succeeds(status string) bool {
	return status != "" && status[0] >= '1' && status[0] <= '3'
}

func (c *comparison) response(of *scope, status string, a, b *spec.Node) {
	s := c.side(response)
	exampleRule := "error-example-changed"
	if succeeds(status) {
		exampleRule = "example-changed"
	}
	c.inScope(of.response(status), a, b, func() {
		c.enter(a, b, s, func() {
			c.content(a, b, s, "response", exampleRule)
			c.headers(a, b)
			c.rest(a, b, "content", "headers")
		})
	})
}

func (c *comparison) headers(a, b *spec.Node) {
	ha, hb := a.Member("headers"), b.Member("headers")
	s := c.side(header)
	for _, k := range union(ha.Keys(), hb.Keys()) {
		ma, mb := ha.Member(k), hb.Member(k)
		switch {
		case ma == nil:
			c.add(difference{rule: "response-header-added", b: mb, in: a, detail: k, message: "header " + mb.Name() + " of " + subject(a) + " was added"})
		case mb == nil:
			rule := "optional-response-header-removed"
			if ma.Member("required") != nil {
				rule = "required-response-header-removed"
			}
			c.add(difference{rule: rule, a: ma, inB: b, message: "header " + ma.Name() + " of " + subject(a) + " was removed"})
		default:
			c.enter(ma, mb, s, func() {
				if ra, rb := ma.Member("required"), mb.Member("required"); ra != nil && rb == nil {
					c.add(difference{rule: "response-header-became-optional", a: ra, inB: mb, keyword: "required", message: "header " + ma.Name() + " of " + subject(a) + " may now be missing"})
				} else if ra == nil && rb != nil {
					c.add(difference{rule: "response-header-became-required", b: rb, in: ma, keyword: "required", message: "header " + ma.Name() + " of " + subject(a) + " is now always there"})
				}
				c.serialization(ma, mb, s)
				c.rest(ma, mb, "required", "schema", "content", "style", "explode", "allowReserved")
			})
		}
	}
}
