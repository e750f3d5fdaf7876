package suite

import (
	"context"
	"errors"
)

// survey is the whole list walked in every way there is: once when all agree,
// and a second time when they do not.
type survey struct {
	walks []*walk
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
		for _, t := range w.list.tours() {
			if s.err[t] != nil {
				continue
			}
			k, err := w.tour(ctx, t, round == 0)
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

// tour walks one way; a base that was walked before will do.
func (w *world) tour(ctx context.Context, t tour, known bool) (*walk, error) {
	if known && t.way == baseWay(w.list) {
		return w.base(ctx, t.order)
	}
	return w.walk(ctx, t.way, t.order, w.list.largest())
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

// moved tells whether items came or went around a walk: the walks with cursors
// next to it differ.
func (s *survey) moved(at int) bool {
	var beside []*walk
	for i := at - 1; i >= 0 && len(beside) < 1; i-- {
		if s.walks[i].way == byAfter {
			beside = append(beside, s.walks[i])
		}
	}
	for i := at + 1; i < len(s.walks); i++ {
		if s.walks[i].way == byAfter {
			beside = append(beside, s.walks[i])
			break
		}
	}
	return len(beside) == 2 && !beside[0].seen.equal(beside[1].seen)
}
