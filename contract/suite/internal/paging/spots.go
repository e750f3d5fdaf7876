package paging

import (
	"context"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/plan"
)

// spot is a page next to where paging goes wrong.
type spot struct {
	name string
	ask  func(q ask, w *walk) (ask, bool) // for it, with the order and limit of q; false: the list has no such page
	open bool                             // it may be refused
}

// beside is the spot behind or ahead of an item, at a place among n for pages of a limit.
func beside(name string, to func(q ask, id string) ask, at func(n, limit int) int) spot {
	return spot{name: name, ask: func(q ask, w *walk) (ask, bool) {
		i := at(len(w.items), q.limit)
		if i < 0 || i >= len(w.items) {
			return q, false
		}
		return to(q, w.id(i)), true
	}}
}

// numbered is the spot of a page by its number among so many.
func numbered(name string, number func(pages int) int) spot {
	return spot{name: name, ask: func(q ask, w *walk) (ask, bool) {
		size := max(q.limit, 1)
		q.page = number((len(w.items) + size - 1) / size)
		return q, q.page > 0
	}}
}

// ends are both ends of a list of n and its middle.
var ends = []struct {
	name string
	at   func(n int) int
}{
	{"the first", func(int) int { return 0 }},
	{"the second", func(int) int { return 1 }},
	{"the one in the middle", func(n int) int { return n / 2 }},
	{"the last but one", func(n int) int { return n - 2 }},
	{"the last", func(n int) int { return n - 1 }},
}

// behindItems are the spots behind the items there, aheadOfItems those ahead of them.
func behindItems(*listing) []spot  { return atItems("after ", ask.behind) }
func aheadOfItems(*listing) []spot { return atItems("before ", ask.ahead) }

func atItems(way string, to func(q ask, id string) ask) []spot {
	var list []spot
	for _, end := range ends {
		list = append(list, beside(way+end.name, to, func(n, _ int) int { return end.at(n) }))
	}
	return list
}

// besideItems are both, as far as the list has cursors.
func besideItems(l *listing) []spot {
	var list []spot
	if l.after != "" {
		list = behindItems(l)
	}
	if l.before != "" {
		list = append(list, aheadOfItems(l)...)
	}
	return list
}

// atPages are the pages there.
func atPages(*listing) []spot {
	var list []spot
	for _, end := range ends {
		list = append(list, numbered("page "+end.name, func(pages int) int {
			if at := end.at(pages); at < pages {
				return at + 1
			}
			return 0
		}))
	}
	return list
}

// pastEnd are pages behind the last; page 1 of an empty list is none.
func pastEnd(*listing) []spot {
	var list []spot
	for _, beyond := range []int{1, 2, 1000} {
		s := numbered(fmt.Sprintf("%d behind the last", beyond), func(pages int) int { return max(pages, 1) + beyond })
		s.open = true
		list = append(list, s)
	}
	return list
}

// lastForward are the pages at which has_more changes, going on: the first, those that
// end at the last item and one before it.
func lastForward(l *listing) []spot {
	list := []spot{{name: "the first page", ask: func(q ask, w *walk) (ask, bool) { return q, len(w.items) > 0 }}}
	if l.after != "" {
		list = append(list,
			beside("after, up to the last item", ask.behind, func(n, limit int) int { return n - limit - 1 }),
			beside("after, up to the last but one", ask.behind, func(n, limit int) int { return n - limit - 2 }),
			beside("after, not filled", ask.behind, func(n, limit int) int { return n - max(limit, 1) }))
	}
	if l.page != "" && l.limit != "" {
		list = append(list,
			numbered("the last page by number", func(pages int) int { return pages }),
			numbered("the last but one by number", func(pages int) int { return pages - 1 }),
			spot{name: "one page filled by all", ask: func(q ask, w *walk) (ask, bool) {
				q.page, q.limit = 1, len(w.items)
				return q, q.limit > 0 && q.limit <= l.largest()
			}})
	}
	return list
}

// lastBackward are those at which it changes, going back.
func lastBackward(*listing) []spot {
	return []spot{
		beside("nothing left", ask.ahead, func(_, _ int) int { return 0 }),
		beside("up to the first item", ask.ahead, func(_, limit int) int { return limit }),
		beside("up to the second item", ask.ahead, func(_, limit int) int { return limit + 1 }),
		beside("not filled", ask.ahead, func(_, limit int) int { return limit - 1 }),
		beside("before the last", ask.ahead, func(n, _ int) int { return n - 1 }),
	}
}

// eachSpot judges the pages at spots of the whole list, asked for in several ways, each once.
func eachSpot(asks func(*listing) []ask, spots func(*listing) []spot, judge func(*walk, *page) error) func(context.Context, *pager) error {
	return func(ctx context.Context, p *pager) error {
		judged := map[ask]bool{}
		for _, q := range asks(p.list) {
			for _, s := range spots(p.list) {
				p.tryWhole(ctx, q.caseName(s.name), q.order, func(base *walk) error {
					q, there := s.ask(q, base)
					if !there || judged[q] {
						return cannot("too few items to have another such page")
					}
					pg, err := p.fetch(ctx, q)
					switch {
					case s.open && refused(err):
						err = nil
					case err == nil:
						err = judge(base, pg)
					}
					judged[q] = err == nil
					return err
				})
			}
		}
		return nil
	}
}

// due is the part of a list that a page has to hold: from begin up to end. Without a
// limit its size is the server's choice, but for none at all.
func (w *walk) due(pg *page) (begin, end int) {
	size := pg.asked.limit
	if size == 0 {
		size = max(len(pg.items), 1)
	}
	begin = (max(pg.asked.page, 1) - 1) * size
	if pg.asked.after != "" {
		begin = w.place(pg.asked.after) + 1
	}
	end = begin + size
	if pg.asked.before != "" {
		end = w.place(pg.asked.before)
		begin = end - size
	}
	return min(max(begin, 0), len(w.items)), min(end, len(w.items))
}

// place is where an item stands that the list has.
func (w *walk) place(id string) int {
	number, _ := w.known.find(id)
	return slices.Index(w.items, number)
}

// holds compares a page with the items it should have.
func holds(w *walk, pg *page) error {
	if pg.asked.page > 0 && pg.asked.limit == 0 {
		return cannot("the operation takes no limit: which items a page should have is not known")
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
			return flawed(pg.Answer, "item %d of %d is %s, and %s was to be seen", i+1, len(pg.items), w.known.text(pg.items[i]), w.known.text(want[i]))
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
	cursor, _ := w.known.find(pg.asked.cursor())
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
	total := pg.member(plan.TotalPages)
	switch limit := pg.asked.limit; {
	case limit == 0:
		return cannot("the operation takes no limit: how many pages there are is not known")
	case !pg.given(plan.TotalPages):
		return cannot("total_pages was not told")
	case total.Int() != int64((len(w.items)+limit-1)/limit):
		return flawed(pg.Answer, "total_pages is %d; %d items on pages of %d make %d", total.Int(), len(w.items), limit, (len(w.items)+limit-1)/limit)
	}
	return nil
}
