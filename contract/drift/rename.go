package drift

import "github.com/digakit/digakit/contract/spec"

// renames pairs what is gone with what is new where each is the only one equal
// to the other: where two are alike nobody can tell which became which.
func renames(gone, fresh []string, alike func(from, to string) bool) map[string]string {
	pairs := map[string]string{}
	takers := map[string][]string{}
	for _, from := range gone {
		for _, to := range fresh {
			if alike(from, to) {
				takers[to] = append(takers[to], from)
			}
		}
	}
	candidates := map[string][]string{}
	for to, froms := range takers {
		for _, from := range froms {
			candidates[from] = append(candidates[from], to)
		}
	}
	for from, tos := range candidates {
		if len(tos) == 1 && len(takers[tos[0]]) == 1 {
			pairs[from] = tos[0]
		}
	}
	return pairs
}

// alike tells whether objects are equal but for some members.
func (c *comparison) alike(a, b *spec.Node, except ...string) bool {
	keep := func(k string) bool {
		for _, e := range except {
			if k == e {
				return false
			}
		}
		return true
	}
	return a.IsObject() && b.IsObject() && c.equality.Equal(a.Only(keep), b.Only(keep))
}

// sameIDs tells whether the operations of two path items are of the same names:
// an operationId stands once in a document (OpenAPI 3.1, Operation Object).
func sameIDs(a, b *spec.Node) bool {
	methods := methodsOf(a)
	if len(methods) == 0 || methodNames(a) != methodNames(b) {
		return false
	}
	for _, m := range methods {
		if !sameID(a.Member(m), b.Member(m)) {
			return false
		}
	}
	return true
}

func sameID(a, b *spec.Node) bool {
	id := a.Member("operationId").Text()
	return id != "" && id == b.Member("operationId").Text()
}

// sameOperation leaves out what frameworks make of the path and the method.
func (c *comparison) sameOperation(a, b *spec.Node) bool {
	return c.alike(a, b, "operationId", "summary")
}

func (c *comparison) sameItem(a, b *spec.Node) bool {
	if len(methodsOf(a)) == 0 || methodNames(a) != methodNames(b) || !c.alike(a, b, append(spec.Methods(), "summary")...) {
		return false
	}
	for _, m := range methodsOf(a) {
		if !c.sameOperation(a.Member(m), b.Member(m)) {
			return false
		}
	}
	return true
}

// sameParameter leaves out the title of the schema, which frameworks make of
// the name.
func (c *comparison) sameParameter(a, b *spec.Node) bool {
	return c.alike(a, b, "schema") && c.sameSchema(a.Member("schema"), b.Member("schema"))
}

func (c *comparison) sameSchema(a, b *spec.Node) bool {
	return c.equality.Equal(a, b) || c.alike(a, b, "title")
}
