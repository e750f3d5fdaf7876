package paging

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/digakit/digakit/contract/suite/internal/call"
)

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
	if _, err := p.filled(ctx, p.list.descending, 1); err != nil {
		return err
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
			base, err := p.filled(ctx, p.list.descending, 1) // anew: it may have changed
			if err != nil {
				return err
			}
			return p.conflict(ctx, call.Query(c.of(base.id(0), base.id(base.last()))...))
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
	q.page, q.order, q.limit = 1, base.order, p.list.smallest()
	if q.after != "" {
		q.after = base.id(n / 2)
	} else {
		q.before = base.id(n/2 + 1) // what is before it is not the first page
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
	first, beside := *pg, *pg
	first.asked = ask{limit: q.limit}
	beside.asked.page = 0
	byNumber, byCursor := holds(base, &first), holds(base, &beside)
	switch {
	case byNumber != nil && byCursor != nil:
		return flawed(pg.Answer, "neither page 1 nor what the cursor asks for")
	case byNumber != nil && assumed == "page_wins", byCursor != nil && assumed == "cursor_wins":
		return flawed(pg.Answer, "the other one counted; %s was to be seen", assumed)
	}
	return nil
}
