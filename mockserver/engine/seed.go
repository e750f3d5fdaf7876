package engine

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// The first items were made over the year before the first day of the demo world's
// clock, one after the other.
var firstDay = time.Date(2025, time.January, 7, 8, 41, 17, 0, time.UTC)

const (
	step      = 9*time.Hour + 47*time.Minute + 13*time.Second
	stepBelow = 11 * time.Second // of items that belong to another
)

// open makes the items that a scope begins with, unless it is there: none below a
// parent when items can be created there.
func (t *tx) open(c *plan.Collection, in string) {
	if t.s.Has(c.Name, in) {
		return
	}
	if !t.writes {
		t.unopened = true
		return
	}
	t.s.Open(c.Name, in)
	if c.Of != "" || c.Schema == "" {
		return
	}
	n, begin, pause := t.begin(c, in), firstDay, step
	if len(c.Parents) > 0 {
		pause = stepBelow
		if parent := t.parent(c, in); parent != nil {
			begin = created(t.collection(c.Parents[len(c.Parents)-1].Collection), parent.Value, begin)
		}
	}
	made := make([]*store.Item, 0, n)
	for i := range n {
		if item := t.add(c, in, i, begin.Add(time.Duration(i)*pause)); item != nil {
			made = append(made, item)
		}
	}
	// Links come last: what they name may name these items in turn.
	for i, item := range made {
		value := clone(item.Value)
		t.link(c, in, value, i)
		t.complete(c, in, item.ID, value, i, false)
		t.s.Set(c.Name, item, value, item.Views)
	}
	t.s.Seeded(c.Name, in)
	t.recount(c, in)
}

// openAll opens the scopes of all parents that are there.
func (t *tx) openAll(c *plan.Collection) {
	if len(c.Parents) == 0 {
		t.open(c, "")
		return
	}
	p := c.Parents[len(c.Parents)-1]
	parent := t.collection(p.Collection)
	if parent == nil {
		return
	}
	t.openAll(parent)
	for _, outer := range t.s.Scopes(parent.Name) {
		for _, item := range t.s.All(parent.Name, outer) {
			ids := []string{}
			if outer != "" {
				ids = append(ids, outer)
			}
			t.open(c, store.Scope(append(ids, item.ID)...))
		}
	}
}

// parent is the item that a scope's items belong to; nil when it is none.
func (t *tx) parent(c *plan.Collection, in string) *store.Item {
	name := c.Parents[len(c.Parents)-1].Collection
	if name == "" {
		return nil
	}
	return t.s.Find(name, store.Innermost(in))
}

func created(c *plan.Collection, value map[string]any, otherwise time.Time) time.Time {
	if c != nil && c.Created != "" {
		if d, ok := spec.Date(text(value[c.Created])); ok {
			return d
		}
	}
	return otherwise
}

// add makes up an item and stores it; nil when its schema admits none, or no id that is
// free.
func (t *tx) add(c *plan.Collection, in string, ordinal int, when time.Time) *store.Item {
	value, err := t.make(c, in, ordinal, when)
	if err != nil {
		return nil
	}
	for _, id := range c.Identity { // numbers count up, to the maximum
		p := t.e.doc.Schema(c.Schema).Property(id.Property)
		if n, is := value[id.Property].(json.Number); is && p != nil && !t.fits(p, n) {
			return nil
		}
	}
	t.complete(c, in, t.identify(c, value), value, ordinal, true)
	item, err := t.s.Add(c.Name, in, t.identify(c, value), value, t.views(c, in, value, ordinal, when))
	if err != nil {
		return nil
	}
	return item
}

// insert keeps a new item.
func (t *tx) insert(c *plan.Collection, in string, value map[string]any, views map[string]map[string]any) (*store.Item, error) {
	item, err := t.s.Add(c.Name, in, t.identify(c, value), value, views)
	if err == nil {
		t.recount(c, in)
	}
	return item, err
}

// make makes up an item's value.
func (t *tx) make(c *plan.Collection, in string, ordinal int, when time.Time) (map[string]any, error) {
	v, err := t.e.maker.Value(t.e.doc.Schema(c.Schema), place(c, in, ordinal, when))
	if err != nil {
		return nil, err
	}
	value, ok := v.(map[string]any)
	if !ok {
		return map[string]any{"": v}, nil // an item that is no object
	}
	for _, name := range c.Once {
		delete(value, name)
	}
	for _, id := range c.Identity {
		if id.Property == "" { // the path alone names the item
			continue
		}
		p := t.e.doc.Schema(c.Schema).Property(id.Property)
		for n := 1; p != nil && value[id.Property] == nil && n < 50; n++ { // null, or left out, where the document allows it: no path could name the item
			value[id.Property], _ = t.e.maker.Value(p, place(c, in, ordinal+n*100_000, when))
		}
		if id.Type == "integer" || id.Type == "number" {
			value[id.Property] = json.Number(strconv.Itoa(ordinal + 1))
			continue
		}
		if p != nil {
			value[id.Property] = t.inPath(id, p, value[id.Property], place(c, in, ordinal, when))
		}
		taken := func() bool { return t.s.Get(c.Name, in, text(value[id.Property])) != nil }
		if id.Format != "" || id.Type != "string" || !taken() {
			continue
		}
		if longer := text(value[id.Property]) + "-" + strconv.Itoa(ordinal+1); p == nil || t.fits(p, longer) {
			value[id.Property] = longer
		}
		for n := 1; p != nil && n < 100 && taken(); n++ { // of an enum, or a pattern
			value[id.Property], _ = t.e.maker.Value(p, place(c, in, ordinal+n*100_000, when))
		}
	}
	if p := t.e.doc.Schema(c.Schema).Property(c.Created); c.Created != "" {
		if made := stamp(p, when); p == nil || t.fits(p, made) {
			value[c.Created] = made
		}
	}
	if c.ParentProperty != "" && in != "" {
		value[c.ParentProperty] = t.typed(c, c.ParentProperty, store.Innermost(in))
	}
	for _, f := range t.e.listed[c.Name] { // a filter on any of the values that it takes is to find something
		name := spec.Tokens(f.Properties[0])[0]
		if _, there := value[name].(string); !there {
			continue
		}
		if v, err := t.e.maker.Value(t.e.doc.Schema(f.Values), place(c, in+"\x00?"+name, ordinal, when)); err == nil {
			value[name] = v
		}
	}
	return value, nil
}

