package suite

import (
	"context"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// assumedChecks are about what is open unless the target says how it behaves.
func assumedChecks() []check {
	assumed := func(id string, want func(*listing) bool) func(*session, *contract.Operation) bool {
		return func(s *session, o *contract.Operation) bool { return s.target.Assume[id] != "" && pages(want)(s, o) }
	}
	numbered := func(l *listing) bool { return l.page && l.numbers }
	return []check{
		{
			id: "page_fields", severity: report.Warning, assumption: "page_fields",
			explanation: "When current_page and total_pages are filled is open; the target was said to do it in one way.",
			howToFix:    "fill them as assumed, or assume what is done",
			applies:     assumed("page_fields", numbered),
			run:         everyPage("no items", pageFields),
		},
		{
			id: "empty_list", severity: report.Warning, assumption: "empty_list",
			explanation: "How many pages an empty list has is open; the target was said to count in one way.",
			howToFix:    "count as assumed, or assume what is counted",
			applies:     assumed("empty_list", numbered),
			run:         paged(emptyList),
		},
	}
}

func pageFields(ctx context.Context, r *round) error {
	for _, q := range []ask{{}, {page: 1}} {
		if _, err := r.fetch(ctx, q); err != nil {
			return err
		}
	}
	base, err := r.base(ctx, r.list.main())
	if err != nil || len(base.items) == 0 {
		return err
	}
	for _, q := range []ask{{after: r.known.text(base.items[0])}, {before: r.known.text(base.items[0])}} {
		if !r.list.takes(q) {
			continue
		}
		if _, err := r.fetch(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// judgeFields judges when current_page and total_pages are filled.
func (w *world) judgeFields(pg *page) {
	assumed := w.session.target.Assume["page_fields"]
	if assumed == "" || len(pg.items) == 0 {
		return
	}
	mode := pg.asked.page > 0
	if mode && (pg.asked.after != "" || pg.asked.before != "") {
		return // which of them counts is another question
	}
	filled := pg.current.given() && pg.total.given()
	var f *flaw
	switch {
	case (mode || assumed == "always") && !filled:
		f = flawed(pg, "current_page or total_pages is not filled")
	case !mode && assumed == "page_mode_only" && (pg.current.given() || pg.total.given()):
		f = flawed(pg, "current_page or total_pages is filled without page")
	}
	if f != nil {
		f.name = pg.asked.String()
	}
	w.told("page_fields", f)
}

func emptyList(ctx context.Context, r *round) error {
	return r.try(ctx, "page 1", func() error {
		pg, err := r.fetch(ctx, ask{page: 1})
		if err != nil {
			return err
		}
		want := map[string]int64{"zero": 0, "one": 1}[r.probe.target.Assume["empty_list"]]
		switch {
		case len(pg.items) > 0:
			return cannot("the list is not empty")
		case !pg.total.given():
			return cannot("total_pages was not told")
		case pg.total.n != want:
			return flawed(pg, "total_pages of an empty list is %d; %d was to be seen", pg.total.n, want)
		}
		return nil
	})
}
