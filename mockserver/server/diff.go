package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/store"
)

// Start names, to [Project.Diff], how a project was when the server started, or at its
// last reset.
const Start = "start"

// maxMarks is how many snapshots of a project are remembered.
const maxMarks = 16

// ErrNoSnapshot is that of a snapshot which is not remembered.
var ErrNoSnapshot = errors.New("server: no such snapshot is remembered")

// mark is what is remembered of a snapshot.
type mark struct {
	store.Mark
	faults fault.Snapshot
}

// Diff is what has changed in a project. No secret is in it.
type Diff struct {
	Since       string     `json:"since"`
	Collections []Changes  `json:"collections"` // those with changes, by name
	Members     *Changes   `json:"members,omitempty"`
	Faults      *Changes   `json:"faults,omitempty"`
	Clock       *ClockDiff `json:"clock,omitempty"` // nil: it was not moved, stopped or set going
	LeftOff     int        `json:"left_off"`        // changes that are not shown
}

// Changes are those of a collection.
type Changes struct {
	Name    string   `json:"name"`
	Added   int      `json:"added"`
	Removed int      `json:"removed"`
	Changed int      `json:"changed"`
	Changes []Change `json:"changes"`
}

// Change is one item that was added, removed or changed.
type Change struct {
	Change      string            `json:"change"` // added, removed or changed
	ID          string            `json:"id"`
	Below       []string          `json:"below,omitempty"` // ids of what it belongs to, the outermost first
	Differences []spec.Difference `json:"differences"`     // of an item added or removed all of it
}

// ClockDiff is a clock that was moved, stopped or set going.
type ClockDiff struct {
	Before store.ClockSnapshot `json:"before"`
	After  store.ClockSnapshot `json:"after"`
}

func (r *room) remember(id string, m mark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.marks == nil {
		r.marks = map[string]mark{}
	}
	r.taken = append(slices.DeleteFunc(r.taken, func(other string) bool { return other == id }), id)
	if r.marks[id] = m; len(r.taken) > maxMarks {
		delete(r.marks, r.taken[0])
		r.taken = r.taken[1:]
	}
}

// Diff tells what has changed since a snapshot, by its ID, or since [Start]: at most limit
// changes, in the same order each time; 0: all. Of a snapshot's ID the newest 16 of the
// project are known, and none that another process took; the error is [ErrNoSnapshot].
func (p *Project) Diff(since string, limit int) (Diff, error) {
	now, err := p.now()
	if err != nil {
		return Diff{}, err
	}
	r := p.world.room(p.id)
	r.mu.Lock()
	m, known := r.marks[since]
	if since == Start {
		if m, known = (mark{now.Start(), r.seeded}), true; r.start != nil {
			m = *r.start
		}
	}
	r.mu.Unlock()
	if !known {
		return Diff{}, fmt.Errorf("%w: %q; take one, whose id it is, or ask since %s: the newest %d are remembered as long as the server runs", ErrNoSnapshot, since, Start, maxMarks)
	}
	d := differ{left: limit}
	if limit == 0 {
		d.left = math.MaxInt
	}
	shown := Diff{Since: since, Collections: []Changes{}}
	for _, name := range p.kinds() {
		for _, c := range now.Since(m.Mark, name) {
			item := c.After
			if item == nil {
				item = c.Before
			}
			var below []string
			if item.Scope != "" {
				below = strings.Split(item.Scope, "\x00")
			}
			d.add(name, item.ID, below, value(c.Before), value(c.After))
		}
		if made := d.end(); made != nil {
			shown.Collections = append(shown.Collections, *made)
		}
	}
	d.lists("members", m.Members, now.Members())
	shown.Members = d.end()
	d.lists("faults", m.faults.Faults, r.faults.Snapshot().Faults)
	shown.Faults = d.end()
	if now.ClockMoved(m.Mark) {
		shown.Clock = &ClockDiff{m.Clock, now.Clock().Snapshot()}
	}
	shown.LeftOff = d.leftOff
	return shown, nil
}

// kinds are the names of the collections whose items are state, API keys among them.
func (p *Project) kinds() []string {
	names := map[string]bool{p.world.config.Store.Keys(): true}
	for _, c := range p.world.config.Engine.Plan().Collections {
		if c.Schema != "" || c.Of != "" {
			names[c.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func value(i *store.Item) *any {
	if i == nil {
		return nil
	}
	var v any = i.Value
	if plain, ok := i.Value[""]; ok { // of an item that is no object
		v = plain
	}
	return &v
}

// differ gathers changes, up to a limit.
type differ struct {
	left, leftOff int
	made          *Changes
}

func (d *differ) end() (made *Changes) {
	made, d.made = d.made, nil
	return made
}

func (d *differ) add(name, id string, below []string, before, after *any) {
	c := Change{Change: "changed", ID: id, Below: below}
	switch {
	case before == nil:
		c.Change = "added"
		c.Differences = []spec.Difference{{After: after}}
	case after == nil:
		c.Change = "removed"
		c.Differences = []spec.Difference{{Before: before}}
	default:
		if c.Differences = slices.Collect(spec.Differences(*before, *after)); len(c.Differences) == 0 {
			return
		}
	}
	if d.made == nil {
		d.made = &Changes{Name: name, Changes: []Change{}}
	}
	*map[string]*int{"added": &d.made.Added, "removed": &d.made.Removed, "changed": &d.made.Changed}[c.Change]++
	if d.left--; d.left < 0 {
		d.leftOff++
		return
	}
	for i := range c.Differences {
		f := &c.Differences[i]
		for _, side := range []**any{&f.Before, &f.After} {
			if *side != nil {
				*side = new(journal.Redacted(f.Pointer, **side))
			}
		}
	}
	d.made.Changes = append(d.made.Changes, c)
}

// lists compares what is no item.
func (d *differ) lists(name string, before, after any) {
	was, is := byID(before), byID(after)
	ids := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(is))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		d.add(name, id, nil, was[id], is[id])
	}
}

// byID decodes a list of things with an id.
func byID(list any) map[string]*any {
	text, _ := json.Marshal(list) // it is shown as JSON elsewhere
	decoded, _ := spec.DecodeJSON(text)
	things, _ := decoded.([]any)
	all := make(map[string]*any, len(things))
	for _, v := range things {
		thing, _ := v.(map[string]any)
		delete(thing, "random") // where a fault's draws stand
		id, _ := thing["id"].(string)
		all[id] = &v
	}
	return all
}