// inPath is an identity that the path parameter takes, too: a value of the parameter
// where that which the property has does not fit it.
func (t *tx) inPath(id plan.Identity, property *spec.Schema, v any, at sample.Place) any {
	parameter := t.e.doc.Schema(id.Schema)
	if parameter == nil || t.fits(parameter, v) {
		return v
	}
	if made, err := t.e.maker.Value(parameter, at); err == nil && t.fits(property, made) {
		return made
	}
	return v
}

func place(c *plan.Collection, in string, ordinal int, when time.Time) sample.Place {
	name := c.Name
	if in != "" {
		name += "\x00" + in
	}
	return sample.Place{Collection: name, Ordinal: ordinal, Time: when}
}

// typed is a text as a property of the collection's items has it.
func (t *tx) typed(c *plan.Collection, property, v string) any {
	if s := t.e.doc.Schema(c.Schema).Property(property); s != nil && (slices.Contains(s.Types, "integer") || slices.Contains(s.Types, "number")) {
		return json.Number(v)
	}
	return v
}

// stamp writes a date as its schema has it.
func stamp(s *spec.Schema, when time.Time) any {
	switch {
	case s != nil && (slices.Contains(s.Types, "integer") || slices.Contains(s.Types, "number")):
		return json.Number(strconv.FormatInt(when.Unix(), 10))
	case s != nil && s.Format == "date":
		return when.UTC().Format(time.DateOnly)
	}
	return when.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// identify is the identity of a value as a text.
func (t *tx) identify(c *plan.Collection, value map[string]any) string {
	if len(c.Identity) == 0 {
		if c.Singleton {
			return ""
		}
		return "#" + strconv.Itoa(len(t.s.All(c.Name, "")))
	}
	ids := make([]string, len(c.Identity))
	for i, id := range c.Identity {
		if ids[i] = text(value[id.Property]); id.Property == "" {
			ids[i] = t.unnamed(c, id)
		}
	}
	return store.Scope(ids...)
}

// unnamed is what the path alone names a new item by: a value of the parameter that
// names no other item.
func (t *tx) unnamed(c *plan.Collection, id plan.Identity) (name string) {
	begin := t.s.Made(c.Name) + t.s.Len(c.Name, "")
	for n := range 1000 {
		v, err := t.e.maker.Value(t.e.doc.Schema(id.Schema), place(c, "", begin+n, time.Time{}))
		if name = text(v); err == nil && name != "" && t.s.Find(c.Name, name) == nil {
			break
		}
	}
	return name
}

// views makes what a projection needs and the value does not have: into the value
// where there is room, else apart.
func (t *tx) views(c *plan.Collection, in string, value map[string]any, ordinal int, when time.Time) map[string]map[string]any {
	var apart map[string]map[string]any
	for _, p := range c.Projections {
		if p.Schema == c.Schema {
			continue
		}
		s := t.branch(t.e.doc.Schema(p.Schema), value)
		if s == nil {
			continue
		}
		var other map[string]any
		for _, property := range s.Properties() {
			v, there := value[property.Name]
			if there && t.fits(property.Schema, v) || property.Schema.WriteOnly || slices.Contains(c.Once, property.Name) {
				continue
			}
			if other == nil {
				made, err := t.e.maker.Value(t.e.doc.Schema(p.Schema), place(c, in, ordinal, when))
				if other, _ = made.(map[string]any); err != nil || other == nil {
					break
				}
			}
			v, made := other[property.Name]
			switch {
			case !made:
			case !there:
				value[property.Name] = v
			default:
				if apart == nil {
					apart = map[string]map[string]any{}
				}
				if apart[p.Schema] == nil {
					apart[p.Schema] = map[string]any{}
				}
				apart[p.Schema][property.Name] = v
			}
		}
	}
	return apart
}

func (t *tx) fits(s *spec.Schema, v any) bool { return t.e.config.Fits == nil || t.e.config.Fits(s, v) }
