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
	c.joinShallow()
	c.dropLists()
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

// joinShallow joins items that are found at a shorter path than their list:
// /posts/{post_id}/comments and /comments/{id}, or /flow/executions/{run_id}.
func (c *compiler) joinShallow() {
	c.collections = slices.DeleteFunc(c.collections, func(items *collection) bool {
		if len(items.lists) > 0 || items.itemShape == "" {
			return false
		}
		list := c.find(func(one *collection) bool {
			return one != items && one.itemShape == "" && len(one.lists) > 0 && len(one.path.params()) > 0 &&
				(one.path.words() == items.path.words() || one.path.last() == items.path.last() && one.holds(items.entity))
		})
		if list == nil {
			return false
		}
		list.items, list.itemShape, list.ItemPath, list.entity = items.items, items.itemShape, items.ItemPath, items.entity
		list.keys = append(list.keys, items.keys...)
		return true
	})
}

// dropLists gives lists at a literal below a collection, which show its items
// and have none of their own, to that collection: /pet/findByStatus.
func (c *compiler) dropLists() {
	var dropped []*collection
	for _, one := range c.collections {
		if one.itemShape != "" || len(one.lists) == 0 || c.writes(one.shape) {
			continue
		}
		whole := c.front(one.path, func(other *collection) bool {
			return other != one && !slices.Contains(dropped, other) && (other.holds(one.entity) || summary(other, one.entity))
		})
		if whole != nil {
			whole.lists = append(whole.lists, one.shape)
			whole.show(one.entity)
			dropped = append(dropped, one)
		}
	}
	c.collections = slices.DeleteFunc(c.collections, func(one *collection) bool { return slices.Contains(dropped, one) })
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
		if one.itemShape == "" || len(one.lists) == 0 {
			continue
		}
		added, other := false, false
		for _, o := range c.operations {
			onItem := o.shape == one.itemShape
			added = added || onItem && o.body == nil && o.method(http.MethodPost, http.MethodPut)
			other = other || onItem && (o.method(http.MethodPatch) || o.body != nil) || o.shape == one.shape && o.method(http.MethodPost)
		}
		of := c.find(func(of *collection) bool {
			return of != one && of.itemShape != "" && of.Of == "" && of.holds(one.entity)
		})
		if added && !other && of != nil {
			one.Of = of.Name
		}
	}
}
