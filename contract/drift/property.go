package drift

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// properties compares those of two objects; others are renamed, removed or added.
func (c *comparison) properties(a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	gone, fresh := match(union(pa, pb), pa, pb, func(k string, _, _ *spec.Node) { c.property(k, a, b, s) })
	gone, fresh = take(gone, fresh, func(from, to string) bool { // equal schemas that are required alike
		return requires(a, from) == requires(b, to) && c.sameSchema(pa.Member(from), pb.Member(to))
	}, func(from, to string) {
		d := difference{a: pa.Member(from), b: pb.Member(to), at: pa.MemberPointer(from), atB: pb.MemberPointer(to), keyword: "properties"}
		c.add(d, s.of()+"-property-renamed", to, subjectAt(d.at, a.Parameter())+" is now called "+to)
	})
	for _, k := range gone {
		at := pa.MemberPointer(k)
		d := difference{at: at, atB: b.PartAt(parent(parent(at))), keyword: "properties"}
		rule := "response-optional-property-removed"
		switch {
		case unsent(pa.Member(k), s):
			rule = "other-changed"
		case s.sent():
			rule = "request-property-removed"
		case requires(a, k):
			rule = "response-required-property-removed"
		}
		c.addOrHide(unsent(pa.Member(k), s), d, rule, "", subjectAt(at, a.Parameter())+" was removed")
	}
	for _, k := range fresh {
		at, hidden := pb.MemberPointer(k), unsent(pb.Member(k), s)
		rule := map[[2]bool]string{
			{true, true}: "new-required-request-property", {true, false}: "new-optional-request-property",
			{false, true}: "response-required-property-added", {false, false}: "response-optional-property-added",
		}[[2]bool{s.sent(), requires(b, k) && !hidden}]
		d := difference{at: a.PartAt(parent(parent(at))), atB: at, fresh: true, keyword: "properties"}
		c.addOrHide(hidden, d, rule, k, subjectAt(at, b.Parameter())+" was added")
	}
}

// property compares a property that both sides have, as it is sent.
func (c *comparison) property(k string, a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	ma, mb := pa.Member(k), pb.Member(k)
	u := use{pa.MemberPointer(k), pb.MemberPointer(k)}
	switch hidden, hides := unsent(ma, s), unsent(mb, s); {
	case hidden && hides && !c.equality.Equal(ma, mb):
		c.addOrHide(true, difference{at: u.base, atB: u.revision}, "other-changed", "", subjectAt(u.base, a.Parameter())+" changed, and is not sent here")
	case hidden && hides:
	case hidden || hides:
		c.enter(ma, mb, s, func() {
			c.keyword(s.hiding(), ma, mb, s)
			if hidden && s.sent() && requires(b, k) {
				c.becameRequired(k, a, b, s, true)
			}
		})
	default:
		c.schema(ma, mb, s, u)
	}
}

// hiding is the keyword of properties that are left out on this side of an
// exchange: OpenAPI 3.1, Schema Object, and JSON Schema 2020-12, validation 9.4.
func (s side) hiding() string {
	if s.sent() {
		return "readOnly"
	}
	return "writeOnly"
}

func unsent(n *spec.Node, s side) bool {
	v, _ := n.Member(s.hiding()).Scalar()
	return v == true
}

// addOrHide records a difference; one that is not sent here, by unsent.
func (c *comparison) addOrHide(hidden bool, d difference, rule, detail, message string) {
	if !hidden {
		c.add(d, rule, detail, message)
		return
	}
	at := c.current
	at.differs = true
	c.hidden = append(c.hidden, func(shown map[string]bool) {
		if !shown[d.at] || detail != "" && !shown[d.atB] {
			c.within(at, func() { c.add(d, rule, detail, message) })
		}
	})
}

// unsent records what is not sent, unless the other side of an exchange shows it.
func (c *comparison) unsent() {
	shown := map[string]bool{}
	for _, ch := range c.changes {
		for _, pointer := range []string{ch.base, ch.revision} {
			for ; pointer != ""; pointer = spec.Parent(pointer) {
				shown[pointer] = true
			}
		}
	}
	for _, tell := range c.hidden {
		tell(shown)
	}
}

// required compares the required names of properties that both sides send.
func (c *comparison) required(d difference, a, b *spec.Node, s side) {
	pa, pb := a.Member("properties"), b.Member("properties")
	for i, names := range [][]*spec.Node{c.missing(d.b, d.a), c.missing(d.a, d.b)} {
		for _, name := range names {
			k := name.Text()
			ma, mb := pa.Member(k), pb.Member(k)
			switch hidden, hides := unsent(ma, s), unsent(mb, s); {
			case (ma == nil) != (mb == nil):
			case hidden && hides:
				d := difference{at: pa.MemberPointer(k), atB: pb.MemberPointer(k), keyword: "required"}
				c.addOrHide(true, d, "other-changed", "", "required of property "+k+" changed, which is not sent here")
			case !hidden && !hides: // else told with the property
				c.becameRequired(k, a, b, s, i == 0)
			}
		}
	}
}

func (c *comparison) becameRequired(k string, a, b *spec.Node, s side, required bool) {
	pa, pb := a.Member("properties"), b.Member("properties")
	d := difference{in: a, inB: b, keyword: "required"}
	whole := "property " + k + " of " + subject(a)
	if pa.Member(k) != nil {
		d.at, d.atB = pa.MemberPointer(k), pb.MemberPointer(k)
		whole = subjectAt(d.at, a.Parameter())
	}
	rule := s.of() + "-property-became-"
	if required {
		c.add(d, rule+"required", k, whole+" is now required")
	} else {
		c.add(d, rule+"optional", k, whole+" is no longer required")
	}
}

func requires(n *spec.Node, name string) bool {
	return slices.ContainsFunc(n.Member("required").Items(), func(n *spec.Node) bool { return n.Text() == name })
}
