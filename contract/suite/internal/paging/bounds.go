package paging

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract/plan"
)

// eachBound asks for pages of every kind, with each limit and around the middle.
func eachBound(ctx context.Context, p *pager) error {
	if err := eachLimit(ctx, p); err != nil {
		return err
	}
	base, err := p.base(ctx, p.list.descending)
	if err != nil || len(base.items) == 0 {
		return err
	}
	return p.fetchEach(ctx, append(ask{order: base.order}.beside(middle), ask{page: 1}))
}

// judgeBounds judges first_id and last_id. Missing is open; null is, too, where
// a caller has no use for them: without items, and without a cursor.
func judgeBounds(p *pager, pg *page) {
	if !p.list.has(plan.FirstID, plan.LastID) {
		return
	}
	with := pg.asked.cursored()
	for _, bound := range []struct {
		name string
		role plan.Role
		at   int
	}{{"first_id", plan.FirstID, 0}, {"last_id", plan.LastID, len(pg.items) - 1}} {
		is, text := pg.member(bound.role), ""
		null := is.String() == ""
		switch {
		case !is.Exists():
			continue
		case len(pg.items) == 0 && !null:
			text = bound.name + " names an item, and the page has none"
		case len(pg.items) == 0:
		case null && with:
			text = fmt.Sprintf("%s is null, and the page has %d items", bound.name, len(pg.items))
		case null:
			continue
		case is.String() != pg.id(pg.shown()[bound.at]):
			text = fmt.Sprintf("%s is not the id of item %d of %d", bound.name, bound.at+1, len(pg.items))
		}
		p.judged("page_bounds", bound.name+" with "+pg.asked.String(), pg, text)
	}
}
