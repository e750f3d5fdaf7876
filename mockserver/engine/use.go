package engine

import (
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// inUse refuses to delete what other items name, where the operation documents that.
func (t *tx) inUse(c *plan.Collection, item *store.Item) *Refusal {
	documented := t.line.Refusal("409")
	if !t.e.config.RefuseInUse || documented == nil || documented.Status == "default" {
		return nil
	}
	var refusal *Refusal
	t.users(c, item, func(by *plan.Collection, user *store.Item, _ map[string]any) {
		if refusal == nil {
			refusal = t.refusal(409, c, item.ID, capital(singular(c.Name))+" "+item.ID+" is in use by "+singular(by.Name)+" "+user.ID)
		}
	})
	return refusal
}

// unlink lets no other item name an item that goes: there is null in its place, or one
// item less in an array. Where it has to be named, it stays.
func (t *tx) unlink(c *plan.Collection, item *store.Item) {
	t.users(c, item, func(by *plan.Collection, user *store.Item, without map[string]any) {
		if without != nil && t.fits(t.e.doc.Schema(by.Schema), without) {
			t.keep(by, user, without)
		}
	})
}

// users calls f for the items that name another and do not lie below it, with what
// they are without it; nil: they cannot be.
func (t *tx) users(c *plan.Collection, item *store.Item, f func(*plan.Collection, *store.Item, map[string]any)) {
	names := func(v any) bool {
		if object, ok := v.(map[string]any); ok && len(c.Identity) == 1 {
			v = object[c.Identity[0].Property]
		}
		return v != nil && text(v) == item.ID
	}
	for _, by := range t.e.plan.Collections {
		if by == c || slices.ContainsFunc(by.Parents, func(p plan.Parameter) bool { return p.Collection == c.Name }) {
			continue
		}
		links := slices.DeleteFunc(slices.Clone(by.Links), func(l plan.Link) bool { return l.Collection != c.Name })
		for _, in := range t.s.Scopes(by.Name) {
			if len(links) == 0 {
				break
			}
			for _, user := range t.s.All(by.Name, in) {
				var value any = user.Value
				named, required := false, false
				for _, l := range links {
					r := remover{names: names, nullable: l.Nullable}
					rest, gone := r.from(value, spec.Tokens(l.Property))
					if required = required || gone; !gone {
						value = rest
					}
					named = named || r.found
				}
				without, _ := value.(map[string]any)
				switch {
				case named && required:
					f(by, user, nil)
				case named:
					f(by, user, without)
				}
			}
		}
	}
}

// remover takes what names something out of values.
type remover struct {
	names    func(any) bool
	nullable bool // null may stand in its place
	found    bool
}

// from is a copy of a value without what names the thing at a pointer's tokens; gone
// tells that the value has to be left out itself.
func (r *remover) from(v any, tokens []string) (rest any, gone bool) {
	list, isList := v.([]any)
	switch {
	case isList:
		if len(tokens) > 0 && tokens[0] == "*" {
			tokens = tokens[1:]
		}
		kept := make([]any, 0, len(list))
		for _, one := range list {
			inner := remover{names: r.names, nullable: r.nullable && len(tokens) > 0}
			if rest, gone := inner.from(one, tokens); !gone {
				kept = append(kept, rest)
			}
			r.found = r.found || inner.found
		}
		return kept, false
	case len(tokens) == 0:
		if !r.names(v) {
			return v, false
		}
		r.found = true
		return nil, !r.nullable
	}
	object, ok := v.(map[string]any)
	if !ok || object[tokens[0]] == nil {
		return v, false
	}
	if rest, gone = r.from(object[tokens[0]], tokens[1:]); gone {
		return v, true
	}
	return set(v, spec.Join("", tokens[0]), rest), false
}
