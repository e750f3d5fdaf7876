// Package items makes items on a target to try things on, and removes them.
//
// A [Maker] knows from the plan how an item of a collection is made, found, read and
// removed. What it makes carries [Mark] in its name and is remembered until it is gone
// again; what is left at the end of the run the report says. Changed and removed is
// only what it made, unless Target.Disposable gives it the whole server.
package items

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Mark begins the names of all items that are made.
const Mark = "digakit-verify-"

// Maker makes the items of one run. It is used from one goroutine.
type Maker struct {
	kept     []*Item          // made and not removed, in the order of making
	shared   map[string]*Item // to make others below, by collection
	existing map[string][]*Item
	making   []string // collections of the items that are being made
	count    int
	run      string // tells the names of runs apart
	lost     map[string]int
	swept    bool // the session removes what is kept when it ends
}

// New returns a Maker that has made nothing.
func New() *Maker {
	return &Maker{shared: map[string]*Item{}, existing: map[string][]*Item{}, lost: map[string]int{}}
}

// Item is an item of the target.
type Item struct {
	Of     *plan.Collection
	Above  map[string]*Item  // those whose parameters stand in its path, by collection
	Names  map[string]string // its identity, by property
	Sent   any               // the body it was made by
	Answer *session.Answer   // that made it
	Shown  map[string]any    // it, in that answer; nil: it was not
	Line   *plan.Line        // of what made it
	ours   bool
	gone   bool
}

// Name is its identity, for messages.
func (i *Item) Name() string {
	return strings.Join(slices.Collect(maps.Values(i.Names)), " ")
}

// Operation is the operation of a line.
func Operation(s *session.Session, l *plan.Line) *contract.Operation {
	if l == nil {
		return nil
	}
	i := slices.IndexFunc(s.Operations, func(o *contract.Operation) bool { return o.Method == l.Method && o.Path == l.Path })
	if i < 0 {
		return nil
	}
	return s.Operations[i]
}

// LineOf is the line of an operation.
func LineOf(s *session.Session, o *contract.Operation) *plan.Line {
	return s.Plan.Line(o.Method, o.Path)
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
	o := Operation(s, l)
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
	case l.Kind == plan.Join || l.Kind == plan.Leave || l.Item == "" && l.Kind != plan.BulkDelete && l.Kind != plan.BulkUpdate && l.Kind != plan.BulkRead:
		return "it changes what was not made by this run"
	}
	return ""
}

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

// item is one to call an operation on: made for this run, or where the server is
// disposable and none can be made, one that is there.
func (m *Maker) item(ctx context.Context, s *session.Session, c *plan.Collection, fresh bool, above map[string]*Item) (*Item, string, error) {
	if one := m.shared[c.Name]; !fresh && one != nil && !one.gone && one.below(above) {
		return one, "", nil
	}
	of := c
	if c.Of != "" { // its items are those of another
		of = s.Plan.Collection(c.Of)
	}
	one, reason, err := m.Make(ctx, s, of, above)
	if err != nil {
		return nil, "", err
	}
	if one == nil && s.Target.Disposable {
		all, _, err := m.Existing(ctx, s, of, above)
		if err != nil {
			return nil, "", err
		}
		if i := slices.IndexFunc(all, func(i *Item) bool { return !i.gone }); i >= 0 {
			one = all[i]
		}
	}
	if one == nil {
		return nil, reason, nil
	}
	if !fresh {
		m.shared[c.Name] = one
	}
	return one, "", nil
}

// below tells whether an item lies below those.
func (i *Item) below(above map[string]*Item) bool {
	for name, one := range i.Above {
		if above[name] != nil && above[name] != one {
			return false
		}
	}
	return true
}

const maxMaking = 4 // items above one another that are made for one another

// Make makes an item of a collection below those given; nil and the reason when that
// cannot be.
func (m *Maker) Make(ctx context.Context, s *session.Session, c *plan.Collection, above map[string]*Item) (*Item, string, error) {
	l := Find(s, c, plan.Create)
	if l == nil {
		return nil, "no operation makes an item of " + c.Name + " that can be told apart", nil
	}
	one, reason, err := m.MakeBy(ctx, s, l, above, false)
	if one == nil && err == nil {
		return m.MakeBy(ctx, s, l, above, true)
	}
	return one, reason, err
}

