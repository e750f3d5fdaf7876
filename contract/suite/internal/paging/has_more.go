package paging

import (
	"context"

	"github.com/digakit/digakit/contract/plan"
)

func hasMore(ctx context.Context, p *pager) error {
	for _, q := range p.list.asks(p.list.largest()) {
		for _, e := range p.edges(q) {
			p.tryWhole(ctx, e.name, q.order, func(base *walk) error {
				n := len(base.items)
				q, begin, ok := e.of(n)
				if !ok {
					return cannot("too few items")
				}
				if begin > 0 && q.page == 0 {
					q.after = p.known.text(base.items[begin-1])
				}
				pg, err := p.fetch(ctx, q)
				if err != nil {
					return err
				}
				return tells(pg, n-begin-len(pg.items))
			})
		}
	}
	return nil
}

// tells compares has_more with how many items are known to follow.
func tells(pg *page, behind int) error {
	switch {
	case !pg.given(plan.HasMore):
		return cannot("has_more was not told")
	case pg.more() == (behind > 0):
		return nil
	case behind > 0:
		return flawed(pg.Answer, "has_more is false, and %d items follow", behind)
	}
	return flawed(pg.Answer, "has_more is true, and no item follows")
}

// edge is a page next to where has_more changes.
type edge struct {
	name string
	of   func(items int) (q ask, begin int, ok bool)
}

// edges lists the pages of a limit that show whether has_more changes where it
// should: the first, those that end at the last item and one before it.
func (p *pager) edges(q ask) []edge {
	size := max(q.limit, 1)
	var list []edge
	add := func(name string, of func(items int) (ask, int, bool)) {
		list = append(list, edge{q.caseName(name), of})
	}
	add("the first page", func(n int) (ask, int, bool) { return q, 0, n > 0 })
	if p.list.after != "" && q.limit > 0 {
		add("after, up to the last item", func(n int) (ask, int, bool) { return q, n - size, n > size })
		add("after, up to the last but one", func(n int) (ask, int, bool) { return q, n - size - 1, n > size+1 })
		add("after, not filled", func(n int) (ask, int, bool) { return q, n - size + 1, size > 1 && n > size-1 })
	}
	if p.list.page != "" && q.limit > 0 {
		for back, name := range []string{"the last page by number", "the last but one by number"} {
			add(name, func(n int) (ask, int, bool) {
				number := (n+size-1)/size - back
				return ask{page: number, limit: q.limit, order: q.order}, (number - 1) * size, number > 0
			})
		}
		list = append(list, edge{ask{order: q.order}.caseName("one page filled by all"), func(n int) (ask, int, bool) {
			return ask{page: 1, limit: n, order: q.order}, 0, q.limit == p.list.largest() && n > 0 && n <= q.limit
		}})
	}
	return list
}

func hasMoreBefore(ctx context.Context, p *pager) error {
	for _, q := range p.list.asks() {
		if q.limit == 0 {
			p.Skip("the operation takes no limit: what a page should have is not known")
			continue
		}
		for _, c := range []struct {
			name string
			at   int // in the list; negative: from its end
		}{
			{"nothing left", 0},
			{"up to the first item", q.limit},
			{"up to the second item", q.limit + 1},
			{"not filled", q.limit - 1},
			{"before the last", -1},
		} {
			p.tryWhole(ctx, q.caseName(c.name), q.order, func(base *walk) error {
				at := c.at
				if at < 0 {
					at += len(base.items)
				}
				if at < 0 || at >= len(base.items) {
					return cannot("too few items")
				}
				pg, err := p.fetch(ctx, ask{before: p.known.text(base.items[at]), limit: q.limit, order: q.order})
				if err != nil {
					return err
				}
				return tells(pg, at-len(pg.items))
			})
		}
	}
	return nil
}
