package drift

import (
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// union is the sorted union of keys.
func union(a, b *spec.Node) []string {
	keys := append(a.Keys(), b.Keys()...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// named compares the extensions of two objects and returns their other keys.
func (c *comparison) named(a, b *spec.Node) []string {
	return slices.DeleteFunc(union(a, b), func(k string) bool {
		extension := strings.HasPrefix(k, "x-")
		if extension {
			c.member(k, a, b)
		}
		return extension
	})
}

// match calls both for members of two objects, and returns the keys of one alone.
func match(keys []string, a, b *spec.Node, both func(k string, a, b *spec.Node)) (gone, fresh []string) {
	for _, k := range keys {
		switch ma, mb := a.Member(k), b.Member(k); {
		case ma == nil && mb == nil:
		case ma == nil:
			fresh = append(fresh, k)
		case mb == nil:
			gone = append(gone, k)
		default:
			both(k, ma, mb)
		}
	}
	return gone, fresh
}

// renames pairs what is gone with what is new where each is the only one equal
// to the other: where two are alike nobody can tell which became which.
func renames(gone, fresh []string, alike func(from, to string) bool) map[string]string {
	pairs, takers, candidates := map[string]string{}, map[string]int{}, map[string]int{}
	for _, from := range gone {
		for _, to := range fresh {
			if alike(from, to) {
				pairs[from] = to
				candidates[from]++
				takers[to]++
			}
		}
	}
	maps.DeleteFunc(pairs, func(from, to string) bool { return candidates[from] > 1 || takers[to] > 1 })
	return pairs
}

// take calls then for each pair that renames finds, in the order of gone, and returns
// what is in none.
func take(gone, fresh []string, alike func(from, to string) bool, then func(from, to string)) (lost, added []string) {
	pairs := renames(gone, fresh, alike)
	for _, from := range gone {
		to, ok := pairs[from]
		if !ok {
			lost = append(lost, from)
			continue
		}
		then(from, to)
		fresh = slices.DeleteFunc(fresh, func(k string) bool { return k == to })
	}
	return lost, fresh
}

// alike tells whether objects are equal but for some members.
func (c *comparison) alike(a, b *spec.Node, except ...string) bool {
	keep := func(k string) bool { return !slices.Contains(except, k) }
	return a.IsObject() && b.IsObject() && c.equality.Equal(a.Only(keep), b.Only(keep))
}

// sameItem tells whether two path items have the same methods, each the same.
func sameItem(a, b *spec.Node, same func(a, b *spec.Node) bool) bool {
	methods := methodsOf(a)
	return len(methods) > 0 && slices.Equal(methods, methodsOf(b)) &&
		!slices.ContainsFunc(methods, func(m string) bool { return !same(a.Member(m), b.Member(m)) })
}

// sameID compares names that stand once in a document (OpenAPI 3.1, Operation Object).
func sameID(a, b *spec.Node) bool {
	id := a.Member("operationId").Text()
	return id != "" && id == b.Member("operationId").Text()
}

// sameOperation leaves out what frameworks make of the path and the method.
func (c *comparison) sameOperation(a, b *spec.Node) bool {
	return c.alike(a, b, "operationId", "summary")
}

// sameSchema leaves out the title, which frameworks make of the name.
func (c *comparison) sameSchema(a, b *spec.Node) bool {
	return c.equality.Equal(a, b) || c.alike(a, b, "title")
}
