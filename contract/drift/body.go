package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// body compares the request bodies of two operations.
func (c *comparison) body(a, b *spec.Node) {
	ba, bb := a.Member("requestBody"), b.Member("requestBody")
	switch {
	case ba == nil && bb == nil:
		return
	case ba == nil:
		rule, kind := "request-body-added-optional", "an optional"
		if bb.Member("required") != nil {
			rule, kind = "request-body-added-required", "a required"
		}
		c.add(difference{rule: rule, b: bb, in: a, keyword: "requestBody", message: kind + " request body was added"})
		return
	case bb == nil:
		c.add(difference{rule: "request-body-removed", a: ba, inB: b, keyword: "requestBody", message: "the request body was removed"})
		return
	}
	s := c.side(request)
	c.enter(ba, bb, s, func() {
		if ra, rb := ba.Member("required"), bb.Member("required"); ra == nil && rb != nil {
			c.add(difference{rule: "request-body-became-required", b: rb, in: ba, keyword: "required", message: "the request body is now required"})
		} else if ra != nil && rb == nil {
			c.add(difference{rule: "request-body-became-optional", a: ra, inB: bb, keyword: "required", message: "the request body is now optional"})
		}
		c.content(ba, bb, s, "request-body", "example-changed")
		c.rest(ba, bb, "required", "content")
	})
}

// content compares the media types of a body.
func (c *comparison) content(a, b *spec.Node, s side, family, exampleRule string) {
	ca, cb := a.Member("content"), b.Member("content")
	gone, fresh := map[string]*spec.Node{}, map[string]*spec.Node{}
	for _, k := range union(ca.Keys(), cb.Keys()) {
		ma, mb := ca.Member(k), cb.Member(k)
		switch {
		case ma == nil:
			fresh[k] = mb
		case mb == nil:
			gone[k] = ma
		default:
			c.media(ma, mb, s, exampleRule)
		}
	}
	renamed := renames(keysOf(gone), keysOf(fresh), func(from, to string) bool {
		return len(gone) == 1 && len(fresh) == 1 || c.equality.Equal(gone[from], fresh[to])
	})
	for _, from := range keysOf(renamed) {
		to := renamed[from]
		c.add(difference{
			rule: family + "-media-type-changed", a: gone[from], b: fresh[to], keyword: "content", detail: to,
			message: "media type of " + subject(a) + " changed from " + from + " to " + to,
		})
		c.media(gone[from], fresh[to], s, exampleRule)
		delete(gone, from)
		delete(fresh, to)
	}
	for _, k := range keysOf(gone) {
		c.add(difference{rule: family + "-media-type-removed", a: gone[k], inB: b, keyword: "content", message: "media type " + k + " of " + subject(a) + " was removed"})
	}
	for _, k := range keysOf(fresh) {
		c.add(difference{rule: family + "-media-type-added", b: fresh[k], in: a, keyword: "content", detail: k, message: "media type " + k + " of " + subject(a) + " was added"})
	}
}

func (c *comparison) media(a, b *spec.Node, s side, exampleRule string) {
	c.enter(a, b, s, func() {
		c.subschema("schema", a, b, s)
		for _, k := range []string{"example", "examples"} {
			ma, mb := a.Member(k), b.Member(k)
			if c.equality.Equal(ma, mb) || c.partial && mb == nil {
				continue
			}
			c.add(difference{
				rule: exampleRule, a: ma, b: mb, in: a, inB: b, keyword: k, detail: k,
				message: "example of " + subject(a) + " " + c.exampleBecame(ma, mb),
			})
		}
		family := "response-body-"
		if s.sent() {
			family = "request-body-"
		}
		if ca, cb := a.Member("charset"), b.Member("charset"); !c.equality.Equal(ca, cb) {
			c.add(difference{
				rule: family + "charset-changed", a: ca, b: cb, in: a, inB: b, keyword: "content",
				message: "media type " + a.Name() + " of " + subject(a) + " is now written " + b.Name(),
			})
		}
		c.encoding(a, b, family)
		c.rest(a, b, "schema", "example", "examples", "encoding", "charset")
	})
}

// encoding compares how properties are written that both bodies have; that of
// another comes and goes with the property.
func (c *comparison) encoding(a, b *spec.Node, family string) {
	ea, eb := a.Member("encoding"), b.Member("encoding")
	pa, pb := a.Member("schema").Member("properties"), b.Member("schema").Member("properties")
	for _, k := range union(ea.Keys(), eb.Keys()) {
		ma, mb := ea.Member(k), eb.Member(k)
		if c.equality.Equal(ma, mb) || (pa.Member(k) == nil) != (pb.Member(k) == nil) {
			continue
		}
		c.add(difference{
			rule: family + "serialization-changed", a: ma, b: mb, in: a, inB: b, keyword: "encoding", detail: k,
			message: "encoding of " + k + " in " + subject(a) + " " + became(ma, mb),
		})
	}
}

// exampleBecame names the members of an example that differ, with their values.
func (c *comparison) exampleBecame(a, b *spec.Node) string {
	if !a.IsObject() || !b.IsObject() {
		return became(a, b)
	}
	var parts []string
	for _, k := range union(a.Keys(), b.Keys()) {
		if ma, mb := a.Member(k), b.Member(k); !c.equality.Equal(ma, mb) {
			parts = append(parts, k+" "+became(ma, mb))
		}
	}
	return "changed: " + clip(strings.Join(parts, ", "))
}
