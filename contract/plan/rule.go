package plan

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// rules are tried in their order; the first that fits decides, and says so with
// [operation.is]. Their ids are stable.
var rules = []struct {
	id   string
	kind Kind
	fits func(c *compiler, o *operation) bool
}{
	{"list", List, (*compiler).lists},
	{"search", List, (*compiler).searches},
	{"singleton", Singleton, (*compiler).isSingleton},
	{"read", Read, func(_ *compiler, o *operation) bool { return o.get() && !o.shown.many && o.onItem() }},
	{"join", Join, func(_ *compiler, o *operation) bool {
		return o.body == nil && o.method(http.MethodPost, http.MethodPut) && o.onMember()
	}},
	{"leave", Leave, func(_ *compiler, o *operation) bool { return o.deletes() && o.onMember() }},
	{"update", Update, func(_ *compiler, o *operation) bool {
		return (o.method(http.MethodPatch) || o.method(http.MethodPost) && (o.body != nil || len(o.query) > 0)) && o.onItem()
	}},
	{"replace", Replace, func(_ *compiler, o *operation) bool { return o.method(http.MethodPut) && o.onItem() }},
	{"delete", Delete, func(_ *compiler, o *operation) bool { return o.deletes() && o.onItem() }},
	{"bulk", BulkRead, (*compiler).isBulk},
	{"write-by-body", Replace, (*compiler).writesByBody},
	{"clear", BulkDelete, func(_ *compiler, o *operation) bool {
		return o.list != nil && o.list.Of == "" && o.method(http.MethodDelete) && o.body == nil && len(o.query) == 0 &&
			o.is(o.list, "", "DELETE on the path of the collection, with nothing that says of which items: all of them")
	}},
	{"create", Create, func(_ *compiler, o *operation) bool {
		return o.list != nil && o.list.Of == "" && o.list.shape == o.shape && o.method(http.MethodPost) && o.is(o.list, "", "POST on the path of the collection")
	}},
	{"create-below", Create, (*compiler).createsBelow},
	{"copy", Copy, (*compiler).copies},
	{"act", Act, func(_ *compiler, o *operation) bool {
		return !o.get() && !o.shown.many && o.shows != nil && o.is(o.shows, o.showsParam, "%s below an item answers that item", o.line.Method)
	}},
	{"act-on-link", Act, (*compiler).actsOnLink},
	{"act-without-answer", Act, func(_ *compiler, o *operation) bool {
		return !o.get() && o.above != nil && untyped(o.shown.body) && o.is(o.above, o.aboveParam, "%s below an item answers nothing", o.line.Method)
	}},
	{"renew", Act, (*compiler).renews},
	{"view", View, (*compiler).views},
	{"sample", Sampled, (*compiler).samples},
}

func (c *compiler) infer(o *operation) {
	o.list, o.item = c.at(o.shape), c.itemAt(o.path)
	o.above, o.aboveParam = c.ancestor(o, func(*collection) bool { return true })
	o.shows, o.showsParam = c.ancestor(o, func(one *collection) bool { return one.holds(o.shown.item) })
	for _, r := range rules {
		o.line.Rule, o.line.Kind = r.id, r.kind
		if r.fits(c, o) {
			return
		}
	}
}

// is says what an operation is for; it is always true.
func (o *operation) is(one *collection, item, reason string, args ...any) bool {
	l := o.line
	l.Collection, l.Item, l.Basis, l.Reason = one.Name, item, Inferred, fmt.Sprintf(reason, args...)
	return true
}

func (o *operation) onItem() bool {
	return o.item != nil && o.is(o.item, o.path.lastParam(), "%s on the path of an item", o.line.Method)
}

func (o *operation) onMember() bool {
	return o.item != nil && o.item.Of != "" &&
		o.is(o.item, o.path.lastParam(), "%s on the path of a member; the list of %s shows items of %s", o.line.Method, o.item.Name, o.item.Of)
}

// deletes: not where the answer is an item further up the path.
func (o *operation) deletes() bool {
	return o.method(http.MethodDelete) && (o.shows == nil || o.item != nil && o.item.holds(o.shown.item))
}

func (c *compiler) lists(o *operation) bool {
	what := "an array"
	if o.shown.data != "" {
		what = fmt.Sprintf("an envelope whose %s is an array", o.shown.data[1:])
	}
	if o.list != nil && o.list.shape != o.shape {
		what += " of what " + o.list.Path + " has"
	}
	return o.get() && o.list != nil && o.shown.many && o.is(o.list, "", "GET answers %s", what)
}

