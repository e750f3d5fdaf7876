package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// write says where what an operation takes goes. It takes the parameters that
// are written out of others.
func (c *compiler) write(o *operation, one *collection, others *[]input) {
	l := o.line
	w := l.Write
	if w == nil {
		w = &Write{}
	}
	switch l.Kind {
	case Sampled, View, List, Read, Delete, Join, Leave:
		if o.get() && w.Media != "" {
			l.Ignored = append(l.Ignored, "body")
		}
		l.Write = nil
		if !o.get() && o.body != nil {
			l.Write = &Write{Media: w.Media, Schema: w.Schema, Required: w.Required}
		}
		return
	case Singleton:
		if o.get() {
			l.Write = nil
			return
		}
	case BulkDelete, BulkUpdate, BulkRead:
		c.writeBulk(o, w)
		return
	case Create, Update, Replace, Act, Copy:
	}
	sent := o.body
	if inner := o.wrapped(o.body); inner != nil && isObject(inner.Schema) && o.shown.data != "" {
		sent, w.Data = inner.Schema, spec.Join("", inner.Name)
	}
	if l.Kind == Create {
		if list := manySent(o, one); list != nil {
			w.Items, sent = true, list.Schema.Items()
			if list.Name != "" {
				w.Data = spec.Join("", list.Name)
			}
		}
	}
	m := mapper{c: c, o: o, one: one, target: one.entity}
	if l.Kind == Act {
		m.enter(w, sent)
	}
	m.all(w, sent, others)
	if l.Kind == Singleton && len(w.Mappings) == 0 {
		m.untyped(w, sent)
	}
	if w.Items && w.Data != "" {
		m.shared(w)
	}
	if l.Kind == Act && m.speaksOfAnother(w, sent) {
		for _, mapping := range w.Mappings {
			w.Unkept = append(w.Unkept, mapping.From)
		}
		w.Mappings, w.Into = nil, ""
	}
	if l.Item == "" && (l.Kind == Update || l.Kind == Replace) && len(one.Identity) == 1 {
		if p := property(sent, one.Identity[0].Property); p != nil {
			w.Identity = p.Name
		}
	}
	w.Links = c.links(o.body, nil, o.path)
	if w.Media != "" || len(w.Mappings) > 0 {
		l.Write = w
	}
}

// manySent is the array in a body of which each is an item: the answer has an
// array of items too. Without a name it is the body itself.
func manySent(o *operation, one *collection) *spec.Property {
	if isArray(o.body) && isObject(o.body.Items()) {
		return &spec.Property{Schema: o.body}
	}
	if one.holds(o.shown.item) || arrayOf(o.shown.body, one) == nil {
		return nil
	}
	return only(o.body, func(p spec.Property) bool { return isArray(p.Schema) && isObject(p.Schema.Items()) })
}

func (c *compiler) writeBulk(o *operation, w *Write) {
	if o.body == nil {
		return
	}
	one, at, _ := c.bulk(o)
	w.IDs = at
	w.Links = c.links(o.body, nil, o.path)
	if list := only(o.body, func(p spec.Property) bool { return isArray(p.Schema) && isObject(p.Schema.Items()) }); list != nil && one != nil {
		w.Items, w.Data = true, spec.Join("", list.Name)
		tokens := spec.Tokens(at)
		w.Identity = tokens[len(tokens)-1]
		m := mapper{c: c, o: o, one: one, target: one.entity}
		m.all(w, list.Schema.Items(), &[]input{})
	} else if one != nil && o.line.Kind == BulkUpdate {
		m := mapper{c: c, o: o, one: one, target: one.entity}
		m.all(w, o.body, &[]input{})
	}
	w.Unkept = slices.DeleteFunc(w.Unkept, func(name string) bool { return name == w.Identity || spec.Join("", name) == w.IDs })
	o.line.Write = w
}

// mapper maps what is sent to the properties of an item.
type mapper struct {
	c      *compiler
	o      *operation
	one    *collection
	target *spec.Schema // of the item, or of the property that takes it all
}

// enter goes into the property that the path's last literal names, when it takes
// more of what is sent than the item does: PATCH /flow/{id}/trigger.
func (m *mapper) enter(w *Write, sent *spec.Schema) {
	verbs := m.o.path.verbs()
	if len(verbs) != 1 || sent == nil {
		return
	}
	p := property(m.target, verbs[0])
	if p == nil || !isObject(p.Schema) || property(sent, verbs[0]) != nil || !covers(p.Schema, sent) {
		return
	}
	w.Into, m.target = spec.Join("", p.Name), p.Schema
}

