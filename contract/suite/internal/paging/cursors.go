package paging

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/suite/internal/call"
)

// eachPlace tries a case with cursors at both ends and in the middle, with all
// limits and orders.
func (p *pager) eachPlace(ctx context.Context, run func(base *walk, at int, q ask) error) error {
	for _, order := range p.list.orders() {
		base, err := p.whole(ctx, order)
		if err != nil {
			return err
		}
		if len(base.items) == 0 {
			return cannot("no items to be named by a cursor")
		}
		for _, limit := range append(p.list.limits(), p.list.largest()) {
			q := ask{limit: limit, order: order}
			for _, place := range places(len(base.items)) {
				p.tryWhole(ctx, q.caseName(place.name), order, func(base *walk) error {
					if place.at >= len(base.items) {
						return cannot("the list became shorter")
					}
					return run(base, place.at, q)
				})
			}
		}
	}
	return nil
}

func cursorPlace(ctx context.Context, p *pager) error {
	return p.eachPlace(ctx, func(base *walk, at int, q ask) error {
		q.after = p.known.text(base.items[at])
		pg, err := p.fetch(ctx, q)
		if err != nil {
			return err
		}
		return p.holds(pg, base.after(at, pg))
	})
}

func beforeAdjacent(ctx context.Context, p *pager) error {
	return p.eachPlace(ctx, func(base *walk, at int, q ask) error {
		q.before = p.known.text(base.items[at])
		pg, err := p.fetch(ctx, q)
		if err != nil {
			return err
		}
		want := base.before(at, pg)
		if len(pg.items) > 0 && len(pg.items) < len(want) && pg.more() {
			want = want[len(want)-len(pg.items):] // short while there is more: open
		}
		return p.holds(pg, want)
	})
}

func cursorExcluded(ctx context.Context, p *pager) error {
	return p.eachPlace(ctx, func(base *walk, at int, q ask) error {
		id := p.known.text(base.items[at])
		for _, asked := range p.list.taken(q.beside(id)...) {
			pg, err := p.fetch(ctx, asked)
			if err != nil {
				return err
			}
			for i, one := range pg.items {
				if one == base.items[at] {
					return flawed(pg.Answer, "item %d of %d is the one the cursor names", i+1, len(pg.items)).beyondChange()
				}
			}
			switch {
			case asked.after != "" && at < len(base.items)-1, asked.before != "" && at > 0:
			case len(pg.items) > 0:
				return flawed(pg.Answer, "%d items where none is left", len(pg.items))
			case asked.after != "" && pg.more():
				return flawed(pg.Answer, "has_more is true where no item is left")
			}
		}
		return nil
	})
}

func unknownCursor(ctx context.Context, p *pager) error {
	for _, made := range []struct{ name, id string }{
		{"a random id", "3f0c9a52-6d1e-4b7a-8c25-d19e40b7f683"},
		{"the highest id", "ffffffff-ffff-4fff-bfff-ffffffffffff"},
		{"the lowest id", "00000000-0000-4000-8000-000000000000"},
	} {
		for _, order := range p.list.orders() {
			for _, q := range p.list.taken(ask{order: order}.beside(made.id)...) {
				p.try(ctx, made.name+" with "+q.String(), func() error { return p.asUnknown(p.fetch(ctx, q)) })
			}
		}
	}
	return nil
}

