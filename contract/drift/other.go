package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// other is the last resort: a difference that no rule names.
func (c *comparison) other(a, b *spec.Node) {
	c.tell(told{rule: "other-changed", a: a, b: b, message: "something changed at " + a.Pointer()})
}

// rest compares the members that no other rule has looked at.
func (c *comparison) rest(a, b *spec.Node, handled ...string) {
	skip := map[string]bool{}
	for _, k := range handled {
		skip[k] = true
	}
	for _, k := range union(a.Keys(), b.Keys()) {
		if !skip[k] {
			c.member(k, a, b)
		}
	}
}

// member compares one member by what its name means everywhere in OpenAPI.
func (c *comparison) member(k string, a, b *spec.Node) {
	ma, mb := a.Member(k), b.Member(k)
	if c.equality.Equal(ma, mb) {
		return
	}
	rule := "other-changed"
	switch {
	case k == "description", k == "summary", k == "title":
		rule = k + "-changed"
	case k == "example", k == "examples":
		rule = "example-changed"
	case k == "externalDocs":
		rule = "external-docs-changed"
	case strings.HasPrefix(k, "x-"):
		rule = "extension-changed"
	case k == "deprecated":
		rule = "deprecated"
		if mb == nil {
			rule = "reactivated"
		}
	}
	c.tell(told{
		rule: rule, a: ma, b: mb, in: a, inB: b, keyword: k, detail: k,
		message: k + " of " + subject(a) + " " + became(ma, mb),
	})
}

// union is the sorted union of sorted keys.
func union(a, b []string) []string {
	out := make([]string, 0, max(len(a), len(b)))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return out
}
