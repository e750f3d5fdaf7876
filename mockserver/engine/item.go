package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// Errors of what is done to items past the API.
var (
	ErrNoCollection = errors.New("engine: no such collection")
	ErrNoItem       = errors.New("engine: no such item")
)

// ValueError is a property that an item cannot have.
type ValueError struct {
	Pointer string // RFC 6901, into the item
	Message string
}

func (e *ValueError) Error() string { return fmt.Sprintf("engine: %s %s", e.Pointer, e.Message) }

// Item is an item as it is kept: with the properties of every schema it is shown by.
type Item struct {
	ID    string
	Value json.RawMessage
}

// Collections lists the collections that hold items of their own, in the document's
// order.
func (e *Engine) Collections() []*plan.Collection {
	return slices.DeleteFunc(slices.Clone(e.plan.Collections), func(c *plan.Collection) bool {
		return c.Of != "" || c.Schema == "" || e.config.Elsewhere != nil && e.config.Elsewhere(c)
	})
}

// named finds a collection; a dot may stand for the slash in its name.
func (e *Engine) named(name string) (*plan.Collection, error) {
	for _, c := range e.Collections() {
		if c.Name == name || strings.ReplaceAll(c.Name, "/", ".") == name {
			return c, nil
		}
	}
	names, hint := []string{}, ""
	for _, c := range e.Collections() {
		names = append(names, c.Name)
		if hint == "" && strings.HasPrefix(c.Name, name+"/") {
			hint = "; in a path, " + strings.ReplaceAll(c.Name, "/", ".") + " names " + c.Name
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: %q; the document served has none: serve one that has it", ErrNoCollection, name)
	}
	return nil, fmt.Errorf("%w: %q; there are %s%s", ErrNoCollection, name, strings.Join(names, ", "), hint)
}

// Properties are those that items of a collection may have, in the document's order.
func (e *Engine) Properties(c *plan.Collection) []spec.Property {
	return e.doc.Schema(c.Schema).AllProperties()
}

// Search chooses items; the zero Search chooses all.
type Search struct {
	Text          string            // that a value of an item has, whatever the case of letters
	Values        map[string]string // that properties have, as plain text or JSON
	Offset, Limit int               // of those chosen; Limit 0: no limit
}

func (q Search) chooses(i *store.Item) bool {
	for property, value := range q.Values {
		if text(i.Value[property]) != value {
			return false
		}
	}
	return q.Text == "" || holds(i.Value, strings.ToLower(q.Text))
}

// holds tells whether a value, or one within it, has a text in small letters.
func holds(v any, wanted string) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			if holds(one, wanted) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return holds(one, wanted) })
	}
	return strings.Contains(strings.ToLower(text(v)), wanted)
}

// Items lists the items of a collection, newest first, of all parents, and how many
// there are without offset and limit.
func (e *Engine) Items(s *store.Items, name string, q Search) (items []Item, total int, err error) {
	c, err := e.named(name)
	if err != nil {
		return nil, 0, err
	}
	t := &tx{e: e, s: s, line: &plan.Line{}, writes: true}
	s.Change(func() {
		t.openAll(c)
		for _, in := range slices.Backward(s.Scopes(c.Name)) {
			for _, i := range slices.Backward(s.All(c.Name, in)) {
				if !q.chooses(i) {
					continue
				}
				if total++; total > q.Offset && (q.Limit == 0 || len(items) < q.Limit) {
					items = append(items, e.item(i))
				}
			}
		}
	})
	return items, total, nil
}

func (e *Engine) item(i *store.Item) Item {
	return Item{ID: i.ID, Value: e.render(nil, i.Value, nil)} // all of it
}

// Item returns one item. The errors are ErrNoCollection and ErrNoItem.
func (e *Engine) Item(s *store.Items, name, id string) (item Item, err error) {
	err = e.with(s, name, id, func(_ *tx, _ *plan.Collection, i *store.Item) error {
		item = e.item(i)
		return nil
	})
	return item, err
}

// with does f to an item.
func (e *Engine) with(s *store.Items, name, id string, f func(t *tx, c *plan.Collection, i *store.Item) error) error {
	c, err := e.named(name)
	if err != nil {
		return err
	}
	t := &tx{e: e, s: s, line: &plan.Line{}, writes: true}
	s.Change(func() {
		t.openAll(c)
		i := s.Find(c.Name, id)
		if i == nil {
			err = fmt.Errorf("%w: %s %q", ErrNoItem, singular(c.Name), id)
			return
		}
		err = f(t, c, i)
	})
	return err
}

