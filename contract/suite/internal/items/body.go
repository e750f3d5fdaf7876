package items

import (
	"context"
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

// With is the body with another value.
func (b Body) With(v any) *Body {
	b.Value = v
	return &b
}

// set puts a value at a pointer, or takes away what is there, where the operation takes
// the body then.
func (b *Body) set(s *session.Session, l *plan.Line, at string, to any, gone bool) bool {
	v := call.Set(b.Value, at, to, gone)
	takes := s.TakesBody(s.Operation(l), b.Media, v)
	if takes {
		b.Value = v
	}
	return takes
}

// Body makes a body, the least or all of it; of an operation without one it is empty.
func (m *Maker) Body(ctx context.Context, s *session.Session, l *plan.Line, least bool) (b Body) {
	o := s.Operation(l)
	if b.Media, b.There = s.MediaOf(o); !b.There {
		if o.RequestBody != nil && o.RequestBody.Required {
			session.Cannot("its body is neither JSON nor a form")
		}
		mustMark(s, l, "")
		return b
	}
	m.count++
	var err error
	if b.Value, err = s.Sample(o, b.Media, m.count, least); err != nil {
		session.Cannot("no body could be made for it")
	}
	if l.Write != nil {
		for _, link := range l.Write.Links {
			m.link(ctx, s, l, &b, link)
		}
		if l.Write.IDs != "" {
			m.ids(ctx, s, l, &b)
		}
	}
	m.name(s, l, &b)
	mustMark(s, l, b.Marked)
	return b
}

// mustMark allows nothing to be made by a body without a place for its mark. A copy
// without a body has the name of what was made before.
func mustMark(s *session.Session, l *plan.Line, at string) {
	if at == "" && !s.Target.Disposable && (l.Kind == plan.Create || l.Kind == plan.Copy && l.Write != nil && l.Write.Media != "") {
		session.Cannot("nothing in its body could carry the name by which what is made is known")
	}
}

// name writes the mark into the first property that can carry it.
func (m *Maker) name(s *session.Session, l *plan.Line, b *Body) {
	at := ""
	candidates := slices.Clone(names)
	if l.Write != nil {
		at = l.Write.Data
		for _, mapping := range l.Write.Mappings {
			candidates = append(candidates, mapping.From)
		}
		if l.Write.Items {
			all, _ := sentItems(l, b.Value)
			if len(all) > 1 && !s.Target.Disposable && !b.set(s, l, at, all[:1], false) { // each would need a name
				return
			}
			at = spec.Join(at, "0")
		}
	}
	v, _ := call.At(b.Value, at)
	object, is := v.(map[string]any)
	if !is || l.Kind == plan.Delete {
		return
	}
	mark := m.mark(s)
	for _, name := range candidates {
		pointer, property := spec.Join(at, name), b.Media.Property(name)
		old, text := object[name].(string)
		switch {
		case !text && property == nil:
		case property != nil && (property.Format != "" || property.Enum != nil), slices.Contains(b.Names, pointer):
		default:
			to := mark
			if strings.Contains(old, "@") { // mail can be sent to it
				to += "@example.com"
			}
			if b.set(s, l, pointer, to, false) {
				b.Marked = pointer
				return
			}
		}
	}
}

// link has a property of the body name items that are there, or nothing at all.
func (m *Maker) link(ctx context.Context, s *session.Session, l *plan.Line, b *Body, link plan.Link) {
	if link.Embedded {
		return
	}
	at := link.Property
	if link.Many { // one id each: what is named twice a server may keep once
		for _, holder := range Pointers(b.Value, at) {
			v, _ := call.At(b.Value, holder)
			if list, is := v.([]any); is && len(list) > 1 {
				b.set(s, l, holder, list[:1], false)
			}
		}
		at += "/*"
	}
	places := Pointers(b.Value, at)
	if len(places) == 0 {
		return
	}
	var name any
	if c := s.Plan.Collection(link.Collection); c != nil && len(c.Identity) == 1 {
		session.Try(func() { name = m.any(ctx, s, c).Names[c.Identity[0].Property] })
	}
	for _, place := range places {
		b.Names = append(b.Names, place)
		holder := place
		if link.Many {
			holder = place[:strings.LastIndexByte(place, '/')]
		}
		switch {
		case b.set(s, l, place, name, false):
		case link.Many && (b.set(s, l, holder, []any{}, false) || b.set(s, l, holder, nil, true)):
			return
		case b.set(s, l, holder, nil, true):
		default:
			b.Guess = true
		}
	}
}

// any is an item that something may name. Only where the whole server may be changed is
// it one that is there: when what names it is removed, the server may remove it, too.
func (m *Maker) any(ctx context.Context, s *session.Session, c *plan.Collection) *Item {
	if len(c.Parents) == 0 && s.Target.Disposable {
		for _, one := range m.Existing(ctx, s, c, nil) {
			if m.there(ctx, s, one) {
				return one
			}
		}
	}
	one := m.Item(ctx, s, c, false, nil)
	if !m.there(ctx, s, one) {
		one = m.Item(ctx, s, c, true, nil)
		m.shared[c.Name] = one
	}
	return one
}

// there tells whether an item can still be read.
func (m *Maker) there(ctx context.Context, s *session.Session, one *Item) (there bool) {
	session.Try(func() {
		m.mayChange(ctx, s, one) // who names it may change it
		l := Find(s, one.Of, plan.Read)
		if there = !one.gone; one.gone || l == nil {
			return
		}
		a := m.send(ctx, s, l, one, nil)
		if there = a.Ok(); a.Gone() {
			m.Forget(one)
		}
	})
	return there
}

// ids has a body for many items name one that was made for it.
func (m *Maker) ids(ctx context.Context, s *session.Session, l *plan.Line, b *Body) {
	c := s.Plan.Collection(l.Collection)
	if c == nil || len(c.Identity) != 1 {
		session.Cannot("what its items are called is not known")
	}
	one := m.Item(ctx, s, c, l.Kind == plan.BulkDelete, nil)
	m.mayChange(ctx, s, one)
	for _, place := range Pointers(b.Value, l.Write.IDs) {
		v, _ := call.At(b.Value, place)
		var to any = one.Names[c.Identity[0].Property]
		if _, list := v.([]any); list {
			named := []any{to}
			if l.Kind == plan.BulkRead && s.Target.Disposable { // one alone may have nothing to be read
				all := m.Existing(ctx, s, c, nil)
				for _, other := range all[:min(len(all), 8)] {
					more := append(slices.Clip(named), any(other.Names[c.Identity[0].Property]))
					if s.TakesBody(s.Operation(l), b.Media, call.Set(b.Value, place, more, false)) {
						named = more
					}
				}
			}
			to = named
		}
		b.Names = append(b.Names, place)
		b.Value = call.Set(b.Value, place, to, false)
	}
}
