package paging

import (
	"context"
	"fmt"
)

// eachLimit asks for a page with each limit.
func eachLimit(ctx context.Context, p *pager) error {
	return p.fetchEach(ctx, p.list.asks(p.list.largest()))
}

// judgeLimit judges that a page is not longer than its limit.
func judgeLimit(p *pager, pg *page) {
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

func noteSize(p *pager, pg *page) {
	if pg.asked.limit == 0 || !pg.more() || pg.asked.before != "" {
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
func pageSize(ctx context.Context, p *pager) error {
	if err := eachLimit(ctx, p); err != nil {
		return err
	}
	for _, limit := range append(p.list.limits(), p.list.largest()) {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			s := p.sizes[limit]
			switch {
			case s == nil || s.pages < 2:
				return cannot("fewer than two pages of this limit with more behind them")
			case !s.full && s.same:
				return flawed(s.first.Answer, "each of %d pages has %d items and says that there is more; %d were asked for", s.pages, len(s.first.items), limit).beyondChange()
			}
			return nil
		})
	}
	return nil
}

func defaultLimit(ctx context.Context, p *pager) error {
	base, err := p.base(ctx, p.list.descending)
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
