package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// schema compares two schemas that are used at u.
func (c *comparison) schema(a, b *spec.Node, s side, u use) {
	c.enter(a, b, s, func() {
		outer := c.use
		c.use = u
		if a.IsObject() && b.IsObject() {
			c.keywords(a, b, s)
		} else {
			c.bound(difference{a: a, b: b}, s, "schema")
		}
		c.use = outer
	})
}

// subschema compares a keyword of one schema; leaving it out is taking everything.
func (c *comparison) subschema(k string, a, b *spec.Node, s side) {
	ma, mb := a.Member(k), b.Member(k)
	switch {
	case c.equality.Equal(ma, mb):
	case ma.IsObject() && mb.IsObject():
		c.schema(ma, mb, s, use{a.MemberPointer(k), b.MemberPointer(k)})
	default:
		c.bound(memberOf(k, a, b), s, k)
	}
}

// bound records that the values a keyword lets through became fewer or more.
func (c *comparison) bound(d difference, s side, k string) {
	suffix := map[int]string{-1: "restricted", 0: "keyword-changed", 1: "relaxed"}[cmp.Compare(openness(d.b), openness(d.a))]
	holder := cmp.Or(d.in, d.a)
	at := holder.Pointer()
	if k == "schema" && d.in != nil {
		at = spec.Join(at, k)
	}
	c.add(d, ruleFor(s, at, suffix), d.keyword, k+" of "+subject(holder)+" "+became(d.a, d.b))
}

// openness orders schemas: true takes all, false nothing; keywords are between.
func openness(n *spec.Node) int {
	switch v, _ := n.Scalar(); {
	case n == nil, v == true:
		return 1
	case v == false:
		return -1
	}
	return 0
}

// keywords compares schemas that are objects, keyword by keyword.
func (c *comparison) keywords(a, b *spec.Node, s side) {
	// What a choice says of itself is compared, its branches are already. What a
	// component says of itself goes with it where a choice stands in its place.
	choice := c.choices(a, b, s)
	replaced := choice && (a.Pointer() == c.use.base) != (b.Pointer() == c.use.revision)
	a, b = c.parted(a, b), c.parted(b, a)
	for _, k := range union(a, b) {
		annotation := spec.IsAnnotation(k)
		if choice && !annotation && k != "null" && k != "discriminator" || replaced && annotation {
			continue
		}
		if !c.equality.Equal(a.Member(k), b.Member(k)) {
			c.keyword(k, a, b, s)
		}
	}
}

// parted is a schema without what another has in allOf beside a further condition.
func (c *comparison) parted(n, other *spec.Node) *spec.Node {
	return n.Only(func(k string) bool {
		return other.Member(k) != nil || !slices.ContainsFunc(other.Member("allOf").Items(), func(part *spec.Node) bool {
			return len(part.Keys()) == 1 && c.equality.Equal(part.Member(k), n.Member(k))
		})
	})
}

// found is the difference of a keyword and the pointer to the schema of the base
// that it is of: of those that a was put together from, the one that has the
// keyword or stands where the revision has it.
func (c *comparison) found(k string, a, b *spec.Node) (difference, string) {
	d := memberOf(k, a, b)
	holder := ""
	if d.a != nil {
		holder = parent(a.MemberPointer(k))
	}
	switch {
	case d.b == nil:
		d.atB = b.PartAt(holder)
	case b.Pointer() == c.use.revision && parent(b.MemberPointer(k)) == c.use.revision && a.Pointer() != c.use.base:
		// It is said where the schema is used, and was said by the component.
		holder, d.at = c.use.base, c.use.base
	case d.a == nil:
		holder = a.PartAt(parent(b.MemberPointer(k)))
		d.at = holder
	}
	return d, holder
}

// parent points to what holds a keyword; a branch beside null is no holder.
func parent(pointer string) string {
	tokens := spec.Tokens(pointer)
	if len(tokens) == 0 {
		return ""
	}
	tokens = tokens[:len(tokens)-1]
	if n := len(tokens); n > 0 && (tokens[n-1] == "anyOf" || tokens[n-1] == "oneOf") {
		tokens = tokens[:n-1]
	}
	return spec.Join("", tokens...)
}

// types are the names of the types a schema takes, but for null; none is any.
func types(n *spec.Node) []string {
	t := n.Member("type")
	var names []string
	for _, item := range append(t.Items(), t) {
		if name := item.Text(); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func typeNames(n *spec.Node) string {
	return cmp.Or(strings.Join(types(n), " or "), "any")
}

// typeChange names how the types of a schema changed.
func typeChange(a, b *spec.Node) string {
	ta, tb := types(a), types(b)
	within := func(all, some []string) bool {
		return len(all) > 1 && len(some) > 0 && !slices.ContainsFunc(some, func(t string) bool { return !slices.Contains(all, t) })
	}
	switch {
	case len(ta) == 0 && slices.Equal(tb, implied(a)) && slices.Equal(tb, implied(b)):
		return "type-added"
	case len(tb) == 0 && slices.Equal(ta, implied(b)) && slices.Equal(ta, implied(a)):
		return "type-removed"
	case within(tb, ta):
		return "list-of-types-widened"
	case within(ta, tb):
		return "list-of-types-narrowed"
	}
	return "type-changed"
}

// implied is the type that the other keywords of a schema are written for.
func implied(n *spec.Node) []string {
	switch {
	case n.Member("properties") != nil:
		return []string{"object"}
	case n.Member("items") != nil:
		return []string{"array"}
	}
	var names []string
	for _, v := range n.Member("enum").Items() {
		value, _ := v.Scalar()
		names = append(names, map[string]string{"string": "string", "bool": "boolean", "json.Number": "number"}[fmt.Sprintf("%T", value)])
	}
	return slices.Compact(names)
}

// takesAny tells whether a schema says nothing of types, and so takes null.
func takesAny(n *spec.Node) bool {
	return n.Member("type") == nil && n.Member("enum") == nil && n.Member("anyOf") == nil && n.Member("oneOf") == nil
}
