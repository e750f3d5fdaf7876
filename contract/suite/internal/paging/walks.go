package paging

import (
	"context"
	"fmt"
)

// everyItemOnce is run for the walks of one way.
func everyItemOnce(by way) func(context.Context, *pager) error {
	return func(ctx context.Context, p *pager) error {
		for _, t := range p.list.tours() {
			if t.way == by {
				p.try(ctx, ask{order: t.order}.caseName("all of it"), func() error { return p.once(ctx, t) })
			}
		}
		return nil
	}
}

// once tells what is wrong with the walks of one tour.
func (p *pager) once(ctx context.Context, t tour) error {
	s, err := p.surveyed(ctx)
	if err != nil {
		return err
	}
	if s.err[t] != nil {
		return s.err[t]
	}
	shortest := 0
	for at, k := range s.walks {
		if k.tour != t {
			continue
		}
		f := k.doubled
		if f == nil && k.stopped != "" {
			return cannot("%s", k.stopped)
		}
		if f == nil {
			if lost, one := s.lost(at, p.known.count); lost > 0 {
				f = flawed(nil, "%d of %d items were not met, %s among them; walks before and after met them", lost, len(k.items)+lost, p.known.text(one))
			}
		}
		switch {
		case f == nil:
		case t.way != byPage:
			return f.beyondChange() // an item has one place, and a cursor passes it once
		case s.moved(at):
			return cannot("the data changed meanwhile: page numbers move")
		default:
			return f
		}
		shortest = len(k.items)
	}
	if shortest < 2 {
		return cannot("fewer than two items")
	}
	return nil
}

// walksAgree compares the order of what different ways met: two items never
// change places, whatever comes and goes around them.
func walksAgree(ctx context.Context, p *pager) error {
	for _, order := range p.list.orders() {
		p.try(ctx, ask{order: order}.caseName("all ways"), func() error {
			s, err := p.surveyed(ctx)
			if err != nil {
				return err
			}
			var one *walk
			compared := 0
			for _, k := range s.walks {
				switch {
				case k.order != order || k.doubled != nil:
					continue
				case one == nil:
					one = k
					continue
				case k.way == one.way:
					continue
				}
				compared++
				if at := p.firstSwap(one, k); at != "" {
					return flawed(nil, "walking with %s gives items in another order than with %s, from item %s on", k.way, one.way, at).beyondChange()
				}
			}
			switch {
			case compared == 0:
				return cannot("only one way to walk in this order")
			case len(one.items) < 2:
				return cannot("fewer than two items")
			}
			return nil
		})
	}
	return nil
}

// firstSwap finds the first item two walks met in a different order, among those
// both met; empty: none.
func (p *pager) firstSwap(a, b *walk) string {
	first, second := a.met(b), b.met(a)
	for i, n := range second {
		if i == len(first) || first[i] != n {
			return p.known.text(n)
		}
	}
	return ""
}

// met lists the items of a walk that another one met, too.
func (w *walk) met(other *walk) []uint32 {
	var both []uint32
	for _, n := range w.items {
		if other.seen.has(n) {
			both = append(both, n)
		}
	}
	return both
}

// Chains of pages stand for whole walks of long lists.
const (
	wholeWalk  = 64 // pages, at most, of a walk with a small limit
	chainPages = 6  // of a chain from the middle
)

// walkLimits walks with different limits: all of a short list, parts of a long one.
func walkLimits(ctx context.Context, p *pager) error {
	base, err := p.whole(ctx, p.list.descending)
	if err != nil {
		return err
	}
	if len(base.items) < 2 {
		return cannot("fewer than two items")
	}
	for _, limit := range p.list.limits() {
		name := fmt.Sprintf("limit=%d", limit)
		if len(base.items) <= wholeWalk*limit {
			p.chain(ctx, name, limit, -1, wholeWalk+1)
			continue
		}
		p.chain(ctx, name+", from the beginning", limit, -1, chainPages)
		p.chain(ctx, name+", from the middle", limit, len(base.items)/2, chainPages)
		p.chain(ctx, name+", from near the end", limit, len(base.items)-chainPages*limit/2, chainPages)
	}
	return nil
}

// chain follows after from behind the item at a place of the list; -1: from the
// beginning.
func (p *pager) chain(ctx context.Context, name string, limit, from, steps int) {
	p.tryWhole(ctx, name, p.list.descending, func(base *walk) error {
		q, at := ask{order: base.order, limit: limit}, from
		if at >= len(base.items) {
			return cannot("the list became shorter")
		}
		if at >= 0 {
			q.after = p.known.text(base.items[at])
		}
		for range steps {
			pg, err := p.fetch(ctx, q)
			if err != nil {
				return err
			}
			if len(pg.items) == 0 {
				if at+1 < len(base.items) {
					return flawed(pg.Answer, "the walk ended %d items before the end", len(base.items)-at-1)
				}
				return nil
			}
			for _, i := range pg.items {
				at++
				if at >= len(base.items) || base.items[at] != i {
					return flawed(pg.Answer, "item %d of the list was not the one a walk with limit=%d meets there", at+1, p.list.largest())
				}
			}
			q = p.next(tour{way: byAfter}, pg)
		}
		return nil
	})
}
