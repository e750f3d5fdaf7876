package plan

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// maxDepth bounds how deep links are looked for.
const maxDepth = 4

// resolve returns the collection that the X of X_id names, for something at a
// path: the one that goes by the most of the last words of X; of several the
// nearest. Never the collection itself.
func (c *compiler) resolve(words []string, path template, not *collection) *collection {
	var best *collection
	bestScore, bestNear := 0, 0
	for _, one := range c.collections {
		if len(words) == 0 || one == not || one.Singleton || one.Of != "" {
			continue
		}
		if _, scoped := one.path.ofItem(); scoped && slices.Equal(idOf(one.path.lastParam()), words) {
			continue // in /log/call/{call_id} call says what the parameter names, not what is listed
		}
		score := 0
		for _, name := range one.phrases {
			if endsWith(words, name) {
				score = max(score, len(name))
			}
		}
		if score == 0 {
			continue
		}
		near := 100*one.path.common(path) - len(one.path.params()) // as near, the one that is below less
		if score > bestScore || score == bestScore && near > bestNear {
			best, bestScore, bestNear = one, score, near
		}
	}
	if n := len(words) - 1; best == nil && n > 0 && words[n] == "number" { // a phone_number_id is a phone's
		return c.resolve(words[:n], path, not)
	}
	return best
}

// phrases are the words a collection's path ends in, from its last literal on to
// the whole: for /knowledge/base base, knowledge base. What stands in front goes
// by the alias of its collection too: for /workflow/template also flow template.
func (c *compiler) phrases(one *collection) (all [][]string) {
	tails := [][]string{nil}
	for i := len(one.path) - 1; i >= len(one.path)-len(one.path.bare()); i-- {
		if !one.path[i].literal() {
			continue
		}
		front := one.path[:i+1].shape()
		var longer [][]string
		for _, tail := range tails {
			longer = append(longer, slices.Concat(stem(one.path[i].text), tail))
			if other := c.find(func(o *collection) bool { return o.shape == front }); other != nil && other.alias() != nil {
				longer = append(longer, slices.Concat(other.alias(), tail))
			}
		}
		all, tails = append(all, longer...), longer
	}
	return all
}

// linkAll finds the links of all that items are shown through.
func (c *compiler) linkAll(one *collection) {
	all := c.links(one.entity, one, one.path)
	for _, p := range one.Projections {
		all = append(all, c.links(c.doc.Schema(p.Schema), one, one.path)...)
	}
	for _, l := range all {
		if one.Of == "" && !slices.ContainsFunc(one.Links, func(other Link) bool { return other.Property == l.Property }) {
			one.Links = append(one.Links, l)
		}
	}
}

// links finds what a schema names or holds of collections other than its own.
func (c *compiler) links(s *spec.Schema, of *collection, path template) []Link {
	type place struct {
		schema *spec.Schema
		depth  int
	}
	known := map[place][]Link{} // large documents use one schema in many places
	var walk func(at place) []Link
	walk = func(at place) (found []Link) {
		if found, is := known[at]; is {
			return found
		}
		for _, p := range properties(at.schema) {
			if of != nil && at.depth == 0 && len(of.Identity) > 0 && p.Name == of.Identity[0].Property {
				continue
			}
			link := Link{Property: spec.Join("", p.Name), Nullable: p.Schema.Nullable, Many: isArray(p.Schema)}
			value, below := p.Schema, link.Property
			if link.Many {
				value, below = value.Items(), below+"/*"
			}
			var other *collection
			if isObject(value) {
				if other = c.embedded(p.Name, value, of, path); other != nil {
					link.Embedded, link.Schema = true, pointerOf(value)
				} else if at.depth < maxDepth {
					for _, one := range walk(place{value, at.depth + 1}) {
						one.Property = below + one.Property
						found = append(found, one)
					}
				}
			} else if words, _ := idStem(p.Name); hasType(value, "string", "integer") || untyped(value) {
				other = c.resolve(words, path, of)
			}
			if other != nil {
				link.Collection = other.Name
				found = append(found, link)
			}
		}
		known[at] = found
		return found
	}
	return walk(place{s, 0})
}

// refusesLink tells whether the documented 404 is for what a link names: an example
// speaks of it, and the path does not.
func (l *Line) refusesLink(link Link) bool {
	name := link.Collection[strings.LastIndexByte(link.Collection, '/')+1:]
	name = strings.ToLower(strings.TrimSuffix(name, "s"))
	r := l.Refusal("404")
	one := slices.Contains([]Kind{Create, Update, Replace, Act, Copy}, l.Kind) // of many, others may be there
	return one && !link.Embedded && r != nil && r.Status == "404" && !strings.Contains(l.Path, name) &&
		slices.ContainsFunc(r.Examples, func(e Example) bool { return strings.Contains(strings.ToLower(string(e.Value)), name) })
}

// embedded is the collection whose item an object is: by its schema, else by name and identity.
func (c *compiler) embedded(name string, value *spec.Schema, of *collection, path template) *collection {
	holding := slices.DeleteFunc(c.holding(value), func(one *collection) bool { return one == of })
	if len(holding) == 1 && value.Name != "" {
		return holding[0]
	}
	one := c.resolve(stem(name), path, of)
	if one == nil || len(one.Identity) != 1 || one.Identity[0].Property == "" || !has(value, one.Identity[0].Property) {
		return nil
	}
	return one
}
