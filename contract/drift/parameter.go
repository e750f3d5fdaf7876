package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// parameters compares the parameters of an operation, keyed by place and name.
func (c *comparison) parameters(a, b *spec.Node) {
	pa, pb := a.Member("parameters"), b.Member("parameters")
	gone, fresh := match(union(pa, pb), pa, pb, func(_ string, a, b *spec.Node) { c.parameter(a, b) })
	place := func(k string) string { in, _, _ := strings.Cut(k, " "); return in }
	name := func(k string) string { _, name, _ := strings.Cut(k, " "); return name }

	gone, fresh = take(gone, fresh, func(from, to string) bool { return strings.EqualFold(name(from), name(to)) }, func(from, to string) {
		d := difference{a: pa.Member(from), b: pb.Member(to), keyword: "in"}
		c.add(d, "request-parameter-moved", to, subject(d.a)+" is now sent in the "+place(to))
		c.parameter(d.a, d.b)
	})
	gone, fresh = take(gone, fresh, func(from, to string) bool {
		ma, mb := pa.Member(from), pb.Member(to)
		return place(from) == place(to) && c.alike(ma, mb, "schema") && c.sameSchema(ma.Member("schema"), mb.Member("schema"))
	}, func(from, to string) {
		d := difference{a: pa.Member(from), b: pb.Member(to), keyword: "name"}
		c.add(d, "request-parameter-renamed", to, subject(d.a)+" is now called "+d.b.Name())
	})
	for _, k := range gone {
		c.add(difference{a: pa.Member(k), inB: b}, "request-parameter-removed", "", subject(pa.Member(k))+" was removed")
	}
	for _, k := range fresh {
		mb := pb.Member(k)
		rule, kind := "new-optional-request-parameter", "optional "
		switch {
		case place(k) == "path":
			rule, kind = "new-request-path-parameter", "required "
		case mb.Member("required") != nil:
			rule, kind = "new-required-request-parameter", "required "
		}
		c.add(difference{b: mb, in: a}, rule, k, kind+subject(mb)+" was added")
	}
}

func (c *comparison) parameter(a, b *spec.Node) {
	c.valued(a, b, c.side(parameter), "request-parameter", subject(a)+" is now required", subject(a)+" is now optional")
}

// valued compares parameters, and headers.
func (c *comparison) valued(a, b *spec.Node, s side, family, required, optional string) {
	c.enter(a, b, s, func() {
		c.flag(a, b, family, required, optional)
		c.serialization(a, b, s)
		c.rest(a, b, "required", "schema", "content", "style", "explode", "allowReserved")
	})
}

// flag compares whether something may be left out.
func (c *comparison) flag(a, b *spec.Node, family, required, optional string) {
	switch d := memberOf("required", a, b); {
	case d.a == nil && d.b != nil:
		c.add(d, family+"-became-required", "", required)
	case d.a != nil && d.b == nil:
		c.add(d, family+"-became-optional", "", optional)
	}
}

// serialization compares how a parameter or header is written, and its schema.
func (c *comparison) serialization(a, b *spec.Node, s side) {
	rule := "request-parameter-serialization-changed"
	if !s.sent() {
		rule = "response-header-serialization-changed"
	}
	for _, k := range []string{"style", "explode", "allowReserved"} {
		c.changed(k, a, b, rule, subject(a))
	}
	d := memberOf("content", a, b)
	if !slices.Equal(d.a.Keys(), d.b.Keys()) || d.a == nil != (d.b == nil) {
		c.add(d, rule, "", subject(a)+" is now written as "+writtenAs(d.b)+" in place of "+writtenAs(d.a))
		return
	}
	for _, k := range d.a.Keys() {
		c.media(d.a.Member(k), d.b.Member(k), s, "example-changed")
	}
	c.subschema("schema", a, b, s)
}

func writtenAs(content *spec.Node) string {
	if content == nil {
		return "a plain value"
	}
	return strings.Join(content.Keys(), ", ")
}
