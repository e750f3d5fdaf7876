package paging

import (
	"context"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// spot is a page next to where paging goes wrong.
type spot struct {
	name string
	way  way                    // by which it is asked for; empty: the first page
	at   func(n, limit int) int // the place among n of the item that is named, or the number of the page
	open bool                   // it may be refused
	fill bool                   // its limit is such that all items fill it
}

// of asks for it, with the order and limit of q; false: the list has no such page.
func (s spot) of(q ask, w *walk) (ask, bool) {
	n := len(w.items)
	if s.fill {
		q.limit = n
	}
	at := s.at(n, max(q.limit, 1))
	switch {
	case s.fill && n > w.p.list.largest:
		return q, false
	case s.way == "":
		return q, n > 0
	case s.way == byPage:
		q.page = at
		return q, at > 0
	case at < 0 || at >= n:
		return q, false
	}
	return q.beyond(s.way, w.id(at)), true
}

// pages is how many pages n items fill.
func pages(n, limit int) int { return (n + limit - 1) / limit }

// atEnds are the spots at both ends of a list and in its middle: beside the items
// there, or the pages there.
func atEnds(ways ...way) (list []spot) {
	for _, w := range ways {
		for _, end := range []struct {
			name string
			at   func(n int) int
		}{
			{" the first", func(int) int { return 0 }},
			{" the second", func(int) int { return 1 }},
			{" the one in the middle", func(n int) int { return n / 2 }},
			{" the last but one", func(n int) int { return n - 2 }},
			{" the last", func(n int) int { return n - 1 }},
		} {
			at := func(n, _ int) int { return end.at(n) }
			if w == byPage {
				at = func(n, limit int) int { return (end.at(pages(n, limit)) + 1) % (pages(n, limit) + 1) }
			}
			list = append(list, spot{name: string(w) + end.name, way: w, at: at})
		}
	}
	return list
}

// pastEnd are pages behind the last; page 1 of an empty list is none.
func pastEnd() (list []spot) {
	for _, beyond := range []int{1, 2, 1000} {
		list = append(list, spot{name: fmt.Sprintf("%d behind the last", beyond), way: byPage, open: true,
			at: func(n, limit int) int { return max(pages(n, limit), 1) + beyond }})
	}
	return list
}

// lastForward are the pages at which has_more changes, going on: the first, those that
// end at the last item and one before it.
var lastForward = []spot{
	{name: "the first page", at: pages},
	{name: "after, up to the last item", way: byAfter, at: func(n, limit int) int { return n - limit - 1 }},
	{name: "after, up to the last but one", way: byAfter, at: func(n, limit int) int { return n - limit - 2 }},
	{name: "after, not filled", way: byAfter, at: func(n, limit int) int { return n - limit }},
	{name: "the last page by number", way: byPage, at: pages},
	{name: "the last but one by number", way: byPage, at: func(n, limit int) int { return pages(n, limit) - 1 }},
	{name: "one page filled by all", way: byPage, fill: true, at: pages},
}

// lastBackward are those at which it changes, going back.
var lastBackward = []spot{
	{name: "nothing left", way: byBefore, at: func(_, _ int) int { return 0 }},
	{name: "up to the first item", way: byBefore, at: func(_, limit int) int { return limit }},
	{name: "up to the second item", way: byBefore, at: func(_, limit int) int { return limit + 1 }},
	{name: "not filled", way: byBefore, at: func(_, limit int) int { return limit - 1 }},
	{name: "before the last", way: byBefore, at: func(n, _ int) int { return n - 1 }},
}

// eachSpot judges the pages at spots of the whole list, asked for in several ways, each once.
func eachSpot(spots []spot, judge func(*walk, *page) error) look {
	return func(ctx context.Context, p *pager) {
		judged := map[ask]bool{}
		for _, q := range p.list.asks() {
			for _, s := range spots {
				if s.way != "" && !p.list.takes(s.way) || s.open && q.limit > 0 && q.limit == p.list.largest {
					continue // the largest pages may be cut down, which another check tells
				}
				p.tryWhole(ctx, q.caseName(s.name), q.order, func(base *walk) error {
					q, there := s.of(q, base)
					if !there || judged[q] {
						return cannot("too few items to have another such page")
					}
					pg := p.answer(ctx, q)
					if !s.open {
						pg.refuse()
					}
					err := judge(base, pg)
					judged[q] = err == nil && p.err == nil
					return err
				})
			}
		}
	}
}

// due is the part of a list that a page has to hold: from begin up to end. Without a
// limit its size is the server's choice, but for none at all.
func (w *walk) due(pg *page) (begin, end int) {
	size := pg.asked.limit
	if size == 0 {
		size = max(len(pg.items), 1)
	}
	cursor, _ := w.p.known.find(pg.asked.cursor())
	place := slices.Index(w.items, cursor)
	begin = (max(pg.asked.page, 1) - 1) * size
	if pg.asked.after != "" {
		begin = place + 1
	}
	end = begin + size
	if pg.asked.before != "" {
		end = place
		begin = end - size
	}
	return min(max(begin, 0), len(w.items)), min(end, len(w.items))
}

// errUnsized is why a page cannot be judged whose size the server chooses.
var errUnsized = session.CannotError("the operation takes no limit: which items a page should have, and how many pages there are, is not known")

// holds compares a page with the items it should have.
func holds(w *walk, pg *page) error {
	if pg.asked.page > 0 && pg.asked.limit == 0 {
		return errUnsized
	}
	begin, end := w.due(pg)
	short := len(pg.items) > 0 && len(pg.items) < end-begin && pg.more() && pg.asked.page == 0 // while there is more: open
	switch {
	case short && pg.asked.before != "":
		begin = end - len(pg.items)
	case short:
		end = begin + len(pg.items)
	}
	want := w.items[begin:end]
	for i := range min(len(pg.items), len(want)) {
		if pg.items[i] != want[i] {
			return flawed(pg.Answer, "item %d of %d is %s, and %s was to be seen", i+1, len(pg.items), w.p.known.text(pg.items[i]), w.p.known.text(want[i]))
		}
	}
	if len(pg.items) != len(want) {
		return flawed(pg.Answer, "%d items, and %d were to be seen", len(pg.items), len(want))
	}
	return nil
}

// tells compares has_more with how many items are known to follow in the direction of
// travel.
func tells(w *walk, pg *page) error {
	begin, end := w.due(pg)
	left := len(w.items) - begin - len(pg.items)
	if pg.asked.before != "" {
		left = end - len(pg.items)
	}
	switch {
	case pg.asked.page > 0 && pg.asked.limit == 0:
		return errUnsized
	case !pg.given(plan.HasMore):
		return cannot("has_more was not told")
	case pg.more() == (left > 0):
		return nil
	case left > 0:
		return flawed(pg.Answer, "has_more is false, and %d items follow", left)
	}
	return flawed(pg.Answer, "has_more is true, and no item follows")
}

// excludes looks for the item that the cursor names, or anything on its other side.
func excludes(w *walk, pg *page) error {
	cursor, _ := w.p.known.find(pg.asked.cursor())
	if i := slices.Index(pg.items, cursor); i >= 0 {
		return flawed(pg.Answer, "item %d of %d is the one the cursor names", i+1, len(pg.items)).beyondChange()
	}
	switch begin, end := w.due(pg); {
	case begin < end:
	case len(pg.items) > 0:
		return flawed(pg.Answer, "%d items where none is left", len(pg.items))
	case pg.asked.after != "" && pg.more():
		return flawed(pg.Answer, "has_more is true where no item is left")
	}
	return nil
}

// isPast judges a page behind the last one.
func isPast(_ *walk, pg *page) error {
	switch {
	case len(pg.items) > 0:
		return flawed(pg.Answer, "%d items on a page behind the last", len(pg.items))
	case pg.more():
		return flawed(pg.Answer, "has_more is true behind the last page")
	}
	return nil
}

// counts compares total_pages with the items of the list.
func counts(w *walk, pg *page) error {
	total, n, limit := pg.member(plan.TotalPages).Int(), len(w.items), pg.asked.limit
	switch {
	case limit == 0:
		return errUnsized
	case !pg.given(plan.TotalPages):
		return cannot("total_pages was not told")
	case total != int64(pages(n, limit)):
		return flawed(pg.Answer, "total_pages is %d; %d items on pages of %d make %d", total, n, limit, pages(n, limit))
	}
	return nil
}
