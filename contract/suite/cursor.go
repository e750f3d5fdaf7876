package suite

import (
	"context"

	"github.com/digakit/digakit/contract/report"
)

// cursorChecks are about after and before.
func cursorChecks() []check {
	after := pages(func(l *listing) bool { return l.after })
	before := pages(func(l *listing) bool { return l.before && l.walkable() })
	either := pages(func(l *listing) bool { return l.after || l.before })
	return []check{
		{
			id: "cursor_excluded", severity: report.Error,
			explanation: "after=ID and before=ID ask for what comes after or before ID; a page with ID itself shows it twice.",
			howToFix:    "compare with the cursor strictly: neither the item it names nor anything on its other side belongs on the page",
			applies:     either,
			run:         paged(cursorExcluded),
		},
		{
			id: "cursor_place", severity: report.Error,
			explanation: "A cursor names a place in the list: with whatever limit and order, the page begins right behind it.",
			howToFix:    "look the cursor's item up in the order asked for and give the items that follow it",
			applies:     after,
			run:         paged(cursorPlace),
		},
		{
			id: "before_adjacent", severity: report.Warning, assumption: "cursor",
			explanation: "A caller who goes back one page with before=first_id expects the page it came from, in the same order.",
			howToFix:    "answer before=ID with the limit items right before ID, in the order asked for",
			applies:     before,
			run:         paged(beforeAdjacent),
		},
		{
			id: "unknown_cursor", severity: report.Error,
			explanation: "A caller with a cursor that is gone must notice; given the first page instead it begins anew, for ever.",
			howToFix:    "refuse a cursor that names no item, or answer it without items",
			applies:     either,
			run:         paged(unknownCursor),
		},
		{
			id: "conflicting_cursors", severity: report.Error,
			explanation: "The document says how a request with both cursors is refused; callers tell their mistake from others by its code.",
			howToFix:    "refuse after together with before, with the status and the code of the documented example",
			applies:     pages(func(l *listing) bool { return l.after && l.before && l.conflict != nil }),
			run:         paged(conflictingCursors),
		},
		{
			id: "page_with_cursor", severity: report.Warning, assumption: "page_with_cursor",
			explanation: "What page means together with a cursor is open, but the answer has to be one of the two or a refusal.",
			howToFix:    "refuse page together with a cursor, or let one of them count",
			applies:     pages(func(l *listing) bool { return l.page && (l.after || l.before) }),
			run:         paged(pageWithCursor),
		},
	}
}

