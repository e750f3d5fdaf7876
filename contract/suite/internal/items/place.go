package items

import (
	"context"
	"maps"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Place is where an operation is called: what its parameters are.
type Place struct {
	Settings []call.Setting
	Items    map[string]*Item // those that the path names, by collection
	Item     *Item            // the one that the line is about; nil: none
}

// Settle gives the parameters of an operation values. Items in its path are those
// given, else ones that are made for it; fresh has the line's own item made anew.
func (m *Maker) Settle(ctx context.Context, s *session.Session, l *plan.Line, fresh bool, given map[string]*Item) (*Place, string, error) {
	o := Operation(s, l)
	place := &Place{Items: map[string]*Item{}}
	for i, parameter := range l.Parameters {
		if parameter.In != "path" {
			continue
		}
		c := s.Plan.Collection(parameter.Collection)
		if c == nil || parameter.Property == "" {
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
			var reason string
			var err error
			if item, reason, err = m.item(ctx, s, c, fresh && own, above); item == nil {
				return nil, reason, err
			}
		}
		if !session.ReadOnly(s, o) {
			if may, err := m.mayChange(ctx, s, item); !may {
				return nil, "what is read of the item of " + c.Name + " does not carry the name that it was made with: it may be another", err
			}
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
		if err := place.set(s, o, parameter.Name, item.Names[parameter.Property]); err != "" {
			return nil, err, nil
		}
	}
	for _, q := range s.Parameters(o) {
		if !q.Required || slices.ContainsFunc(place.Settings, func(one call.Setting) bool { return one.Parameter == q }) {
			continue
		}
		values := s.Values(o, q)
		if len(values) == 0 {
			return nil, "no value can be made for " + q.Name, nil
		}
		place.Settings = append(place.Settings, call.Setting{Parameter: q, Value: values[0]})
	}
	return place, "", nil
}

func (p *Place) set(s *session.Session, o *contract.Operation, name, value string) string {
	for _, q := range s.Parameters(o) {
		if q.Name == name && q.In == call.PathPlace {
			p.Settings = append(p.Settings, call.Setting{Parameter: q, Value: call.Value{Class: "id of an item", Texts: []string{value}}})
			return ""
		}
	}
	return "the document does not describe the parameter " + name
}

// Call composes a call at the place, with a body if one is given.
func (p *Place) Call(o *contract.Operation, media call.Media, body any, with bool) call.Call {
	c := call.Compose(o, p.Settings)
	if with {
		c.Body, c.Media = media.Write(body)
	}
	return c
}

// At settles an operation on an item.
func (m *Maker) At(ctx context.Context, s *session.Session, l *plan.Line, i *Item) (*Place, string, error) {
	given := maps.Clone(i.Above)
	if given == nil {
		given = map[string]*Item{}
	}
	given[i.Of.Name] = i
	place, reason, err := m.Settle(ctx, s, l, false, given)
	if place != nil && place.Item == nil {
		place.Item = i
	}
	return place, reason, err
}
