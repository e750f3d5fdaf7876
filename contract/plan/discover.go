package plan

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// discover finds the collections of a document: paths with a list, then the
// fronts of paths of items that no list has.
func (c *compiler) discover() {
	for _, o := range c.operations {
		if o.get() && o.shown.many && (isObject(o.shown.item) || untyped(o.shown.item)) {
			c.addList(o)
		}
	}
	c.addItems(false)
	c.addItems(true)
	c.join()
	order := func(one *collection) int {
		return slices.IndexFunc(c.operations, func(o *operation) bool {
			return o.shape == one.shape || slices.Contains(one.lists, o.shape) || o.shape == one.itemShape
		})
	}
	slices.SortStableFunc(c.collections, func(a, b *collection) int { return order(a) - order(b) })
	c.nameAll()
	for _, one := range c.collections {
		c.identify(one)
		one.phrases = c.phrases(one)
	}
	c.memberships()
	for _, one := range c.collections {
		c.findParents(one)
	}
	for _, o := range c.operations {
		if one := c.at(o.shape); one != nil && o.method(http.MethodPost) && !o.shown.many && one.created == nil {
			one.created = o.shown.item
		}
	}
}

// addList adds the collection that an operation lists.
func (c *compiler) addList(o *operation) {
	one := c.at(o.shape)
	if one == nil {
		one = newCollection(o.line.Path, o.path, nil)
		one.lists = []string{o.shape}
		c.collections = append(c.collections, one)
	}
	one.entity = o.shown.item
	one.show(o.shown.item)
}

// addItems adds paths of items to the collections in front of them; with fresh it
// adds collections for those that have none.
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
		if own == nil {
			continue
		}
		if own.itemShape == "" {
			own.items, own.itemShape, own.ItemPath = o.path, o.shape, o.line.Path
		}
		if own.itemShape == o.shape && !o.method(http.MethodDelete) && isObject(o.shown.item) {
			if o.get() {
				own.entity = o.shown.item
			}
			own.show(o.shown.item)
		}
	}
}

// newFront adds a collection for items that no list shows and whose parameter
// names no other's: what GET answers has something that tells them apart, or they
// can be read and written.
func (c *compiler) newFront(o *operation, front template) *collection {
	if !o.get() || !isObject(o.shown.item) || c.elsewhere(o.path.lastParam(), front) != nil {
		return nil
	}
	one := newCollection(front.String(), front, o.shown.item)
	one.items = o.path
	if len(identityOf(one)) == 0 && !c.writes(o.shape) {
		return nil
	}
	c.collections = append(c.collections, one)
	return one
}

func (c *compiler) writes(shape string) bool {
	return slices.ContainsFunc(c.operations, func(o *operation) bool { return o.shape == shape && !o.get() })
}

// elsewhere is the collection that a parameter names when it is not the one in
// front of it: {call_id} in /recording/{call_id}.
func (c *compiler) elsewhere(parameter string, front template) *collection {
	words := idOf(parameter)
	own := endsWith(words, stem(front.last()))
	if words == nil || own && len(front.params()) > 0 {
		return nil // below an item: its own sort of thing
	}
	return c.find(func(one *collection) bool {
		_, ofItem := one.path.ofItem()
		return !ofItem && one.shape != front.shape() && slices.Equal(stem(one.path.last()), words) && (!own || one.itemShape != "")
	})
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

// summary tells whether a schema is another view of a collection's items: it has
// their identity under a name that is not just id.
func summary(one *collection, s *spec.Schema) bool {
	identity := identityOf(one)
	return len(identity) == 1 && len(wordsOf(identity[0].Property)) > 1 && has(s, identity[0].Property)
}

// nameAll gives each collection a name of its own: its literals, all of them
// where two would share a name, with the parameters between when they still do.
func (c *compiler) nameAll() {
	for _, name := range []func(template) string{
		func(t template) string { return t.bare().words() },
		template.words,
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

// memberships finds the collections that have no items of their own: their list
// shows another's items, and a member is added by its path alone.
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
