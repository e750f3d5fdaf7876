package drift

import (
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// residue is a change in how schemas are put together that oasdiff is asked to
// judge: branches gained and lost, conditions, things forbidden.
type residue struct {
	pair         *pair // where it was found
	told         told
	way          way
	keyword      string
	base         map[string]*spec.Node   // the keywords of the base around it
	revision     map[string]*spec.Node   // and of the revision
	lost, gained []*spec.Node            // branches
	lists        map[string][]*spec.Node // in place of keyword: see residue.baseBranches
}

func composes(k string) bool {
	switch k {
	case "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "contains", "patternProperties", "prefixItems":
		return true
	}
	return false
}

// residue compares a keyword that composes schemas: what can be paired is
// compared as schemas, what cannot is left to oasdiff.
func (c *comparison) residue(k string, a, b facet, w way) {
	ma, mb := a.member(k), b.member(k)
	switch k {
	case "allOf", "anyOf", "oneOf":
		c.branches(k, ma.Items(), mb.Items(), a, b, w)
		return
	case "then", "else", "contains":
		if ma.IsObject() && mb.IsObject() {
			c.schema(ma, mb, w)
			return
		}
	case "patternProperties", "dependentSchemas":
		for _, name := range union(ma.Keys(), mb.Keys()) {
			if ma.Member(name) != nil && mb.Member(name) != nil {
				c.subschema(name, ma, mb, w)
			}
		}
		if len(without(ma, mb))+len(without(mb, ma)) == 0 {
			return
		}
	case "prefixItems":
		la, lb := ma.Items(), mb.Items()
		for i := range min(len(la), len(lb)) {
			c.schema(la[i], lb[i], w)
		}
		if len(la) == len(lb) {
			return
		}
	}
	c.leave(&residue{keyword: k, base: around(k, a), revision: around(k, b)}, a, b, w)
}

// around are the keywords that give a composing keyword its meaning.
func around(k string, f facet) map[string]*spec.Node {
	members := map[string]*spec.Node{}
	for _, name := range []string{"type", "if", "then", "else", "minContains", "maxContains", "items", k} {
		conditional := name == "if" || name == "then" || name == "else"
		if m := f.member(name); m != nil && (!conditional || k == "if" || k == "then" || k == "else") {
			members[name] = m
		}
	}
	return members
}

func (c *comparison) leave(r *residue, a, b facet, w way) {
	r.pair, r.way = c.current, w
	r.told = told{a: a.member(r.keyword), b: b.member(r.keyword), in: a.outer, inB: b.outer, keyword: r.keyword}
	c.current.told = true
	c.residues = append(c.residues, r)
}

// branches compares lists of schemas. Equal ones are no change; those that
// stand for one another are compared; the rest is left.
func (c *comparison) branches(k string, la, lb []*spec.Node, a, b facet, w way) {
	lost, gained := c.missingBranches(la, lb), c.missingBranches(lb, la)
	if k != "allOf" {
		lost, gained = slices.DeleteFunc(lost, isNullSchema), slices.DeleteFunc(gained, isNullSchema)
	}
	pairs := [][2]*spec.Node{}
	for _, from := range slices.Clone(lost) {
		i := slices.IndexFunc(gained, func(to *spec.Node) bool {
			return branchName(from) != "" && branchName(from) == branchName(to) || len(lost) == 1 && len(gained) == 1 && sameKind(from, to)
		})
		if i < 0 {
			continue
		}
		pairs = append(pairs, [2]*spec.Node{from, gained[i]})
		gained = slices.Delete(gained, i, i+1)
		lost = slices.DeleteFunc(lost, func(n *spec.Node) bool { return n == from })
	}
	for _, p := range pairs {
		c.schema(p[0], p[1], w)
	}
	if len(lost)+len(gained) == 0 {
		return
	}
	// To oasdiff the paired branches are those of the revision on both sides.
	base := append(slices.DeleteFunc(slices.Clone(lb), func(n *spec.Node) bool { return slices.Contains(gained, n) }), lost...)
	r := &residue{
		keyword: k, base: map[string]*spec.Node{}, revision: map[string]*spec.Node{},
		lost: lost, gained: gained, lists: map[string][]*spec.Node{"base": base, "revision": lb},
	}
	c.leave(r, a, b, w)
}

// missingBranches are the schemas of a that b has not, told by meaning.
func (c *comparison) missingBranches(a, b []*spec.Node) []*spec.Node {
	var out []*spec.Node
	for _, n := range a {
		if !slices.ContainsFunc(b, func(m *spec.Node) bool { return c.equality.Equal(n, m) }) {
			out = append(out, n)
		}
	}
	return out
}

// branchName is what tells a branch from the others: its component or title.
func branchName(n *spec.Node) string {
	if tokens := spec.Tokens(n.Pointer()); len(tokens) == 3 && tokens[0] == "components" {
		return tokens[2]
	}
	return n.Member("title").Text()
}

// sameKind tells whether one branch can be seen as another form of the other.
func sameKind(a, b *spec.Node) bool {
	if !a.IsObject() || !b.IsObject() {
		return false
	}
	fa, fb := facetOf(a), facetOf(b)
	return fa.anyType == fb.anyType && slices.Equal(fa.types, fb.types)
}

// composition compares a schema with one that has become a choice or a
// conjunction, such as T and anyOf of T and more. It returns false when that
// is not what the two are.
func (c *comparison) composition(a, b facet, w way) bool {
	ka, kb := choice(a), choice(b)
	if ka == kb || ka != "" && kb != "" || composed(a) && composed(b) {
		return false
	}
	k := ka + kb
	keep := func(k string) bool { return !spec.IsAnnotation(k) }
	list := func(f facet, own string) []*spec.Node {
		if own != "" {
			return f.member(k).Items()
		}
		return []*spec.Node{f.core.Only(keep)}
	}
	la, lb := list(a, ka), list(b, kb)
	if k == "allOf" && len(c.missingBranches(la, lb)) > 0 && len(c.missingBranches(lb, la)) > 0 {
		return false // nothing of the one is in the other
	}
	for _, name := range union(a.keys(), b.keys()) {
		ma, mb := a.member(name), b.member(name)
		if spec.IsAnnotation(name) && !c.equality.Equal(ma, mb) {
			c.keyword(name, told{a: ma, b: mb, in: a.outer, inB: b.outer, keyword: name}, a, b, w)
		}
	}
	c.branches(k, la, lb, a, b, w)
	return true
}

// choice is the one composing keyword of a schema that is nothing else.
func choice(f facet) string {
	found := ""
	for _, k := range f.core.Keys() {
		switch {
		case k == "anyOf" || k == "oneOf" || k == "allOf":
			if found != "" {
				return ""
			}
			found = k
		case !spec.IsAnnotation(k):
			return ""
		}
	}
	return found
}

func composed(f facet) bool { return slices.ContainsFunc(f.core.Keys(), composes) }

// describe says what happened to the branches.
func (r *residue) describe() string {
	if len(r.lost)+len(r.gained) == 0 {
		return r.keyword + " of " + subject(r.told.in) + " " + became(r.told.a, r.told.b)
	}
	var parts []string
	for _, side := range []struct {
		verb     string
		branches []*spec.Node
	}{{"gained", r.gained}, {"lost", r.lost}} {
		if len(side.branches) == 0 {
			continue
		}
		var names []string
		for i, n := range side.branches {
			name := branchName(n)
			if name == "" {
				name = typeNames(facetOf(n))
			}
			if name == "any" {
				name = "branch " + strconv.Itoa(i+1)
			}
			names = append(names, name)
		}
		parts = append(parts, side.verb+" "+strings.Join(names, ", "))
	}
	return r.keyword + " of " + subject(r.told.in) + " " + strings.Join(parts, " and ")
}
