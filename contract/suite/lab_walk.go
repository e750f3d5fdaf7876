package suite

import (
	"context"
	"slices"

	"github.com/digakit/digakit/contract/report"
)

// labWalkChecks page through a list that the lab changes.
func labWalkChecks() []check {
	return []check{
		{
			id: "walk_while_creating", severity: report.Error,
			explanation: "Lists change while they are walked: what was there all the time must come once all the same.",
			howToFix:    "let cursors name items, not places: count nothing from the beginning of the list",
			applies:     inLab(func(l *listing) bool { return l.after && l.limit }),
			run:         inProject(20, walkWhileCreating),
		},
		{
			id: "deleted_cursor", severity: report.Error,
			explanation: "The item a cursor names may be deleted before the next request; a caller must notice, or go on where it was.",
			howToFix:    "take the cursor as unknown, or go on from where its item stood; never begin anew",
			applies:     inLab(func(l *listing) bool { return l.after }),
			run:         inProject(4, deletedCursor),
		},
	}
}

const (
	growingLimit = 3  // of the pages of a list that grows
	growingPages = 60 // after which the walk has run away
)

func walkWhileCreating(ctx context.Context, l *lab) error {
	ways := []tour{}
	for _, t := range l.list.tours() {
		if t.way != byPage || t.order == ascending {
			ways = append(ways, t)
		}
	}
	for _, t := range ways {
		err := l.settled("with "+string(t.way)+caseName("", 0, t.order), l.growing(ctx, t))
		if err != nil {
			return err
		}
	}
	return nil
}

// growing walks while a key is made before every request but the first.
func (l *lab) growing(ctx context.Context, t tour) error {
	base, err := l.walk(ctx, byAfter, t.order, l.list.largest())
	if err != nil {
		return err
	}
	times := map[uint32]int{}
	left := len(base.items)
	q := ask{order: t.order, limit: growingLimit}
	switch t.way {
	case byAfter: // from the first item on
	case byPage:
		q.page = 1
	case byBefore:
		last := base.items[len(base.items)-1]
		q.before = l.known.text(last)
		times[last]++
		left--
	}
	for step := 0; left > 0; step++ {
		if step > 0 {
			if _, _, err := l.create(ctx, "Verify_Meanwhile", nil); err != nil {
				return err
			}
		}
		pg, err := l.fetch(ctx, q)
		if err != nil {
			return err
		}
		if len(pg.items) == 0 || step == growingPages {
			return flawed(pg, "%d of %d items that were there all the time did not come", left, len(base.items))
		}
		for _, i := range pg.items {
			n := l.known.add(i)
			if !base.seen.has(n) {
				continue
			}
			if times[n]++; times[n] > 1 {
				return flawed(pg, "item %s came twice", l.known.text(n))
			}
			left--
		}
		q = (&walker{walk: &walk{way: t.way}, world: l.world}).next(pg)
	}
	return nil
}

func deletedCursor(ctx context.Context, l *lab) error {
	order := l.list.main()
	var ids []string
	for range 5 {
		id, _, err := l.create(ctx, "Verify_Cursor", nil)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	base, err := l.whole(ctx, order)
	if err != nil {
		return err
	}
	gone, seen := l.known.find(l.known.identify(ids[2]))
	at := slices.Index(base.items, gone)
	if !seen || at < 0 {
		return cannot("a key that was just made is not in the list")
	}
	if err := l.remove(ctx, ids[2]); err != nil {
		return err
	}
	for _, c := range []struct {
		q      ask
		resume []uint32
	}{
		{ask{after: l.known.text(gone), order: order}, base.items[at+1:]},
		{ask{before: l.known.text(gone), order: order}, base.items[:at]},
	} {
		if !l.list.takes(c.q) {
			continue
		}
		pg, err := l.fetch(ctx, c.q)
		if err := l.settled(c.q.String(), l.afterDeletion(pg, err, c.resume)); err != nil {
			return err
		}
	}
	return nil
}

// afterDeletion judges the answer to a cursor whose item is gone.
func (l *lab) afterDeletion(pg *page, err error, resume []uint32) error {
	assumed := l.probe.target.Assume["deleted_cursor"]
	resumed := err == nil && len(pg.items) > 0
	switch {
	case resumed && l.holds(pg, resume) != nil:
		return flawed(pg, "%d items, and not those that follow the place of the deleted one", len(pg.items))
	case resumed && assumed == "as_unknown":
		return assumedFlaw(pg, "deleted_cursor", "the walk went on; an answer as to an unknown cursor was to be seen")
	case resumed:
		return nil
	case assumed == "resume":
		if refused, is := asRefusal(err); is {
			pg = refused.page
		}
		if pg == nil {
			return err
		}
		return assumedFlaw(pg, "deleted_cursor", "answered %d without items; the walk was to go on", pg.status)
	}
	if assumed == "" {
		if _, is := asRefusal(err); is {
			return nil
		}
		return err
	}
	return l.asUnknown(pg, err, "unknown_cursor")
}
