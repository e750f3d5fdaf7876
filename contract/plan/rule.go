package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// rules are tried in their order; the first that fits decides. Their ids are
// stable.
var rules = []struct {
	id   string
	kind Kind
	try  func(c *compiler, o *operation) *found
}{
	{"list", List, tryList},
	{"search", List, trySearch},
	{"singleton", Singleton, trySingleton},
	{"read", Read, onItem(false, func(o *operation) bool { return o.get() && !o.shown.many })},
	{"join", Join, onItem(true, func(o *operation) bool { return o.body == nil && o.method(http.MethodPost, http.MethodPut) })},
	{"leave", Leave, onItem(true, deletes)},
	{"update", Update, onItem(false, func(o *operation) bool {
		return o.method(http.MethodPatch) || o.method(http.MethodPost) && (o.body != nil || len(o.query) > 0)
	})},
	{"replace", Replace, onItem(false, func(o *operation) bool { return o.method(http.MethodPut) })},
	{"delete", Delete, onItem(false, deletes)},
	{"bulk", BulkRead, tryBulk},
	{"write-by-body", Replace, tryWriteByBody},
	{"clear", BulkDelete, tryClear},
	{"create", Create, tryCreate},
	{"create-below", Create, tryCreateBelow},
	{"copy", Copy, tryCopy},
	{"act", Act, tryAct},
	{"act-on-link", Act, tryActOnLink},
	{"act-without-answer", Act, tryActWithoutAnswer},
	{"renew", Act, tryRenew},
	{"view", View, tryView},
	{"sample", Sampled, sample},
}

// found is what a rule makes of an operation.
type found struct {
	kind       Kind // empty: that of the rule
	collection *collection
	item       string      // path parameter
	source, of *collection // what is copied; what the answer is an item of
	reason     string
}

func fits(one *collection, item, reason string, args ...any) *found {
	return &found{collection: one, item: item, reason: fmt.Sprintf(reason, args...)}
}

// infer finds what an operation is for.
func (c *compiler) infer(o *operation) {
	o.list, o.item = c.at(o.shape), c.itemAt(o.path)
	o.above, o.aboveParam = c.ancestor(o, func(*collection) bool { return true })
	o.shows, o.showsParam = c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) })
	for _, r := range rules {
		f := r.try(c, o)
		if f == nil {
			continue
		}
		l := o.line
		l.Rule, l.Kind, l.Basis, l.Reason, l.Item = r.id, cmp.Or(f.kind, r.kind), Inferred, f.reason, f.item
		if l.Kind == Sampled {
			l.Basis = BySample
		}
		if f.collection != nil {
			l.Collection = f.collection.Name
		}
		if f.source != nil {
			l.Source = f.source.Name
		}
		if f.of != nil && f.of != f.collection {
			l.Answer.Of = f.of.Name
		}
		return
	}
}

// tryList: GET answers an array of items, bare or in an envelope.
func tryList(_ *compiler, o *operation) *found {
	if !o.get() || o.list == nil || !o.shown.many {
		return nil
	}
	what := "an array"
	if o.shown.data != "" {
		what = fmt.Sprintf("an envelope whose %s is an array", o.shown.data[1:])
	}
	if o.list.shape != o.shape {
		what += " of what " + o.list.Path + " has"
	}
	return fits(o.list, "", "GET answers %s", what)
}

// trySearch: POST to a path that ends in search, query, find or filter answers an
// array of a collection's items.
func trySearch(c *compiler, o *operation) *found {
	one := c.front(o.path, func(one *collection) bool { return one.holds(o.shown.item) })
	if one == nil || !o.method(http.MethodPost) || !o.shown.many || !o.verb("search", "query", "find", "filter") {
		return nil
	}
	return fits(one, "", "POST to %s answers an array of its items", o.path.last())
}

