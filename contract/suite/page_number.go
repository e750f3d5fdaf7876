package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/report"
)

// numberChecks are about pages by number.
func numberChecks() []check {
	numbered := pages(func(l *listing) bool { return l.page && l.walkable() })
	return []check{
		{
			id: "page_window", severity: report.Error,
			explanation: "A caller who jumps to page n expects the n-th window of limit items of the one list.",
			howToFix:    "skip (n-1) times limit items of the list in the order asked for, counting pages from 1",
			applies:     numbered,
			run:         paged(pageWindow),
		},
		{
			id: "page_past_end", severity: report.Error,
			explanation: "A caller who asks for one page after the other stops when none is left; one that comes again has it go on without end.",
			howToFix:    "answer a page behind the last one without items, or refuse it",
			applies:     numbered,
			run:         paged(pagePastEnd),
		},
		{
			id: "page_numbers", severity: report.Error,
			explanation: "A caller shows \"page 2 of 7\" and offers the last page by total_pages.",
			howToFix:    "give back the number asked for, and the items of the whole list divided by limit, rounded up",
			applies:     pages(func(l *listing) bool { return l.page && l.numbers }),
			run:         paged(pageNumbers),
		},
	}
}

// pageCases lists numbers of pages at the beginning, in the middle and at the end.
func pageCases(items, limit int) map[string]int {
	if limit == 0 || items == 0 {
		return nil
	}
	last := (items + limit - 1) / limit
	return map[string]int{"the first": 1, "the second": min(2, last), "in the middle": (last + 1) / 2, "the last but one": max(last-1, 1), "the last": last}
}

// eachPage tries a case on pages of all sizes.
func (r *round) eachPage(ctx context.Context, f func(base *walk, q ask) error) error {
	for _, order := range r.list.orders() {
		for _, limit := range append(r.list.limits(), r.list.largest()) {
			if limit == 0 {
				r.skip("the operation takes no limit: which items a page should have is not known")
				continue
			}
			tried := map[int]bool{}
			for _, where := range []string{"the first", "the second", "in the middle", "the last but one", "the last"} {
				err := r.try(ctx, caseName("page "+where, limit, order), func() error {
					base, err := r.whole(ctx, order)
					if err != nil {
						return err
					}
					number := pageCases(len(base.items), limit)[where]
					switch {
					case number == 0:
						return cannot("no items")
					case tried[number]:
						return cannot("too few items for so many pages of this limit")
					}
					err = f(base, ask{page: number, limit: limit, order: order})
					tried[number] = err == nil
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func pageWindow(ctx context.Context, r *round) error {
	return r.eachPage(ctx, func(base *walk, q ask) error {
		pg, err := r.fetch(ctx, q)
		if err != nil {
			return err
		}
		begin := min((q.page-1)*q.limit, len(base.items))
		return r.holds(pg, base.items[begin:min(begin+q.limit, len(base.items))])
	})
}

// holds compares a page with the items it should have.
func (r *round) holds(pg *page, want []uint32) error {
	for i := range max(len(pg.items), len(want)) {
		switch {
		case i == len(want):
			return flawed(pg, "%d items, and %d were to be seen", len(pg.items), len(want))
		case i == len(pg.items):
			if pg.more.given() && pg.more.n == 1 && pg.asked.page == 0 && i > 0 {
				return nil // short while there is more: open
			}
			return flawed(pg, "%d items, and %d were to be seen", len(pg.items), len(want))
		case r.known.add(pg.items[i]) != want[i]:
			return flawed(pg, "item %d of %d is %s, and %s was to be seen", i+1, len(pg.items), r.textOf(pg.items[i]), r.known.text(want[i]))
		}
	}
	return nil
}

func pagePastEnd(ctx context.Context, r *round) error {
	for _, order := range r.list.orders() {
		for _, limit := range r.list.limits() {
			for _, beyond := range []int{1, 2, 1000} {
				err := r.try(ctx, caseName(fmt.Sprintf("%d behind the last", beyond), limit, order), func() error {
					base, err := r.whole(ctx, order)
					if err != nil {
						return err
					}
					// Page 1 of an empty list is no page past the end.
					size := max(limit, 1)
					last := max((len(base.items)+size-1)/size, 1)
					pg, err := r.fetch(ctx, ask{page: last + beyond, limit: limit, order: order})
					if errors.As(err, new(*refusal)) {
						return nil // open
					}
					if err != nil {
						return err
					}
					if len(pg.items) > 0 {
						return flawed(pg, "%d items on a page behind the last", len(pg.items))
					}
					if pg.more.n == 1 {
						return flawed(pg, "has_more is true behind the last page")
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// judgeCurrent judges current_page where a page was asked for and is there.
func (w *world) judgeCurrent(pg *page) {
	if pg.asked.page == 0 || !pg.current.given() || len(pg.items) == 0 || pg.asked.after != "" || pg.asked.before != "" {
		return
	}
	if pg.current.n == int64(pg.asked.page) {
		w.told("page_numbers", nil)
		return
	}
	f := flawed(pg, "current_page is %d, and page %d was asked for", pg.current.n, pg.asked.page)
	f.name = "current_page"
	w.told("page_numbers", f)
}

func pageNumbers(ctx context.Context, r *round) error {
	err := r.eachPage(ctx, func(base *walk, q ask) error {
		pg, err := r.fetch(ctx, q)
		if err != nil {
			return err
		}
		if !pg.total.given() {
			return cannot("total_pages was not told")
		}
		if want := (len(base.items) + q.limit - 1) / q.limit; pg.total.n != int64(want) {
			return flawed(pg, "total_pages is %d; %d items on pages of %d make %d", pg.total.n, len(base.items), q.limit, want)
		}
		return nil
	})
	if err != nil {
		return err
	}
	seen := r.local["page_numbers"]
	if seen == nil {
		r.skip("current_page was not told")
		return nil
	}
	r.report.Pass(r.check.id, r.opName(), seen.passed)
	for _, f := range seen.flaws {
		r.blame("", f)
	}
	return nil
}

// positions are the beginning, the middle and the end of n items.
func positions(n int) []place {
	list := []place{{"the first", 0}, {"the second", 1}, {"one in the middle", n / 2}, {"the last but one", n - 2}, {"the last", n - 1}}
	list = slices.DeleteFunc(list, func(p place) bool { return p.at < 0 || p.at >= n })
	slices.SortStableFunc(list, func(a, b place) int { return a.at - b.at })
	return slices.CompactFunc(list, func(a, b place) bool { return a.at == b.at })
}

// place is where an item stands in a list.
type place struct {
	name string
	at   int
}

// caseName names a case by what was asked for.
func caseName(text string, limit int, order string) string {
	if limit > 0 {
		text += fmt.Sprintf(", limit=%d", limit)
	}
	if order != "" {
		text += ", order=" + order
	}
	return text
}