// MakeBy makes an item by an operation that creates, of the least body or all of it.
func (m *Maker) MakeBy(ctx context.Context, s *session.Session, l *plan.Line, above map[string]*Item, least bool) (*Item, string, error) {
	if len(m.making) >= maxMaking || slices.Contains(m.making, l.Collection) {
		return nil, "an item of " + l.Collection + " needs one of its own", nil
	}
	if reason := May(s, l); reason != "" {
		return nil, reason, nil
	}
	m.making = append(m.making, l.Collection)
	defer func() { m.making = m.making[:len(m.making)-1] }()
	place, reason, err := m.Settle(ctx, s, l, false, above)
	if place == nil {
		return nil, reason, err
	}
	body, reason, err := m.Body(ctx, s, l, least)
	if reason != "" || err != nil {
		return nil, reason, err
	}
	o := Operation(s, l)
	a, err := s.Send(ctx, o, place.Call(o, body.Media, body.Value, body.There))
	if err != nil {
		return nil, "", err
	}
	if made := m.Adopt(s, l, place, a, body.Value); len(made) > 0 {
		return made[0], "", nil
	}
	return nil, fmt.Sprintf("no item of %s could be made: answered %d", l.Collection, a.Status), nil
}

// Adopt remembers the items that an answer says were made, to be removed.
func (m *Maker) Adopt(s *session.Session, l *plan.Line, at *Place, a *session.Answer, sent any) []*Item {
	if (l.Kind != plan.Create && l.Kind != plan.Copy) || a.Broken != "" || a.Status < 200 || a.Status > 299 {
		return nil
	}
	if !m.swept {
		m.swept = true
		s.Cleanup = append(s.Cleanup, func(ctx context.Context) error { return m.sweep(ctx, s) })
	}
	c := s.Plan.Collection(l.Collection)
	var made []*Item
	for _, shown := range Shown(l, a) {
		item := &Item{Of: c, Above: map[string]*Item{}, Names: map[string]string{}, Sent: sent, Answer: a, Line: l, ours: true}
		for _, parent := range c.Parents {
			if over := at.Items[parent.Collection]; over != nil {
				item.Above[parent.Collection] = over
				maps.Copy(item.Above, over.Above)
			}
		}
		if l.Answer.HasItem {
			item.Shown = shown
		}
		for _, id := range c.Identity {
			property := id.Property
			if !l.Answer.HasItem {
				for _, mapping := range l.Answer.Mappings {
					if mapping.In == "" && mapping.From == id.Property {
						property = mapping.To
					}
				}
			}
			if text := Text(shown[property]); text != "" {
				item.Names[id.Property] = text
			}
		}
		if len(item.Names) < max(1, len(c.Identity)) {
			continue
		}
		m.kept, made = append(m.kept, item), append(made, item)
	}
	if len(made) == 0 {
		m.lost[l.Name()]++
	}
	return made
}

// Shown are the items in an answer of a line, or all of it where it has none.
func Shown(l *plan.Line, a *session.Answer) []map[string]any {
	v, there := call.At(Decode(a.Body), l.Answer.Data)
	if !there {
		return nil
	}
	if !l.Answer.Items {
		v = []any{v}
	}
	list, _ := v.([]any)
	var all []map[string]any
	for _, one := range list {
		if object, is := one.(map[string]any); is {
			all = append(all, object)
		}
	}
	return all
}

// Decode reads JSON, numbers as they are written; nil of what is none.
func Decode(body []byte) any {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// Text is a scalar as it stands in a path; empty of anything else.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return string(v)
	}
	return ""
}

// Existing lists items that are there, of one page of the collection's list.
func (m *Maker) Existing(ctx context.Context, s *session.Session, c *plan.Collection, above map[string]*Item) ([]*Item, string, error) {
	key := c.Name
	for _, parent := range c.Parents {
		if over := above[parent.Collection]; over != nil {
			key += "\x00" + over.Name()
		}
	}
	if known, ok := m.existing[key]; ok {
		return known, "", nil
	}
	l := Find(s, c, plan.List)
	if l == nil {
		return nil, "no operation lists " + c.Name, nil
	}
	place := &Place{Items: map[string]*Item{}}
	if len(c.Parents) > 0 {
		var reason string
		var err error
		if place, reason, err = m.Settle(ctx, s, l, false, above); place == nil {
			return nil, reason, err
		}
	}
	o := Operation(s, l)
	a, err := s.Send(ctx, o, call.Compose(o, place.Settings))
	if err != nil {
		return nil, "", err
	}
	var all []*Item
	if a.Ok() {
		for _, shown := range Shown(l, a) {
			item := &Item{Of: c, Above: place.Items, Names: map[string]string{}, Shown: shown, Line: l}
			for _, id := range c.Identity {
				if text := Text(shown[id.Property]); text != "" {
					item.Names[id.Property] = text
				}
			}
			if len(item.Names) == len(c.Identity) && len(item.Names) > 0 {
				all = append(all, item)
			}
		}
	}
	m.existing[key] = all
	return all, "", nil
}

