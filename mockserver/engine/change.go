package engine

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// create makes an item of what was sent, or several.
func (t *tx) create() (Response, error) {
	c, w := t.collection(t.line.Collection), t.line.Write
	in := t.target(c)
	bodies := []any{t.r.Body}
	if w != nil {
		bodies[0] = at(t.r.Body, w.Data)
		if list, ok := bodies[0].([]any); ok && w.Items {
			bodies = list
		}
	}
	t.open(c, in)
	ordinal := t.e.config.Items + t.s.Made(c.Name)
	values := make([]map[string]any, len(bodies))
	for i, body := range bodies { // all, or none
		var err error
		if values[i], err = t.draft(c, in, ordinal+i, nil, body); err != nil {
			return Response{}, err
		}
	}
	items := make([]*store.Item, 0, len(bodies))
	for i, value := range values {
		item, err := t.finish(c, in, ordinal+i, value)
		if err != nil { // the store is full
			for _, made := range items {
				t.s.Undo(c.Name, made)
			}
			t.recount(c, in)
			return Response{}, err
		}
		items = append(items, item)
	}
	return t.respondAll(c, items)
}

// target is the scope that new items go to: what the path says, else what the body
// names, else the first that is there.
func (t *tx) target(c *plan.Collection) string {
	if in, ok := t.scope(c); ok {
		t.open(c, in)
		return in
	}
	if c.ParentProperty != "" {
		if v, ok := member(t.r.Body, c.ParentProperty); ok {
			return text(v)
		}
	}
	t.openAll(c)
	if scopes := t.s.Scopes(c.Name); len(scopes) > 0 {
		return scopes[0]
	}
	return ""
}

// copy makes an item of another one, and of what was sent.
func (t *tx) copy() (Response, error) {
	source, c := t.collection(t.line.Source), t.collection(t.line.Collection)
	id := t.r.Path[t.line.Item]
	from := t.find(source, id)
	if from == nil {
		return Response{}, t.missing(source, id)
	}
	in := t.target(c)
	t.open(c, in)
	ordinal := t.e.config.Items + t.s.Made(c.Name)
	value, err := t.draft(c, in, ordinal, from.Value, t.r.Body)
	if err != nil {
		return Response{}, err
	}
	item, err := t.finish(c, in, ordinal, value)
	if err != nil {
		return Response{}, err
	}
	return t.respond(c, item)
}

// draft is a new item: defaults, then what it is a copy of, then what was sent, then
// what the server makes.
func (t *tx) draft(c *plan.Collection, in string, ordinal int, from map[string]any, body any) (map[string]any, error) {
	value, err := t.make(c, in, ordinal, t.r.Now)
	if err != nil {
		return nil, err
	}
	value = t.ofBranch(c, value, body, in, ordinal)
	t.link(c, in, value, ordinal)
	s := t.branch(t.e.doc.Schema(c.Schema), value)
	server := maps.Clone(value)
	t.plainest(c, s, value)
	for _, p := range s.Properties() {
		if v, ok := from[p.Name]; ok && !t.made(c, p.Name) && !t.identifies(c, p.Name) && t.fits(p.Schema, v) {
			value[p.Name] = v
		}
	}
	if refusal := t.apply(c, s, value, body, false); refusal != nil {
		return nil, refusal
	}
	for _, p := range s.Properties() { // what cannot be as it is now is as it was made up
		if v, ok := value[p.Name]; ok && !t.fits(p.Schema, v) {
			value[p.Name] = server[p.Name]
		}
	}
	if id := t.identify(c, value); id != t.identify(c, server) && t.s.Get(c.Name, in, id) != nil {
		return nil, t.refusal(http.StatusConflict, c, id, capital(singular(c.Name))+" "+id+" is there already")
	}
	return value, nil
}

