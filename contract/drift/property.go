package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// properties compares the properties of an object; those on one side alone are
// renamed, removed or added.
func (c *comparison) properties(a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	for _, k := range union(pa.Keys(), pb.Keys()) {
		if pa.Member(k) != nil && pb.Member(k) != nil {
			c.property(k, a, b, s)
		}
	}
	family := "response-property"
	if s.sent() {
		family = "request-property"
	}
	renamed := c.renamedProperties(a, b)
	for _, k := range without(pa, pb) {
		m, at := pa.Member(k), pa.MemberPointer(k)
		if to, ok := renamed[k]; ok {
			c.add(difference{
				rule: family + "-renamed", a: m, b: pb.Member(to), at: at, atB: pb.MemberPointer(to), keyword: "properties", detail: to,
				message: subjectAt(at, a.Parameter()) + " is now called " + to,
			})
			continue
		}
		d := difference{rule: "request-property-removed", at: at, atB: b.PartAt(parent(parent(at))), keyword: "properties"}
		d.message = subjectAt(at, a.Parameter()) + " was removed"
		if !s.sent() {
			d.rule = "response-optional-property-removed"
			if requires(a, k) {
				d.rule = "response-required-property-removed"
			}
		}
		if unsent(m, s) {
			d.rule = "other-changed"
			c.silently(d)
			continue
		}
		c.add(d)
	}
	for _, k := range without(pb, pa) {
		if slices.Contains(valuesOf(renamed), k) {
			continue
		}
		m, at := pb.Member(k), pb.MemberPointer(k)
		hidden := unsent(m, s)
		rule := map[[2]bool]string{
			{true, true}: "new-required-request-property", {true, false}: "new-optional-request-property",
			{false, true}: "response-required-property-added", {false, false}: "response-optional-property-added",
		}[[2]bool{s.sent(), requires(b, k) && !hidden}]
		d := difference{
			rule: rule, at: a.PartAt(parent(parent(at))), atB: at, fresh: true, keyword: "properties", detail: k,
			message: subjectAt(at, b.Parameter()) + " was added",
		}
		if hidden {
			c.silently(d)
			continue
		}
		c.add(d)
	}
}

// property compares a property that both sides have, as it is sent.
func (c *comparison) property(k string, a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	ma, mb := pa.Member(k), pb.Member(k)
	u := use{pa.MemberPointer(k), pb.MemberPointer(k)}
	switch hidden, hides := unsent(ma, s), unsent(mb, s); {
	case hidden && hides:
		if !c.equality.Equal(ma, mb) {
			c.silently(difference{rule: "other-changed", at: u.base, atB: u.revision, message: subjectAt(u.base, a.Parameter()) + " changed, and is not sent here"})
		}
	case hidden || hides:
		c.enter(ma, mb, s, func() {
			flag := "readOnly"
			if !s.sent() {
				flag = "writeOnly"
			}
			c.keyword(flag, ma, mb, s)
			if hidden && s.sent() && requires(b, k) {
				c.becameRequired(k, a, b, s, true)
			}
		})
	default:
		c.schema(ma, mb, s, u)
	}
}

// unsent tells whether a property is left out on this side of an exchange:
// OpenAPI 3.1, Schema Object, and JSON Schema 2020-12, validation 9.4.
func unsent(n *spec.Node, s side) bool {
	k := "writeOnly"
	if s.sent() {
		k = "readOnly"
	}
	v, _ := n.Member(k).Scalar()
	return v == true
}

// silence is a difference that nobody sees on this side of an exchange.
type silence struct {
	at         *pair
	difference difference
}

func (c *comparison) silently(d difference) {
	c.silent = append(c.silent, silence{c.current, d})
	c.current.differs = true
}

// unsent records what is not sent where it differs, unless the other side of an
// exchange has shown it.
func (c *comparison) unsent() {
	shown := map[string]bool{}
	for _, ch := range c.changes {
		for _, pointer := range []string{ch.base, ch.revision} {
			for pointer != "" {
				shown[pointer] = true
				pointer = pointer[:strings.LastIndexByte(pointer, '/')]
			}
		}
	}
	for _, hidden := range c.silent {
		d := hidden.difference
		if !shown[d.at] || d.detail != "" && !shown[d.atB] {
			c.within(hidden.at, func() { c.add(d) })
		}
	}
}

// renamedProperties pairs the names of properties that have equal schemas, are
// required alike and stand on one side alone.
func (c *comparison) renamedProperties(a, b *spec.Node) map[string]string {
	pa, pb := a.Member("properties"), b.Member("properties")
	return renames(without(pa, pb), without(pb, pa), func(from, to string) bool {
		return requires(a, from) == requires(b, to) && c.sameSchema(pa.Member(from), pb.Member(to))
	})
}

// required compares lists of required names. What was added, removed or renamed
// is told as that; what is not sent is not missed.
func (c *comparison) required(d difference, a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	for i, names := range [][]*spec.Node{c.missing(d.b, d.a), c.missing(d.a, d.b)} {
		for _, name := range names {
			k := name.Text()
			ma, mb := pa.Member(k), pb.Member(k)
			switch {
			case (ma == nil) != (mb == nil):
			case unsent(ma, s) && unsent(mb, s):
				c.silently(difference{rule: "other-changed", at: pa.MemberPointer(k), atB: pb.MemberPointer(k), keyword: "required", message: "required of property " + k + " changed, which is not sent here"})
			case unsent(ma, s) || unsent(mb, s): // told with the property
			default:
				c.becameRequired(k, a, b, s, i == 0)
			}
		}
	}
}

func (c *comparison) becameRequired(k string, a, b *spec.Node, s side, required bool) {
	pa, pb := a.Member("properties"), b.Member("properties")
	d := difference{in: a, inB: b, keyword: "required", detail: k}
	whole := "property " + k + " of " + subject(a)
	if pa.Member(k) != nil {
		d.at, d.atB = pa.MemberPointer(k), pb.MemberPointer(k)
		whole = subjectAt(d.at, a.Parameter())
	}
	suffix, verb := "became-required", "is now required"
	if !required {
		suffix, verb = "became-optional", "is no longer required"
	}
	d.rule, d.message = "response-property-"+suffix, whole+" "+verb
	if s.sent() {
		d.rule = "request-property-" + suffix
	}
	c.add(d)
}

func requires(n *spec.Node, name string) bool {
	return slices.ContainsFunc(n.Member("required").Items(), func(n *spec.Node) bool { return n.Text() == name })
}

// without are the keys of a that b has not.
func without(a, b *spec.Node) []string {
	return slices.DeleteFunc(a.Keys(), func(k string) bool { return b.Member(k) != nil })
}

func valuesOf(m map[string]string) []string {
	var out []string
	for _, k := range keysOf(m) {
		out = append(out, m[k])
	}
	return out
}
