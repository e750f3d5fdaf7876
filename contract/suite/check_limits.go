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
			applies:     pages(func(l *listing) bool { return l.limit && l.defaultLimit > 0 }), run: paged(defaultLimit),
		},
		{
			id: "page_limit", severity: report.Error,
			explanation: "A caller makes room for limit items; a page with more overflows it.",
			howToFix:    "never put more than limit items on a page",
			applies:     limited,
			run:         everyPage("no page was asked for with a limit", func(ctx context.Context, p *probe) error { return p.eachLimit(ctx) }),
			look:        judgeLimit,
		},
		{
			id: "page_size", severity: report.Warning, assumption: "limit",
			explanation: "A limit within the documented bounds that is cut down in silence costs the caller more requests than it thinks.",
			howToFix:    "fill pages up to the limit asked for, or document the lower maximum",
			applies:     pages(func(l *listing) bool { return l.limit && l.hasMore }), run: paged(pageSize),
			look: noteSize,
		},
	}
}

// eachLimit asks for a page with each limit.
func (p *probe) eachLimit(ctx context.Context) error {
	for _, limit := range append(p.list.limits(), p.list.largest()) {
		for _, order := range p.list.orders() {
			if _, err := p.fetch(ctx, ask{limit: limit, order: order}); err != nil {
				return err
			}
		}
	}
	return nil
}

// judgeLimit judges that a page is not longer than its limit.
func judgeLimit(p *probe, pg *page) {
	limit := pg.asked.limit
	if limit == 0 {
		return
	}
	text := ""
	if len(pg.items) > limit {
		text = fmt.Sprintf("%d items where at most %d were asked for", len(pg.items), limit)
	}
	p.judged("page_limit", pg.asked.String(), pg, text)
}

// sizes is how long the pages of one limit were that said there is more.
type sizes struct {
	pages int
	full  bool
	same  bool // all are as long as the first
	first *page
}

func noteSize(p *probe, pg *page) {
	if pg.asked.limit == 0 || pg.more.n == 0 || pg.asked.before != "" {
		return
	}
	s := p.sizes[pg.asked.limit]
	if s == nil {
		s = &sizes{same: true, first: pg}
		p.sizes[pg.asked.limit] = s
	}
	s.pages++
	s.full = s.full || len(pg.items) >= pg.asked.limit
	s.same = s.same && len(pg.items) == len(s.first.items)
}

// pageSize looks for a limit that is cut down always. That one page or another
// is short while there is more is open.
func pageSize(ctx context.Context, p *probe) error {
	if err := p.eachLimit(ctx); err != nil {
		return err
	}
	for _, limit := range append(p.list.limits(), p.list.largest()) {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			s := p.sizes[limit]
			switch {
			case s == nil || s.pages < 2:
				return cannot("fewer than two pages of this limit with more behind them")
			case !s.full && s.same:
				return flawed(s.first.answer, "each of %d pages has %d items and says that there is more; %d were asked for", s.pages, len(s.first.items), limit).beyondChange()
			}
			return nil
		})
	}
	return nil
}

func defaultLimit(ctx context.Context, p *probe) error {
	base, err := p.base(ctx, p.list.main())
	if err != nil {
		return err
	}
	limit := p.list.defaultLimit
	for _, order := range p.list.orders() {
		p.try(ctx, ask{order: order}.caseName("no limit"), func() error {
			if err := p.same(ctx, ask{order: order}, ask{order: order, limit: limit}, fmt.Sprintf("limit=%d", limit)); err != nil {
				return err
			}
			if len(base.items) <= limit {
				return cannot("no more items than the default limit")
			}
			return nil
		})
	}
	return nil
}