// finish gives a new item an id that no other has, lets it agree with the others, and
// stores it.
func (t *tx) finish(c *plan.Collection, in string, ordinal int, value map[string]any) (*store.Item, error) {
	id := t.identify(c, value)
	for n := 1; t.s.Get(c.Name, in, id) != nil && len(c.Identity) > 0; n++ {
		property := c.Identity[len(c.Identity)-1].Property
		switch v := value[property].(type) {
		case json.Number:
			value[property] = json.Number(strconv.Itoa(ordinal + 1 + n))
		case string:
			value[property] = v + "-" + strconv.Itoa(n)
		}
		if id = t.identify(c, value); n > 1000 {
			break
		}
	}
	t.complete(c, in, id, value, -1, true)
	return t.insert(c, in, value, t.views(c, in, value, ordinal, t.r.Now))
}

// ofBranch makes the value up anew when the body, or the answer, is for another
// branch of the entity than chance has taken: that which the discriminator names,
// else that which the answer is, else that which has most of what was sent.
func (t *tx) ofBranch(c *plan.Collection, value map[string]any, body any, in string, ordinal int) map[string]any {
	if len(c.Branches) == 0 {
		return value
	}
	wanted, most := "", 0
	sent, _ := body.(map[string]any)
	for _, b := range c.Branches {
		fit := 1
		for name := range sent {
			if t.e.doc.Schema(b.Schema).Property(name) != nil {
				fit++
			}
		}
		if b.Schema == t.line.Answer.Item {
			fit += 1000
		}
		if v, ok := sent[b.Discriminator]; ok && text(v) == b.Value {
			fit += 2000
		}
		if fit > most {
			wanted, most = b.Schema, fit
		}
	}
	of := *c
	of.Schema = wanted
	if v, err := t.make(&of, in, ordinal, t.r.Now); err == nil {
		return v
	}
	return value
}

// made tells whether a property is the server's: its clients cannot set it.
func (t *tx) made(c *plan.Collection, name string) bool {
	return c.ServerMade(name) || slices.ContainsFunc(c.Identity, func(i plan.Identity) bool { return i.Property == name })
}

// identifies tells whether a property identifies items below the collection's that are of
// the same schema, as the id of its draft does among the versions of an agent: a copy has
// one of its own.
func (t *tx) identifies(c *plan.Collection, name string) bool {
	return slices.ContainsFunc(t.childrenOf(c), func(child *plan.Collection) bool {
		return child.Schema == c.Schema && len(child.Identity) == 1 && child.Identity[0].Property == name
	})
}

// plainest puts defaults in place of what was made up, and nothing where there may
// be nothing.
func (t *tx) plainest(c *plan.Collection, s *spec.Schema, value map[string]any) {
	for _, p := range s.Properties() {
		_, there := value[p.Name]
		switch {
		case !there || t.made(c, p.Name) || len(p.Schema.Enum) == 1 && p.Schema.Default == nil:
		case p.Schema.Default != nil:
			value[p.Name] = *p.Schema.Default
		case p.Schema.Nullable:
			value[p.Name] = nil
		case slices.Contains(p.Schema.Types, "array") && p.Schema.MinItems == 0:
			value[p.Name] = []any{}
		case slices.Contains(p.Schema.Types, "boolean") && p.Schema.Enum == nil:
			value[p.Name] = false
		case slices.Contains(p.Schema.Types, "integer") && strings.Contains(p.Name, "count") && t.fits(p.Schema, json.Number("0")):
			value[p.Name] = json.Number("0")
		}
	}
	t.unchanged(c, s, value)
}

// unchanged lets a new item be updated when it was created, not at a date to come.
func (t *tx) unchanged(c *plan.Collection, s *spec.Schema, value map[string]any) {
	if v, ok := value[c.Created]; ok && c.Updated != "" && t.fits(s.Property(c.Updated), v) {
		value[c.Updated] = v
	}
}

