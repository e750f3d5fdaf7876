package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// rest compares the members that no other rule has looked at.
func (c *comparison) rest(a, b *spec.Node, handled ...string) {
	for _, k := range union(a, b) {
		if !slices.Contains(handled, k) {
			c.member(k, a, b)
		}
	}
}

// member compares one member by what its name means everywhere in OpenAPI.
func (c *comparison) member(k string, a, b *spec.Node) {
	c.changed(k, a, b, cmp.Or(wordRule(k, b.Member(k)), "other-changed"), subject(a))
}

// changed compares one member of what is named so.
func (c *comparison) changed(k string, a, b *spec.Node, rule, name string) {
	if d := memberOf(k, a, b); !c.equality.Equal(d.a, d.b) {
		c.add(d, rule, k, k+" of "+name+" "+became(d.a, d.b))
	}
}

// wordRule is the rule of a member that describes and does not bind, "" for any
// other; b is what became of it.
func wordRule(k string, b *spec.Node) string {
	switch {
	case k == "description", k == "summary", k == "title":
		return k + "-changed"
	case k == "example", k == "examples":
		return "example-changed"
	case k == "externalDocs":
		return "external-docs-changed"
	case strings.HasPrefix(k, "x-"):
		return "extension-changed"
	case k == "deprecated" && b == nil:
		return "reactivated"
	case k == "deprecated":
		return "deprecated"
	}
	return ""
}
