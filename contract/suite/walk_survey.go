package suite

import (
	"context"
	"errors"
)

// survey is the whole list walked in every way there is: once when all agree,
// and a second time when they do not.
//
// The list is walked first with the largest pages, then each way with pages small
// enough that there are some borders between them.
type survey struct {
	walks []*walk
	bases []int          // which of the walks are those with the largest pages
	err   map[tour]error // why a way could not be walked
}

// tour is a way in an order.
type tour struct {
	way   way
	order string
}

// tours lists the ways to walk a listing. Pages are numbered from the oldest
// item on where that can be had: what is created meanwhile does not move them.
func (l *listing) tours() []tour {
	var list []tour
	if l.after {
		for _, order := range l.orders() {
			list = append(list, tour{byAfter, order})
		}
		if l.before {
			list = append(list, tour{byBefore, l.main()})
		}
	}
	if l.page {
		orders := l.orders()
		list = append(list, tour{byPage, orders[len(orders)-1]})
	}
	return list
}

// surveyed walks the list in every way, once for all checks.
func (w *world) surveyed(ctx context.Context) (*survey, error) {
	if w.survey != nil {
		return w.survey, nil
	}
	s := &survey{err: map[tour]error{}}
	for round := range 2 {
		if round == 1 && s.agree() {
			break
		}
		base, err := w.again(ctx, round == 0)
		if err != nil {
			return nil, err
		}
		s.bases = append(s.bases, len(s.walks))
		s.walks = append(s.walks, base)
		limit := w.list.touring(len(base.items))
		for _, t := range w.list.tours() {
			if s.err[t] != nil || (t.way == base.way && t.order == base.order && limit == w.list.largest()) {
				continue
			}
			k, err := w.walk(ctx, t.way, t.order, limit)
			if errors.As(err, new(*refusal)) || errors.As(err, new(*open)) || errors.As(err, new(*flaw)) {
				s.err[t] = err
				continue
			}
			if err != nil {
				return nil, err
			}
			s.walks = append(s.walks, k)
		}
	}
	w.survey = s
	return s, nil
}

// again walks the base, or takes the one that is there.
func (w *world) again(ctx context.Context, known bool) (*walk, error) {
	if known {
		return w.base(ctx, w.list.main())
	}
	return w.walk(ctx, baseWay(w.list), w.list.main(), w.list.largest())
}

// tourPages is how many pages a walk should have at least, where it can.
const tourPages = 8

// touring is the limit of walks that look for what is wrong between pages.
func (l *listing) touring(items int) int {
	if !l.limit {
		return 0
	}
	return max(min(l.largest(), items/tourPages), l.minLimit, 1)
}

// agree tells whether all walks that came to an end saw the same items.
func (s *survey) agree() bool {
	var one *walk
	for _, k := range s.walks {
		switch {
		case k.stopped != "":
		case one == nil:
			one = k
		case !k.seen.equal(one.seen):
			return false
		}
	}
	return true
}

// lost counts the items a walk did not see although they were there before it
// and after it: each was seen by an earlier walk and by a later one.
func (s *survey) lost(at int, items int) (count int, one uint32) {
	for n := range uint32(items) { //nolint:gosec // walks are bounded
		if s.walks[at].seen.has(n) {
			continue
		}
		if sawAny(s.walks[:at], n) && sawAny(s.walks[at+1:], n) {
			count++
			one = n
		}
	}
	return count, one
}

func sawAny(walks []*walk, n uint32) bool {
	for _, k := range walks {
		if k.seen.has(n) {
			return true
		}
	}
	return false
}

// moved tells whether items came or went around a walk: the bases walked before
// and after it differ.
func (s *survey) moved(at int) bool {
	var before, after *walk
	for _, b := range s.bases {
		switch {
		case b < at:
			before = s.walks[b]
		case b > at && after == nil:
			after = s.walks[b]
		}
	}
	return before != nil && after != nil && !before.seen.equal(after.seen)
}
