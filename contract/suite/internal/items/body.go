package items

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Body is a valid body of an operation, which names items that are there.
type Body struct {
	Media  call.Media
	Value  any
	There  bool     // the operation takes one
	Marked string   // where the name is; empty: nothing in it can carry one
	Names  []string // where it names items
	Guess  bool     // it names something that nothing is known of
}

// names are those of properties that people read an item's name in, best first.
var names = strings.Fields("name title label nickname display_name displayName subject summary description note comment text content")

// Body makes a body, the least or all of it; of an operation without one it is empty.
func (m *Maker) Body(ctx context.Context, s *session.Session, l *plan.Line, least bool) (Body, string, error) {
	o := Operation(s, l)
	media, there := s.MediaOf(o)
	if !there {
		if o.RequestBody != nil && o.RequestBody.Required {
			return Body{}, "its body is neither JSON nor a form", nil
		}
		return Body{}, unmarked(s, l, ""), nil
	}
	b := Body{Media: media, There: true}
	m.count++
	var err error
	if b.Value, err = s.Sample(o, media, m.count, least); err != nil {
		return b, "no body could be made for it", nil //nolint:nilerr // the schema has no value that could be found
	}
	if l.Write != nil {
		for _, link := range l.Write.Links {
			if err := m.link(ctx, s, l, &b, link); err != nil {
				return b, "", err
			}
		}
		if l.Write.IDs != "" {
			if reason, err := m.ids(ctx, s, l, &b); reason != "" || err != nil {
				return b, reason, err
			}
		}
	}
	m.name(s, l, &b)
	return b, unmarked(s, l, b.Marked), nil
}

// unmarked says why nothing may be made by a body whose mark stands there; empty: it may.
// A copy without a body has the name of what was made before.
func unmarked(s *session.Session, l *plan.Line, marked string) string {
	if marked == "" && !s.Target.Disposable && (l.Kind == plan.Create || l.Kind == plan.Copy && l.Write != nil && l.Write.Media != "") {
		return "nothing in its body could carry the name by which what is made is known"
	}
	return ""
}

// name writes the mark into the first property that can carry it.
func (m *Maker) name(s *session.Session, l *plan.Line, b *Body) {
	at := ""
	if l.Write != nil {
		at = l.Write.Data
	}
	o := Operation(s, l)
	if l.Write != nil && l.Write.Items {
		if all, _ := sentItems(l, b.Value); len(all) > 1 && !s.Target.Disposable { // each would need a name
			one := call.Set(b.Value, at, all[:1], false)
			if !s.TakesBody(o, b.Media, one) {
				return
			}
			b.Value = one
		}
		at = spec.Join(at, "0")
	}
	v, _ := call.At(b.Value, at)
	object, is := v.(map[string]any)
	if !is || l.Kind == plan.Delete {
		return
	}
	candidates := slices.Clone(names)
	for _, mapping := range mappings(l) {
		candidates = append(candidates, mapping.From)
	}
	mark := m.mark(s)
	for _, name := range candidates {
		if _, text := object[name].(string); !text && (b.Media.Schema == nil || b.Media.Schema.Property(name) == nil) {
			continue
		}
		pointer := spec.Join(at, name)
		if property := b.Media.Schema.Property(name); property != nil && (property.Format != "" || property.Enum != nil) || slices.Contains(b.Names, pointer) {
			continue
		}
		if v := call.Set(b.Value, pointer, mark, false); s.TakesBody(o, b.Media, v) {
			b.Value, b.Marked = v, pointer
			return
		}
	}
}

func mappings(l *plan.Line) []plan.Mapping {
	if l.Write == nil {
		return nil
	}
	return l.Write.Mappings
}

