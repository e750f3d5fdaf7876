package paging

import (
	"context"
	"fmt"
	"slices"
)

// survey is the whole list walked in every way there is: once when all agree,
// and a second time when they do not.
//
// The list is walked first with the largest pages, then each way with pages small
// enough that there are some borders between them.
type survey struct {
	walks  []*walk
	second int            // where the second time begins; 0: there is none
	err    map[tour]error // why a way could not be walked
}

// tours lists the ways to walk a listing. Pages are numbered from the oldest
// item on where that can be had: what is created meanwhile does not move them.
func (l *listing) tours() []tour {
	var list []tour
	orders := l.orders()
	if l.after != "" {
		for _, order := range orders {
			list = append(list, tour{byAfter, order})
		}
		if l.before != "" {
			list = append(list, tour{byBefore, l.descending})
		}
	}
	if l.page != "" {
		list = append(list, tour{byPage, orders[len(orders)-1]})
	}
	return list
}

// surveyed walks the list in every way, once for all checks.
func (p *pager) surveyed(ctx context.Context) (*survey, error) {
	if p.survey != nil {
		return p.survey, nil
	}
	s := &survey{err: map[tour]error{}}
	base, err := p.base(ctx, p.list.descending)
	if err == nil {
		err = p.walkEach(ctx, s, base)
	}
	if err == nil && !s.agree() {
		s.second = len(s.walks)
		if base, err = p.walkBase(ctx, p.list.descending); err == nil {
			err = p.walkEach(ctx, s, base)
		}
	}
	if err != nil {
		return nil, err
	}
	p.survey = s
	return s, nil
}

// tourPages is how many pages a walk should have at least, where it can.
const tourPages = 8

// walkEach adds a walk with the largest pages and one in each way to a survey.
func (p *pager) walkEach(ctx context.Context, s *survey, base *walk) error {
	s.walks = append(s.walks, base)
	limit := max(min(p.list.largest(), len(base.items)/tourPages), p.list.smallest())
	for _, t := range p.list.tours() {
		if s.err[t] != nil || (t == base.tour && limit == p.list.largest()) {
			continue
		}
		k, err := p.walk(ctx, t, limit)
		switch {
		case err == nil:
			s.walks = append(s.walks, k)
		case ofCase(err):
			s.err[t] = err
		default:
			return err
		}
	}
	return nil
}

// agree tells whether all walks that came to an end saw the same items.
func (s *survey) agree() bool {
	ended := slices.DeleteFunc(slices.Clone(s.walks), func(k *walk) bool { return k.stopped != "" })
	return !slices.ContainsFunc(ended, func(k *walk) bool { return !k.seen.equal(ended[0].seen) })
}

// lost counts the items a walk did not see although they were there before it
// and after it: each was seen by an earlier walk and by a later one.
func (s *survey) lost(at int, items int) (count int, one uint32) {
	for n := range uint32(items) { //nolint:gosec // walks are bounded
		saw := func(k *walk) bool { return k.seen.has(n) }
		if !saw(s.walks[at]) && slices.ContainsFunc(s.walks[:at], saw) && slices.ContainsFunc(s.walks[at+1:], saw) {
			count++
			one = n
		}
	}
	return count, one
}

// moved tells whether items came or went around a walk: those with the largest pages
// before and after it differ.
func (s *survey) moved(at int) bool {
	return at > 0 && at < s.second && !s.walks[0].seen.equal(s.walks[s.second].seen)
}

// everyItemOnce is the check of the walks of one way.
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
				a, b := one.met(k), k.met(one)
				for i := range b {
					if a[i] != b[i] {
						return flawed(nil, "walking with %s gives items in another order than with %s, from item %s on", k.way, one.way, p.known.text(b[i])).beyondChange()
					}
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

// met lists the items of a walk that another one met, too: as many as the other way round.
func (w *walk) met(other *walk) []uint32 {
	return slices.DeleteFunc(slices.Clone(w.items), func(n uint32) bool { return !other.seen.has(n) })
}

// Chains of pages stand for whole walks of long lists.
const (
	wholeWalk  = 64 // pages, at most, of a walk with a small limit
	chainPages = 6  // of a chain from the middle
)

// walkLimits walks with different limits: all of a short list, parts of a long one.
func walkLimits(ctx context.Context, p *pager) error {
	base, err := p.whole(ctx, p.list.descending, 2)
	if err != nil {
		return err
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
		if from >= len(base.items) {
			return cannot("the list became shorter")
		}
		q, at := ask{order: base.order, limit: limit}, from
		if at >= 0 {
			q.after = base.id(at)
		}
		for range steps {
			pg, err := p.fetch(ctx, q)
			if err != nil {
				return err
			}
			left := base.items[at+1:]
			got := len(pg.items)
			switch {
			case got == 0 && len(left) > 0:
				return flawed(pg.Answer, "the walk ended %d items before the end", len(left))
			case got == 0:
				return nil
			case got > len(left) || !slices.Equal(pg.items, left[:got]):
				return flawed(pg.Answer, "the page after %d items of the list does not go on as a walk with limit=%d does", at+1, p.list.largest())
			}
			at += got
			q.after = base.id(at)
		}
		return nil
	})
}
