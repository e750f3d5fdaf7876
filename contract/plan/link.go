package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// maxDepth bounds how deep links are looked for.
const maxDepth = 4

// resolve returns the collection that the X of X_id names, for something at a
// path: the one whose items' path parameter is X_id, else the one whose path
// ends in the most of the last words of X; of several the nearest. Never the
// collection itself.
func (c *compiler) resolve(words []string, path template, not *collection) *collection {
	if len(words) == 0 {
		return nil
	}
	words = slices.Clone(words)
	words[len(words)-1] = singular(words[len(words)-1])
	var best *collection
	bestScore, bestNear := 0, 0
	for _, one := range c.collections {
		if one == not || one.Singleton || one.Of != "" || one.scopedBy(words) {
			continue
		}
		score := 0
		if slices.Equal(alias(one), words) {
			score = 2 * len(words)
		}
		for _, name := range one.phrases {
			if endsWith(words, name) {
				score = max(score, 2*len(name)-1)
			}
		}
		near := 100*one.path.common(path) - len(one.path.params()) // as near, the one that is below less
		if score > 0 && (score > bestScore || score == bestScore && near > bestNear) {
			best, bestScore, bestNear = one, score, near
		}
	}
	return best
}

// scopedBy tells whether a collection's path ends in the parameter X_id, so that
// its last literal names what X is, not its own items: /log/call/{call_id}.
func (c *collection) scopedBy(words []string) bool {
	if _, ok := c.path.ofItem(); !ok {
		return false
	}
	params := c.path.params()
	own, _ := idStem(params[len(params)-1])
	return slices.Equal(own, words)
}

// alias is the X of the path parameter X_id of a collection's items.
func alias(one *collection) []string {
	words, _ := idStem(one.parameter())
	return words
}

// phrases are the words a collection's path ends in, from its last literal on to
// the whole: for /knowledge/base base, knowledge base. What stands in front goes
// by the alias of its collection too: for /workflow/template also flow template.
func (c *compiler) phrases(one *collection) [][]string {
	literals := one.path.bare()
	var list [][]string
	tails := [][]string{{}}
	for i := len(literals) - 1; i >= 0; i-- {
		if !literals[i].literal() {
			continue
		}
		names := [][]string{stem(literals[i].text)}
		front := one.path[:len(one.path)-len(literals)+i+1].shape()
		if other := c.find(func(o *collection) bool { return o.shape == front }); other != nil {
			if a := alias(other); a != nil && !slices.Equal(a, names[0]) {
				names = append(names, a)
			}
		}
		var longer [][]string
		for _, name := range names {
			for _, tail := range tails {
				longer = append(longer, slices.Concat(name, tail))
			}
		}
		list = append(list, longer...)
		tails = longer
	}
	return list
}

// linkAll finds the links of a collection's items, as all that they are shown
// through have them.
func (c *compiler) linkAll(one *collection) {
	if one.Of != "" {
		return // they are the other's items, with its links
	}
	one.Links = c.links(one.entity, one, one.path)
	for _, p := range one.Projections {
		for _, l := range c.links(c.doc.Schema(p.Schema), one, one.path) {
			if !slices.ContainsFunc(one.Links, func(other Link) bool { return other.Property == l.Property }) {
				one.Links = append(one.Links, l)
			}
		}
	}
}

// links finds what a schema names or holds of other collections. of is the
// collection whose items it describes; nil for a body.
func (c *compiler) links(s *spec.Schema, of *collection, path template) []Link {
	var found []Link
	c.walk(s, "", 0, func(at string, p spec.Property) (deeper bool) {
		if of != nil && at == "" && len(of.Identity) > 0 && p.Name == of.Identity[0].Property {
			return false
		}
		link := Link{Property: spec.Join(at, p.Name), Nullable: p.Schema.Nullable, Many: isArray(p.Schema)}
		value := p.Schema
		if link.Many {
			value = value.Items()
		}
		if isObject(value) {
			if other := c.embedded(p.Name, value, of, path); other != nil {
				link.Collection, link.Embedded, link.Schema = other.Name, true, pointerOf(value)
				found = append(found, link)
				return false
			}
			return true
		}
		if words, _ := idStem(p.Name); words != nil && (hasType(value, "string", "integer") || untyped(value)) {
			if other := c.resolve(words, path, of); other != nil {
				link.Collection = other.Name
				found = append(found, link)
			}
		}
		return false
	})
	return found
}

// walk visits the properties of a schema, and of those for which visit asks.
func (c *compiler) walk(s *spec.Schema, at string, depth int, visit func(at string, p spec.Property) bool) {
	if depth > maxDepth {
		return
	}
	for _, p := range properties(s) {
		if !visit(at, p) {
			continue
		}
		below, value := spec.Join(at, p.Name), p.Schema
		if isArray(value) {
			below, value = below+"/*", value.Items()
		}
		c.walk(value, below, depth+1, visit)
	}
}

// embedded returns the collection whose item an object is: by its schema, else by
// the property's name when it has what tells the items apart.
func (c *compiler) embedded(name string, value *spec.Schema, of *collection, path template) *collection {
	if value.Name != "" {
		var holding []*collection
		for _, one := range c.collections {
			if one != of && !one.Singleton && one.Of == "" && one.holds(value) {
				holding = append(holding, one)
			}
		}
		if len(holding) == 1 {
			return holding[0]
		}
	}
	one := c.resolve(wordsOf(name), path, of)
	if one == nil || len(one.Identity) != 1 || one.Identity[0].Property == "" {
		return nil
	}
	if has(value, one.Identity[0].Property) {
		return one
	}
	return nil
}
