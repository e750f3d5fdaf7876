package drift

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// properties compares the properties of an object; those on one side alone are
// renamed, removed or added.
func (c *comparison) properties(a, b facet, w way) {
	pa, pb := a.member("properties"), b.member("properties")
	for _, k := range union(pa.Keys(), pb.Keys()) {
		if ma, mb := pa.Member(k), pb.Member(k); ma != nil && mb != nil {
			c.schema(ma, mb, w)
		}
	}
	gone, fresh := without(pa, pb), without(pb, pa)
	renamed := c.renamedProperties(a, b)
	family := "response-property"
	if w.sent() {
		family = "request-property"
	}
	for _, k := range gone {
		m := pa.Member(k)
		if to, ok := renamed[k]; ok {
			c.tell(told{
				rule: family + "-renamed", a: m, b: pb.Member(to), keyword: "properties", detail: to,
				message: subject(m) + " is now called " + to,
			})
			continue
		}
		rule := "request-property-removed"
		if !w.sent() {
			rule = "response-optional-property-removed"
			if requires(a, k) {
				rule = "response-required-property-removed"
			}
		}
		c.tell(told{rule: rule, a: m, inB: b.outer, keyword: "properties", message: subject(m) + " was removed"})
	}
	for _, k := range fresh {
		if slices.Contains(valuesOf(renamed), k) {
			continue
		}
		m := pb.Member(k)
		need := requires(b, k)
		if readOnly, _ := m.Member("readOnly").Scalar(); w.sent() && readOnly == true {
			need = false // OpenAPI 3.1: a read-only property should not be sent
		}
		rule := map[[2]bool]string{
			{true, true}: "new-required-request-property", {true, false}: "new-optional-request-property",
			{false, true}: "response-required-property-added", {false, false}: "response-optional-property-added",
		}[[2]bool{w.sent(), need}]
		c.tell(told{rule: rule, b: m, in: a.outer, keyword: "properties", detail: k, message: subject(m) + " was added"})
	}
}

// renamedProperties pairs the names of properties that have equal schemas, are
// required alike and stand on one side alone.
func (c *comparison) renamedProperties(a, b facet) map[string]string {
	pa, pb := a.member("properties"), b.member("properties")
	return renames(without(pa, pb), without(pb, pa), func(from, to string) bool {
		return requires(a, from) == requires(b, to) && c.sameSchema(pa.Member(from), pb.Member(to))
	})
}

// required compares lists of required names. What was added, removed or renamed
// is told as that.
func (c *comparison) required(t told, a, b facet, w way) {
	pa, pb := a.member("properties"), b.member("properties")
	each := func(names []*spec.Node, suffix, verb string) {
		for _, name := range names {
			k := name.Text()
			if (pa.Member(k) == nil) != (pb.Member(k) == nil) {
				continue
			}
			family := "response-property-"
			if w.sent() {
				family = "request-property-"
			}
			whole := subject(a.outer)
			if m := pa.Member(k); m != nil {
				whole = subject(m)
			} else {
				whole = "property " + k + " of " + whole
			}
			of := told{rule: family + suffix, a: pa.Member(k), b: pb.Member(k), in: a.outer, inB: b.outer, keyword: "required", detail: k}
			of.message = whole + " " + verb
			c.tell(of)
		}
	}
	each(c.missing(t.b, t.a), "became-required", "is now required")
	each(c.missing(t.a, t.b), "became-optional", "is no longer required")
}

func requires(f facet, name string) bool {
	return slices.ContainsFunc(f.member("required").Items(), func(n *spec.Node) bool { return n.Text() == name })
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
