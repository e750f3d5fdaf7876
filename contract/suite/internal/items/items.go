// Package items makes items on a target to try things on, and removes them.
//
// A [Maker] knows from the plan how an item of a collection is made, found, read and
// removed. What it makes carries [Mark] in its name and is remembered until it is gone
// again; what is left at the end of the run the report says. Changed and removed is
// only what it made, unless Target.Disposable gives it the whole server. What cannot be
// made, found or changed here ends the check ([session.Cannot]) or what tries it.
package items

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/plan"
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
	proof  proof
}

// Name is its identity, for messages.
func (i *Item) Name() string {
	return strings.Join(slices.Collect(maps.Values(i.Names)), " ")
}

// Item is one to call an operation on: made for this run, or where the server is
// disposable and none can be made, one that is there. Fresh is one that nothing else was
// tried on.
func (m *Maker) Item(ctx context.Context, s *session.Session, c *plan.Collection, fresh bool, above map[string]*Item) (one *Item) {
	if one := m.shared[c.Name]; !fresh && one != nil && !one.gone && one.below(above) {
		return one
	}
	of := c
	if c.Of != "" { // its items are those of another
		of = s.Plan.Collection(c.Of)
	}
	impossible := session.Try(func() { one = m.Make(ctx, s, of, above) })
	if impossible != "" && s.Target.Disposable {
		all := m.Existing(ctx, s, of, above)
		if i := slices.IndexFunc(all, func(i *Item) bool { return !i.gone }); i >= 0 {
			one, impossible = all[i], ""
		}
	}
	if impossible != "" {
		session.Cannot(impossible)
	}
	if !fresh {
		m.shared[c.Name] = one
	}
	return one
}

