package paging

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract/plan"
)

// eachPage tries a case on pages of all sizes at the beginning, in the middle and
// at the end.
func (p *pager) eachPage(ctx context.Context, judge func(base *walk, pg *page) error) (ran bool) {
	ran = true
	for _, q := range p.list.asks(p.list.largest()) {
		if q.limit == 0 {
			p.Skip("the operation takes no limit: which items a page should have is not known")
			continue
		}
		tried := map[int]bool{}
		for _, where := range []string{"the first", "the second", "in the middle", "the last but one", "the last"} {
			ran = p.tryWhole(ctx, q.caseName("page "+where), q.order, func(base *walk) error {
				last := (len(base.items) + q.limit - 1) / q.limit
				number := map[string]int{"the first": 1, "the second": min(2, last), "in the middle": (last + 1) / 2, "the last but one": max(last-1, 1), "the last": last}[where]
				switch {
				case last == 0:
					return cannot("no items")
				case tried[number]:
					return cannot("too few items for so many pages of this limit")
				}
				pg, err := p.fetch(ctx, ask{page: number, limit: q.limit, order: q.order})
				if err == nil {
					err = judge(base, pg)
				}
				tried[number] = err == nil
				return err
			})
		}
	}
	return ran
}

func pageWindow(ctx context.Context, p *pager) error {
	p.eachPage(ctx, func(base *walk, pg *page) error {
		begin := min((pg.asked.page-1)*pg.asked.limit, len(base.items))
		return p.holds(pg, base.items[begin:min(begin+pg.asked.limit, len(base.items))])
	})
	return nil
}

func pagePastEnd(ctx context.Context, p *pager) error {
	for _, q := range p.list.asks() {
		for _, beyond := range []int{1, 2, 1000} {
			p.tryWhole(ctx, q.caseName(fmt.Sprintf("%d behind the last", beyond)), q.order, func(base *walk) error {
				// Page 1 of an empty list is no page past the end.
				size := max(q.limit, 1)
				last := max((len(base.items)+size-1)/size, 1)
				pg, err := p.fetch(ctx, ask{page: last + beyond, limit: q.limit, order: q.order})
				switch {
				case refused(err):
					return nil // open
				case err != nil:
					return err
				case len(pg.items) > 0:
					return flawed(pg.Answer, "%d items on a page behind the last", len(pg.items))
				case pg.more():
					return flawed(pg.Answer, "has_more is true behind the last page")
				}
				return nil
			})
		}
	}
	return nil
}

// judgeCurrent judges current_page where a page was asked for and is there.
func judgeCurrent(p *pager, pg *page) {
	if pg.asked.page == 0 || !pg.given(plan.CurrentPage) || len(pg.items) == 0 || pg.asked.cursored() {
		return
	}
	text := ""
	if pg.member(plan.CurrentPage).Int() != int64(pg.asked.page+p.list.firstPage-1) {
		text = fmt.Sprintf("current_page is %d, and page %d was asked for", pg.member(plan.CurrentPage).Int(), pg.asked.page)
	}
	p.judged("page_numbers", "current_page", pg, text)
}

func pageNumbers(ctx context.Context, p *pager) error {
	ran := p.eachPage(ctx, func(base *walk, pg *page) error {
		if !pg.given(plan.TotalPages) {
			return cannot("total_pages was not told")
		}
		if want := (len(base.items) + pg.asked.limit - 1) / pg.asked.limit; pg.member(plan.TotalPages).Int() != int64(want) {
			return flawed(pg.Answer, "total_pages is %d; %d items on pages of %d make %d", pg.member(plan.TotalPages).Int(), len(base.items), pg.asked.limit, want)
		}
		return nil
	})
	if ran {
		p.tell("current_page was not told")
	}
	return nil
}