// conflictingCursors sends both cursors.
func conflictingCursors(ctx context.Context, p *pager) error {
	base, err := p.base(ctx, p.list.descending)
	if err != nil {
		return err
	}
	if len(base.items) == 0 {
		return cannot("no items to be named by cursors")
	}
	after, before := p.list.after, p.list.before
	limit, order := strconv.Itoa(p.list.defaultLimit), p.list.defaultOrder
	for _, c := range []struct {
		name string
		of   func(first, last string) []string
	}{
		{"after the first, before the last", func(first, last string) []string { return []string{after, first, before, last} }},
		{"before the last, after the first", func(first, last string) []string { return []string{before, last, after, first} }},
		{"after the last, before the first", func(first, last string) []string { return []string{after, last, before, first} }},
		{"both the same", func(first, _ string) []string { return []string{after, first, before, first} }},
		{"both, with a limit", func(first, last string) []string {
			return []string{after, first, before, last, p.list.limit, limit}
		}},
		{"both, with an order", func(first, last string) []string {
			return []string{after, first, before, last, p.list.order, order}
		}},
	} {
		if (c.name == "both, with a limit" && limit == "0") || (c.name == "both, with an order" && order == "") {
			continue
		}
		p.try(ctx, c.name, func() error {
			base, err := p.base(ctx, p.list.descending) // anew: it may have changed
			if err != nil {
				return err
			}
			if len(base.items) == 0 {
				return cannot("no items to be named by cursors")
			}
			return p.conflict(ctx, call.Query(c.of(p.known.text(base.items[0]), p.known.text(base.last()))...))
		})
	}
	return nil
}

// conflict judges one such request. No change of data makes it right.
func (p *pager) conflict(ctx context.Context, query string) error {
	a, err := p.call(ctx, call.Call{Query: query})
	if err != nil {
		return err
	}
	want := p.list
	switch {
	case a.Broken != "":
		return cannot("an answer broke off")
	case a.Status != want.conflict:
		return flawed(a, "answered %d; the document answers %d to both cursors", a.Status, want.conflict).beyondChange()
	case len(a.Violations) > 0 || want.codeProperty == "":
		return nil // its form is another check's
	}
	var body map[string]any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return cannot("the refusal is no JSON object")
	}
	if body[want.codeProperty] != want.codeText {
		return flawed(a, "%s is not %s, as in the documented example", want.codeProperty, want.codeText).beyondChange()
	}
	return nil
}

func pageWithCursor(ctx context.Context, p *pager) error {
	for _, q := range p.list.taken(ask{}.beside("x")...) {
		p.tryWhole(ctx, "page with "+q.String(), p.list.descending, func(base *walk) error { return p.pageAnd(ctx, base, q) })
	}
	return nil
}

// pageAnd asks for page 1 together with a cursor in the middle and looks which
// of them counted.
func (p *pager) pageAnd(ctx context.Context, base *walk, q ask) error {
	n := len(base.items)
	if n < 3 {
		return cannot("fewer than three items")
	}
	at, follow := n/2, base.after
	q.page, q.order, q.limit = 1, base.order, p.list.smallest()
	if q.after != "" {
		q.after = p.known.text(base.items[at])
	} else {
		at++ // so that what is before it is not the first page; there are three items
		follow = base.before
		q.before = p.known.text(base.items[at])
	}
	assumed := p.Assumed("page_with_cursor")
	pg, err := p.fetch(ctx, q)
	switch {
	case refused(err) && (assumed == "page_wins" || assumed == "cursor_wins"):
		return departs(pg, "page_with_cursor", assumed+" was to be seen")
	case refused(err):
		return nil
	case err != nil:
		return err
	case assumed == "reject":
		return departs(pg, "page_with_cursor", "a refusal (4xx) was to be seen")
	}
	byNumber, byCursor := p.holds(pg, base.items[:min(pg.size(), n)]), p.holds(pg, follow(at, pg))
	switch {
	case byNumber != nil && byCursor != nil:
		return flawed(pg.Answer, "neither page 1 nor what the cursor asks for")
	case byNumber != nil && assumed == "page_wins", byCursor != nil && assumed == "cursor_wins":
		return flawed(pg.Answer, "the other one counted; %s was to be seen", assumed)
	}
	return nil
}

// place is where an item stands in a list.
type place struct {
	name string
	at   int
}

// places are the beginning, the middle and the end of n items, each once.
func places(n int) []place {
	list := []place{{"the first", 0}, {"the second", 1}, {"one in the middle", n / 2}, {"the last but one", n - 2}, {"the last", n - 1}}
	list = slices.DeleteFunc(list, func(p place) bool { return p.at < 0 || p.at >= n })
	slices.SortStableFunc(list, func(a, b place) int { return a.at - b.at })
	return slices.CompactFunc(list, func(a, b place) bool { return a.at == b.at })
}