func (c *compiler) searches(o *operation) bool {
	one := c.front(o.path, func(one *collection) bool { return one.holds(o.shown.item) })
	return one != nil && o.method(http.MethodPost) && o.shown.many && o.verb("search query find filter") &&
		o.is(one, "", "POST to %s answers an array of its items", o.path.last())
}

// isSingleton finds one path without a list that is read by GET and written, or
// written by PATCH or PUT that answer what they are sent, and adds its collection.
func (c *compiler) isSingleton(o *operation) bool {
	if o.shown.many || o.list != nil || o.item != nil || len(o.path.verbs()) == 0 && o.above == nil || len(o.path.literals()) == 0 {
		return false
	}
	one := c.find(func(one *collection) bool { return one.Singleton && one.shape == o.shape })
	read := first(c.operations, func(other *operation) bool { return other.shape == o.shape && other.get() })
	write := first(c.operations, func(other *operation) bool {
		return other.shape == o.shape && !other.method(http.MethodGet, http.MethodDelete) && other.body != nil
	})
	reason := o.line.Method + " on the path that GET reads"
	switch {
	case one != nil:
	case write == nil, o.method(http.MethodDelete), !isObject(o.shown.item), read != nil && !isObject(read.shown.item):
		return false
	case read != nil:
		reason = fmt.Sprintf("%s and %s at one path without a list", read.line.Method, write.line.Method)
		one = c.addSingleton(o, read.shown.item)
	case len(o.path.params()) > 0 || o.method(http.MethodPost) || !covers(o.shown.item, o.body):
		return false
	default:
		reason = o.line.Method + " on a path of its own answers all that it is sent: one object, kept, though no GET shows it"
		one = c.addSingleton(o, o.shown.item)
	}
	if o.shows != nil && !one.holds(o.shown.item) {
		o.line.Answer.Of = o.shows.Name
	}
	return o.is(one, o.aboveParam, "%s", reason)
}

func (c *compiler) addSingleton(o *operation, entity *spec.Schema) *collection {
	one := newCollection(o.line.Path, o.path, entity)
	one.Singleton, one.Name = true, o.path.bare().words()
	for _, other := range []string{strings.TrimPrefix(o.path.String(), "/"), o.path.String()} {
		if c.named(one.Name) != nil {
			one.Name = other
		}
	}
	one.show(entity)
	one.Parents = c.parameters(one.path, one)
	return c.add(one)
}

func (c *compiler) isBulk(o *operation) bool {
	one, at, others := c.bulk(o)
	if o.get() || one == nil {
		return false
	}
	what := " and nothing else"
	switch {
	case o.method(http.MethodDelete) || o.verb("delete remove destroy archive"):
		o.line.Kind, what = BulkDelete, ", and the path or the method says delete"
	case others || !o.method(http.MethodPost):
		o.line.Kind, what = BulkUpdate, " with what to change"
	}
	return o.is(one, "", "the body names items of %s in %s%s", one.Name, at, what)
}

// bulk finds the ids in a body, an array of them or of objects that have one; others: there is more.
func (c *compiler) bulk(o *operation) (one *collection, at string, others bool) {
	list := only(o.body, func(p spec.Property) bool { return isArray(p.Schema) })
	if list == nil {
		return nil, "", false
	}
	front := c.front(o.path, func(*collection) bool { return true })
	if front == nil {
		front = o.list
	}
	all, at, post := properties(o.body), pointerTo(list), o.method(http.MethodPost)
	words, many := idStem(list.Name)
	switch {
	case isObject(list.Schema.Items()) && len(all) == 1 && !post:
		for _, p := range properties(list.Schema.Items()) {
			words, _ := idStem(p.Name)
			one = c.resolve(words, o.path, nil)
			if words == nil && front != nil && len(front.Identity) == 1 && p.Name == front.Identity[0].Property {
				one = front
			}
			if one != nil && p.Required {
				return one, at + "/*" + pointerTo(&p), true
			}
		}
		return nil, "", false
	case isObject(list.Schema.Items()), post && find(o.body, func(p spec.Property) bool { return p.Name != list.Name && p.Required }) != nil:
	case many && o.list == nil:
		one = c.resolve(words, o.path, nil)
	case is(list.Name, "ids uuids"):
		one = front
	}
	return one, at, len(all) > 1
}

