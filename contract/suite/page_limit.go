package suite

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract/report"
)

// limitChecks are about how many items a page has.
func limitChecks() []check {
	limited := pages(func(l *listing) bool { return l.limit })
	return []check{
		{
			id: "default_limit", severity: report.Error,
			explanation: "A caller who leaves limit out relies on the documented default.",
			howToFix:    "take the documented default for a limit that is not given",
			applies:     pages(func(l *listing) bool { return l.limit && l.defaultLimit > 0 }),
			run:         paged(defaultLimit),
		},
		{
			id: "page_limit", severity: report.Error,
			explanation: "A caller makes room for limit items; a page with more overflows it.",
			howToFix:    "never put more than limit items on a page",
			applies:     limited,
			run:         everyPage("no page was asked for with a limit", eachLimit),
		},
		{
			id: "page_size", severity: report.Warning, assumption: "limit",
			explanation: "A limit within the documented bounds that is cut down in silence costs the caller more requests than it thinks.",
			howToFix:    "fill pages up to the limit asked for, or document the lower maximum",
			applies:     pages(func(l *listing) bool { return l.limit && l.hasMore }),
			run:         paged(pageSize),
		},
	}
}

// eachLimit asks for a page with each limit.
func eachLimit(ctx context.Context, r *round) error {
	for _, limit := range append(r.list.limits(), r.list.largest()) {
		for _, order := range r.list.orders() {
			if _, err := r.fetch(ctx, ask{limit: limit, order: order}); err != nil {
				return err
			}
		}
	}
	return nil
}

// judgeLimit judges that a page is not longer than its limit.
func (w *world) judgeLimit(pg *page) {
	limit := pg.asked.limit
	if limit == 0 {
		return
	}
	w.noteSize(pg)
	if len(pg.items) <= limit {
		w.told("page_limit", nil)
		return
	}
	f := flawed(pg, "%d items where at most %d were asked for", len(pg.items), limit)
	f.name = pg.asked.String()
	w.told("page_limit", f)
}

// sizes is how long the pages of one limit were that said there is more.
type sizes struct {
	pages    int
	full     bool
	one      int  // length of the first
	same     bool // of all
	shortest *page
}

func (w *world) noteSize(pg *page) {
	if pg.more.n == 0 || pg.asked.before != "" {
		return
	}
	s := w.sizes[pg.asked.limit]
	if s == nil {
		s = &sizes{one: len(pg.items), same: true, shortest: pg}
		w.sizes[pg.asked.limit] = s
	}
	s.pages++
	s.full = s.full || len(pg.items) >= pg.asked.limit
	s.same = s.same && len(pg.items) == s.one
	if pg != s.shortest {
		return
	}
	s.shortest = &page{asked: pg.asked, request: pg.request, status: pg.status} // without the items
}

// pageSize looks for a limit that is cut down always. That one page or another
// is short while there is more is open.
func pageSize(ctx context.Context, r *round) error {
	if err := eachLimit(ctx, r); err != nil {
		return err
	}
	for _, limit := range append(r.list.limits(), r.list.largest()) {
		err := r.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			s := r.sizes[limit]
			switch {
			case s == nil || s.pages < 2:
				return cannot("fewer than two pages of this limit with more behind them")
			case !s.full && s.same:
				return flawed(s.shortest, "each of %d pages has %d items and says that there is more; %d were asked for", s.pages, s.one, limit).beyondChange()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func defaultLimit(ctx context.Context, r *round) error {
	base, err := r.base(ctx, r.list.main())
	if err != nil {
		return err
	}
	for _, order := range r.list.orders() {
		name := "no limit"
		if order != "" {
			name += ", order=" + order
		}
		err := r.try(ctx, name, func() error {
			what := fmt.Sprintf("limit=%d", r.list.defaultLimit)
			if err := r.same(ctx, ask{order: order}, ask{order: order, limit: r.list.defaultLimit}, what); err != nil {
				return err
			}
			if len(base.items) <= r.list.defaultLimit {
				return cannot("no more items than the default limit")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