// identify takes the identity from an answer of the item's line, and tells whether all
// of it is there.
func (i *Item) identify(shown map[string]any) bool {
	for _, id := range i.Of.Identity {
		property := id.Property
		if !i.Line.Answer.HasItem {
			for _, mapping := range i.Line.Answer.Mappings {
				if mapping.In == "" && mapping.From == id.Property {
					property = mapping.To
				}
			}
		}
		if text := call.Text(shown[property]); text != "" {
			i.Names[id.Property] = text
		}
	}
	return len(i.Names) >= max(1, len(i.Of.Identity))
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

// Make makes an item of a collection below those given.
func (m *Maker) Make(ctx context.Context, s *session.Session, c *plan.Collection, above map[string]*Item) (one *Item) {
	l := Find(s, c, plan.Create)
	if l == nil {
		session.Cannot("no operation makes an item of " + c.Name + " that can be told apart")
	}
	try := func(least bool) string {
		return session.Try(func() { one = m.MakeBy(ctx, s, l, above, least) })
	}
	impossible := try(false)
	if impossible != "" {
		impossible = try(true)
	}
	for n := 0; impossible != "" && len(above) == 0 && n < maxAbove && m.LeaveAbove(c); n++ {
		impossible = try(false)
	}
	if impossible != "" {
		session.Cannot(impossible)
	}
	return one
}

const maxAbove = 5 // items that another is tried to be made below

// LeaveAbove has the next item of a collection made below others than before: what it
// was to lie below may be of a kind that takes none. False: it lies below none.
func (m *Maker) LeaveAbove(c *plan.Collection) bool {
	for _, parent := range c.Parents {
		delete(m.shared, parent.Collection)
	}
	return len(c.Parents) > 0
}

// MakeBy makes an item by an operation that creates, of the least body or all of it.
func (m *Maker) MakeBy(ctx context.Context, s *session.Session, l *plan.Line, above map[string]*Item, least bool) *Item {
	if len(m.making) >= maxMaking || slices.Contains(m.making, l.Collection) {
		session.Cannot("an item of " + l.Collection + " needs one of its own")
	}
	if reason := May(s, l); reason != "" {
		session.Cannot(reason)
	}
	m.making = append(m.making, l.Collection)
	defer func() { m.making = m.making[:len(m.making)-1] }()
	place := m.Settle(ctx, s, l, false, above)
	body := m.Body(ctx, s, l, least)
	a := s.Send(ctx, place.Op, place.Call(&body))
	made := m.Adopt(s, place, a, body.Value)
	if len(made) == 0 {
		session.Cannot("no item of " + l.Collection + " could be made: " + a.Outcome())
	}
	return made[0]
}

// Adopt remembers the items that an answer says were made at a place, to be removed.
func (m *Maker) Adopt(s *session.Session, at *Place, a *session.Answer, sent any) []*Item {
	l := at.Line
	if (l.Kind != plan.Create && l.Kind != plan.Copy) || !a.Success() {
		return nil
	}
	if !m.swept {
		m.swept = true
		s.Cleanup = append(s.Cleanup, func(ctx context.Context) error {
			m.sweep(ctx, s)
			return nil
		})
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
		if item.identify(shown) {
			m.kept, made = append(m.kept, item), append(made, item)
		}
	}
	if list, several := sentItems(l, sent); len(made) == 0 && (!several || len(list) > 0) {
		m.lost[l.Name()]++
	}
	return made
}

// sentItems are the items in a body that makes several.
func sentItems(l *plan.Line, sent any) ([]any, bool) {
	if l.Write == nil || !l.Write.Items {
		return nil, false
	}
	v, _ := call.At(sent, l.Write.Data)
	list, is := v.([]any)
	return list, is
}

// Existing lists items that are there, of one page of the collection's list; none where
// that cannot be asked for.
func (m *Maker) Existing(ctx context.Context, s *session.Session, c *plan.Collection, above map[string]*Item) (all []*Item) {
	key := c.Name
	for _, parent := range c.Parents {
		if over := above[parent.Collection]; over != nil {
			key += "\x00" + over.Name()
		}
	}
	if known, ok := m.existing[key]; ok {
		return known
	}
	l := Find(s, c, plan.List)
	if l == nil {
		return nil
	}
	session.Try(func() {
		place := &Place{Line: l, Op: s.Operation(l), Items: map[string]*Item{}}
		if len(c.Parents) > 0 {
			place = m.Settle(ctx, s, l, false, above)
		}
		if a := s.Send(ctx, place.Op, place.Call(nil)); a.Ok() {
			for _, shown := range Shown(l, a) {
				item := &Item{Of: c, Above: place.Items, Names: map[string]string{}, Shown: shown, Line: l}
				if item.identify(shown) {
					all = append(all, item)
				}
			}
		}
		m.existing[key] = all
	})
	return all
}

// Remove removes an item that was made; it is kept for the end of the run when that
// does not work.
func (m *Maker) Remove(ctx context.Context, s *session.Session, i *Item) {
	if i == nil || i.gone || !i.ours {
		return
	}
	l := Find(s, i.Of, plan.Delete)
	if l == nil {
		return
	}
	session.Try(func() {
		a := m.Delete(ctx, s, l, i)
		gone := a.Success() || a.Gone()
		if !gone && a.Refused() { // as what is not there, by another status: what acted on it may have ended it
			_, gone = m.look(ctx, s, i)
		}
		if gone {
			m.Forget(i)
		}
	})
}

// Delete sends the deletion of an item.
func (m *Maker) Delete(ctx context.Context, s *session.Session, l *plan.Line, i *Item) *session.Answer {
	body := m.Body(ctx, s, l, true)
	return m.send(ctx, s, l, i, &body)
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

// Gone tells whether the item was removed.
func (i *Item) Gone() bool { return i.gone }

// mark is the next name of what is made.
func (m *Maker) mark(s *session.Session) string {
	m.count++
	if m.run == "" && !s.Target.Disposable {
		m.run = strconv.FormatInt(time.Now().Unix(), 36) + "-"
	}
	return Mark + m.run + strconv.Itoa(m.count)
}
