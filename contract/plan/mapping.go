package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// write says where what an operation takes goes.
func (c *compiler) write(o *operation, one *collection) {
	l := o.line
	if o.get() {
		if l.Write != nil {
			l.Ignored = append(l.Ignored, "body")
		}
		l.Write = nil
		return
	}
	w := l.Write
	if w == nil {
		w = &Write{}
	}
	m := mapper{c: c, o: o, one: one, w: w, sent: o.body}
	switch l.Kind {
	case Sampled, View, List, Read, Delete, Join, Leave:
		return
	case BulkDelete, BulkUpdate, BulkRead:
		m.target = one.entity
		m.bulk()
	case Create, Update, Replace, Act, Copy, Singleton:
		m.target = one.entity
		m.items()
	}
	w.Links = c.links(o.body, nil, o.path)
	if w.Media != "" || len(w.Mappings) > 0 {
		l.Write = w
	}
}

// mapper maps what is sent to the properties of an item.
type mapper struct {
	c      *compiler
	o      *operation
	one    *collection
	w      *Write
	sent   *spec.Schema // of the body, or of what in it is the item
	target *spec.Schema // of the item, or of the property that takes it all
}

// items maps a body that is an item, or has an array of them.
func (m *mapper) items() {
	o, w, kind := m.o, m.w, m.o.line.Kind
	if inner := o.wrapped(o.body); inner != nil && o.shown.data != "" {
		m.sent, w.Data = inner.Schema, pointerTo(inner)
	}
	if list := m.many(); list != nil && kind == Create {
		m.sent, w.Data, w.Items = list.Schema.Items(), pointerTo(list), true
	}
	if kind == Act {
		m.enter()
	}
	m.all(&w.Mappings, "")
	if kind == Create || kind == Update {
		m.parameters()
	}
	from := only(m.sent, func(p spec.Property) bool { return untyped(p.Schema) })
	to := only(m.target, func(p spec.Property) bool { return untyped(p.Schema) })
	if kind == Singleton && len(w.Mappings) == 0 && from != nil && to != nil {
		w.Mappings = []Mapping{mapped(from.Name, to.Name)}
		m.kept(from.Name)
	}
	if w.Items && w.Data != "" { // what stands beside the array is of each item
		m.sent = o.body
		m.all(&w.Shared, w.Data)
	}
	// What requires something that the item has no place for is about something
	// else: name in the body of PATCH /flow/{id}/action is the action's.
	if kind == Act && slices.ContainsFunc(properties(m.sent), func(p spec.Property) bool { return p.Required && slices.Contains(w.Unkept, p.Name) }) {
		for _, mapping := range w.Mappings {
			w.Unkept = append(w.Unkept, mapping.From)
		}
		w.Mappings, w.Into = nil, ""
	}
	if o.line.Item == "" && (kind == Update || kind == Replace) && len(m.one.Identity) == 1 {
		if p := property(m.sent, m.one.Identity[0].Property); p != nil {
			w.Identity = p.Name
		}
	}
}

// many is the array in a body of which each is an item: the answer has an array
// of items too. Without a name it is the body itself.
func (m *mapper) many() *spec.Property {
	if ofObjects(m.o.body) {
		return &spec.Property{Schema: m.o.body}
	}
	if m.one.holds(m.o.shown.item) || arrayOf(m.o.shown.body, m.one) == nil {
		return nil
	}
	return only(m.o.body, func(p spec.Property) bool { return ofObjects(p.Schema) })
}

// bulk maps a body that has ids, or objects with ids and what to change.
func (m *mapper) bulk() {
	_, m.w.IDs, _ = m.c.bulk(m.o)
	if list := only(m.o.body, func(p spec.Property) bool { return ofObjects(p.Schema) }); list != nil {
		m.sent, m.w.Data, m.w.Items = list.Schema.Items(), pointerTo(list), true
		m.w.Identity = lastOf(spec.Tokens(m.w.IDs))
	} else if m.o.line.Kind != BulkUpdate {
		return
	}
	m.all(&m.w.Mappings, m.w.IDs)
	m.kept(m.w.Identity)
}

