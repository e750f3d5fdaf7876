package engine

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// apply puts what was sent into a value: what the line has a place for, and only
// where it fits. With patch, objects are merged (RFC 7396).
func (t *tx) apply(c *plan.Collection, s *spec.Schema, value map[string]any, body any, patch bool) *Refusal {
	w := t.line.Write
	if w == nil {
		return nil
	}
	if refusal := t.unknown(w); refusal != nil {
		return refusal
	}
	for i, m := range slices.Concat(w.Mappings, w.Shared) {
		if i >= len(w.Mappings) { // beside the array of items
			body = t.r.Body
		}
		v, ok := t.sent(m, body)
		if !ok && !patch && m.In == "" && i < len(w.Mappings) {
			v, ok = t.otherwise(w, m.From)
		}
		if !ok || c.ServerMade(m.To) && m.How == plan.Same {
			continue
		}
		p := s.Property(m.To)
		if m.How == plan.Embeds {
			var refusal *Refusal
			if v, refusal = t.embeds(m, v, p); refusal != nil {
				return refusal
			}
		}
		if patch && m.How == plan.Same {
			v = Merged(value[m.To], v, p)
		}
		if p != nil && !t.fits(p, v) {
			v = t.completed(p, v)
		}
		if p != nil && t.fits(p, v) {
			value[m.To] = v
		}
	}
	return nil
}

// unknown refuses what names an item that is not there, where the operation documents
// that.
func (t *tx) unknown(w *plan.Write) (refusal *Refusal) {
	for _, link := range w.Links {
		target := t.collection(link.Collection)
		if !link.Refused || target == nil {
			continue
		}
		each(t.r.Body, spec.Tokens(link.Property), func(v any) {
			if id := text(v); v != nil && refusal == nil && t.named(target, "", id) == nil {
				refusal = t.missing(target, id)
			}
		})
	}
	return refusal
}

// spelled is a value whose links name items by the ids that those have: the case of letters
// may differ.
func (t *tx) spelled(v any, links []plan.Link) any {
	v = cloned(v)
	for _, l := range links {
		target := t.collection(l.Collection)
		if target == nil {
			continue
		}
		replace(v, l.Property, func(named any) any {
			if list, ok := named.([]any); ok {
				for i, one := range list {
					list[i] = t.ownName(target, one)
				}
				return list
			}
			return t.ownName(target, named)
		})
	}
	return v
}

// ownName is what names an item, or is an object that does, with the id of the item.
func (t *tx) ownName(c *plan.Collection, v any) any {
	switch v := v.(type) {
	case string:
		if v == strings.ToLower(v) {
			break
		}
		if item := t.named(c, "", v); item != nil {
			return item.ID
		}
	case map[string]any:
		if len(c.Identity) == 1 {
			if id, ok := v[c.Identity[0].Property].(string); ok {
				v[c.Identity[0].Property] = t.ownName(c, id)
			}
		}
	}
	return v
}

// completed gives the objects that were sent what an item's must have besides.
func (t *tx) completed(s *spec.Schema, v any) any {
	switch v := v.(type) {
	case []any:
		made := make([]any, len(v))
		for i, one := range v {
			made[i] = t.completed(s.Items(), one)
		}
		return made
	case map[string]any:
		if s == nil {
			return v
		}
		more, err := t.e.maker.Value(s, place(&plan.Collection{Name: s.Pointer}, "", 0, t.r.Now))
		object, _ := more.(map[string]any)
		if err != nil || object == nil {
			return v
		}
		for name, one := range v {
			object[name] = one
		}
		return object
	}
	return v
}

// otherwise is the default that the body's schema has for a property.
func (t *tx) otherwise(w *plan.Write, name string) (any, bool) {
	s := t.e.doc.Schema(w.Schema)
	for _, holder := range spec.Tokens(w.Data) {
		s = s.Property(holder)
	}
	if w.Items && s != nil {
		s = s.Items()
	}
	if s != nil {
		s = s.Property(name)
	}
	if s == nil || s.Default == nil || *s.Default == nil {
		return nil, false
	}
	return *s.Default, true
}

// sent is what a mapping takes from the request.
func (t *tx) sent(m plan.Mapping, body any) (any, bool) {
	switch m.In {
	case "path":
		v, ok := t.r.Path[m.From]
		return v, ok
	case "query":
		return t.r.Query.Get(m.From), t.r.Query.Has(m.From)
	}
	return member(body, m.From)
}

// embeds are the objects of the items that a value names. One that is not there is
// refused where the operation documents that.
func (t *tx) embeds(m plan.Mapping, v any, p *spec.Schema) (any, *Refusal) {
	target := t.collection(m.Collection)
	if target == nil || v == nil || p == nil {
		return v, nil
	}
	schema, list := p, []any{v}
	if m.Many {
		schema = p.Items()
		list, _ = v.([]any)
	}
	made := make([]any, 0, len(list))
	for _, one := range list {
		id := text(one)
		given, _ := one.(map[string]any)
		if given != nil && len(target.Identity) == 1 {
			id = text(given[target.Identity[0].Property])
		}
		item := t.named(target, m.By, id)
		if item == nil && m.By == "" {
			if documented := t.line.Refusal("404"); documented != nil {
				return nil, t.missing(target, id)
			}
			continue
		}
		object, err := t.e.maker.Value(schema, place(target, id, 0, t.r.Now))
		if err != nil {
			continue
		}
		if item != nil {
			object = t.embedded(item, schema.Pointer, object)
		} else {
			object = set(object, "/"+m.By, one)
		}
		if object, ok := object.(map[string]any); ok {
			for _, property := range schema.Properties() {
				if v, ok := given[property.Name]; ok && t.fits(property.Schema, v) {
					object[property.Name] = v
				}
			}
		}
		made = append(made, object)
	}
	if m.Many {
		return made, nil
	}
	if len(made) == 0 {
		return nil, nil
	}
	return made[0], nil
}

// named is the item of a collection that has a value as the property, or as its
// identity where no property is told; nil: there is none.
func (t *tx) named(c *plan.Collection, by, value string) *store.Item {
	t.openAll(c)
	if by == "" {
		return t.s.Find(c.Name, value)
	}
	for _, in := range t.s.Scopes(c.Name) {
		for _, item := range t.s.All(c.Name, in) {
			if text(item.Value[by]) == value {
				return item
			}
		}
	}
	return nil
}