// all maps what the body has, then what the path and query have.
func (m *mapper) all(w *Write, sent *spec.Schema, others *[]input) {
	for _, p := range properties(sent) {
		if mapping := m.property(w, sent, p.Name, p.Schema); mapping != nil {
			w.Mappings = append(w.Mappings, *mapping)
		} else {
			w.Unkept = append(w.Unkept, p.Name)
		}
	}
	if m.o.line.Kind != Create && m.o.line.Kind != Update {
		return
	}
	take := func(in, name string, schema *spec.Schema) bool {
		mapping := m.property(w, nil, name, schema)
		if mapping == nil || mapping.How == Embeds {
			return false
		}
		mapping.In = in
		w.Mappings = append(w.Mappings, *mapping)
		return true
	}
	for _, p := range m.o.line.Parameters {
		if m.o.line.Kind == Create && p.In == "path" && p.Collection == "" {
			take("path", p.Name, m.o.names[p.Name])
		}
	}
	*others = slices.DeleteFunc(*others, func(q input) bool { return take("query", q.name, q.schema) })
}

// shared maps what stands beside the array of items in a body.
func (m *mapper) shared(w *Write) {
	for _, p := range properties(m.o.body) {
		if spec.Join("", p.Name) == w.Data {
			continue
		}
		if mapping := m.property(w, m.o.body, p.Name, p.Schema); mapping != nil {
			w.Shared = append(w.Shared, *mapping)
		} else {
			w.Unkept = append(w.Unkept, p.Name)
		}
	}
}

// property maps one property; nil when the item has no place for it.
func (m *mapper) property(w *Write, sent *spec.Schema, name string, schema *spec.Schema) *Mapping {
	if p := property(m.target, name); p != nil {
		if m.o.line.Item != "" && w.Into == "" && m.o.line.Kind != Copy && slices.ContainsFunc(m.one.Identity, func(i Identity) bool { return i.Property == p.Name }) {
			return nil // the path names the item
		}
		if isObject(p.Schema) && !isObject(schema) && !untyped(schema) {
			return m.byName(name, p)
		}
		return &Mapping{From: name, To: p.Name, How: map[bool]How{true: Same, false: Renamed}[p.Name == name]}
	}
	if words, many := idStem(name); words != nil {
		return m.embeds(name, words, many)
	}
	words := wordsOf(name)
	p := only(m.target, func(p spec.Property) bool {
		own := wordsOf(p.Name)
		if stem, _ := idStem(p.Name); stem != nil || property(sent, p.Name) != nil || !alike(schema, p.Schema) || isArray(p.Schema) || isObject(p.Schema) {
			return false
		}
		return endsWith(own, words) || endsWith(words, own)
	})
	if p == nil || slices.ContainsFunc(w.Mappings, func(other Mapping) bool { return other.To == p.Name }) {
		return nil
	}
	return &Mapping{From: name, To: p.Name, How: Renamed}
}

// embeds maps X_id to the object X that the item holds, X_ids to its array.
func (m *mapper) embeds(name string, words []string, many bool) *Mapping {
	words = slices.Clone(words)
	words[len(words)-1] = singular(words[len(words)-1])
	for _, l := range m.one.Links {
		if tokens := spec.Tokens(l.Property); l.Embedded && l.Many == many && len(tokens) == 1 && slices.Equal(stem(tokens[0]), words) {
			return &Mapping{From: name, To: tokens[0], How: Embeds, Collection: l.Collection, Many: many}
		}
	}
	return nil
}

// byName maps a text to the object that it names by its name: the role admin.
func (m *mapper) byName(name string, p *spec.Property) *Mapping {
	for _, l := range m.one.Links {
		other := m.c.named(l.Collection)
		if l.Embedded && !l.Many && l.Property == spec.Join("", p.Name) && property(other.entity, "name") != nil {
			return &Mapping{From: name, To: p.Name, How: Embeds, Collection: l.Collection, By: property(other.entity, "name").Name}
		}
	}
	return nil
}

// untyped maps the only property of any type that is sent to the only one that
// the object has.
func (m *mapper) untyped(w *Write, sent *spec.Schema) {
	from := only(sent, func(p spec.Property) bool { return untyped(p.Schema) })
	to := only(m.target, func(p spec.Property) bool { return untyped(p.Schema) })
	if from != nil && to != nil {
		w.Mappings = append(w.Mappings, Mapping{From: from.Name, To: to.Name, How: Renamed})
		w.Unkept = slices.DeleteFunc(w.Unkept, func(name string) bool { return name == from.Name })
	}
}

// speaksOfAnother tells whether a body is about something other than the item:
// it requires what the item has no place for. name in the body of
// PATCH /flow/{id}/action is the action's.
func (m *mapper) speaksOfAnother(w *Write, sent *spec.Schema) bool {
	return slices.ContainsFunc(properties(sent), func(p spec.Property) bool { return p.Required && slices.Contains(w.Unkept, p.Name) })
}
