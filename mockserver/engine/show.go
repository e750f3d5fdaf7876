package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// shown is an item as a schema shows it.
type shown struct {
	item   *store.Item
	schema string
}

// view is the value of an item behind a schema.
func (i shown) view() any {
	if v, ok := i.item.Value[""]; ok && len(i.item.Value) == 1 {
		return v
	}
	if len(i.item.Views[i.schema]) == 0 {
		return i.item.Value
	}
	v := maps.Clone(i.item.Value)
	maps.Copy(v, i.item.Views[i.schema])
	return v
}

// showAll shows items by one schema.
func showAll(items []*store.Item, schema string) []shown {
	all := make([]shown, len(items))
	for i, item := range items {
		all[i] = shown{item, schema}
	}
	return all
}

// render appends a value as its schema has it: what the schema does not name is left
// out, unless the schema says that there may be more, or names nothing.
func (e *Engine) render(b []byte, v any, s *spec.Schema) []byte {
	switch v := v.(type) {
	case shown:
		return e.render(b, v.view(), e.doc.Schema(v.schema))
	case []shown:
		b = append(b, '[')
		for i, item := range v {
			begin := len(b)
			if b = e.render(b, item, nil); i == 0 { // the others are about as long
				b = slices.Grow(b, (len(b)-begin+1)*len(v)*5/4)
			}
			if i < len(v)-1 {
				b = append(b, ',')
			}
		}
		return append(b, ']')
	case []any:
		b = append(b, '[')
		if len(v) > 0 {
			s = e.branch(s, v)
		}
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.render(b, item, itemSchema(s, i))
		}
		return append(b, ']')
	case map[string]any:
		return e.renderObject(b, v, e.branch(s, v))
	}
	return spec.AppendJSON(b, v)
}

func itemSchema(s *spec.Schema, i int) *spec.Schema {
	if s == nil {
		return nil
	}
	if first := s.PrefixItems(); i < len(first) {
		return first[i]
	}
	return s.Items()
}

func (e *Engine) renderObject(b []byte, v map[string]any, s *spec.Schema) []byte {
	b = append(b, '{')
	begin := len(b)
	member := func(name string, value any, s *spec.Schema) {
		if len(b) > begin {
			b = append(b, ',')
		}
		b = append(spec.AppendJSON(b, name), ':')
		b = e.render(b, value, s)
	}
	named := 0 // of the value's
	var rest *spec.Schema
	open := s == nil
	if s != nil {
		for _, p := range s.Properties() {
			value, there := v[p.Name]
			if there {
				named++
			}
			if there && !p.Schema.WriteOnly {
				member(p.Name, value, p.Schema)
			}
		}
		if named == len(v) {
			return append(b, '}')
		}
		rest = s.Additional()
		open = rest != nil && !rest.Never || rest == nil && len(s.Properties()) == 0 || len(s.PatternProperties()) > 0
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if (s == nil || s.Property(name) == nil) && (open || s != nil && slices.Contains(s.Required, name)) {
			member(name, v[name], rest)
		}
	}
	return append(b, '}')
}

// branch is the alternative of a schema that a value is of; the schema itself when
// it has none.
func (e *Engine) branch(s *spec.Schema, v any) *spec.Schema {
	if s == nil {
		return nil
	}
	return s.Branch(v, func(pointer string, v any) bool {
		return e.config.Fits == nil || e.config.Fits(e.doc.Schema(pointer), v)
	})
}

func (t *tx) branch(s *spec.Schema, v any) *spec.Schema { return t.e.branch(s, v) }

// write answers the line's success with a body.
func (t *tx) write(body any) (Response, error) {
	a := t.line.Answer
	resp := Response{Status: a.Status, Media: a.Media}
	if a.Media == "" {
		return resp, nil
	}
	resp.Body = t.e.encoded(a.Media, body, t.e.doc.Schema(a.Schema))
	return resp, nil
}

// encoded is a body as its media type has it: texts that are no JSON as they are.
func (e *Engine) encoded(media string, v any, s *spec.Schema) []byte {
	if plain, ok := v.(string); ok && !spec.IsJSON(media) {
		return []byte(plain)
	}
	return append(e.render(nil, v, s), '\n')
}

