package suite

import (
	"context"

	"github.com/digakit/digakit/contract/report"
)

// assumedChecks are about what is open unless the target says how it behaves.
func assumedChecks() []check {
	numbered := func(l *listing) bool { return l.page && l.numbers }
	return []check{
		{
			id: "page_fields", severity: report.Warning, assumption: "page_fields",
			explanation: "When current_page and total_pages are filled is open; the target was said to do it in one way.",
			howToFix:    "fill them as assumed, or assume what is done",
			applies:     pagesAssumed("page_fields", numbered), run: everyPage("no items", pageFields),
			look: judgeFields,
		},
		{
			id: "empty_list", severity: report.Warning, assumption: "empty_list",
			explanation: "How many pages an empty list has is open; the target was said to count in one way.",
			howToFix:    "count as assumed, or assume what is counted",
			applies:     pagesAssumed("empty_list", numbered), run: paged(emptyList),
		},
	}
}

func pageFields(ctx context.Context, p *probe) error {
	base, err := p.base(ctx, p.list.main())
	if err != nil {
		return err
	}
	asks := []ask{{}, {page: 1}}
	if len(base.items) > 0 {
		id := p.known.textOf(base.items[0])
		asks = append(asks, ask{after: id}, ask{before: id})
	}
	for _, q := range asks {
		if !p.list.takes(q) {
			continue
		}
		if _, err := p.fetch(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// judgeFields judges when current_page and total_pages are filled.
func judgeFields(p *probe, pg *page) {
	assumed := p.assumed("page_fields")
	mode := pg.asked.page > 0
	if assumed == "" || len(pg.items) == 0 || mode && (pg.asked.after != "" || pg.asked.before != "") {
		return // which of page and a cursor counts is another question
	}
	text := ""
	switch current, total := pg.current.given(), pg.total.given(); {
	case (mode || assumed == "always") && (!current || !total):
		text = "current_page or total_pages is not filled"
	case !mode && assumed == "page_mode_only" && (current || total):
		text = "current_page or total_pages is filled without page"
	}
	p.judged("page_fields", pg.asked.String(), pg, text)
}

func emptyList(ctx context.Context, p *probe) error {
	p.try(ctx, "page 1", func() error {
		pg, err := p.fetch(ctx, ask{page: 1})
		if err != nil {
			return err
		}
		want := map[string]int64{"zero": 0, "one": 1}[p.assumed("empty_list")]
		switch {
		case len(pg.items) > 0:
			return cannot("the list is not empty")
		case !pg.total.given():
			return cannot("total_pages was not told")
		case pg.total.n != want:
			return flawed(pg.answer, "total_pages of an empty list is %d; %d was to be seen", pg.total.n, want)
		}
		return nil
	})
	return nil
}
