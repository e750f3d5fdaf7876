package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// other is the last resort: a difference that no rule names.
func (c *comparison) other(a, b *spec.Node) {
	c.add(difference{rule: "other-changed", a: a, b: b, message: "something changed at " + a.Pointer()})
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
	rule, ok := wordRule(k, mb)
	if !ok {
		rule = "other-changed"
	}
	c.add(difference{
		rule: rule, a: ma, b: mb, in: a, inB: b, keyword: k, detail: k,
		message: k + " of " + subject(a) + " " + became(ma, mb),
	})
}

// wordRule is the rule of a member that describes and does not bind; b is what
// became of it.
func wordRule(k string, b *spec.Node) (string, bool) {
	switch {
	case k == "description", k == "summary", k == "title":
		return k + "-changed", true
	case k == "example", k == "examples":
		return "example-changed", true
	case k == "externalDocs":
		return "external-docs-changed", true
	case strings.HasPrefix(k, "x-"):
		return "extension-changed", true
	case k == "deprecated" && b == nil:
		return "reactivated", true
	case k == "deprecated":
		return "deprecated", true
	}
	return "", false
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