// link has a property of the body name items that are there, or nothing at all.
func (m *Maker) link(ctx context.Context, s *session.Session, l *plan.Line, b *Body, link plan.Link) error {
	if link.Embedded {
		return nil
	}
	o := Operation(s, l)
	at := link.Property
	if link.Many {
		at += "/*"
	}
	if link.Many { // one id each: what is named twice a server may keep once
		for _, holder := range Pointers(b.Value, link.Property) {
			v, _ := call.At(b.Value, holder)
			if list, is := v.([]any); is && len(list) > 1 {
				if v := call.Set(b.Value, holder, list[:1], false); s.TakesBody(o, b.Media, v) {
					b.Value = v
				}
			}
		}
	}
	places := Pointers(b.Value, at)
	if len(places) == 0 {
		return nil
	}
	name := ""
	if c := s.Plan.Collection(link.Collection); c != nil && len(c.Identity) == 1 {
		one, err := m.any(ctx, s, c)
		if err != nil {
			return err
		}
		if one != nil {
			name = one.Names[c.Identity[0].Property]
		}
	}
	for _, place := range places {
		b.Names = append(b.Names, place)
		tries := []any{}
		if name != "" {
			tries = append(tries, name)
		} else {
			tries = append(tries, nil)
		}
		done := false
		for _, to := range tries {
			if v := call.Set(b.Value, place, to, false); s.TakesBody(o, b.Media, v) {
				b.Value, done = v, true
				break
			}
		}
		if done {
			continue
		}
		holder := place
		if link.Many {
			holder = place[:strings.LastIndexByte(place, '/')]
			if v := call.Set(b.Value, holder, []any{}, false); s.TakesBody(o, b.Media, v) {
				b.Value = v
				return nil
			}
		}
		if v := call.Set(b.Value, holder, nil, true); s.TakesBody(o, b.Media, v) {
			b.Value = v
			if link.Many {
				return nil
			}
			continue
		}
		b.Guess = true
	}
	return nil
}

// any is an item that something may name. Only where the whole server may be changed is
// it one that is there: when what names it is removed, the server may remove it, too.
func (m *Maker) any(ctx context.Context, s *session.Session, c *plan.Collection) (*Item, error) {
	if len(c.Parents) == 0 && s.Target.Disposable {
		all, _, err := m.Existing(ctx, s, c, nil)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if there, err := m.there(ctx, s, one); there || err != nil {
				return one, err
			}
		}
	}
	one, _, err := m.item(ctx, s, c, false, nil)
	if one == nil || err != nil {
		return nil, err
	}
	if there, err := m.there(ctx, s, one); there || err != nil {
		return one, err
	}
	one, _, err = m.item(ctx, s, c, true, nil)
	if one != nil && err == nil {
		m.shared[c.Name] = one
	}
	return one, err
}

// there tells whether an item can still be read.
func (m *Maker) there(ctx context.Context, s *session.Session, one *Item) (bool, error) {
	if may, err := m.mayChange(ctx, s, one); !may { // who names it may change it
		return false, err
	}
	l := Find(s, one.Of, plan.Read)
	if one.gone || l == nil {
		return !one.gone, nil
	}
	place, _, err := m.At(ctx, s, l, one)
	if place == nil || err != nil {
		return false, err
	}
	o := Operation(s, l)
	a, err := s.Send(ctx, o, call.Compose(o, place.Settings))
	if err == nil && (a.Status == http.StatusNotFound || a.Status == http.StatusGone) {
		m.Forget(one)
	}
	return err == nil && a.Ok(), err
}

// ids has a body for many items name one that was made for it.
func (m *Maker) ids(ctx context.Context, s *session.Session, l *plan.Line, b *Body) (string, error) {
	c := s.Plan.Collection(l.Collection)
	if c == nil || len(c.Identity) != 1 {
		return "what its items are called is not known", nil
	}
	one, reason, err := m.item(ctx, s, c, l.Kind == plan.BulkDelete, nil)
	if one == nil {
		return reason, err
	}
	if may, err := m.mayChange(ctx, s, one); !may {
		return "what is read of an item to name does not carry the name that it was made with", err
	}
	at := l.Write.IDs
	for _, place := range Pointers(b.Value, at) {
		v, _ := call.At(b.Value, place)
		var to any = one.Names[c.Identity[0].Property]
		if _, list := v.([]any); list {
			to = []any{to}
		}
		b.Names = append(b.Names, place)
		b.Value = call.Set(b.Value, place, to, false)
	}
	return "", nil
}
