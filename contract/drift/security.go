package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// security compares what an operation asks a caller to show: one of several
// alternatives, each a set of schemes.
func (c *comparison) security(a, b *spec.Node) {
	sa, sb := a.Member("security"), b.Member("security")
	if c.equality.Equal(sa, sb) {
		return
	}
	keyword := difference{a: sa, b: sb, in: a, inB: b, keyword: "security"}
	add := func(rule, detail, message string) {
		d := keyword
		d.rule, d.detail, d.message = rule, detail, message
		c.add(d)
	}
	switch {
	case sa == nil:
		add("api-security-added", names(sb), "the operation now asks for "+names(sb))
		return
	case sb == nil:
		add("api-security-removed", names(sa), "the operation no longer asks for "+names(sa))
		return
	}
	gone, fresh := map[string]*spec.Node{}, map[string]*spec.Node{}
	for _, alternative := range sa.Items() {
		gone[scheme(alternative)] = alternative
	}
	for _, alternative := range sb.Items() {
		name := scheme(alternative)
		if old, ok := gone[name]; ok {
			c.alternative(old, alternative)
			delete(gone, name)
			continue
		}
		fresh[name] = alternative
	}
	_, nothingGone := gone[""]
	_, nothingFresh := fresh[""]
	switch {
	case nothingFresh:
		add("api-security-removed", names(sa), "the operation no longer insists on "+names(sa))
		delete(fresh, "")
	case nothingGone:
		add("api-security-added", names(sb), "the operation now insists on "+names(sb))
		delete(gone, "")
	}
	renamed := renames(keysOf(gone), keysOf(fresh), func(from, to string) bool { return len(c.schemes(gone[from], fresh[to])) > 0 })
	for _, from := range keysOf(renamed) {
		names := c.schemes(gone[from], fresh[renamed[from]])
		for _, old := range keysOf(names) {
			if name := names[old]; name != old {
				c.add(difference{
					rule: "api-security-scheme-renamed", a: gone[from].Member(old).Member("scheme"), b: fresh[renamed[from]].Member(name).Member("scheme"),
					keyword: "security", detail: name, message: "security scheme " + old + " is now called " + name,
				})
			}
		}
		delete(gone, from)
		delete(fresh, renamed[from])
	}
	from, to := strings.Join(keysOf(gone), " or "), strings.Join(keysOf(fresh), " or ")
	switch {
	case len(gone) > 0 && len(fresh) > 0:
		add("api-security-changed", from+" -> "+to, "the operation asks for "+to+" in place of "+from)
	case len(gone) > 0:
		add("api-security-alternative-removed", from, "the operation no longer takes "+from)
	case len(fresh) > 0:
		add("api-security-alternative-added", to, "the operation also takes "+to)
	}
}

// alternative compares the schemes of two alternatives of the same names.
func (c *comparison) alternative(a, b *spec.Node) {
	for _, name := range a.Keys() {
		ra, rb := a.Member(name), b.Member(name)
		c.scopesOf(name, ra, rb)
		da, db := ra.Member("scheme"), rb.Member("scheme")
		if da == nil || db == nil {
			if da != db && !c.partial {
				c.add(difference{rule: "api-security-scheme-changed", a: da, b: db, in: ra, inB: rb, detail: name, message: "security scheme " + name + " is defined on one side alone"})
			}
			continue
		}
		c.enter(da, db, request, func() {
			for _, k := range union(da.Keys(), db.Keys()) {
				ma, mb := da.Member(k), db.Member(k)
				switch {
				case c.equality.Equal(ma, mb):
				case k == "description", strings.HasPrefix(k, "x-"):
					c.member(k, da, db)
				case k == "bearerFormat":
					c.add(difference{
						rule: "api-security-component-bearer-format-changed", a: ma, b: mb, in: da, inB: db, keyword: k, detail: k,
						message: k + " of security scheme " + name + " " + became(ma, mb),
					})
				default:
					c.add(difference{
						rule: "api-security-scheme-changed", a: ma, b: mb, in: da, inB: db, keyword: k, detail: k,
						message: k + " of security scheme " + name + " " + became(ma, mb),
					})
				}
			}
		})
	}
}

func (c *comparison) scopesOf(name string, a, b *spec.Node) {
	sa, sb := a.Member("scopes"), b.Member("scopes")
	gone, fresh := c.missing(sa, sb), c.missing(sb, sa)
	for _, s := range fresh {
		c.add(difference{rule: "api-security-scope-added", b: s, in: a, detail: s.Text(), message: "scope " + show(s) + " of " + name + " is now needed"})
	}
	for _, s := range gone {
		c.add(difference{rule: "api-security-scope-removed", a: s, inB: b, detail: s.Text(), message: "scope " + show(s) + " of " + name + " is no longer needed"})
	}
}

// missing are the items of a that b has not.
func (c *comparison) missing(a, b *spec.Node) []*spec.Node {
	var out []*spec.Node
items:
	for _, item := range a.Items() {
		for _, other := range b.Items() {
			if c.equality.Equal(item, other) {
				continue items
			}
		}
		out = append(out, item)
	}
	return out
}

// scheme names an alternative: its schemes, joined.
func scheme(alternative *spec.Node) string { return strings.Join(alternative.Keys(), " and ") }

func names(alternatives *spec.Node) string {
	made := map[string]*spec.Node{}
	for _, a := range alternatives.Items() {
		if name := scheme(a); name != "" {
			made[name] = a
		}
	}
	return strings.Join(keysOf(made), " or ")
}

// schemes pairs the schemes of two alternatives by what they ask for; nil unless
// each has its like in the other.
func (c *comparison) schemes(a, b *spec.Node) map[string]string {
	names := renames(a.Keys(), b.Keys(), func(from, to string) bool {
		return a.Member(from).Member("scheme") != nil && c.equality.Equal(a.Member(from), b.Member(to))
	})
	if len(names) != len(a.Keys()) || len(names) != len(b.Keys()) {
		return nil
	}
	return names
}
