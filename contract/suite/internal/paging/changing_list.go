package paging

import (
	"context"
	"slices"
)

// growingLimit is that of the pages of a list that grows.
const growingLimit = 3

func walkWhileCreating(ctx context.Context, p *pager) error {
	for _, t := range p.list.tours() {
		if t.way == byPage && t.order != p.list.ascending {
			continue
		}
		p.settle(ask{order: t.order}.caseName("with "+string(t.way)), p.growing(ctx, t))
	}
	return nil
}

// growing walks while a key is made before every request but the first.
func (p *pager) growing(ctx context.Context, t tour) error {
	base, err := p.filled(ctx, t.order, 1)
	if err != nil {
		return err
	}
	k := p.setOut(t)
	k.between = func() error {
		_, _, err := p.create(ctx, "Verify_Meanwhile", nil)
		return err
	}
	if err := k.run(ctx, growingLimit); err != nil {
		return err
	}
	lost := slices.DeleteFunc(slices.Clone(base.items), k.seen.has)
	switch {
	case k.doubled != nil:
		return k.doubled
	case len(lost) > 0:
		return flawed(k.previous.Answer, "%d of %d items that were there all the time did not come", len(lost), len(base.items))
	}
	return nil
}

func deletedCursor(ctx context.Context, p *pager) error {
	order := p.list.descending
	var ids []string
	for range 5 {
		id, _, err := p.create(ctx, "Verify_Cursor", nil)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	gone := ids[2]
	base, err := p.whole(ctx, order, 0)
	if err != nil {
		return err
	}
	if _, listed := p.known.find(gone); !listed {
		return cannot("a key that was just made is not in the list")
	}
	if err := p.remove(ctx, gone); err != nil {
		return err
	}
	for _, q := range p.list.taken(ask{order: order}.beside(gone)...) {
		pg, err := p.fetch(ctx, q)
		p.settle(q.String(), p.afterDeletion(base, pg, err))
	}
	return nil
}

// afterDeletion judges the answer to a cursor whose item is gone from the list as it was.
func (p *pager) afterDeletion(was *walk, pg *page, err error) error {
	assumed := p.Assumed("deleted_cursor")
	resumed := err == nil && len(pg.items) > 0
	switch {
	case resumed && holds(was, pg) != nil:
		return flawed(pg.Answer, "%d items, and not those that follow the place of the deleted one", len(pg.items))
	case resumed && assumed == "as_unknown":
		return flawed(pg.Answer, "the walk went on; an answer as to an unknown cursor was to be seen").beyondChange().under("deleted_cursor")
	case resumed:
		return nil
	case assumed == "resume" && (err == nil || refused(err)):
		return flawed(pg.Answer, "answered %d without items; the walk was to go on", pg.Status).beyondChange().under("deleted_cursor")
	case assumed == "" && (err == nil || refused(err)):
		return nil
	case assumed == "as_unknown":
		return p.asUnknown(pg, err)
	}
	return err
}