// trySingleton: one path without a list is read by GET and written, or written by
// PATCH or PUT that answer what they are sent. It adds the singleton that it finds.
func trySingleton(c *compiler, o *operation) *found {
	if o.shown.many || o.list != nil || o.item != nil || len(o.path.verbs()) == 0 && o.above == nil || len(o.path.literals()) == 0 {
		return nil
	}
	one := c.find(func(one *collection) bool { return one.Singleton && one.shape == o.shape })
	reason := fmt.Sprintf("%s on the path that GET reads", o.line.Method)
	if one == nil {
		if one, reason = c.newSingleton(o); one == nil {
			return nil
		}
	}
	f := fits(one, o.aboveParam, "%s", reason)
	if !one.holds(o.shown.item) {
		f.of = o.shows
	}
	return f
}

func (c *compiler) newSingleton(o *operation) (one *collection, reason string) {
	read := first(c.operations, func(other *operation) bool { return other.shape == o.shape && other.get() })
	write := first(c.operations, func(other *operation) bool {
		return other.shape == o.shape && !other.method(http.MethodGet, http.MethodDelete) && other.body != nil
	})
	switch {
	case write == nil, o.method(http.MethodDelete), !isObject(o.shown.item), read != nil && !isObject(read.shown.item):
		return nil, ""
	case read != nil:
		reason = fmt.Sprintf("%s and %s at one path without a list", read.line.Method, write.line.Method)
	case len(o.path.params()) > 0 || o.method(http.MethodPost) || !covers(o.shown.item, o.body):
		return nil, ""
	default:
		read = o
		reason = fmt.Sprintf("%s on a path of its own answers all that it is sent: one object, kept, though no GET shows it", o.line.Method)
	}
	one = newCollection(o.line.Path, o.path, read.shown.item)
	one.Singleton, one.Name = true, o.path.bare().words()
	if c.named(one.Name) != nil {
		one.Name = strings.TrimPrefix(o.path.String(), "/")
	}
	one.show(one.entity)
	c.findParents(one)
	c.collections = append(c.collections, one)
	return one, reason
}

// onItem makes the rule for the path of an item; of a member when members is
// true: the list of members shows another collection's items.
func onItem(members bool, is func(o *operation) bool) func(*compiler, *operation) *found {
	return func(_ *compiler, o *operation) *found {
		switch {
		case o.item == nil || members && o.item.Of == "" || !is(o):
			return nil
		case members:
			return fits(o.item, o.path.lastParam(), "%s on the path of a member; the list of %s shows items of %s", o.line.Method, o.item.Name, o.item.Of)
		}
		return fits(o.item, o.path.lastParam(), "%s on the path of an item", o.line.Method)
	}
}

// deletes: not where the answer is an item further up the path.
func deletes(o *operation) bool {
	return o.method(http.MethodDelete) && (o.shows == nil || o.item.holds(o.shown.item))
}

// tryBulk: the body has nothing but ids of a collection's items, or an array of
// objects that each have one; the method and the path say what for.
func tryBulk(c *compiler, o *operation) *found {
	one, at, others := c.bulk(o)
	if o.get() || one == nil {
		return nil
	}
	f := fits(one, "", "the body names items of %s in %s", one.Name, at)
	switch {
	case o.method(http.MethodDelete) || o.verb("delete", "remove", "destroy", "archive"):
		f.kind = BulkDelete
		f.reason += ", and the path or the method says delete"
	case others || !o.method(http.MethodPost):
		f.kind = BulkUpdate
		f.reason += " with what to change"
	default:
		f.reason += " and nothing else"
	}
	return f
}