// respond answers with an item, as the line's answer has it.
func (t *tx) respond(c *plan.Collection, item *store.Item) (Response, error) {
	return t.respondAll(c, []*store.Item{item})
}

// respondAll answers with one or several items. Made here, once, are the properties
// that no other answer shows.
func (t *tx) respondAll(c *plan.Collection, items []*store.Item) (Response, error) {
	a := t.line.Answer
	if a.Media == "" {
		return Response{Status: a.Status}, nil
	}
	if a.HasItem && a.Of != "" && a.Of != c.Name {
		c, items = t.other(c, items)
	}
	var first *store.Item
	if len(items) > 0 {
		first = items[0]
	}
	if a.HasItem && a.Data == "" && !a.Items && first != nil && len(a.Once) == 0 {
		return t.write(shown{first, a.Item})
	}
	body := t.template()
	switch {
	case !a.HasItem:
	case a.Items:
		body = set(body, a.Data, showAll(items, a.Item))
	case first != nil:
		v, _ := shown{first, a.Item}.view().(map[string]any)
		v = maps.Clone(v)
		made, _ := t.e.maker.Value(t.e.doc.Schema(a.Item), place(c, first.ID, int(first.Number), t.r.Now)) //nolint:gosec // a count
		for _, name := range a.Once {
			if once, ok := member(made, name); ok {
				v[name] = once
			}
		}
		body = set(body, a.Data, any(v))
	}
	if first != nil {
		for _, m := range a.Mappings {
			s := t.e.doc.Schema(a.Schema).Property(m.To)
			if v, ok := first.Value[m.From]; ok && s != nil && t.fits(s, v) {
				body = set(body, "/"+m.To, v)
			}
		}
	}
	return t.write(t.echo(body, len(items)))
}

// other are the items of another collection that the answer is of: by a property of
// the line's item, or the one that the path names.
func (t *tx) other(c *plan.Collection, items []*store.Item) (*plan.Collection, []*store.Item) {
	of := t.collection(t.line.Answer.Of)
	if of == nil || len(items) == 0 {
		return c, items
	}
	if by := t.line.Answer.By; by != "" {
		if item := t.find(of, text(items[0].Value[by])); item != nil {
			return of, []*store.Item{item}
		}
	}
	for _, p := range t.line.Parameters {
		if p.Collection == of.Name {
			if item := t.find(of, t.r.Path[p.Name]); item != nil {
				return of, []*store.Item{item}
			}
		}
	}
	if item := t.pick(of, "", 0); item != nil {
		return of, []*store.Item{item}
	}
	return c, items
}

// echo fills in what the answer repeats of the body, and how many items it was.
func (t *tx) echo(body any, count int) any {
	a := t.line.Answer
	for _, name := range a.Echo {
		if v, ok := member(t.r.Body, name); ok && t.fits(t.e.doc.Schema(a.Schema).Property(name), v) {
			body = set(body, "/"+name, v)
		}
	}
	if a.Count != "" {
		body = set(body, a.Count, json.Number(strconv.Itoa(count)))
	}
	return body
}

// template is a made-up answer of the line, the same each time; its parts may be
// replaced with [set], not changed.
func (t *tx) template() any {
	if made, ok := t.e.templates.Load(t.line); ok {
		return made
	}
	v, err := t.e.maker.Value(t.e.doc.Schema(t.line.Answer.Schema), place(&plan.Collection{Name: t.line.Name()}, "", 0, t.r.Now))
	if err != nil {
		v = map[string]any{}
	}
	t.e.templates.Store(t.line, v)
	return v
}

// Show answers a request with an item of the line's collection, and with properties that
// are shown this once: what the line's answer does not have is left out.
func (e *Engine) Show(s *store.Items, r Request, id string, once map[string]any) (resp Response, err error) {
	t := &tx{e: e, s: s, r: r, line: r.Line}
	s.View(func() {
		item := s.Find(r.Line.Collection, id)
		switch {
		case item == nil:
			err = t.missing(t.collection(r.Line.Collection), r.Path[r.Line.Item])
		case !r.Line.Answer.HasItem:
			resp, err = t.write(t.template())
		default:
			value := maps.Clone(item.Value)
			maps.Copy(value, once)
			resp, err = t.write(set(t.template(), r.Line.Answer.Data, any(value)))
		}
	})
	return resp, err
}
