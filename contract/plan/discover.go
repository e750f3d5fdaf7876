package plan

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// discover finds the collections: paths with a list, then the fronts of paths of items.
func (c *compiler) discover() {
	for _, o := range c.operations {
		if o.get() && o.shown.many && (isObject(o.shown.item) || untyped(o.shown.item)) {
			one := c.at(o.shape)
			if one == nil {
				one = c.add(newCollection(o.line.Path, o.path, nil))
				one.lists = []string{o.shape}
			}
			one.entity = o.shown.item
			one.show(o.shown.item)
		}
	}
	c.addItems(false)
	c.addItems(true)
	c.join()
	order := func(one *collection) int {
		return slices.IndexFunc(c.operations, func(o *operation) bool { return one.listedAt(o.shape) || o.shape == one.itemShape })
	}
	slices.SortStableFunc(c.collections, func(a, b *collection) int { return order(a) - order(b) })
	c.nameAll()
	for _, one := range c.collections {
		one.Identity = identityOf(one)
		for i := range one.Identity {
			named := first(c.operations, func(o *operation) bool { return o.shape == one.itemShape && o.names[one.Identity[i].Parameter] != nil })
			if named != nil {
				one.Identity[i].Schema = pointerOf(named.names[one.Identity[i].Parameter])
			}
		}
		one.phrases = c.phrases(one)
	}
	c.memberships()
	for _, one := range c.collections {
		one.Parents = c.parameters(one.path, one)
		made := first(c.operations, func(o *operation) bool { return one.listedAt(o.shape) && o.method(http.MethodPost) && !o.shown.many })
		if made != nil {
			one.created = made.shown.item
		}
	}
}

// addItems adds paths of items to the collections in front of them; with fresh also collections.
func (c *compiler) addItems(fresh bool) {
	for _, o := range c.operations {
		front, ok := o.path.ofItem()
		if !ok || len(front.literals()) == 0 || o.shown.many {
			continue
		}
		own := c.at(front.shape())
		if own == nil && fresh {
			own = c.newFront(o, front)
		}
		if own != nil && own.itemShape == "" {
			own.items, own.itemShape, own.ItemPath = o.path, o.shape, o.line.Path
		}
		if own != nil && own.itemShape == o.shape && !o.method(http.MethodDelete) && isObject(o.shown.item) {
			if o.get() {
				own.entity = o.shown.item
			}
			own.show(o.shown.item)
		}
	}
}

// newFront adds a collection for items that no list shows, when they can be told apart or written.
func (c *compiler) newFront(o *operation, front template) *collection {
	words := idOf(o.path.lastParam())
	own := endsWith(words, stem(front.last()))
	other := c.find(func(one *collection) bool { // {call_id} in /recording/{call_id} names another's
		_, ofItem := one.path.ofItem()
		return !ofItem && one.shape != front.shape() && slices.Equal(stem(one.path.last()), words) && (!own || one.itemShape != "")
	})
	below := own && len(front.params()) > 0 // an item: its own sort of thing
	if !o.get() || !isObject(o.shown.item) || other != nil && !below {
		return nil
	}
	one := newCollection(front.String(), front, o.shown.item)
	one.items = o.path
	if len(identityOf(one)) == 0 && !c.writes(o.shape) {
		return nil
	}
	return c.add(one)
}

func (c *compiler) writes(shape string) bool {
	return slices.ContainsFunc(c.operations, func(o *operation) bool { return o.shape == shape && !o.get() })
}

// join gives to another collection what is a part of it: items that are found at
// a shorter path than their list, /posts/{post_id}/comments and /comments/{id};
// a list at a literal below, which shows its items and has none of its own,
// /pet/findByStatus.
func (c *compiler) join() {
	c.collections = slices.DeleteFunc(c.collections, func(one *collection) bool {
		var whole *collection
		switch {
		case len(one.lists) == 0:
			whole = c.find(func(list *collection) bool {
				return list != one && list.itemShape == "" && len(list.lists) > 0 && len(list.path.params()) > 0 &&
					(list.path.words() == one.path.words() || list.path.last() == one.path.last() && list.holds(one.entity))
			})
		case one.itemShape == "" && !c.writes(one.shape):
			whole = c.front(one.path, func(list *collection) bool { return list.holds(one.entity) || summary(list, one.entity) })
		}
		if whole == nil {
			return false
		}
		if whole.lists = append(whole.lists, one.lists...); one.itemShape != "" {
			whole.items, whole.itemShape, whole.ItemPath, whole.entity = one.items, one.itemShape, one.ItemPath, one.entity
		}
		whole.keys = append(whole.keys, one.keys...)
		return true
	})
}

// summary tells whether a schema has the items' identity, under a name that is not just id.
func summary(one *collection, s *spec.Schema) bool {
	identity := identityOf(one)
	return len(identity) == 1 && len(wordsOf(identity[0].Property)) > 1 && has(s, identity[0].Property)
}

// nameAll gives each collection a name of its own: its literals, all of the path where two share them.
func (c *compiler) nameAll() {
	for _, name := range []func(template) string{
		func(t template) string { return t.bare().words() },
		func(t template) string { return strings.TrimPrefix(t.String(), "/") },
	} {
		uses := map[string]int{}
		for _, one := range c.collections {
			uses[one.Name]++
		}
		for _, one := range c.collections {
			if one.Name == "" || uses[one.Name] > 1 {
				one.Name = cmp.Or(name(one.path), one.path.String())
			}
		}
	}
}

