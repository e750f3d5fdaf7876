package suite

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract/report"
)

// walkChecks are about whole walks.
func walkChecks() []check {
	hasTwo := func(l *listing) bool { return len(l.tours()) > 1 }
	return []check{
		{
			id: "walk_after", severity: report.Error,
			explanation: "A caller who follows after from page to page must meet every item once: what is skipped is never seen, what comes twice is done twice.",
			howToFix:    "let a page begin right behind the item the cursor names, and order items by something unique",
			applies:     pages(func(l *listing) bool { return l.after }),
			run:         paged(func(ctx context.Context, r *round) error { return r.everyItemOnce(ctx, byAfter) }),
		},
		{
			id: "walk_before", severity: report.Warning, assumption: "cursor",
			explanation: "A caller who goes back with before from the last item to the first must meet every item once.",
			howToFix:    "answer before=ID with the items right before ID, in the order asked for",
			applies:     pages(func(l *listing) bool { return l.after && l.before }),
			run:         paged(func(ctx context.Context, r *round) error { return r.everyItemOnce(ctx, byBefore) }),
		},
		{
			id: "walk_page", severity: report.Error,
			explanation: "A caller who asks for page 1, 2, 3 and so on must meet every item once while nothing changes.",
			howToFix:    "cut the list into windows of limit items that touch and do not overlap, and order items by something unique",
			applies:     pages(func(l *listing) bool { return l.page }),
			run:         paged(func(ctx context.Context, r *round) error { return r.everyItemOnce(ctx, byPage) }),
		},
		{
			id: "walks_agree", severity: report.Error,
			explanation: "The same list in the same order must be the same whichever way a caller walks it.",
			howToFix:    "sort in one place, by a total order, for cursors and page numbers alike",
			applies:     pages(hasTwo),
			run:         paged(walksAgree),
		},
		{
			id: "walk_limits", severity: report.Error,
			explanation: "How many items a page holds must not change which items a walk meets.",
			howToFix:    "take the limit only as how many items to give, never as part of where a page begins",
			applies:     pages(func(l *listing) bool { return l.after && l.limit }),
			run:         paged(walkLimits),
		},
	}
}

func (r *round) everyItemOnce(ctx context.Context, by way) error {
	for _, t := range r.list.tours() {
		if t.way != by {
			continue
		}
		name := "all of it"
		if t.order != "" {
			name += ", order=" + t.order
		}
		if err := r.try(ctx, name, func() error { return r.once(ctx, t) }); err != nil {
			return err
		}
	}
	return nil
}

// once tells what is wrong with the walks of one tour.
func (r *round) once(ctx context.Context, t tour) error {
	s, err := r.surveyed(ctx)
	if err != nil {
		return err
	}
	if s.err[t] != nil {
		return s.err[t]
	}
	shortest := 0
	for at, k := range s.walks {
		if k.way != t.way || k.order != t.order {
			continue
		}
		f := k.doubled
		if f == nil && k.stopped != "" {
			return cannot("%s", k.stopped)
		}
		if f == nil {
			if lost, one := s.lost(at, len(r.known.ids)); lost > 0 {
				f = flawed(nil, "%d of %d items were not met, %s among them; walks before and after met them", lost, len(k.items)+lost, r.known.text(one))
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
func walksAgree(ctx context.Context, r *round) error {
	for _, order := range r.list.orders() {
		name := "all ways"
		if order != "" {
			name += ", order=" + order
		}
		err := r.try(ctx, name, func() error {
			s, err := r.surveyed(ctx)
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
				if at := r.firstSwap(one, k); at != "" {
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
		if err != nil {
			return err
		}
	}
	return nil
}

// firstSwap finds the first item two walks met in a different order, among those
// both met; empty: none.
func (w *world) firstSwap(a, b *walk) string {
	i := 0
	for _, n := range b.items {
		if !a.seen.has(n) {
			continue
		}
		for i < len(a.items) && !b.seen.has(a.items[i]) {
			i++
		}
		if i == len(a.items) || a.items[i] != n {
			return w.known.text(n)
		}
		i++
	}
	return ""
}

// Chains of pages stand for whole walks of long lists.
const (
	wholeWalk  = 64 // pages, at most, of a walk with a small limit
	chainPages = 6  // of a chain from the middle
)

// walkLimits walks with different limits: all of a short list, parts of a long one.
func walkLimits(ctx context.Context, r *round) error {
	order := r.list.main()
	base, err := r.whole(ctx, order)
	if err != nil {
		return err
	}
	if len(base.items) < 2 {
		return cannot("fewer than two items")
	}
	for _, limit := range r.list.limits() {
		if len(base.items) <= wholeWalk*limit {
			err = r.try(ctx, fmt.Sprintf("limit=%d", limit), func() error { return r.chain(ctx, order, limit, -1, wholeWalk+1) })
			if err != nil {
				return err
			}
			continue
		}
		for _, from := range []struct {
			name string
			at   int
		}{{"the beginning", -1}, {"the middle", len(base.items) / 2}, {"near the end", len(base.items) - chainPages*limit/2}} {
			err = r.try(ctx, fmt.Sprintf("limit=%d, from %s", limit, from.name), func() error {
				return r.chain(ctx, order, limit, from.at, chainPages)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// chain follows after from behind the item at a place of the base; -1: from the
// beginning.
func (r *round) chain(ctx context.Context, order string, limit, at, steps int) error {
	base, err := r.whole(ctx, order)
	if err != nil {
		return err
	}
	q := ask{order: order, limit: limit}
	if at >= len(base.items) {
		return cannot("the list became shorter")
	}
	if at >= 0 {
		q.after = r.known.text(base.items[at])
	}
	for range steps {
		pg, err := r.fetch(ctx, q)
		if err != nil {
			return err
		}
		if len(pg.items) == 0 {
			if at+1 < len(base.items) {
				return flawed(pg, "the walk ended %d items before the end", len(base.items)-at-1)
			}
			return nil
		}
		for _, i := range pg.items {
			at++
			if n := r.known.add(i); at >= len(base.items) || base.items[at] != n {
				return flawed(pg, "item %d of the list was not the one a walk with limit=%d meets there", at+1, r.list.largest())
			}
		}
		q.after = r.textOf(pg.items[len(pg.items)-1])
	}
	return nil
}
