package paging

import (
	"context"

	"github.com/digakit/digakit/contract/plan"
)

func pageFields(ctx context.Context, p *pager) error {
	base, err := p.base(ctx, p.list.descending)
	if err != nil {
		return err
	}
	asks := []ask{{}, {page: 1}}
	if len(base.items) > 0 {
		asks = append(asks, ask{}.beside(p.known.text(base.items[0]))...)
	}
	return p.fetchEach(ctx, asks)
}

// judgeFields judges when current_page and total_pages are filled.
func judgeFields(p *pager, pg *page) {
	assumed := p.Assumed("page_fields")
	mode := pg.asked.page > 0
	if assumed == "" || len(pg.items) == 0 || mode && (pg.asked.cursored()) {
		return // which of page and a cursor counts is another question
	}
	text := ""
	switch current, total := pg.given(plan.CurrentPage), pg.given(plan.TotalPages); {
	case (mode || assumed == "always") && (!current || !total):
		text = "current_page or total_pages is not filled"
	case !mode && assumed == "page_mode_only" && (current || total):
		text = "current_page or total_pages is filled without page"
	}
	p.judged("page_fields", pg.asked.String(), pg, text)
}

func emptyList(ctx context.Context, p *pager) error {
	p.try(ctx, "page 1", func() error {
		pg, err := p.fetch(ctx, ask{page: 1})
		if err != nil {
			return err
		}
		want := map[string]int64{"zero": 0, "one": 1}[p.Assumed("empty_list")]
		switch {
		case len(pg.items) > 0:
			return cannot("the list is not empty")
		case !pg.given(plan.TotalPages):
			return cannot("total_pages was not told")
		case pg.member(plan.TotalPages).Int() != want:
			return flawed(pg.Answer, "total_pages of an empty list is %d; %d was to be seen", pg.member(plan.TotalPages).Int(), want)
		}
		return nil
	})
	return nil
}
