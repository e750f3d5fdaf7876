package plan

import (
	"cmp"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

func (c *compiler) detail(o *operation) {
	l := o.line
	one := c.named(l.Collection)
	if l.Kind == List {
		l.List = &Listing{Members: o.shown.members}
		o.query = o.paging(l.List)
	}
	l.Parameters = c.parameters(o.path, o.list)
	for _, q := range o.query {
		if other := c.resolve(idOf(q.name), o.path, nil); other != nil && len(other.Identity) == 1 {
			l.Parameters = append(l.Parameters, parameter(q.name, "query", other))
		}
	}
	if l.Kind == List {
		o.query = c.filters(o, one, o.query)
	}
	c.write(o, one)
	c.answer(o, one)
	for _, q := range o.query {
		if !slices.ContainsFunc(l.Parameters, func(p Parameter) bool { return p.In == "query" && p.Name == q.name }) {
			l.Ignored = append(l.Ignored, q.name)
		}
	}
}

// parameters says what the parameters of a path name items of.
func (c *compiler) parameters(path template, not *collection) (found []Parameter) {
	for i, s := range path {
		for _, name := range s.params {
			one := c.itemNamed(path[:i+1], name, not)
			for n := i + 2; one == nil && n <= len(path) && !path[n-1].literal(); n++ { // a part of an id
				one = c.itemAt(path[:n])
			}
			if one != nil && one.Of != "" {
				one = c.named(one.Of)
			}
			found = append(found, parameter(name, "path", one))
		}
	}
	return found
}

// answer says what of the answer is the item, and where the rest comes from.
func (c *compiler) answer(o *operation, one *collection) {
	a := &o.line.Answer
	if a.Of != "" {
		one = c.named(a.Of)
	}
	if one == nil || !isObject(o.shown.item) {
		if o.line.Kind == List { // of what is no object, or may be anything
			a.Data, a.Items = o.shown.data, true
		}
		o.compose(nil)
		return
	}
	data, items, item := o.shown.data, o.shown.many, o.shown.item
	switch o.line.Kind {
	case List, Read, Singleton, Update, Replace, Join:
		a.HasItem = true
	case Create, Copy:
		a.HasItem = one.isItem(item)
		if list := arrayOf(o.shown.body, one); list != nil && !one.holds(item) {
			data, items, item, a.HasItem = pointerTo(list), true, list.Schema.Items(), true
		}
	case View:
		a.HasItem = o.line.Item == "" || one.holds(item)
	case Act, Delete, Leave, BulkUpdate, BulkRead, BulkDelete, Sampled:
		a.HasItem = one.holds(item)
	}
	if !a.HasItem {
		o.compose(one)
		return
	}
	a.Data, a.Items, a.Item = data, items, pointerOf(item)
	for _, p := range properties(item) {
		if o.line.Kind == Create && slices.Contains(one.Once, p.Name) {
			a.Once = append(a.Once, p.Name)
		}
	}
}

// compose says where the properties of an answer come from that is no item.
func (o *operation) compose(one *collection) {
	a := &o.line.Answer
	bulk := slices.Contains([]Kind{BulkDelete, BulkUpdate, BulkRead}, o.line.Kind)
	for _, p := range properties(o.shown.body) {
		from := ""
		if one != nil && !bulk {
			from = o.fromItem(one, p)
		}
		sent := property(o.body, p.Name)
		switch {
		case one != nil && slices.Contains(onceOf(one), p.Name):
			a.Once = append(a.Once, p.Name)
		case from != "":
			a.Mappings = append(a.Mappings, mapped(from, p.Name))
		case slices.Contains(o.path.params(), p.Name):
			a.Mappings = append(a.Mappings, Mapping{From: p.Name, In: "path", To: p.Name, How: Same})
		case sent != nil && !o.get() && sent.Name == p.Name && alike(sent.Schema, p.Schema):
			a.Echo = append(a.Echo, p.Name)
		case bulk && hasType(p.Schema, "integer") && a.Count == "":
			a.Count = spec.Join("", p.Name)
		}
	}
}

// fromItem is the property of an item that one of an answer is; empty: none.
func (o *operation) fromItem(one *collection, p spec.Property) string {
	own := property(one.entity, p.Name)
	switch {
	case len(one.Identity) == 1 && one.Identity[0].Property != "" && (namesIdentity(one, p.Name) || p.Name == o.line.Item):
		return one.Identity[0].Property
	case own != nil && alike(own.Schema, p.Schema) && (p.Name != "id" || o.line.Kind != View):
		return own.Name
	}
	if w := o.line.Write; w != nil && w.Into == "" && !w.Items { // what was sent under that name
		for _, m := range w.Mappings {
			if m.From == p.Name && m.In == "" && m.How != Embeds {
				return m.To
			}
		}
	}
	return ""
}

// mapped is a property that comes as it is from another.
func mapped(from, to string) Mapping {
	if from == to {
		return Mapping{From: from, To: to, How: Same}
	}
	return Mapping{From: from, To: to, How: Renamed}
}

func (c *compiler) write(o *operation, one *collection) {
	l := o.line
	if o.get() {
		if l.Write != nil {
			l.Ignored = append(l.Ignored, "body")
		}
		l.Write = nil
		return
	}
	w := cmp.Or(l.Write, &Write{})
	switch l.Kind {
	case Create, Update, Replace, Act, Copy, Singleton:
		(&mapper{c, o, one, w, o.body, one.entity}).items()
	case BulkDelete, BulkUpdate, BulkRead:
		(&mapper{c, o, one, w, o.body, one.entity}).bulk()
	default:
	}
	w.Links = c.links(o.body, nil, o.path)
	for i, link := range w.Links {
		w.Links[i].Refused = l.refusesLink(link)
	}
	if len(w.Mappings) > 0 {
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
	list := only(o.body, func(p spec.Property) bool { return ofObjects(p.Schema) })
	if ofObjects(o.body) {
		list = &spec.Property{Schema: o.body}
	} else if m.one.holds(o.shown.item) || arrayOf(o.shown.body, m.one) == nil {
		list = nil // the answer is one item
	}
	if kind == Create && list != nil {
		m.sent, w.Data, w.Items = list.Schema.Items(), pointerTo(list), true
	}
	// PATCH /flow/{id}/trigger goes into the property that the path ends in, when
	// that has a place for all that is sent.
	verbs := o.path.verbs()
	if kind == Act && len(verbs) == 1 && property(m.sent, verbs[0]) == nil {
		if p := property(m.target, verbs[0]); p != nil && isObject(p.Schema) && covers(p.Schema, m.sent) {
			w.Into, m.target = pointerTo(p), p.Schema
		}
	}
	m.all(&w.Mappings, "")
	for i := range m.one.Identity {
		id := &m.one.Identity[i]
		p := property(m.sent, id.Property)
		id.Chosen = id.Chosen || kind == Create && p != nil && p.Required && !p.Schema.ReadOnly && id.Type == "string" && id.Format != "uuid"
	}
	if kind == Create || kind == Update {
		m.parameters()
	}
	from := only(m.sent, func(p spec.Property) bool { return untyped(p.Schema) })
	to := only(m.target, func(p spec.Property) bool { return untyped(p.Schema) })
	if kind == Singleton && len(w.Mappings) == 0 && from != nil && to != nil {
		w.Mappings = []Mapping{mapped(from.Name, to.Name)}
		m.take(from.Name)
	}
	if w.Items && w.Data != "" { // what stands beside the array is of each item
		m.sent = o.body
		m.all(&w.Shared, w.Data)
	}
	// What requires something that the item has no place for is about something
	// else: name in the body of PATCH /flow/{id}/action is the action's.
	if kind == Act && find(m.sent, func(p spec.Property) bool { return p.Required && slices.Contains(w.Unkept, p.Name) }) != nil {
		for _, mapping := range w.Mappings {
			w.Unkept = append(w.Unkept, mapping.From)
		}
		w.Mappings, w.Into = nil, ""
	}
	if o.line.Item == "" && (kind == Update || kind == Replace) && len(m.one.Identity) == 1 {
		w.Identity = nameOf(property(m.sent, m.one.Identity[0].Property))
	}
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
	m.take(m.w.Identity)
}

// take takes a property out of those that the item has no place for.
func (m *mapper) take(name string) {
	m.w.Unkept = slices.DeleteFunc(m.w.Unkept, func(other string) bool { return other == name })
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

// parameters maps those of the query, and of the path those that name no item.
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

// embeds maps X_id to the object X of the item; with by, a text to the object that it names.
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