// change writes what was sent into an item and returns it as it is then.
func (t *tx) change(c *plan.Collection, item *store.Item, whole bool) (*store.Item, error) {
	w := t.line.Write
	if w == nil {
		return item, nil
	}
	value, refusal := t.changed(c, item.Value, at(t.r.Body, w.Data), whole)
	if refusal != nil {
		return nil, refusal
	}
	return t.keep(c, item, value), nil
}

// changed is a value with what was sent in it.
func (t *tx) changed(c *plan.Collection, old map[string]any, body any, whole bool) (map[string]any, *Refusal) {
	w, value := t.line.Write, clone(old)
	s := t.branch(t.e.doc.Schema(c.Schema), value)
	if whole {
		t.plainest(c, s, value)
	}
	switch {
	case w.Into != "":
		value, _ = set(value, w.Into, Merged(at(value, w.Into), body, nil)).(map[string]any)
	default:
		if refusal := t.apply(c, s, value, body, !whole); refusal != nil {
			return nil, refusal
		}
	}
	if p := s.Property(c.Updated); c.Updated != "" && p != nil && t.fits(p, stamp(p, t.r.Now)) {
		value[c.Updated] = stamp(p, t.r.Now)
	}
	if whole := t.e.doc.Schema(c.Schema); !t.fits(whole, value) && t.fits(whole, old) {
		return old, nil // together with the rest it cannot be kept
	}
	return value, nil
}

// remove deletes an item and what lies below it, and lets no other item name it.
func (t *tx) remove(c *plan.Collection, item *store.Item) {
	t.s.Delete(c.Name, item)
	t.unlink(c, item)
	t.recount(c, item.Scope)
	for _, below := range t.e.plan.Collections {
		for i, p := range below.Parents {
			if p.Collection == c.Name {
				t.s.Drop(below.Name, func(scope string) bool { return store.Within(scope, i, item.ID) })
			}
		}
	}
}

// bulk does something to the items whose ids the body has, or to all that there are, to
// all of them or to none; ids of no item are ignored.
func (t *tx) bulk() (Response, error) {
	c := t.collection(t.line.Collection)
	var items []*store.Item
	values := map[*store.Item]map[string]any{} // as they are to be
	ignore := t.e.rules.lines[t.line].Ignore
	for _, to := range t.targets(c) {
		item := to.item
		if item == nil || ignore != nil && ignore(item.Value) {
			continue
		}
		if values[item] == nil {
			items, values[item] = append(items, item), item.Value
		}
		var refusal *Refusal
		switch t.line.Kind { //nolint:exhaustive // reading changes nothing
		case plan.BulkDelete:
			refusal = t.inUse(c, item)
		case plan.BulkUpdate:
			values[item], refusal = t.changed(c, values[item], to.body, false)
		}
		if refusal != nil {
			return Response{}, refusal
		}
	}
	for i, item := range items {
		switch t.line.Kind { //nolint:exhaustive // reading changes nothing
		case plan.BulkDelete:
			t.remove(c, item)
		case plan.BulkUpdate:
			items[i] = t.keep(c, item, values[item])
		}
	}
	return t.respondAll(c, items)
}

// targets are the items that a body names, nil where there is none, each with what was
// sent for it.
func (t *tx) targets(c *plan.Collection) (all []target) {
	w := t.line.Write
	switch {
	case w == nil: // DELETE of the list
		in, whole := t.scope(c)
		t.openAll(c)
		for _, other := range t.s.Scopes(c.Name) {
			for _, item := range t.s.All(c.Name, other) {
				if !whole || other == in {
					all = append(all, target{item, nil})
				}
			}
		}
	case w.Items:
		list, _ := at(t.r.Body, w.Data).([]any)
		for _, body := range list {
			id, _ := member(body, w.Identity)
			all = append(all, target{t.find(c, text(id)), body})
		}
	default:
		ids, _ := at(t.r.Body, w.IDs).([]any)
		for _, id := range distinct(ids) {
			all = append(all, target{t.find(c, text(id)), at(t.r.Body, w.Data)})
		}
	}
	return all
}

type target struct {
	item *store.Item
	body any
}
