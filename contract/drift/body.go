package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// body compares the request bodies of two operations.
func (c *comparison) body(a, b *spec.Node) {
	switch d := memberOf("requestBody", a, b); {
	case d.a == nil && d.b == nil:
	case d.a == nil && d.b.Member("required") != nil:
		c.add(d, "request-body-added-required", "", "a required request body was added")
	case d.a == nil:
		c.add(d, "request-body-added-optional", "", "an optional request body was added")
	case d.b == nil:
		c.add(d, "request-body-removed", "", "the request body was removed")
	default:
		s := c.side(request)
		c.enter(d.a, d.b, s, func() {
			c.flag(d.a, d.b, "request-body", "the request body is now required", "the request body is now optional")
			c.content(d.a, d.b, s, "request-body", "example-changed")
			c.rest(d.a, d.b, "required", "content")
		})
	}
}

// content compares the media types of a body.
func (c *comparison) content(a, b *spec.Node, s side, family, exampleRule string) {
	ca, cb := a.Member("content"), b.Member("content")
	gone, fresh := match(union(ca, cb), ca, cb, func(_ string, a, b *spec.Node) { c.media(a, b, s, exampleRule) })
	gone, fresh = take(gone, fresh, func(from, to string) bool {
		return len(gone) == 1 && len(fresh) == 1 || c.equality.Equal(ca.Member(from), cb.Member(to))
	}, func(from, to string) {
		d := difference{a: ca.Member(from), b: cb.Member(to), keyword: "content"}
		c.add(d, family+"-media-type-changed", to, "media type of "+subject(a)+" changed from "+from+" to "+to)
		c.media(d.a, d.b, s, exampleRule)
	})
	for _, k := range gone {
		c.add(difference{a: ca.Member(k), inB: b, keyword: "content"}, family+"-media-type-removed", "", "media type "+k+" of "+subject(a)+" was removed")
	}
	for _, k := range fresh {
		c.add(difference{b: cb.Member(k), in: a, keyword: "content"}, family+"-media-type-added", k, "media type "+k+" of "+subject(a)+" was added")
	}
}

func (c *comparison) media(a, b *spec.Node, s side, exampleRule string) {
	c.enter(a, b, s, func() {
		c.subschema("schema", a, b, s)
		for _, k := range []string{"example", "examples"} {
			if d := memberOf(k, a, b); !c.equality.Equal(d.a, d.b) && (!c.partial || d.b != nil) {
				c.add(d, exampleRule, k, "example of "+subject(a)+" "+c.exampleBecame(d.a, d.b))
			}
		}
		family := s.of() + "-body-"
		if d := memberOf("charset", a, b); !c.equality.Equal(d.a, d.b) {
			d.keyword = "content"
			c.add(d, family+"charset-changed", "", "media type "+a.Name()+" of "+subject(a)+" is now written "+b.Name())
		}
		// The encoding of a property that one body alone has comes and goes with it.
		ea, eb := a.Member("encoding"), b.Member("encoding")
		pa, pb := a.Member("schema").Member("properties"), b.Member("schema").Member("properties")
		for _, k := range union(ea, eb) {
			d := difference{a: ea.Member(k), b: eb.Member(k), in: a, inB: b, keyword: "encoding"}
			if !c.equality.Equal(d.a, d.b) && (pa.Member(k) == nil) == (pb.Member(k) == nil) {
				c.add(d, family+"serialization-changed", k, "encoding of "+k+" in "+subject(a)+" "+became(d.a, d.b))
			}
		}
		c.rest(a, b, "schema", "example", "examples", "encoding", "charset")
	})
}

// exampleBecame names the members of an example that differ, with their values.
func (c *comparison) exampleBecame(a, b *spec.Node) string {
	if !a.IsObject() || !b.IsObject() {
		return became(a, b)
	}
	var parts []string
	for _, k := range union(a, b) {
		if ma, mb := a.Member(k), b.Member(k); !c.equality.Equal(ma, mb) {
			parts = append(parts, k+" "+became(ma, mb))
		}
	}
	return "changed: " + clip(strings.Join(parts, ", "))
}
