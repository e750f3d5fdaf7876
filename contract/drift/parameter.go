package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// parameters compares the parameters of an operation, keyed by place and name.
func (c *comparison) parameters(a, b *spec.Node) {
	pa, pb := a.Member("parameters"), b.Member("parameters")
	gone, fresh := map[string]*spec.Node{}, map[string]*spec.Node{}
	for _, k := range union(pa.Keys(), pb.Keys()) {
		ma, mb := pa.Member(k), pb.Member(k)
		switch {
		case ma == nil:
			fresh[k] = mb
		case mb == nil:
			gone[k] = ma
		default:
			c.parameter(ma, mb)
		}
	}
	place := func(k string) string { in, _, _ := strings.Cut(k, " "); return in }
	name := func(k string) string { _, name, _ := strings.Cut(k, " "); return name }

	moved := renames(keysOf(gone), keysOf(fresh), func(from, to string) bool { return strings.EqualFold(name(from), name(to)) })
	for _, from := range keysOf(moved) {
		to := moved[from]
		c.add(difference{
			rule: "request-parameter-moved", a: gone[from], b: fresh[to], keyword: "in", detail: to,
			message: subject(gone[from]) + " is now sent in the " + place(to),
		})
		c.parameter(gone[from], fresh[to])
		delete(gone, from)
		delete(fresh, to)
	}
	renamed := renames(keysOf(gone), keysOf(fresh), func(from, to string) bool {
		return place(from) == place(to) && c.sameParameter(gone[from], fresh[to])
	})
	for _, from := range keysOf(renamed) {
		to := renamed[from]
		c.add(difference{
			rule: "request-parameter-renamed", a: gone[from], b: fresh[to], keyword: "name", detail: to,
			message: subject(gone[from]) + " is now called " + fresh[to].Name(),
		})
		delete(gone, from)
		delete(fresh, to)
	}
	for _, k := range keysOf(gone) {
		c.add(difference{rule: "request-parameter-removed", a: gone[k], inB: b, message: subject(gone[k]) + " was removed"})
	}
	for _, k := range keysOf(fresh) {
		rule, kind := "new-optional-request-parameter", "optional "
		if v, _ := fresh[k].Member("required").Scalar(); v == true {
			rule, kind = "new-required-request-parameter", "required "
		}
		if place(k) == "path" {
			rule, kind = "new-request-path-parameter", "required "
		}
		c.add(difference{rule: rule, b: fresh[k], in: a, detail: k, message: kind + subject(fresh[k]) + " was added"})
	}
}

func (c *comparison) parameter(a, b *spec.Node) {
	s := c.side(parameter)
	c.enter(a, b, s, func() {
		if ra, rb := a.Member("required"), b.Member("required"); ra == nil && rb != nil {
			c.add(difference{rule: "request-parameter-became-required", b: rb, in: a, keyword: "required", message: subject(a) + " is now required"})
		} else if ra != nil && rb == nil {
			c.add(difference{rule: "request-parameter-became-optional", a: ra, inB: b, keyword: "required", message: subject(a) + " is now optional"})
		}
		c.serialization(a, b, s)
		c.rest(a, b, "required", "schema", "content", "style", "explode", "allowReserved")
	})
}

// serialization compares how a parameter or header is written, and its schema.
func (c *comparison) serialization(a, b *spec.Node, s side) {
	rule := "request-parameter-serialization-changed"
	if !s.sent() {
		rule = "response-header-serialization-changed"
	}
	for _, k := range []string{"style", "explode", "allowReserved"} {
		ma, mb := a.Member(k), b.Member(k)
		if !c.equality.Equal(ma, mb) {
			c.add(difference{rule: rule, a: ma, b: mb, in: a, inB: b, keyword: k, detail: k, message: k + " of " + subject(a) + " " + became(ma, mb)})
		}
	}
	ca, cb := a.Member("content"), b.Member("content")
	if !slices.Equal(ca.Keys(), cb.Keys()) || ca == nil != (cb == nil) {
		c.add(difference{
			rule: rule, a: ca, b: cb, in: a, inB: b, keyword: "content",
			message: subject(a) + " is now written as " + writtenAs(cb) + " in place of " + writtenAs(ca),
		})
		return
	}
	for _, k := range ca.Keys() {
		c.media(ca.Member(k), cb.Member(k), s, "example-changed")
	}
	c.subschema("schema", a, b, s)
}

func writtenAs(content *spec.Node) string {
	if content == nil {
		return "a plain value"
	}
	return strings.Join(content.Keys(), ", ")
}

func keysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