// eachPlace tries a case with cursors at both ends and in the middle, with all
// limits and orders.
func (r *round) eachPlace(ctx context.Context, f func(base *walk, at int, q ask) error) error {
	for _, order := range r.list.orders() {
		base, err := r.whole(ctx, order)
		if err != nil {
			return err
		}
		if len(base.items) == 0 {
			return cannot("no items to be named by a cursor")
		}
		for _, limit := range append(r.list.limits(), r.list.largest()) {
			for _, p := range positions(len(base.items)) {
				err := r.try(ctx, caseName(p.name, limit, order), func() error {
					base, err := r.whole(ctx, order) // anew: it may have changed
					if err != nil {
						return err
					}
					if p.at >= len(base.items) {
						return cannot("the list became shorter")
					}
					return f(base, p.at, ask{limit: limit, order: order})
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func cursorPlace(ctx context.Context, r *round) error {
	return r.eachPlace(ctx, func(base *walk, at int, q ask) error {
		q.after = r.known.text(base.items[at])
		pg, err := r.fetch(ctx, q)
		if err != nil {
			return err
		}
		return r.holds(pg, base.items[at+1:min(at+1+r.size(pg), len(base.items))])
	})
}

func beforeAdjacent(ctx context.Context, r *round) error {
	return r.eachPlace(ctx, func(base *walk, at int, q ask) error {
		q.before = r.known.text(base.items[at])
		pg, err := r.fetch(ctx, q)
		if err != nil {
			return err
		}
		want := base.items[max(at-r.size(pg), 0):at]
		if len(pg.items) > 0 && len(pg.items) < len(want) && pg.more.n == 1 {
			want = want[len(want)-len(pg.items):] // short while there is more: open
		}
		return r.holds(pg, want)
	})
}

// size is how many items a page has to hold where there are so many. Without a
// limit that is the server's choice, but for none at all.
func (r *round) size(pg *page) int {
	if pg.asked.limit > 0 {
		return pg.asked.limit
	}
	return max(len(pg.items), 1)
}

func cursorExcluded(ctx context.Context, r *round) error {
	return r.eachPlace(ctx, func(base *walk, at int, q ask) error {
		for _, c := range []struct {
			has  bool
			last int
			set  func(*ask, string)
		}{
			{r.list.after, len(base.items) - 1, func(q *ask, id string) { q.after = id }},
			{r.list.before, 0, func(q *ask, id string) { q.before = id }},
		} {
			if !c.has {
				continue
			}
			asked := q
			c.set(&asked, r.known.text(base.items[at]))
			pg, err := r.fetch(ctx, asked)
			if err != nil {
				return err
			}
			for i, one := range pg.items {
				if r.known.add(one) == base.items[at] {
					return flawed(pg, "item %d of %d is the one the cursor names", i+1, len(pg.items)).beyondChange()
				}
			}
			if at != c.last {
				continue
			}
			if len(pg.items) > 0 {
				return flawed(pg, "%d items where none is left", len(pg.items))
			}
			if asked.after != "" && pg.more.n == 1 {
				return flawed(pg, "has_more is true where no item is left")
			}
		}
		return nil
	})
}

// madeUpIDs are ids no item has.
var madeUpIDs = []place{{"3f0c9a52-6d1e-4b7a-8c25-d19e40b7f683", 0}, {"ffffffff-ffff-4fff-bfff-ffffffffffff", 1}, {"00000000-0000-4000-8000-000000000000", 2}}

func unknownCursor(ctx context.Context, r *round) error {
	for i, made := range madeUpIDs {
		for _, order := range r.list.orders() {
			for _, q := range []ask{{after: made.name, order: order}, {before: made.name, order: order}} {
				if !r.list.takes(q) {
					continue
				}
				name := caseName([]string{"a random id", "the highest id", "the lowest id"}[i]+" with "+q.String(), 0, "")
				err := r.try(ctx, name, func() error {
					pg, err := r.fetch(ctx, q)
					return r.asUnknown(pg, err, "unknown_cursor")
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// asUnknown judges the answer to a cursor that names no item. Whether it is
// refused or has no items is open unless the target says.
func (r *round) asUnknown(pg *page, err error, assumption string) error {
	assumed := r.probe.target.Assume["unknown_cursor"]
	if refused, is := asRefusal(err); is {
		if assumed == "empty" {
			return assumedFlaw(refused.page, assumption, "answered %d; an empty list was to be seen", refused.page.status)
		}
		return nil
	}
	switch {
	case err != nil:
		return err
	case len(pg.items) > 0:
		return flawed(pg, "%d items for a cursor that names no item", len(pg.items)).beyondChange()
	case assumed == "reject":
		return assumedFlaw(pg, assumption, "answered %d; a refusal (4xx) was to be seen", pg.status)
	}
	return nil
}

// assumedFlaw is what departs from what the target assumes.
func assumedFlaw(pg *page, assumption, format string, args ...any) *flaw {
	f := flawed(pg, format, args...).beyondChange()
	f.assumption = assumption
	return f
}

func pageWithCursor(ctx context.Context, r *round) error {
	for _, q := range []ask{{after: "x"}, {before: "x"}} {
		if !r.list.takes(q) {
			continue
		}
		err := r.try(ctx, "page with "+q.String(), func() error { return r.pageAnd(ctx, q) })
		if err != nil {
			return err
		}
	}
	return nil
}

// pageAnd asks for page 1 together with a cursor in the middle and looks which
// of them counted.
func (r *round) pageAnd(ctx context.Context, q ask) error {
	order := r.list.main()
	base, err := r.whole(ctx, order)
	if err != nil {
		return err
	}
	n := len(base.items)
	if n < 3 {
		return cannot("fewer than three items")
	}
	at := n / 2
	q.page, q.order = 1, order
	if r.list.limit {
		q.limit = max(r.list.minLimit, 1)
	}
	if q.after != "" {
		q.after = r.known.text(base.items[at])
	} else {
		at++ // so that what is before it is not the first page; there are three items
		q.before = r.known.text(base.items[at])
	}
	assumed := r.probe.target.Assume["page_with_cursor"]
	pg, err := r.fetch(ctx, q)
	if refused, is := asRefusal(err); is {
		if assumed == "page_wins" || assumed == "cursor_wins" {
			return assumedFlaw(refused.page, "page_with_cursor", "answered %d; %s was to be seen", refused.page.status, assumed)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if assumed == "reject" {
		return assumedFlaw(pg, "page_with_cursor", "answered %d; a refusal (4xx) was to be seen", pg.status)
	}
	size := r.size(pg)
	follow := base.items[at+1 : min(at+1+size, n)]
	if q.before != "" {
		follow = base.items[max(at-size, 0):at]
	}
	byNumber, byCursor := r.holds(pg, base.items[:min(size, n)]), r.holds(pg, follow)
	switch {
	case byNumber != nil && byCursor != nil:
		return flawed(pg, "neither page 1 nor what the cursor asks for")
	case byNumber != nil && assumed == "page_wins", byCursor != nil && assumed == "cursor_wins":
		return flawed(pg, "the other one counted; %s was to be seen", assumed)
	}
	return nil
}
