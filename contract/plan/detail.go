package plan

import (
	"encoding/json"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// detail adds to a line all that its kind has.
func (c *compiler) detail(o *operation) {
	l := o.line
	one := c.named(l.Collection)
	others := o.query
	if l.Kind == List {
		l.List = &Listing{Members: o.shown.members}
		others = o.paging(l.List)
	}
	c.parameters(o, others)
	if l.Kind == List {
		others = c.filters(o, one, others)
	}
	c.write(o, one, &others)
	c.answer(o, one)
	for _, q := range others {
		if !slices.ContainsFunc(l.Parameters, func(p Parameter) bool { return p.In == "query" && p.Name == q.name }) {
			l.Ignored = append(l.Ignored, q.name)
		}
	}
	if o.override != nil {
		o.addOverride()
	}
}

// parameters are those of the path and query that name items.
func (c *compiler) parameters(o *operation, query []input) {
	own := c.at(o.shape)
	for i, s := range o.path {
		for _, name := range s.params {
			p := Parameter{Name: name, In: "path"}
			one := c.itemNamed(o.path[:i+1], name, own)
			for n := i + 2; one == nil && n <= len(o.path) && !o.path[n-1].literal(); n++ { // a part of an id
				one = c.itemAt(o.path[:n])
			}
			if one != nil {
				if of := c.named(one.Of); of != nil {
					one = of
				}
				p.Collection, p.Property = one.Name, one.property(name)
			}
			o.line.Parameters = append(o.line.Parameters, p)
		}
	}
	for _, q := range query {
		words, many := idStem(q.name)
		if words == nil || many {
			continue
		}
		if one := c.resolve(words, o.path, nil); one != nil && len(one.Identity) == 1 {
			o.line.Parameters = append(o.line.Parameters, Parameter{q.name, "query", one.Name, one.property("")})
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
		c.compose(o, nil)
		return
	}
	a.Data, a.Items, a.Item = o.shown.data, o.shown.many, pointerOf(o.shown.item)
	switch o.line.Kind {
	case List, Read, Singleton, Update, Replace, Join:
		a.HasItem = true
	case Create, Copy:
		if list := arrayOf(o.shown.body, one); list != nil && !one.holds(o.shown.item) {
			a.Data, a.Items, a.Item, a.HasItem = "", true, pointerOf(list.Schema.Items()), true
			if list.Name != "" {
				a.Data = spec.Join("", list.Name)
			}
			return
		}
		a.HasItem = isItem(one, o.shown.item)
	case Act, Delete, Leave, BulkUpdate, BulkRead, BulkDelete:
		a.HasItem = one.holds(o.shown.item)
	case View:
		a.HasItem = o.line.Item == "" || one.holds(o.shown.item)
	case Sampled:
	}
	if a.HasItem {
		if o.line.Kind == Create {
			for _, p := range properties(o.shown.item) {
				if slices.Contains(one.Once, p.Name) {
					a.Once = append(a.Once, p.Name)
				}
			}
		}
		return
	}
	a.Data, a.Items, a.Item = "", false, ""
	c.compose(o, one)
}

// compose says where the properties of an answer come from that is no item.
func (c *compiler) compose(o *operation, one *collection) {
	a := &o.line.Answer
	for _, p := range properties(o.shown.body) {
		switch {
		case one != nil && slices.Contains(onceOf(one), p.Name):
			a.Once = append(a.Once, p.Name)
		case one != nil && o.line.Kind != BulkDelete && o.line.Kind != BulkUpdate && o.line.Kind != BulkRead && c.fromItem(o, one, p):
		case slices.Contains(o.path.params(), p.Name):
			a.Mappings = append(a.Mappings, Mapping{From: p.Name, In: "path", To: p.Name, How: Same})
		case o.body != nil && !o.get() && echoed(o.body, p):
			a.Echo = append(a.Echo, p.Name)
		case (o.line.Kind == BulkDelete || o.line.Kind == BulkUpdate) && hasType(p.Schema, "integer") && a.Count == "":
			a.Count = spec.Join("", p.Name)
		}
	}
}

func echoed(body *spec.Schema, p spec.Property) bool {
	sent := property(body, p.Name)
	return sent != nil && sent.Name == p.Name && alike(sent.Schema, p.Schema)
}

// written is the property of the item that takes one of the body.
func (o *operation) written(name string) string {
	if w := o.line.Write; w != nil && w.Into == "" && !w.Items {
		for _, m := range w.Mappings {
			if m.From == name && m.In == "" && m.How != Embeds {
				return m.To
			}
		}
	}
	return ""
}

// fromItem maps a property of an answer to one of the item, when there is one.
func (c *compiler) fromItem(o *operation, one *collection, p spec.Property) bool {
	if o.line.Kind == Sampled {
		return false
	}
	m := Mapping{To: p.Name, How: Same}
	switch own := property(one.entity, p.Name); {
	case len(one.Identity) == 1 && one.Identity[0].Property != "" && (namesIdentity(one, p.Name) || p.Name == o.line.Item && o.line.Item != ""):
		m.From = one.Identity[0].Property
	case own != nil && alike(own.Schema, p.Schema) && (p.Name != "id" || o.line.Kind != View):
		m.From = own.Name
	default:
		m.From = o.written(p.Name)
	}
	if m.From == "" {
		return false
	}
	if m.From != m.To {
		m.How = Renamed
	}
	o.line.Answer.Mappings = append(o.line.Answer.Mappings, m)
	return true
}

func raw(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // cannot be: it was read from JSON
	}
	return data
}
