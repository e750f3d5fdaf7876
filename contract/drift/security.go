package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// security compares what is asked of a caller: one of several sets of schemes.
func (c *comparison) security(a, b *spec.Node) {
	sa, sb := a.Member("security"), b.Member("security")
	if c.equality.Equal(sa, sb) {
		return
	}
	add := func(rule, detail, message string) { c.add(memberOf("security", a, b), rule, detail, message) }
	switch {
	case sa == nil:
		add("api-security-added", names(sb), "the operation now asks for "+names(sb))
		return
	case sb == nil:
		add("api-security-removed", names(sa), "the operation no longer asks for "+names(sa))
		return
	}
	gone, fresh := match(union(sa, sb), sa, sb, func(_ string, a, b *spec.Node) { c.alternative(a, b) })
	nothing := func(schemes string) bool { return schemes == "" }
	switch {
	case slices.Contains(fresh, ""):
		add("api-security-removed", names(sa), "the operation no longer insists on "+names(sa))
	case slices.Contains(gone, ""):
		add("api-security-added", names(sb), "the operation now insists on "+names(sb))
	}
	gone, fresh = slices.DeleteFunc(gone, nothing), slices.DeleteFunc(fresh, nothing)
	lost, more := take(gone, fresh, func(from, to string) bool { return len(c.schemes(sa.Member(from), sb.Member(to))) > 0 }, func(from, to string) {
		for old, name := range c.schemes(sa.Member(from), sb.Member(to)) {
			if name != old {
				d := difference{a: sa.Member(from).Member(old).Member("scheme"), b: sb.Member(to).Member(name).Member("scheme"), keyword: "security"}
				c.add(d, "api-security-scheme-renamed", name, "security scheme "+old+" is now called "+name)
			}
		}
	})
	from, to := strings.Join(lost, " or "), strings.Join(more, " or ")
	switch {
	case len(lost) > 0 && len(more) > 0:
		add("api-security-changed", from+" -> "+to, "the operation asks for "+to+" in place of "+from)
	case len(lost) > 0:
		add("api-security-alternative-removed", from, "the operation no longer takes "+from)
	case len(more) > 0:
		add("api-security-alternative-added", to, "the operation also takes "+to)
	}
}

// alternative compares the schemes of two alternatives of the same names.
func (c *comparison) alternative(a, b *spec.Node) {
	for _, name := range a.Keys() {
		ra, rb := a.Member(name), b.Member(name)
		sa, sb := ra.Member("scopes"), rb.Member("scopes")
		for _, s := range c.missing(sb, sa) {
			c.add(difference{b: s, in: ra}, "api-security-scope-added", s.Text(), "scope "+show(s)+" of "+name+" is now needed")
		}
		for _, s := range c.missing(sa, sb) {
			c.add(difference{a: s, inB: rb}, "api-security-scope-removed", s.Text(), "scope "+show(s)+" of "+name+" is no longer needed")
		}
		d := memberOf("scheme", ra, rb)
		if d.a == nil || d.b == nil {
			if d.a != d.b && !c.partial {
				d.keyword = ""
				c.add(d, "api-security-scheme-changed", name, "security scheme "+name+" is defined on one side alone")
			}
			continue
		}
		c.enter(d.a, d.b, request, func() {
			for _, k := range union(d.a, d.b) {
				switch {
				case k == "description", strings.HasPrefix(k, "x-"):
					c.member(k, d.a, d.b)
				case k == "bearerFormat":
					c.changed(k, d.a, d.b, "api-security-component-bearer-format-changed", "security scheme "+name)
				default:
					c.changed(k, d.a, d.b, "api-security-scheme-changed", "security scheme "+name)
				}
			}
		})
	}
}

// missing are the items of a that b has not.
func (c *comparison) missing(a, b *spec.Node) []*spec.Node {
	return slices.DeleteFunc(a.Items(), func(item *spec.Node) bool {
		return slices.ContainsFunc(b.Items(), func(other *spec.Node) bool { return c.equality.Equal(item, other) })
	})
}

// names are the alternatives but for that of no scheme.
func names(alternatives *spec.Node) string {
	return strings.Join(slices.DeleteFunc(alternatives.Keys(), func(name string) bool { return name == "" }), " or ")
}

// schemes pairs those of two alternatives; nil unless each has its like.
func (c *comparison) schemes(a, b *spec.Node) map[string]string {
	names := renames(a.Keys(), b.Keys(), func(from, to string) bool {
		return a.Member(from).Member("scheme") != nil && c.equality.Equal(a.Member(from), b.Member(to))
	})
	if len(names) != len(a.Keys()) || len(names) != len(b.Keys()) {
		return nil
	}
	return names
}
