package paging

import (
	"context"
	"slices"
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
	for round := range 2 {
		walkBase := p.base
		if round == 1 {
			if s.agree() {
				break
			}
			walkBase = p.walkBase
		}
		base, err := walkBase(ctx, p.list.descending)
		if err != nil {
			return nil, err
		}
		s.bases = append(s.bases, len(s.walks))
		s.walks = append(s.walks, base)
		limit := p.list.touring(len(base.items))
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
				return nil, err
			}
		}
	}
	p.survey = s
	return s, nil
}

// tourPages is how many pages a walk should have at least, where it can.
const tourPages = 8

// touring is the limit of walks that look for what is wrong between pages.
func (l *listing) touring(items int) int {
	if l.limit == "" {
		return 0
	}
	return max(min(l.largest(), items/tourPages), l.smallest())
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