// Put makes an item of a collection that has the given properties; the rest is made
// up. Any property can be given, also those that no client can set. The errors are
// ErrNoCollection, store.ErrTaken, or a [*ValueError].
func (e *Engine) Put(s *store.Items, name string, partial map[string]any, now time.Time) (item Item, err error) {
	c, err := e.named(name)
	if err != nil {
		return Item{}, err
	}
	t := &tx{e: e, s: s, r: Request{Now: now}, line: &plan.Line{Write: &plan.Write{}}, writes: true}
	s.Change(func() {
		partial, _ := t.spelled(partial, c.Links).(map[string]any)
		var i *store.Item
		if i, err = t.put(c, text(partial[c.ParentProperty]), partial); err == nil {
			item = e.item(i)
		}
	})
	return item, err
}

// put makes an item of which some is given, below a parent if the collection has such.
func (t *tx) put(c *plan.Collection, parent string, partial map[string]any) (*store.Item, error) {
	in := ""
	if len(c.Parents) > 0 {
		t.openAll(c)
		var err error
		if in, err = t.below(c, parent); err != nil {
			return nil, err
		}
	}
	t.open(c, in)
	ordinal := t.e.config.Items + t.s.Made(c.Name)
	value, err := t.make(c, in, ordinal, t.r.Now)
	if err != nil {
		return nil, err
	}
	value = t.ofBranch(c, value, partial, in, ordinal)
	t.link(c, in, value, ordinal)
	t.unchanged(c, t.branch(t.e.doc.Schema(c.Schema), value), value)
	if err := t.assign(c, value, partial); err != nil {
		return nil, err
	}
	t.complete(c, in, t.identify(c, value), value, -1, true)
	if err := t.assign(c, value, partial); err != nil { // whatever the others say
		return nil, err
	}
	return t.insert(c, in, value, t.views(c, in, value, ordinal, t.r.Now))
}

// below is the scope of the items that belong to a parent; of the first parent when
// none is named.
func (t *tx) below(c *plan.Collection, parent string) (string, error) {
	scopes := t.s.Scopes(c.Name)
	for _, in := range scopes {
		if parent == "" || in == parent || strings.HasSuffix(in, store.Scope("", parent)) {
			return in, nil
		}
	}
	return "", &ValueError{Pointer: "/" + c.ParentProperty, Message: "must name an item of " + c.Parents[len(c.Parents)-1].Collection}
}

// assign puts properties into a value, each as its schema wants it.
func (t *tx) assign(c *plan.Collection, value, partial map[string]any) error {
	s := t.branch(t.e.doc.Schema(c.Schema), value)
	for _, name := range slices.Sorted(maps.Keys(partial)) {
		v := partial[name]
		p := s.Property(name)
		if p == nil && s.Additional() == nil && value[name] == nil {
			return &ValueError{Pointer: spec.Join("", name), Message: "is no property of " + c.Name}
		}
		if p != nil && !t.fits(p, v) {
			return t.misfit(spec.Join("", name), p, v)
		}
		value[name] = v
	}
	if whole := t.e.doc.Schema(c.Schema); !t.fits(whole, value) {
		return t.misfit("", whole, value)
	}
	return nil
}

// misfit says which rule of a schema the value at a pointer breaks.
func (t *tx) misfit(pointer string, s *spec.Schema, v any) error {
	e := &ValueError{Pointer: pointer, Message: "must fit the document's schema at " + s.Pointer}
	if t.e.config.Judge != nil {
		if reasons := t.e.config.Judge(contract.SideResponse, s.Pointer, v); len(reasons) > 0 {
			e.Pointer += reasons[0].Pointer
			e.Message += ": it " + reasons[0].Message
		}
	}
	return e
}

// Patch changes an item by a merge patch (RFC 7396), whatever clients may change. The
// errors are ErrNoCollection, ErrNoItem, or a [*ValueError].
func (e *Engine) Patch(s *store.Items, name, id string, patch map[string]any, now time.Time) (item Item, err error) {
	err = e.with(s, name, id, func(t *tx, c *plan.Collection, i *store.Item) error {
		t.r.Now = now
		value := clone(i.Value)
		schema := t.branch(e.doc.Schema(c.Schema), value)
		changes := map[string]any{}
		patch, _ := t.spelled(patch, c.Links).(map[string]any)
		for property, v := range patch {
			changes[property] = Merged(value[property], v, schema.Property(property))
			if v == nil && (schema.Property(property) == nil || !schema.Property(property).Nullable) {
				delete(value, property)
				delete(changes, property)
			}
		}
		if err := t.assign(c, value, changes); err != nil {
			return err
		}
		if t.identify(c, value) != i.ID {
			return &ValueError{Pointer: "/" + c.Identity[0].Property, Message: "must stay: it is the item's identity"}
		}
		item = e.item(t.keep(c, i, value))
		return nil
	})
	return item, err
}

// Remove deletes an item and what lies below it. The errors are ErrNoCollection and
// ErrNoItem.
func (e *Engine) Remove(s *store.Items, name, id string) error {
	return e.with(s, name, id, func(t *tx, c *plan.Collection, i *store.Item) error {
		t.remove(c, i)
		return nil
	})
}