// Remove removes an item that was made; it is kept for the end of the run when that
// does not work.
func (m *Maker) Remove(ctx context.Context, s *session.Session, i *Item) error {
	if i == nil || i.gone || !i.ours {
		return nil
	}
	l := Find(s, i.Of, plan.Delete)
	if l == nil {
		return nil
	}
	a, reason, err := m.Delete(ctx, s, l, i)
	if err != nil || reason != "" {
		return err
	}
	if a.Status >= 200 && a.Status < 300 || a.Status == 404 || a.Status == 410 {
		m.Forget(i)
	}
	return nil
}

// Delete sends the deletion of an item.
func (m *Maker) Delete(ctx context.Context, s *session.Session, l *plan.Line, i *Item) (*session.Answer, string, error) {
	place, reason, err := m.At(ctx, s, l, i)
	if place == nil {
		return nil, reason, err
	}
	o := Operation(s, l)
	body, reason, err := m.Body(ctx, s, l, true)
	if reason != "" || err != nil {
		return nil, reason, err
	}
	a, err := s.Send(ctx, o, place.Call(o, body.Media, body.Value, body.There))
	return a, "", err
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

// Forget says that an item is gone, and with it all that lies below.
func (m *Maker) Forget(i *Item) {
	i.gone = true
	m.kept = slices.DeleteFunc(m.kept, func(other *Item) bool {
		below := slices.Contains(slices.Collect(maps.Values(other.Above)), i)
		other.gone = other.gone || below
		return other == i || below
	})
}

// Keep says that the item is not to be removed: it was there before.
func (i *Item) Keep() { i.ours = false }

// Gone tells whether the item was removed.
func (i *Item) Gone() bool { return i.gone }

// sweep removes what is left, the last made first, and has the report say what
// could not be removed.
func (m *Maker) sweep(ctx context.Context, s *session.Session) error {
	for _, i := range slices.Backward(slices.Clone(m.kept)) {
		if err := m.Remove(ctx, s, i); err != nil {
			break // the target is gone; all that is left is told
		}
	}
	left := map[string][]string{}
	for _, i := range m.kept {
		if !s.Target.Disposable {
			left[i.Of.Name] = append(left[i.Of.Name], i.Name())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		s.Report.Add(leftBehind(name, fmt.Sprintf("not removed from %s: %s", name, strings.Join(left[name], ", "))))
	}
	for _, name := range slices.Sorted(maps.Keys(m.lost)) {
		if n := m.lost[name]; !s.Target.Disposable {
			s.Report.Add(leftBehind(name, fmt.Sprintf("%s answered a success %d times without saying what it made, so that this could not be removed", name, n)))
		}
	}
	return nil
}

func leftBehind(of, message string) report.Finding {
	return report.Finding{
		Check: "left_behind", Severity: report.Warning, Message: message, Case: of,
		Explanation: "What a run makes it removes. What is named here is still there.",
		HowToFix:    "remove it by hand; its name begins with " + Mark + " where it has one",
	}
}

// mark is the next name of what is made.
func (m *Maker) mark(s *session.Session) string {
	m.count++
	if m.run == "" && !s.Target.Disposable {
		m.run = strconv.FormatInt(time.Now().Unix(), 36) + "-"
	}
	return Mark + m.run + strconv.Itoa(m.count)
}

// Pointers are the places in a value that a pointer with * for items of arrays leads to.
func Pointers(v any, pointer string) []string {
	found := []string{""}
	for _, token := range spec.Tokens(pointer) {
		var next []string
		for _, at := range found {
			here, _ := call.At(v, at)
			if list, is := here.([]any); token == "*" && is {
				for i := range list {
					next = append(next, spec.Join(at, strconv.Itoa(i)))
				}
			} else if _, there := call.At(v, spec.Join(at, token)); there {
				next = append(next, spec.Join(at, token))
			}
		}
		found = next
	}
	return found
}
