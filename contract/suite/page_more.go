package suite

import (
	"context"

	"github.com/digakit/digakit/contract/report"
)

// moreChecks are about has_more.
func moreChecks() []check {
	return []check{
		{
			id: "has_more", severity: report.Error,
			explanation: "A caller goes on while has_more is true and stops when it is false: one that lies makes it lose items, or ask without end.",
			howToFix:    "fetch one item more than asked for and say whether it was there",
			applies:     pages(func(l *listing) bool { return l.hasMore }),
			run:         paged(hasMore),
		},
		{
			id: "has_more_before", severity: report.Warning, assumption: "has_more",
			explanation: "A caller who goes back with before takes has_more as whether there are items further on in that direction.",
			howToFix:    "with before, say whether there are items ahead of the page",
			applies:     pages(func(l *listing) bool { return l.hasMore && l.before }),
			run:         paged(hasMoreBefore),
		},
	}
}

// tells compares has_more with what is known.
func tells(pg *page, more bool, behind int) error {
	switch {
	case !pg.more.given():
		return cannot("has_more was not told")
	case (pg.more.n == 1) == more:
		return nil
	case more:
		return flawed(pg, "has_more is false, and %d items follow", behind)
	}
	return flawed(pg, "has_more is true, and no item follows")
}

func hasMore(ctx context.Context, r *round) error {
	for _, order := range r.list.orders() {
		for _, limit := range append(r.list.limits(), r.list.largest()) {
			for _, c := range r.edges(order, limit) {
				err := r.try(ctx, c.name, func() error {
					base, err := r.whole(ctx, order)
					if err != nil {
						return err
					}
					n := len(base.items)
					q, begin, ok := c.of(n)
					if !ok {
						return cannot("too few items")
					}
					if begin > 0 && q.page == 0 {
						q.after = r.known.text(base.items[begin-1])
					}
					pg, err := r.fetch(ctx, q)
					if err != nil {
						return err
					}
					behind := n - begin - len(pg.items)
					return tells(pg, behind > 0, behind)
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// edge is a page next to where has_more changes.
type edge struct {
	name string
	of   func(items int) (q ask, begin int, ok bool)
}

// edges lists the pages of a limit that show whether has_more changes where it
// should: the first, those that end at the last item and one before it.
func (r *round) edges(order string, limit int) []edge {
	size := limit
	if size == 0 {
		size = 1
	}
	name := func(text string) string { return caseName(text, limit, order) }
	q := ask{limit: limit, order: order}
	list := []edge{{name("the first page"), func(n int) (ask, int, bool) { return q, 0, n > 0 }}}
	if r.list.after && limit > 0 {
		list = append(list,
			edge{name("after, up to the last item"), func(n int) (ask, int, bool) { return q, n - size, n > size }},
			edge{name("after, up to the last but one"), func(n int) (ask, int, bool) { return q, n - size - 1, n > size+1 }},
			edge{name("after, not filled"), func(n int) (ask, int, bool) { return q, n - size + 1, size > 1 && n > size-1 }},
		)
	}
	if r.list.page && limit > 0 {
		at := func(back int) func(int) (ask, int, bool) {
			return func(n int) (ask, int, bool) {
				p := q
				p.page = (n+size-1)/size - back
				return p, (p.page - 1) * size, p.page > 0
			}
		}
		list = append(list, edge{name("the last page by number"), at(0)}, edge{name("the last but one by number"), at(1)})
		list = append(list, edge{caseName("one page filled by all", 0, order), func(n int) (ask, int, bool) {
			return ask{page: 1, limit: n, order: order}, 0, limit == r.list.largest() && n > 0 && n <= limit
		}})
	}
	return list
}

func hasMoreBefore(ctx context.Context, r *round) error {
	for _, order := range r.list.orders() {
		for _, limit := range r.list.limits() {
			if limit == 0 {
				r.skip("the operation takes no limit: what a page should have is not known")
				continue
			}
			size := limit
			for _, c := range []struct {
				name string
				at   func(n int) int
			}{
				{"nothing left", func(int) int { return 0 }},
				{"up to the first item", func(int) int { return size }},
				{"up to the second item", func(int) int { return size + 1 }},
				{"not filled", func(int) int { return size - 1 }},
				{"before the last", func(n int) int { return n - 1 }},
			} {
				name := caseName(c.name, limit, order)
				err := r.try(ctx, name, func() error {
					base, err := r.whole(ctx, order)
					if err != nil {
						return err
					}
					at := c.at(len(base.items))
					if at < 0 || at >= len(base.items) {
						return cannot("too few items")
					}
					pg, err := r.fetch(ctx, ask{before: r.known.text(base.items[at]), limit: limit, order: order})
					if err != nil {
						return err
					}
					ahead := at - len(pg.items)
					return tells(pg, ahead > 0, ahead)
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}
