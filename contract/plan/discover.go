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
	c.addItems(func(_, own *collection) bool { return own != nil }) // items of those lists
	c.addItems(func(other, own *collection) bool { return own == nil && other == nil })
	c.joinShallow()
	c.dropLists()
	c.inDocumentOrder()
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
		one = &collection{Collection: &Collection{Path: o.line.Path}, path: o.path, shape: o.shape, lists: []string{o.shape}}
		c.collections = append(c.collections, one)
	}
	one.entity = o.shown.item
	one.show(o.shown.item)
}

// addItems adds paths of items to the collections in front of them, and new
// collections for those that have none. wanted is asked with the collection
// that the last parameter names by its name, other than the one in front, and
// the one in front.
func (c *compiler) addItems(wanted func(other, own *collection) bool) {
	for _, o := range c.operations {
		front, ok := o.path.ofItem()
		if !ok || len(front.literals()) == 0 || o.shown.many {
			continue
		}
		own := c.at(front.shape())
		params := o.path.params()
		last := params[len(params)-1]
		if !wanted(c.elsewhere(last, front), own) {
			continue
		}
		if own == nil {
			if own = c.newFront(o, front); own == nil {
				continue
			}
			c.collections = append(c.collections, own)
		}
		if own.itemShape == "" {
			own.items, own.itemShape = o.path, o.shape
			own.ItemPath = o.line.Path
		}
		if own.itemShape == o.shape && !o.shown.many && !o.method(http.MethodDelete) && isObject(o.shown.item) {
			if o.get() {
				own.entity = o.shown.item
			}
			own.show(o.shown.item)
		}
	}
}

// elsewhere is the collection that a parameter names when it is not the one in
// front of it: {call_id} in /recording/{call_id}.
func (c *compiler) elsewhere(parameter string, front template) *collection {
	words, _ := idStem(parameter)
	if words == nil {
		return nil
	}
	words[len(words)-1] = singular(words[len(words)-1])
	own := endsWith(words, stem(front.last()))
	if own && len(front.params()) > 0 {
		return nil // below an item: its own sort of thing
	}
	return c.find(func(one *collection) bool {
		_, ofItem := one.path.ofItem()
		return !ofItem && one.shape != front.shape() && slices.Equal(stem(one.path.last()), words) && (!own || one.itemShape != "")
	})
}

// newFront makes a collection for items that no list shows: what GET answers
// has something that tells them apart, or they can be read and written.
func (c *compiler) newFront(o *operation, front template) *collection {
	if !o.get() || !isObject(o.shown.item) {
		return nil
	}
	one := &collection{Collection: &Collection{Path: front.String()}, path: front, shape: front.shape(), items: o.path, entity: o.shown.item}
	if len(identityOf(one)) > 0 {
		return one
	}
	for _, other := range c.operations {
		if other.shape == o.shape && !other.get() {
			return one
		}
	}
	return nil
}

// joinShallow joins items that are found at a shorter path than their list:
// /posts/{post_id}/comments and /comments/{id}, or /flow/executions/{run_id}.
func (c *compiler) joinShallow() {
	c.collections = slices.DeleteFunc(c.collections, func(items *collection) bool {
		if len(items.lists) > 0 || items.itemShape == "" {
			return false
		}
		list := c.find(func(one *collection) bool {
			if one == items || one.itemShape != "" || len(one.lists) == 0 || len(one.path) == len(one.path.literals()) {
				return false
			}
			if one.path.words() == items.path.words() {
				return true
			}
			return sameName(one.path.last(), items.path.last()) && one.holds(items.entity)
		})
		if list == nil {
			return false
		}
		list.items, list.itemShape, list.ItemPath = items.items, items.itemShape, items.ItemPath
		list.entity = items.entity
		for _, key := range items.keys {
			if !slices.Contains(list.keys, key) {
				list.keys = append(list.keys, key)
			}
		}
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
		whole := c.above(one.path, func(other *collection) bool {
			return other != one && !slices.Contains(dropped, other) && (other.holds(one.entity) || summary(other, one.entity))
		})
		if whole == nil {
			continue
		}
		whole.lists = append(whole.lists, one.shape)
		whole.show(one.entity)
		dropped = append(dropped, one)
	}
	c.collections = slices.DeleteFunc(c.collections, func(one *collection) bool { return slices.Contains(dropped, one) })
}

// summary tells whether a schema is another view of a collection's items: it has
// their identity under a name that is not just id.
func summary(one *collection, s *spec.Schema) bool {
	identity := identityOf(one)
	if len(identity) != 1 || len(wordsOf(identity[0].Property)) < 2 {
		return false
	}
	return has(s, identity[0].Property)
}

func (c *compiler) writes(shape string) bool {
	return slices.ContainsFunc(c.operations, func(o *operation) bool { return o.shape == shape && !o.get() })
}

// above is the nearest collection whose path, or whose items' path, is in front
// of a path with only literals between.
func (c *compiler) above(path template, is func(*collection) bool) *collection {
	for n := len(path) - 1; n > 0 && path[n].literal(); n-- {
		front := path[:n].shape()
		if one := c.find(func(one *collection) bool { return one.shape == front && is(one) }); one != nil {
			return one
		}
	}
	return nil
}

func (c *compiler) inDocumentOrder() {
	first := func(one *collection) int {
		return slices.IndexFunc(c.operations, func(o *operation) bool {
			return o.shape == one.shape || slices.Contains(one.lists, o.shape) || o.shape == one.itemShape
		})
	}
	slices.SortStableFunc(c.collections, func(a, b *collection) int { return first(a) - first(b) })
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