// bulk finds the ids in a body of a bulk operation: an array of ids that is all
// the body requires, or an array of objects that have an id and something to
// change, of which others tells.
func (c *compiler) bulk(o *operation) (one *collection, at string, others bool) {
	all := properties(o.body)
	list := only(o.body, func(p spec.Property) bool { return isArray(p.Schema) })
	if list == nil {
		return nil, "", false
	}
	front := c.front(o.path, func(*collection) bool { return true })
	if front == nil {
		front = o.list
	}
	at = spec.Join("", list.Name)
	if !isObject(list.Schema.Items()) {
		words, many := idStem(list.Name)
		switch {
		case o.method(http.MethodPost) && slices.ContainsFunc(all, func(p spec.Property) bool { return p.Name != list.Name && p.Required }):
		case many && o.list == nil:
			one = c.resolve(words, o.path, nil)
		case is(list.Name, "ids uuids"):
			one = front
		}
		return one, at, len(all) > 1
	}
	inner := properties(list.Schema.Items())
	if len(all) != 1 || len(inner) < 2 || o.method(http.MethodPost) {
		return nil, "", false
	}
	for _, p := range inner {
		if !p.Required {
			continue
		}
		if words, _ := idStem(p.Name); words != nil {
			one = c.resolve(words, o.path, nil)
		} else if front != nil && len(front.Identity) == 1 && p.Name == front.Identity[0].Property {
			one = front
		}
		if one != nil {
			return one, at + "/*" + spec.Join("", p.Name), true
		}
	}
	return nil, "", false
}

// tryWriteByBody: PUT or PATCH on the path of a collection, with the item's
// identity in the body.
func tryWriteByBody(_ *compiler, o *operation) *found {
	if o.list == nil || !o.method(http.MethodPut, http.MethodPatch) || len(o.list.Identity) != 1 || property(o.body, o.list.Identity[0].Property) == nil {
		return nil
	}
	f := fits(o.list, "", "%s on the path of a collection; the body's %s names the item", o.line.Method, o.list.Identity[0].Property)
	if o.method(http.MethodPatch) {
		f.kind = Update
	}
	return f
}

// tryClear: DELETE on the path of a collection, without ids.
func tryClear(_ *compiler, o *operation) *found {
	if o.list == nil || o.list.Of != "" || !o.method(http.MethodDelete) || o.body != nil || len(o.query) > 0 {
		return nil
	}
	return fits(o.list, "", "DELETE on the path of the collection, with nothing that says of which items: all of them")
}

// tryCreate: POST on the path of a collection.
func tryCreate(_ *compiler, o *operation) *found {
	if o.list == nil || o.list.shape != o.shape || !o.method(http.MethodPost) || o.list.Of != "" {
		return nil
	}
	return fits(o.list, "", "POST on the path of the collection")
}

// tryCreateBelow: POST to a literal below the path of a collection answers one of
// its items, or an array of them, or takes them and answers nothing.
func tryCreateBelow(c *compiler, o *operation) *found {
	if !o.method(http.MethodPost) {
		return nil
	}
	path := o.path
	if front, ok := path.ofItem(); ok { // /send/{email}: no item is named so
		path = front
	}
	last := o.path.last()
	if one := c.front(path, func(one *collection) bool {
		return one.Of == "" && (one.holds(o.shown.item) || arrayOf(o.shown.body, one) != nil)
	}); one != nil {
		what := "an array of its items"
		if one.holds(o.shown.item) && !o.shown.many {
			what = "one of its items"
		}
		return fits(one, "", "POST to %s answers %s", last, what)
	}
	one := c.front(path, func(one *collection) bool { return one.holds(o.body) || arrayOf(o.body, one) != nil })
	if one == nil || !untyped(o.shown.body) {
		return nil
	}
	return fits(one, "", "POST to %s takes its items and answers nothing", last)
}

