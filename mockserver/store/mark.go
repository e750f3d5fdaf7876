package store

import (
	"cmp"
	"maps"
	"slices"
)

// Mark is what a project was at one moment, for [Project.Since]. It costs memory for what
// has changed since, since items never change and what lists them is copied when it is
// written.
type Mark struct {
	Members []Member
	Clock   ClockSnapshot

	collections map[string]map[string]*scope
	clock       *Clock
}

// Start is a mark of how the project began, or of its last reset.
func (p *Project) Start() (m Mark) {
	p.View(func() { m = p.start })
	return m
}

func (p *Project) mark() Mark {
	m := Mark{Members: slices.Clone(p.members), clock: p.clock.copy(), Clock: p.clock.Snapshot(), collections: map[string]map[string]*scope{}}
	for name, c := range p.collections {
		m.collections[name] = map[string]*scope{}
		for in, s := range c.scopes {
			m.collections[name][in] = s.copy()
		}
	}
	return m
}

// copy is the scope as it is now; it has no index by id.
func (in *scope) copy() *scope {
	kept := &scope{of: in, items: in.items.Copy(), writes: in.writes}
	if h := in.head; h != nil {
		kept.head = &head{n: h.n, first: h.first, of: h.of, idOf: h.idOf, changed: maps.Clone(h.changed), gone: *h.gone.Copy(), looked: h.looked, named: h.named}
	}
	return kept
}

// Seeded says that a scope has the items that it begins with: they are no change.
func (s *Items) Seeded(name, in string) {
	c := s.collection(name)
	if c.seeded == nil {
		c.seeded = map[string]*scope{}
	}
	if from := c.scope(in); from.len() > 0 {
		c.seeded[in] = from.copy()
	}
}

// ItemChange is an item that was made, removed or written anew since a mark.
type ItemChange struct{ Before, After *Item } // nil: there was, or is, none

// Since lists what has been written in a collection since a mark, by scope and number.
// Items of scopes that were opened meanwhile are no change, nor is what the project would
// show again when asked.
func (p *Project) Since(m Mark, name string) (changes []ItemChange) {
	p.View(func() {
		c := p.collections[name]
		if c == nil {
			c = &collection{}
		}
		marked := m.collections[name]
		scopes := slices.AppendSeq(slices.Collect(maps.Keys(marked)), maps.Keys(c.scopes))
		slices.Sort(scopes)
		for _, in := range slices.Compact(scopes) {
			before, now := marked[in], c.scopes[in]
			switch {
			case before == nil:
				before = c.seeded[in]
			case now == nil && !c.dropped[in]:
				now = c.seeded[in] // it will be made again
			}
			changes = append(changes, since(before, now)...)
		}
	})
	return changes
}

// ClockMoved tells whether the clock was moved, stopped or set going since a mark.
func (p *Project) ClockMoved(m Mark) bool { return p.clock.movedSince(m.clock) }

func since(before, now *scope) (changes []ItemChange) {
	if before == nil {
		before = &scope{}
	}
	if now == nil {
		now = &scope{}
	}
	if before.writes == now.writes && cmp.Or(before.of, before) == cmp.Or(now.of, now) {
		return nil
	}
	same := before.head.sameAs(now.head)
	was, unchanged := map[string]*Item{}, map[*Item]bool{}
	is := map[string]*Item{}
	for i := range before.touched(now.head, same) {
		was[i.ID] = i
	}
	for i := range now.touched(before.head, same) {
		if is[i.ID] = i; was[i.ID] == i {
			unchanged[i] = true
		}
	}
	for _, i := range was {
		if !unchanged[i] {
			changes = append(changes, ItemChange{i, is[i.ID]})
		}
	}
	for _, i := range is {
		if was[i.ID] == nil {
			changes = append(changes, ItemChange{After: i})
		}
	}
	slices.SortFunc(changes, func(a, b ItemChange) int {
		x, y := cmp.Or(a.Before, a.After), cmp.Or(b.Before, b.After)
		return cmp.Or(cmp.Compare(x.Number, y.Number), cmp.Compare(x.ID, y.ID))
	})
	return changes
}

func (h *head) sameAs(other *head) bool {
	if h == nil || other == nil {
		return h == other
	}
	return h.n == other.n && (h.n == 0 || &h.looked[0] == &other.looked[0])
}

// touched yields the items of a scope but for those of its head that neither it nor
// another, of the same items, has changed.
func (in *scope) touched(other *head, same bool) func(func(*Item) bool) {
	return func(yield func(*Item) bool) {
		if same && in.head != nil {
			ordinals := map[int]bool{}
			for _, h := range []*head{in.head, other} {
				for ordinal := range h.changed {
					ordinals[ordinal] = true
				}
				h.gone.Scan(func(ordinal int) bool { ordinals[ordinal] = true; return true })
			}
			for ordinal := range ordinals {
				if !in.head.gone.Contains(ordinal) && !yield(in.head.item(ordinal)) {
					return
				}
			}
		} else if in.head != nil {
			for index := range in.head.len() {
				if !yield(in.head.item(in.head.at(index))) {
					return
				}
			}
		}
		if in.items != nil {
			in.items.Scan(yield)
		}
	}
}
