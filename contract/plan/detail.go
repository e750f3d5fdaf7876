package plan

import (
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// detail adds to a line all that its kind has.
func (c *compiler) detail(o *operation) {
	l := o.line
	one := c.named(l.Collection)
	if l.Kind == List {
		l.List = &Listing{Members: o.shown.members}
		o.query = o.paging(l.List)
	}
	c.parameters(o)
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

// parameters are those of the path and query that name items.
func (c *compiler) parameters(o *operation) {
	for i, s := range o.path {
		for _, name := range s.params {
			one := c.itemNamed(o.path[:i+1], name, o.list)
			for n := i + 2; one == nil && n <= len(o.path) && !o.path[n-1].literal(); n++ { // a part of an id
				one = c.itemAt(o.path[:n])
			}
			if one != nil && one.Of != "" {
				one = c.named(one.Of)
			}
			o.line.Parameters = append(o.line.Parameters, parameter(name, "path", one))
		}
	}
	for _, q := range o.query {
		if one := c.resolve(idOf(q.name), o.path, nil); one != nil && len(one.Identity) == 1 {
			o.line.Parameters = append(o.line.Parameters, parameter(q.name, "query", one))
		}
	}
}

// answer says what of the answer is the item, and where the rest comes from.
func (c *compiler) answer(o *operation, one *collection) {
	a := &o.line.Answer
	if a.Of != "" {
		one = c.named(a.Of)
	}
	if one == nil || !isObject(o.shown.item) {
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
