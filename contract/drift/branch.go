package drift

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// choices compares T with a choice, such as anyOf of T and more, and anyOf with
// oneOf. It returns false when that is not what the two are.
func (c *comparison) choices(a, b *spec.Node, s side) bool {
	ka, kb := choice(a), choice(b)
	if ka == kb || ka == "" && composed(a) || kb == "" && composed(b) {
		return false
	}
	// What T says of itself is compared with what the choice does, not its branches.
	branches := func(n *spec.Node, k string) []*spec.Node {
		list := []*spec.Node{n}
		if k != "" {
			list = n.Member(k).Items()
		}
		if ka == "" || kb == "" {
			for i, branch := range list {
				list[i] = branch.Only(func(k string) bool { return !spec.IsAnnotation(k) && k != "null" })
			}
		}
		return list
	}
	k := cmp.Or(ka, kb)
	d, holder := c.found(k, a, b)
	if ka != "" && kb != "" {
		d = difference{a: a.Member(ka), b: b.Member(kb), in: a, inB: b, keyword: kb}
		c.add(d, ruleFor(s, holder, "composition-changed"), kb, ka+" of "+subjectAt(holder, a.Parameter())+" is now "+kb)
	}
	c.branches(k, branches(a, ka), branches(b, kb), d, holder, s)
	return true
}

// choice is the anyOf or oneOf of a schema that is nothing else.
func choice(n *spec.Node) string {
	found := ""
	for _, k := range n.Keys() {
		switch {
		case (k == "anyOf" || k == "oneOf") && found == "":
			found = k
		case !spec.IsAnnotation(k) && k != "null" && k != "discriminator":
			return ""
		}
	}
	return found
}

func composed(n *spec.Node) bool {
	return n.Member("anyOf") != nil || n.Member("oneOf") != nil || n.Member("allOf") != nil
}

// branches compares lists of schemas: pairs as schemas; others are lost or gained.
func (c *comparison) branches(k string, lost, gained []*spec.Node, d difference, holder string, s side) {
	for _, alike := range []func(a, b *spec.Node) bool{
		c.equality.Equal,
		c.values.Equal,
		func(a, b *spec.Node) bool { return branchName(a) != "" && branchName(a) == branchName(b) },
		func(a, b *spec.Node) bool { return tagged(a, b) > 0 },
		func(a, b *spec.Node) bool { // half of the properties of the greater, and more
			shared := slices.DeleteFunc(a.Member("properties").Keys(), func(k string) bool { return b.Member("properties").Member(k) == nil })
			return tagged(a, b) == 0 && 2*len(shared) >= 1+max(properties(a), properties(b))
		},
		func(a, b *spec.Node) bool { return len(lost) == 1 && len(gained) == 1 && sameKind(a, b) },
		func(a, b *spec.Node) bool {
			return branchName(a)+branchName(b) == "" && sameKind(a, b) && place(a) == place(b)
		},
	} {
		for _, from := range slices.Clone(lost) {
			i := slices.IndexFunc(gained, func(to *spec.Node) bool { return alike(from, to) })
			if i < 0 {
				continue
			}
			c.schema(from, gained[i], s, use{from.Pointer(), gained[i].Pointer()})
			gained = slices.Delete(slices.Clone(gained), i, i+1)
			lost = slices.DeleteFunc(slices.Clone(lost), func(n *spec.Node) bool { return n == from })
		}
	}
	tell := func(n *spec.Node, verb, suffix, ofTypes string) {
		suffix = kebab(k) + suffix
		if bare(n) {
			suffix = ofTypes
		}
		c.add(d, ruleFor(s, holder, suffix), describe(n), k+" of "+subjectAt(holder, d.in.Parameter())+verb+describe(n))
	}
	for _, n := range lost {
		tell(n, " lost ", "-removed", "list-of-types-narrowed")
	}
	for _, n := range gained {
		tell(n, " gained ", "-added", "list-of-types-widened")
	}
}

// bare tells whether a branch says nothing but a type.
func bare(n *spec.Node) bool {
	return n.Member("type") != nil && len(n.Only(func(k string) bool { return !spec.IsAnnotation(k) }).Keys()) == 1
}

// branchName is what tells a branch from the others: its component or title.
func branchName(n *spec.Node) string {
	if tokens := spec.Tokens(n.Pointer()); len(tokens) == 3 && tokens[0] == "components" {
		return tokens[2]
	}
	return n.Member("title").Text()
}

// describe says what a branch is.
func describe(n *spec.Node) string {
	values, keys := n.Member("enum"), n.Keys()
	switch name, kind := branchName(n), typeNames(n); {
	case name != "":
		return name
	case properties(n) > 0:
		return "an object of " + clip(strings.Join(n.Member("properties").Keys(), ", "))
	case kind != "any" && values != nil:
		return kind + " " + show(values)
	case kind != "any":
		return kind
	case len(keys) > 0:
		return strings.Join(keys, ", ")
	}
	return "branch " + place(n)
}

// place is the number of a branch among its likes, from 1.
func place(n *spec.Node) string {
	tokens := spec.Tokens(n.Pointer())
	i, _ := strconv.Atoi(tokens[len(tokens)-1]) // 0 for what stands in no list
	return strconv.Itoa(i + 1)
}

func properties(n *spec.Node) int { return len(n.Member("properties").Keys()) }

// tagged looks at properties that have one value, as those that a discriminator
// names: above 0 where two branches have the same, below where they differ.
func tagged(a, b *spec.Node) int {
	for _, k := range a.Member("properties").Keys() {
		va := a.Member("properties").Member(k).Member("enum").Items()
		vb := b.Member("properties").Member(k).Member("enum").Items()
		if len(va) == 1 && len(vb) == 1 {
			if spec.Equal(va[0], vb[0]) {
				return 1
			}
			return -1
		}
	}
	return 0
}

// sameKind tells whether one branch can be seen as another form of the other.
func sameKind(a, b *spec.Node) bool {
	return a.IsObject() && b.IsObject() && typeNames(a) == typeNames(b) && tagged(a, b) >= 0
}