// tryCopy: POST below an item answers a new item of a collection: the path says
// copy, or the answer is 201 with an item of another collection, or its id.
func tryCopy(c *compiler, o *operation) *found {
	verbs := o.path.verbs()
	if o.above == nil || !o.method(http.MethodPost) || o.shown.many || len(verbs) == 0 {
		return nil
	}
	says := is(verbs[0], "copy duplicate clone fork")
	target := c.holder(o.shown.item, o.path)
	var f *found
	switch {
	case !says && (o.shows != nil || o.line.Answer.Status != http.StatusCreated):
		return nil
	case o.shows != nil:
		f = fits(o.shows, o.aboveParam, "POST to %s below an item answers a new one", o.path.last())
	case target != nil:
		f = fits(target, o.aboveParam, "POST to %s below an item of %s answers an item of %s", o.path.last(), o.above.Name, target.Name)
	default:
		for _, p := range properties(o.shown.item) {
			one := c.resolve(idOf(p.Name), o.path, o.above)
			if one == nil && says && namesIdentity(o.above, p.Name) && f == nil { // when nothing else is named
				one = o.above
			}
			if one != nil {
				f = fits(one, o.aboveParam, "POST to %s below an item of %s answers a %s", o.path.last(), o.above.Name, p.Name)
			}
			if one != nil && one != o.above {
				break
			}
		}
	}
	if f != nil {
		f.source = o.above
	}
	return f
}

// tryAct: an operation below an item that is no GET answers that item.
func tryAct(_ *compiler, o *operation) *found {
	if o.get() || o.shown.many || o.shows == nil {
		return nil
	}
	return fits(o.shows, o.showsParam, "%s below an item answers that item", o.line.Method)
}

// tryActOnLink: an operation below an item answers the item of another collection
// that it names.
func tryActOnLink(c *compiler, o *operation) *found {
	other := c.holder(o.shown.item, o.path)
	if o.get() || o.above == nil || o.shown.many || other == nil {
		return nil
	}
	for _, l := range c.links(o.above.entity, o.above, o.above.path) {
		if l.Collection == other.Name && !l.Many {
			o.line.Answer.By = l.Property
			f := fits(o.above, o.aboveParam, "%s below an item answers the item of %s that its %s names", o.line.Method, other.Name, l.Property[1:])
			f.of = other
			return f
		}
	}
	return nil
}

// tryActWithoutAnswer: an operation below an item that is no GET answers nothing.
func tryActWithoutAnswer(_ *compiler, o *operation) *found {
	if o.get() || o.above == nil || !untyped(o.shown.body) {
		return nil
	}
	return fits(o.above, o.aboveParam, "%s below an item answers nothing", o.line.Method)
}

// tryRenew: an operation below an item answers only what the item's creation
// shows once.
func tryRenew(_ *compiler, o *operation) *found {
	if o.get() || o.above == nil {
		return nil
	}
	all, once := properties(o.shown.item), onceOf(o.above)
	if len(all) == 0 || slices.ContainsFunc(all, func(p spec.Property) bool { return !slices.Contains(once, p.Name) }) {
		return nil
	}
	return fits(o.above, o.aboveParam, "%s below an item answers only %s, which its creation shows once: made anew", o.line.Method, all[0].Name)
}

// tryView: GET answers an object at a path whose last parameter names an item of
// another collection, or at a literal below a collection whose item it is.
func tryView(c *compiler, o *operation) *found {
	if !o.get() || !isObject(o.shown.item) {
		return nil
	}
	if one := c.front(o.path, func(one *collection) bool { return one.Of == "" && one.holds(o.shown.item) }); one != nil {
		return fits(one, "", "GET on %s below the path of a collection answers one of its items", o.path.last())
	}
	last := o.path.lastParam()
	one := c.itemNamed(o.path.upTo(last), last, nil)
	if one == nil {
		return nil
	}
	return fits(one, last, "GET answers an object for the item of %s that %s names", one.Name, last)
}

func sample(_ *compiler, o *operation) *found {
	if o.get() {
		return &found{reason: "GET shows no collection, nor something of an item, and nothing writes what it shows: the same sample each time"}
	}
	return &found{reason: "the answer is neither an item nor an array of items that the document has elsewhere: a sample"}
}
