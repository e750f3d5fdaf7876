package suite

import (
	"context"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/report"
)

// orderChecks are about the order of the items.
func orderChecks() []check {
	ordered := pages(func(l *listing) bool { return l.order })
	return []check{
		{
			id: "order_reversed", severity: report.Error,
			explanation: "asc and desc are two directions through one list: what is first in one is last in the other.",
			howToFix:    "reverse the whole sort for the other order, ties included, and nothing else",
			applies:     ordered,
			run:         paged(orderReversed),
		},
		{
			id: "default_order", severity: report.Error,
			explanation: "A caller who leaves order out relies on the documented default.",
			howToFix:    "take the documented default for an order that is not given",
			applies:     pages(func(l *listing) bool { return l.order && l.defaultOrder != "" }),
			run:         paged(defaultOrder),
		},
		{
			id: "page_order", severity: report.Warning, assumption: "order",
			explanation: "A caller shows items in the order they come and looks for the newest at one end.",
			howToFix:    "sort by the date of creation, newest first for desc, and break ties by something unique",
			applies:     pages(func(l *listing) bool { return l.created != "" && (l.order || l.defaultOrder != "") }),
			run: everyPage("no two items with different dates next to each other", func(ctx context.Context, r *round) error {
				for _, order := range r.list.orders() {
					if _, err := r.base(ctx, order); err != nil {
						return err
					}
				}
				return nil
			}),
		},
	}
}

// direction is the order a page was asked for in.
func (w *world) direction(q ask) string {
	if q.order != "" {
		return q.order
	}
	return w.list.defaultOrder
}

// judgeDates judges the order of the items of a page.
func (w *world) judgeDates(pg *page) {
	w.judgeSequence(pg, pg.items)
}

// judgeBorder judges the order from one page of a walk to the next.
func (w *world) judgeBorder(by way, previous, pg *page) {
	if by == byBefore {
		w.judgeSequence(pg, []item{pg.items[len(pg.items)-1], previous.items[0]})
		return
	}
	w.judgeSequence(pg, []item{previous.items[len(previous.items)-1], pg.items[0]})
}

func (w *world) judgeSequence(pg *page, items []item) {
	order := w.direction(pg.asked)
	if w.list.created == "" || order == "" {
		return
	}
	told := false
	for i := 1; i < len(items); i++ {
		a, b := items[i-1], items[i]
		if order == ascending {
			a, b = b, a
		}
		switch {
		case a.created == noDate || b.created == noDate || a.created == b.created:
		case a.created < b.created:
			f := flawed(pg, "item %s comes before %s although %s of it is %s", w.textOf(items[i-1]), w.textOf(items[i]), w.list.created,
				map[string]string{ascending: "later", descending: "earlier"}[order])
			f.name = pg.asked.String()
			w.told("page_order", f)
			return
		default:
			told = true
		}
	}
	if told {
		w.told("page_order", nil)
	}
}

func orderReversed(ctx context.Context, r *round) error {
	return r.try(ctx, "all of it", func() error {
		down, err := r.whole(ctx, descending)
		if err != nil {
			return err
		}
		up, err := r.whole(ctx, ascending)
		if err != nil {
			return err
		}
		if down.doubled != nil || up.doubled != nil {
			return cannot("a walk met items twice")
		}
		return r.mirrored(down, up)
	})
}

// mirrored compares what both walks met. Whatever comes and goes, two items do
// not change places.
func (r *round) mirrored(down, up *walk) error {
	var a, b []uint32
	for _, n := range down.items {
		if up.seen.has(n) {
			a = append(a, n)
		}
	}
	for _, n := range slices.Backward(up.items) {
		if down.seen.has(n) {
			b = append(b, n)
		}
	}
	if len(a) < 2 {
		return cannot("fewer than two items")
	}
	var tied *flaw
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		at, other := r.known.created[a[i]], r.known.created[b[i]]
		f := flawed(nil, "item %s has place %d of %d in desc, and item %s the mirrored one in asc", r.known.text(a[i]), i+1, len(a), r.known.text(b[i])).beyondChange()
		if at == noDate || at != other {
			return f
		}
		if tied == nil {
			tied = f
			tied.assumption = "order"
			tied.text += "; both have the same date"
		}
	}
	if tied != nil {
		return tied
	}
	return nil
}

func defaultOrder(ctx context.Context, r *round) error {
	base, err := r.base(ctx, r.list.defaultOrder)
	if err != nil {
		return err
	}
	if len(base.items) < 2 {
		return cannot("fewer than two items")
	}
	for _, limit := range r.list.limits() {
		err := r.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			return r.same(ctx, ask{limit: limit}, ask{limit: limit, order: r.list.defaultOrder}, "order="+r.list.defaultOrder)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// same compares the items of two pages that should hold the same.
func (r *round) same(ctx context.Context, left, given ask, what string) error {
	a, err := r.fetch(ctx, left)
	if err != nil {
		return err
	}
	b, err := r.fetch(ctx, given)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(a.items, b.items, func(x, y item) bool { return x.id == y.id }) {
		return flawed(a, "without it the page has other items (%d) than with the documented default %s (%d)", len(a.items), what, len(b.items))
	}
	return nil
}
