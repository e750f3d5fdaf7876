package paging

import (
	"context"
	"fmt"
	"slices"
)

func orderReversed(ctx context.Context, p *pager) error {
	p.tryWhole(ctx, "all of it", p.list.descending, func(down *walk) error {
		up, err := p.whole(ctx, p.list.ascending, 0)
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
	order := p.list.defaultOrder
	if _, err := p.filled(ctx, order, 2); err != nil {
		return err
	}
	for _, limit := range p.list.limits() {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			return p.same(ctx, ask{limit: limit}, ask{limit: limit, order: order}, "order="+order)
		})
	}
	return nil
}

func defaultLimit(ctx context.Context, p *pager) error {
	limit := p.list.defaultLimit
	for _, order := range p.list.orders() {
		p.try(ctx, ask{order: order}.caseName("no limit"), func() error {
			if err := p.same(ctx, ask{order: order}, ask{order: order, limit: limit}, fmt.Sprintf("limit=%d", limit)); err != nil {
				return err
			}
			_, err := p.filled(ctx, p.list.descending, limit+1)
			return err
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