// memberships finds lists of another collection's items, to which a member is added by its path alone.
func (c *compiler) memberships() {
	for _, one := range c.collections {
		added := first(c.operations, func(o *operation) bool {
			return o.shape == one.itemShape && o.body == nil && o.method(http.MethodPost, http.MethodPut)
		})
		other := first(c.operations, func(o *operation) bool {
			return o.shape == one.itemShape && o.method(http.MethodPatch) || o.shape == one.shape && o.method(http.MethodPost)
		})
		of := c.find(func(of *collection) bool {
			return of != one && of.itemShape != "" && of.Of == "" && of.holds(one.entity)
		})
		if len(one.lists) > 0 && added != nil && other == nil && of != nil {
			one.Of = of.Name
		}
	}
}

// compiler makes the plan of a document.
type compiler struct {
	doc         *spec.Document
	operations  []*operation
	collections []*collection
	held        map[*spec.Schema][]*collection // what holding found, once all collections are known
}

// collection is a Collection while it is being made.
type collection struct {
	*Collection
	path, items template     // of Path and ItemPath
	shape       string       // of path
	itemShape   string       // of items; empty when there are none
	entity      *spec.Schema // what Schema points to
	created     *spec.Schema // answer of its creation
	keys        []string     // schemas its items are shown through
	lists       []string     // shapes of all paths that list it
	phrases     [][]string   // see [compiler.phrases]
}

func newCollection(published string, path template, entity *spec.Schema) *collection {
	return &collection{Collection: &Collection{Path: published}, path: path, shape: path.shape(), entity: entity}
}

func (c *compiler) named(name string) *collection {
	return c.find(func(one *collection) bool { return one.Name == name })
}

func (c *compiler) add(one *collection) *collection {
	c.collections = append(c.collections, one)
	return one
}

func (c *compiler) find(fits func(*collection) bool) *collection { return first(c.collections, fits) }

func (c *compiler) at(shape string) *collection {
	return c.find(func(one *collection) bool { return !one.Singleton && one.listedAt(shape) })
}

func (c *collection) listedAt(shape string) bool {
	return c.shape == shape || slices.Contains(c.lists, shape)
}

// itemAt returns the collection whose items are at a path, or at one of the same literals and parameter.
func (c *compiler) itemAt(path template) *collection {
	if _, ok := path.ofItem(); !ok {
		return nil
	}
	shape, words, last := path.shape(), path.words(), path.lastParam()
	if one := c.find(func(one *collection) bool { return one.itemShape == shape }); one != nil {
		return one
	}
	return c.find(func(one *collection) bool {
		return one.itemShape != "" && last == one.items.lastParam() && !is(last, "id uuid key name") && one.items.words() == words
	})
}

// front is the nearest collection in front of a path with only literals between.
func (c *compiler) front(path template, fits func(*collection) bool) *collection {
	for n := len(path) - 1; n > 0 && path[n].literal(); n-- {
		shape := path[:n].shape()
		if one := c.find(func(one *collection) bool { return one.shape == shape && fits(one) }); one != nil {
			return one
		}
	}
	return nil
}

// itemNamed is the collection whose item a path parameter names: by its path, else by its name.
func (c *compiler) itemNamed(path template, name string, not *collection) *collection {
	if one := c.itemAt(path); one != nil && one != not {
		return one
	}
	return c.resolve(idOf(name), path, not)
}

// ancestor is the nearest collection whose item stands in a path, and the parameter that names it.
func (c *compiler) ancestor(o *operation, fits func(*collection) bool) (*collection, string) {
	for n := len(o.path); n > 0; n-- {
		if o.path[n-1].literal() {
			continue
		}
		last := o.path[:n].lastParam()
		if one := c.itemNamed(o.path[:n], last, nil); one != nil && one.Of == "" && fits(one) {
			return one, last
		}
	}
	return nil, ""
}

// holding are the collections whose items a schema shows.
func (c *compiler) holding(s *spec.Schema) []*collection {
	held, known := c.held[s]
	if !known {
		held = slices.DeleteFunc(slices.Clone(c.collections), func(one *collection) bool { return one.Singleton || one.Of != "" || !one.holds(s) })
		if c.held != nil {
			c.held[s] = held
		}
	}
	return slices.Clone(held)
}

// holder is the collection whose items a schema shows: of several that with the fewest parents.
func (c *compiler) holder(s *spec.Schema, path template) *collection {
	holding := c.holding(s)
	slices.SortStableFunc(holding, func(a, b *collection) int {
		return cmp.Or(len(a.Parents)-len(b.Parents), b.path.common(path)-a.path.common(path))
	})
	return first(holding, func(*collection) bool { return true })
}

// holds tells whether items are shown through a schema, or through one with the same properties.
func (c *collection) holds(s *spec.Schema) bool {
	if !isObject(s) {
		return false
	}
	for _, key := range keysOf(s) {
		if !slices.Contains(c.keys, key) {
			n := len(properties(s))
			return s.Name == "" && len(s.Alternatives()) == 0 && n > 1 && n == len(properties(c.entity)) &&
				find(s, func(p spec.Property) bool { return !has(c.entity, p.Name) }) == nil
		}
	}
	return true
}

func (c *collection) show(s *spec.Schema) {
	for _, key := range keysOf(s) {
		if key != "" && !slices.Contains(c.keys, key) {
			c.keys = append(c.keys, key)
		}
	}
}

// isItem tells whether a schema shows items: one that it holds, or that has the identity.
func (c *collection) isItem(s *spec.Schema) bool {
	return c.Singleton || c.holds(s) || !slices.ContainsFunc(c.Identity, func(i Identity) bool { return i.Property != "" && !has(s, i.Property) })
}

// arrayOf is the property of a body that is an array of items; without a name the body itself.
func arrayOf(body *spec.Schema, one *collection) *spec.Property {
	if isArray(body) && one.holds(body.Items()) {
		return &spec.Property{Schema: body}
	}
	return find(body, func(p spec.Property) bool { return isArray(p.Schema) && one.holds(p.Schema.Items()) })
}
