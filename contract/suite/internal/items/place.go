package items

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Place is where an operation is called: what its parameters are.
type Place struct {
	Line     *plan.Line
	Op       *contract.Operation
	Settings []call.Setting
	Items    map[string]*Item // those that the path names, by collection
	Item     *Item            // the one that the line is about; nil: none
}

// Settle gives the parameters of an operation values. Items in its path are those
// given, else ones that are made for it; fresh has the line's own item made anew.
func (m *Maker) Settle(ctx context.Context, s *session.Session, l *plan.Line, fresh bool, given map[string]*Item) *Place {
	place := &Place{Line: l, Op: s.Operation(l), Items: map[string]*Item{}}
	for i, parameter := range l.Parameters {
		c := s.Plan.Collection(parameter.Collection)
		if parameter.In != call.PathPlace || c == nil || parameter.Property == "" {
			continue
		}
		own := parameter.Name == l.Item
		item := given[c.Name]
		if item == nil {
			item = place.Items[c.Name] // an id of several parts
		}
		if item == nil {
			above := place.Items
			for _, next := range l.Parameters[i+1:] { // made below what is given
				if given[next.Collection] != nil {
					above = given[next.Collection].Above
				}
			}
			item = m.Item(ctx, s, c, fresh && own, above)
		}
		if !session.ReadOnly(s, place.Op) {
			m.mayChange(ctx, s, item)
		}
		place.Items[c.Name] = item
		for name, over := range item.Above {
			if place.Items[name] == nil {
				place.Items[name] = over
			}
		}
		if own {
			place.Item = item
		}
		parameters := s.Parameters(place.Op)
		n := slices.IndexFunc(parameters, func(q *call.Parameter) bool { return q.Name == parameter.Name && q.In == call.PathPlace })
		if n < 0 {
			session.Cannot("the document does not describe the parameter " + parameter.Name)
		}
		value := call.Value{Class: "id of an item", Texts: []string{item.Names[parameter.Property]}}
		place.Settings = append(place.Settings, call.Setting{Parameter: parameters[n], Value: value})
	}
	for _, q := range s.Parameters(place.Op) {
		if !q.Required || slices.ContainsFunc(place.Settings, func(one call.Setting) bool { return one.Parameter == q }) {
			continue
		}
		values := s.Values(place.Op, q)
		if len(values) == 0 {
			session.Cannot("no value can be made for " + q.Name)
		}
		place.Settings = append(place.Settings, call.Setting{Parameter: q, Value: values[0]})
	}
	return place
}

// At settles an operation on an item.
func (m *Maker) At(ctx context.Context, s *session.Session, l *plan.Line, i *Item) *Place {
	given := map[string]*Item{}
	maps.Copy(given, i.Above)
	given[i.Of.Name] = i
	place := m.Settle(ctx, s, l, false, given)
	if place.Item == nil {
		place.Item = i
	}
	return place
}

// Call composes a call at the place, with a body if it takes one; nil: without.
func (p *Place) Call(b *Body) call.Call {
	c := call.Compose(p.Op, p.Settings)
	if b != nil && b.There {
		c.Body, c.Media = b.Media.Write(b.Value)
	}
	return c
}

// send calls an operation on an item, with a body if it takes one; nil: without.
func (m *Maker) send(ctx context.Context, s *session.Session, l *plan.Line, i *Item, b *Body) *session.Answer {
	place := m.At(ctx, s, l, i)
	return s.Send(ctx, place.Op, place.Call(b))
}

// Find is the first line of a collection and kind; nil when there is none.
func Find(s *session.Session, c *plan.Collection, kind plan.Kind) *plan.Line {
	if c == nil {
		return nil
	}
	for _, l := range s.Plan.Lines {
		if l.Collection == c.Name && l.Kind == kind && (kind != plan.List || l.Method == http.MethodGet) && (kind != plan.Create || Names(s, l)) {
			return l
		}
	}
	return nil
}

// Names tells whether an operation makes items that its answer names, of a body that
// can be written.
func Names(s *session.Session, l *plan.Line) bool {
	o := s.Operation(l)
	if o == nil || o.RequestBody != nil {
		if _, writable := s.MediaOf(o); !writable {
			return false
		}
	}
	return named(s.Plan.Collection(l.Collection), l)
}

// named tells whether the answer of a line shows the identity of its item.
func named(c *plan.Collection, l *plan.Line) bool {
	if c == nil || len(c.Identity) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Identity, func(i plan.Identity) bool {
		return i.Property == "" || !l.Answer.HasItem && !slices.ContainsFunc(l.Answer.Mappings, func(m plan.Mapping) bool { return m.In == "" && m.From == i.Property })
	})
}

// Removable tells whether items of a collection can be removed one by one.
func Removable(s *session.Session, c *plan.Collection) bool {
	return Find(s, c, plan.Delete) != nil || Find(s, c, plan.Leave) != nil
}

// May says why an operation must not be called to try things; empty: it may.
func May(s *session.Session, l *plan.Line) string {
	c := s.Plan.Collection(l.Collection)
	switch {
	case l.Method == http.MethodGet, l.Method == http.MethodHead, s.Target.Disposable:
		return ""
	case !s.Target.Writes:
		return "it changes data: only operations that read are called without writes"
	case l.Kind == plan.Create || l.Kind == plan.Copy:
		if !named(c, l) || !Removable(s, c) {
			return "what it makes could not be removed: the document has no way to name and delete it"
		}
	case l.Item == "" && l.Kind == plan.BulkDelete && l.Write == nil:
		return "it would remove what was not made by this run"
	case l.Kind == plan.Join, l.Kind == plan.Leave, l.Kind == plan.Act && l.Answer.Of != "" && l.Answer.Of != l.Collection,
		l.Item == "" && l.Kind != plan.BulkDelete && l.Kind != plan.BulkUpdate && l.Kind != plan.BulkRead:
		return "it changes what was not made by this run"
	}
	return ""
}
