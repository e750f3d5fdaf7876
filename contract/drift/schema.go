package drift

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// schema compares two schemas.
func (c *comparison) schema(a, b *spec.Node, w way) {
	if a.IsObject() && b.IsObject() {
		c.enter(a, b, w, func() { c.facets(facetOf(a), facetOf(b), w) })
		return
	}
	c.enter(a, b, w, func() { c.bound(told{a: a, b: b}, w, "schema", openness(b)-openness(a)) })
}

// openness orders what is no object: true takes all, false nothing, and a
// schema with keywords is between.
func openness(n *spec.Node) int {
	v, _ := n.Scalar()
	switch {
	case n == nil, v == true:
		return 1
	case v == false:
		return -1
	}
	return 0
}

// subschema compares a keyword that holds one schema; leaving it out is taking
// everything.
func (c *comparison) subschema(k string, a, b *spec.Node, w way) {
	ma, mb := a.Member(k), b.Member(k)
	switch {
	case c.equality.Equal(ma, mb):
	case ma.IsObject() && mb.IsObject():
		c.schema(ma, mb, w)
	default:
		c.bound(told{a: ma, b: mb, in: a, inB: b, keyword: k, detail: k}, w, k, openness(mb)-openness(ma))
	}
}

// bound tells that the values a keyword lets through became fewer (by < 0) or
// more (by > 0).
func (c *comparison) bound(t told, w way, k string, by int) {
	suffix := "keyword-changed"
	switch {
	case by < 0:
		suffix = "restricted"
	case by > 0:
		suffix = "relaxed"
	}
	holder := t.a
	if holder == nil {
		holder = t.in
	}
	t.rule = ruleFor(w, holder, suffix)
	t.message = k + " of " + subject(holder) + " " + became(t.a, t.b)
	c.tell(t)
}

// facet is a schema as one looks at it: what may stand in anyOf beside null is
// seen as the schema itself, and that it takes null.
type facet struct {
	outer, core *spec.Node
	wrapped     bool
	types       []string // without null
	anyType     bool
	nullable    bool
}

func facetOf(n *spec.Node) facet {
	f := facet{outer: n, core: n}
	if inner := besideNull(n); inner != nil {
		f.core, f.wrapped, f.nullable = inner, true, true
	}
	t := f.core.Member("type")
	names := []string{t.Text()}
	if t.IsArray() {
		names = nil
		for _, item := range t.Items() {
			names = append(names, item.Text())
		}
	}
	takesNull := slices.Contains(names, "null")
	if values := f.core.Member("enum"); takesNull && values != nil {
		takesNull = slices.ContainsFunc(values.Items(), isNullValue)
	}
	f.anyType = t == nil
	f.nullable = f.nullable || takesNull || slices.ContainsFunc(branchesOf(f.core), isNullSchema)
	f.types = slices.DeleteFunc(names, func(s string) bool { return s == "null" || s == "" })
	slices.Sort(f.types)
	return f
}

// besideNull returns the other branch of an anyOf of two, one of them null,
// with nothing else but annotations around.
func besideNull(n *spec.Node) *spec.Node {
	branches := n.Member("anyOf").Items()
	if len(branches) != 2 {
		return nil
	}
	for _, k := range n.Keys() {
		if k != "anyOf" && !spec.IsAnnotation(k) {
			return nil
		}
	}
	for i, b := range branches {
		if isNullSchema(b) && branches[1-i].IsObject() {
			return branches[1-i]
		}
	}
	return nil
}

// branchesOf are those of anyOf and oneOf.
func branchesOf(n *spec.Node) []*spec.Node {
	return append(n.Member("anyOf").Items(), n.Member("oneOf").Items()...)
}

func isNullSchema(n *spec.Node) bool {
	return len(n.Keys()) == 1 && n.Member("type").Text() == "null"
}

func isNullValue(n *spec.Node) bool {
	v, ok := n.Scalar()
	return ok && v == nil
}

func (f facet) member(k string) *spec.Node {
	if m := f.outer.Member(k); m != nil && (!f.wrapped || k != "anyOf") {
		return m
	}
	return f.core.Member(k)
}

func (f facet) keys() []string {
	keys := f.core.Keys()
	if f.wrapped {
		keys = union(keys, f.outer.Only(func(k string) bool { return k != "anyOf" }).Keys())
	}
	return keys
}

// facets compares schemas that are objects, keyword by keyword.
func (c *comparison) facets(a, b facet, w way) {
	if a.wrapped && b.wrapped {
		c.annotations(a.outer, b.outer, w)
		c.schema(a.core, b.core, w)
		return
	}
	if c.composition(a, b, w) {
		return
	}
	keyword := func(k string) told {
		return told{a: a.member(k), b: b.member(k), in: a.outer, inB: b.outer, keyword: k}
	}
	tell := func(k, suffix, detail, message string) {
		t := keyword(k)
		t.rule, t.detail, t.message = ruleFor(w, a.outer, suffix), detail, message
		c.tell(t)
	}
	what := subject(a.outer)
	if a.nullable != b.nullable {
		if b.nullable {
			tell("type", "became-nullable", "", what+" may now be null")
		} else {
			tell("type", "became-not-nullable", "", what+" may no longer be null")
		}
	}
	if a.anyType != b.anyType || !slices.Equal(a.types, b.types) {
		from, to := typeNames(a), typeNames(b)
		tell("type", "type-changed", from+" -> "+to, "type of "+what+" changed from "+from+" to "+to)
	}
	for _, k := range union(a.keys(), b.keys()) {
		if k == "type" || c.equality.Equal(a.member(k), b.member(k)) {
			continue
		}
		c.keyword(k, keyword(k), a, b, w)
	}
}

// annotations compares what stands around an anyOf with null.
func (c *comparison) annotations(a, b *spec.Node, w way) {
	keep := func(k string) bool { return k != "anyOf" }
	for _, k := range union(a.Only(keep).Keys(), b.Only(keep).Keys()) {
		if ma, mb := a.Member(k), b.Member(k); !c.equality.Equal(ma, mb) {
			c.keyword(k, told{a: ma, b: mb, in: a, inB: b, keyword: k}, facet{outer: a, core: a}, facet{outer: b, core: b}, w)
		}
	}
}
