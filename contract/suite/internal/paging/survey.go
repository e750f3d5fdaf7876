package paging

import (
	"context"
	"fmt"
	"slices"
)

// everyItemOnce is the check of the walks of one way.
func everyItemOnce(by way) look {
	return func(ctx context.Context, p *pager) {
		for _, t := range p.list.tours() {
			if t.way == by {
				p.try(ctx, ask{order: t.order}.caseName("all of it"), func() error { return p.once(ctx, t) })
			}
		}
	}
}

// once compares what a walk met with the whole list. What is there before and after it
// was there meanwhile, and an item has one place, which a cursor passes once; page
// numbers move.
func (p *pager) once(ctx context.Context, t tour) error {
	base, w := p.base(ctx, t.order, 0), p.walked(ctx, t)
	lost, more := base.shared(w, false), w.shared(base, false)
	if w.doubled == nil && w.end == nil && len(lost) > 0 {
		again := p.again(ctx, t.order)
		lost = slices.DeleteFunc(lost, func(n uint32) bool { return !again.seen.has(n) })
	}
	var f *flaw
	switch {
	case w.doubled != nil:
		f = w.doubled
	case base.doubled != nil && base.way == t.way: // a list of one page that comes again and again
		f = base.doubled
	case w.end != nil:
		return w.end
	case len(lost) > 0:
		f = flawed(nil, "%d of %d items were not met, %s among them; walks before and after met them", len(lost), len(w.items)+len(lost), p.known.text(lost[0]))
	case len(more) > 0 && base.end == nil:
		return flawed(nil, "%d of %d items were not met with the largest pages, %s among them", len(more), len(w.items), p.known.text(more[0]))
	case len(w.items) < 2:
		return cannot("fewer than two items")
	default:
		return nil
	}
	f.certain = t.way != byPage
	return f
}

// walksAgree compares the order of what different ways met: two items never
// change places, whatever comes and goes around them.
func walksAgree(ctx context.Context, p *pager) {
	for _, order := range p.list.orders {
		p.try(ctx, ask{order: order}.caseName("all ways"), func() error {
			one := p.base(ctx, order, 2)
			err := cannot("only one way to walk in this order")
			for _, t := range p.list.tours() {
				if t.order != order || t.way == one.way {
					continue
				}
				w := p.walked(ctx, t)
				if w.doubled != nil || one.doubled != nil {
					continue // which is another check's
				}
				err = nil
				both := w.shared(one, true)
				for i, n := range one.shared(w, true) {
					if is := both[i]; is != n {
						return flawed(nil, "walking with %s gives items in another order than with %s, from item %s on", w.way, one.way, p.known.text(is)).beyondChange()
					}
				}
			}
			return err
		})
	}
}

// orderReversed compares what walks in both orders met. Whatever comes and goes, two
// items do not change places.
func orderReversed(ctx context.Context, p *pager) {
	p.tryWhole(ctx, "all of it", p.list.orders[0], func(down *walk) error {
		up := p.whole(ctx, p.list.orders[1], 0)
		a, b := down.shared(up, true), up.shared(down, true)
		slices.Reverse(b)
		switch {
		case down.doubled != nil || up.doubled != nil:
			return cannot("a walk met items twice")
		case len(a) < 2:
			return cannot("fewer than two items")
		}
		var tied error
		for i := range a {
			if a[i] == b[i] {
				continue
			}
			f := flawed(nil, "item %s has place %d of %d in desc, and item %s the mirrored one in asc", p.known.text(a[i]), i+1, len(a), p.known.text(b[i])).beyondChange()
			if at := p.known.dates[a[i]]; at == noDate || at != p.known.dates[b[i]] {
				return f
			}
			if tied == nil {
				f.text += "; both have the same date"
				tied = f.under("order")
			}
		}
		return tied
	})
}

// Chains of pages stand for whole walks of long lists.
const (
	wholeWalk  = 64 // pages, at most, of a walk with a small limit
	chainPages = 6  // of a chain from the middle
)

// walkLimits walks with different limits: all of a short list, parts of a long one.
func walkLimits(ctx context.Context, p *pager) {
	n := len(p.whole(ctx, p.list.orders[0], 2).items)
	for _, limit := range p.list.limits {
		name := fmt.Sprintf("limit=%d", limit)
		if n <= wholeWalk*limit {
			p.chain(ctx, name, limit, 0, wholeWalk+1)
			continue
		}
		p.chain(ctx, name+", from the beginning", limit, 0, chainPages)
		p.chain(ctx, name+", from the middle", limit, n/2, chainPages)
		p.chain(ctx, name+", from near the end", limit, n-chainPages*limit/2, chainPages)
	}
}

// chain follows after from a place of the list on.
func (p *pager) chain(ctx context.Context, name string, limit, from, steps int) {
	p.tryWhole(ctx, name, p.list.orders[0], func(base *walk) error {
		q, at := ask{order: base.order, limit: limit}, from
		for range steps {
			if at > 0 {
				q.after = base.id(at - 1)
			}
			pg := p.fetch(ctx, q)
			if err := holds(base, pg); err != nil || len(pg.items) == 0 {
				return err
			}
			at += len(pg.items)
		}
		return nil
	})
}
