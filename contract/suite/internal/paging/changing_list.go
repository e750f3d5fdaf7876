package paging

import (
	"context"
	"slices"
)

const (
	growingLimit = 3  // of the pages of a list that grows
	growingPages = 60 // after which the walk has run away
)

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
	base, err := p.walk(ctx, tour{byAfter, t.order}, p.list.largest())
	if err != nil {
		return err
	}
	if len(base.items) == 0 {
		return cannot("no item to begin at")
	}
	var met set
	left := len(base.items)
	q := p.start(t, growingLimit, base.last())
	if t.way == byBefore {
		met.add(base.last())
		left--
	}
	for step := 0; left > 0; step++ {
		if step > 0 {
			if _, _, err := p.create(ctx, "Verify_Meanwhile", nil); err != nil {
				return err
			}
		}
		pg, err := p.fetch(ctx, q)
		if err != nil {
			return err
		}
		if len(pg.items) == 0 || step == growingPages {
			return flawed(pg.Answer, "%d of %d items that were there all the time did not come", left, len(base.items))
		}
		for _, n := range pg.items {
			if !base.seen.has(n) {
				continue
			}
			if met.has(n) {
				return flawed(pg.Answer, "item %s came twice", p.known.text(n))
			}
			met.add(n)
			left--
		}
		q = p.next(t, pg)
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
	base, err := p.whole(ctx, order)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(base.items, func(n uint32) bool { return p.known.text(n) == gone })
	if at < 0 {
		return cannot("a key that was just made is not in the list")
	}
	if err := p.remove(ctx, gone); err != nil {
		return err
	}
	for _, q := range p.list.taken(ask{order: order}.beside(gone)...) {
		resume := base.items[at+1:]
		if q.before != "" {
			resume = base.items[:at]
		}
		pg, err := p.fetch(ctx, q)
		p.settle(q.String(), p.afterDeletion(pg, err, resume))
	}
	return nil
}

// afterDeletion judges the answer to a cursor whose item is gone.
func (p *pager) afterDeletion(pg *page, err error, resume []uint32) error {
	assumed := p.Assumed("deleted_cursor")
	resumed := err == nil && len(pg.items) > 0
	switch {
	case resumed && p.holds(pg, resume) != nil:
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