// kept takes a property out of those that the item has no place for.
func (m *mapper) kept(name string) {
	m.w.Unkept = slices.DeleteFunc(m.w.Unkept, func(other string) bool { return other == name })
}

// enter goes into the property that the path's last literal names, when it takes
// more of what is sent than the item does: PATCH /flow/{id}/trigger.
func (m *mapper) enter() {
	verbs := m.o.path.verbs()
	if len(verbs) != 1 || property(m.sent, verbs[0]) != nil {
		return
	}
	if p := property(m.target, verbs[0]); p != nil && isObject(p.Schema) && covers(p.Schema, m.sent) {
		m.w.Into, m.target = pointerTo(p), p.Schema
	}
}

// all maps what is sent, but for what stands at a pointer.
func (m *mapper) all(to *[]Mapping, but string) {
	for _, p := range properties(m.sent) {
		switch mapping := m.property(p.Name, p.Schema); {
		case pointerTo(&p) == but:
		case mapping != nil:
			*to = append(*to, *mapping)
		default:
			m.w.Unkept = append(m.w.Unkept, p.Name)
		}
	}
}

// parameters maps those of the path that name no item, when one is created, and
// those of the query.
func (m *mapper) parameters() {
	take := func(in, name string, schema *spec.Schema) bool {
		mapping := m.property(name, schema)
		if mapping == nil || mapping.How == Embeds {
			return false
		}
		mapping.In = in
		m.w.Mappings = append(m.w.Mappings, *mapping)
		return true
	}
	for _, p := range m.o.line.Parameters {
		if m.o.line.Kind == Create && p.In == "path" && p.Collection == "" {
			take(p.In, p.Name, m.o.names[p.Name])
		}
	}
	m.o.query = slices.DeleteFunc(m.o.query, func(q input) bool { return take("query", q.name, q.schema) })
}

// property maps one property; nil when the item has no place for it.
func (m *mapper) property(name string, schema *spec.Schema) *Mapping {
	if p := property(m.target, name); p != nil {
		mapping := mapped(name, p.Name)
		switch {
		case m.o.line.Item != "" && m.w.Into == "" && m.o.line.Kind != Copy && slices.ContainsFunc(m.one.Identity, func(i Identity) bool { return i.Property == p.Name }):
			return nil // the path names the item
		case isObject(p.Schema) && !isObject(schema) && !untyped(schema):
			return m.embeds(name, func(l Link) bool { return !l.Many && l.Property == pointerTo(p) }, "name")
		}
		return &mapping
	}
	if words, many := idStem(name); words != nil {
		return m.embeds(name, func(l Link) bool { return l.Many == many && slices.Equal(stem(l.Property), words) }, "")
	}
	words := wordsOf(name)
	p := only(m.target, func(p spec.Property) bool {
		own := wordsOf(p.Name)
		if id, _ := idStem(p.Name); id != nil || property(m.sent, p.Name) != nil || !alike(schema, p.Schema) || isArray(p.Schema) || isObject(p.Schema) {
			return false
		}
		return endsWith(own, words) || endsWith(words, own)
	})
	if p == nil || slices.ContainsFunc(m.w.Mappings, func(other Mapping) bool { return other.To == p.Name }) {
		return nil
	}
	return &Mapping{From: name, To: p.Name, How: Renamed}
}

// embeds maps X_id to the object X that the item holds, X_ids to its array, and
// with by a text to the object that it names so: the role admin.
func (m *mapper) embeds(from string, fits func(Link) bool, by string) *Mapping {
	for _, l := range m.one.Links {
		tokens := spec.Tokens(l.Property)
		if !l.Embedded || len(tokens) != 1 || !fits(l) {
			continue
		}
		mapping := &Mapping{From: from, To: tokens[0], How: Embeds, Collection: l.Collection, Many: l.Many}
		if by == "" {
			return mapping
		}
		if p := property(m.c.named(l.Collection).entity, by); p != nil {
			mapping.By = p.Name
			return mapping
		}
	}
	return nil
}