func (c *compiler) writesByBody(o *operation) bool {
	if o.list == nil || len(o.list.Identity) != 1 || property(o.body, o.list.Identity[0].Property) == nil {
		return false
	}
	if o.method(http.MethodPatch) {
		o.line.Kind = Update
	}
	return o.method(http.MethodPut, http.MethodPatch) &&
		o.is(o.list, "", "%s on the path of a collection; the body's %s names the item", o.line.Method, o.list.Identity[0].Property)
}

func (c *compiler) createsBelow(o *operation) bool {
	path, last := o.path.before(false), o.path.last() // /send/{email}: no item is named so
	answered := c.front(path, func(one *collection) bool {
		return one.Of == "" && (one.holds(o.shown.item) || arrayOf(o.shown.body, one) != nil)
	})
	sent := c.front(path, func(one *collection) bool { return one.holds(o.body) || arrayOf(o.body, one) != nil })
	switch {
	case !o.method(http.MethodPost):
	case answered != nil && answered.holds(o.shown.item) && !o.shown.many:
		return o.is(answered, "", "POST to %s answers one of its items", last)
	case answered != nil:
		return o.is(answered, "", "POST to %s answers an array of its items", last)
	case sent != nil && untyped(o.shown.body):
		return o.is(sent, "", "POST to %s takes its items and answers nothing", last)
	}
	return false
}

func (c *compiler) copies(o *operation) bool {
	verbs, last := o.path.verbs(), o.path.last()
	if o.above == nil || !o.method(http.MethodPost) || o.shown.many || len(verbs) == 0 {
		return false
	}
	says := is(verbs[0], "copy duplicate clone fork")
	if !says && (o.shows != nil || o.line.Answer.Status != http.StatusCreated) {
		return false
	}
	o.line.Source = o.above.Name
	if o.shows != nil {
		return o.is(o.shows, o.aboveParam, "POST to %s below an item answers a new one", last)
	}
	if target := c.holder(o.shown.item, o.path); target != nil {
		return o.is(target, o.aboveParam, "POST to %s below an item of %s answers an item of %s", last, o.above.Name, target.Name)
	}
	for _, not := range []*collection{o.above, nil} { // what is copied itself, when nothing else is named
		for _, p := range properties(o.shown.item) {
			if one := c.resolve(idOf(p.Name), o.path, not); one != nil && (says || not != nil) {
				return o.is(one, o.aboveParam, "POST to %s below an item of %s answers a %s", last, o.above.Name, p.Name)
			}
		}
	}
	o.line.Source = ""
	return false
}

func (c *compiler) actsOnLink(o *operation) bool {
	other := c.holder(o.shown.item, o.path)
	if o.get() || o.above == nil || o.shown.many || other == nil {
		return false
	}
	for _, l := range c.links(o.above.entity, o.above, o.above.path) {
		if l.Collection == other.Name && !l.Many {
			o.line.Answer.Of, o.line.Answer.By = other.Name, l.Property
			return o.is(o.above, o.aboveParam, "%s below an item answers the item of %s that its %s names", o.line.Method, other.Name, l.Property[1:])
		}
	}
	return false
}

func (c *compiler) renews(o *operation) bool {
	all := properties(o.shown.item)
	if o.get() || o.above == nil || len(all) == 0 {
		return false
	}
	once := onceOf(o.above)
	return find(o.shown.item, func(p spec.Property) bool { return !slices.Contains(once, p.Name) }) == nil &&
		o.is(o.above, o.aboveParam, "%s below an item answers only %s, which its creation shows once: made anew", o.line.Method, all[0].Name)
}

func (c *compiler) views(o *operation) bool {
	if !o.get() || !isObject(o.shown.item) {
		return false
	}
	if one := c.front(o.path, func(one *collection) bool { return one.Of == "" && one.holds(o.shown.item) }); one != nil {
		return o.is(one, "", "GET on %s below the path of a collection answers one of its items", o.path.last())
	}
	last := o.path.lastParam()
	one := c.itemNamed(o.path.before(true), last, nil)
	return one != nil && o.is(one, last, "GET answers an object for the item of %s that %s names", one.Name, last)
}

func (c *compiler) samples(o *operation) bool {
	o.line.Basis, o.line.Reason = BySample, "the answer is neither an item nor an array of items that the document has elsewhere: a sample"
	if o.get() {
		o.line.Reason = "GET shows no collection, nor something of an item, and nothing writes what it shows: the same sample each time"
	}
	return true
}
