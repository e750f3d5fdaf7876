package paging

import (
	"context"
	"fmt"
	"slices"
)

func judgeOrder(p *pager, pg *page) { p.inOrder(pg, pg.items, pg.created) }

// inOrder judges the dates of items that follow each other on a page, or from the page
// before it to it.
func (p *pager) inOrder(pg *page, items []uint32, created []int64) {
	order := pg.asked.order
	if order == "" {
		order = p.list.defaultOrder
	}
	if p.list.created == "" || order == "" {
		return
	}
	told := false
	for i := 1; i < len(items); i++ {
		newer, older := created[i-1], created[i]
		if order == p.list.ascending {
			newer, older = older, newer
		}
		switch {
		case newer == noDate || older == noDate || newer == older:
		case newer < older:
			p.judged("page_order", pg.asked.String(), pg, fmt.Sprintf("item %s comes before %s although %s of it is %s", p.known.text(items[i-1]), p.known.text(items[i]), p.list.created,
				map[string]string{p.list.ascending: "later", p.list.descending: "earlier"}[order]))
			return
		default:
			told = true
		}
	}
	if told {
		p.judged("page_order", "", pg, "")
	}
}

func orderReversed(ctx context.Context, p *pager) error {
	p.tryWhole(ctx, "all of it", p.list.descending, func(down *walk) error {
		up, err := p.whole(ctx, p.list.ascending)
		if err != nil {
			return err
		}
		if down.doubled != nil || up.doubled != nil {
			return cannot("a walk met items twice")
		}
		return p.mirrored(down, up)
	})
	return nil
}

// mirrored compares what both walks met. Whatever comes and goes, two items do
// not change places.
func (p *pager) mirrored(down, up *walk) error {
	a, b := down.met(up), up.met(down)
	slices.Reverse(b)
	if len(a) < 2 {
		return cannot("fewer than two items")
	}
	var tied *flaw
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		at, other := p.known.item(a[i]).created, p.known.item(b[i]).created
		f := flawed(nil, "item %s has place %d of %d in desc, and item %s the mirrored one in asc", p.known.text(a[i]), i+1, len(a), p.known.text(b[i])).beyondChange()
		if at == noDate || at != other {
			return f
		}
		if tied == nil {
			tied = f.under("order")
			tied.text += "; both have the same date"
		}
	}
	if tied != nil {
		return tied
	}
	return nil
}

func defaultOrder(ctx context.Context, p *pager) error {
	base, err := p.base(ctx, p.list.defaultOrder)
	if err != nil {
		return err
	}
	if len(base.items) < 2 {
		return cannot("fewer than two items")
	}
	for _, limit := range p.list.limits() {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			return p.same(ctx, ask{limit: limit}, ask{limit: limit, order: p.list.defaultOrder}, "order="+p.list.defaultOrder)
		})
	}
	return nil
}

// same compares the items of two pages that should hold the same.
func (p *pager) same(ctx context.Context, left, given ask, what string) error {
	a, err := p.fetch(ctx, left)
	if err != nil {
		return err
	}
	b, err := p.fetch(ctx, given)
	if err != nil {
		return err
	}
	if !slices.Equal(a.items, b.items) {
		return flawed(a.Answer, "without it the page has other items (%d) than with the documented default %s (%d)", len(a.items), what, len(b.items))
	}
	return nil
}
