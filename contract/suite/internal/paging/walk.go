package paging

import (
	"context"
	"errors"
	"slices"
)

// way is how a list is walked.
type way string

// The ways. A walk with before begins at the last item and ends at the first.
const (
	byAfter  way = "after"
	byBefore way = "before"
	byPage   way = "page"
)

const (
	maxPages = 2000 // of one walk
	maxNew   = 5    // pages in a row of items that were not there when the walk began, after one that was
)

// walk is a list walked from one end to the other.
type walk struct {
	tour
	items   []uint32 // numbers of what was seen, in the order of the list
	seen    set
	doubled *flaw  // the first item that came twice
	stopped string // why it did not come to an end; empty: it did
}

// last is the item at the end of the list.
func (w *walk) last() uint32 { return w.items[len(w.items)-1] }

// walker is a walk under way.
type walker struct {
	*walk
	probe    *pager
	left     int  // items known at the start and not seen yet
	began    int  // items known at the start
	met      bool // an item known at the start was seen
	new      int  // pages in a row without one
	previous *page
}

// errVanished: the item a cursor named went away during a walk.
var errVanished = errors.New("suite: a cursor's item was deleted")

// walkBase walks the whole list in the way that finds it, with the largest pages.
func (p *pager) walkBase(ctx context.Context, order string) (*walk, error) {
	way := byAfter
	if p.list.after == "" {
		way = byPage
	}
	return p.walk(ctx, tour{way, order}, p.list.largest())
}

// walk walks the list. It ends with the first empty page, or once every item
// known at its start was seen; whatever has_more says. When the item at which it
// stood is deleted, it begins anew.
func (p *pager) walk(ctx context.Context, t tour, limit int) (*walk, error) {
	for range maxAttempts {
		n := p.known.count
		k := &walker{walk: &walk{tour: t}, probe: p, began: n, left: n}
		if err := k.run(ctx, limit); !errors.Is(err, errVanished) {
			return k.walk, err
		}
	}
	return nil, cannot("the data changed meanwhile, each time it was walked")
}

// start asks for the first page of a walk over a list whose last item is known.
func (p *pager) start(t tour, limit int, last uint32) ask {
	q := ask{order: t.order, limit: limit}
	switch t.way {
	case byAfter: // from the first item on
	case byPage:
		q.page = 1
	case byBefore:
		q.before = p.known.text(last)
	}
	return q
}

// next asks for the page behind one, in the direction of a walk.
func (p *pager) next(t tour, pg *page) ask {
	q := pg.asked
	switch t.way {
	case byAfter:
		q.after = p.known.text(pg.items[len(pg.items)-1])
	case byBefore:
		q.before = p.known.text(pg.items[0])
	case byPage:
		q.page++
	}
	return q
}

func (k *walker) run(ctx context.Context, limit int) error {
	last := uint32(0)
	if k.way == byBefore {
		base, err := k.probe.base(ctx, k.order)
		if err != nil {
			return err
		}
		if len(base.items) == 0 {
			k.stopped = "no item to begin at"
			return nil
		}
		last = base.last()
		k.visit(last)
	}
	next := k.probe.start(k.tour, limit, last)
	for pages := 0; ; pages++ {
		if pages == maxPages {
			k.stopped = "the list is too long to be walked to its end"
			break
		}
		pg, err := k.probe.fetch(ctx, next)
		refused := refused(err)
		switch {
		case refused && k.way == byPage && pages > 0: // past the end; whether that is refused is open
		case err != nil && !refused:
			return err
		case refused || len(pg.items) == 0 && k.early():
			gone, lookErr := k.vanished(ctx)
			switch {
			case lookErr != nil:
				return lookErr
			case gone:
				return errVanished
			case err != nil:
				return err
			}
		}
		if refused || len(pg.items) == 0 || k.take(pg) {
			break
		}
		next = k.probe.next(k.tour, pg)
	}
	if k.way == byBefore {
		slices.Reverse(k.items)
	}
	return nil
}

// early tells whether something speaks against the list being at its end.
func (k *walker) early() bool {
	return k.way != byPage && (k.left > 0 || k.previous != nil && k.previous.more())
}

// vanished tells whether the item that the refused or empty answer's cursor named
// is gone from where it was.
func (k *walker) vanished(ctx context.Context) (bool, error) {
	switch {
	case k.previous != nil:
		stood := k.previous.items[len(k.previous.items)-1]
		if k.way == byBefore {
			stood = k.previous.items[0]
		}
		pg, err := k.probe.fetch(ctx, k.previous.asked)
		if refused(err) {
			return true, nil // the cursor before it went as well
		}
		if err != nil {
			return false, err
		}
		return !slices.Contains(pg.items, stood), nil
	case k.way == byBefore:
		old, err := k.probe.base(ctx, k.order)
		if err != nil {
			return false, err
		}
		fresh, err := k.probe.walkBase(ctx, k.order)
		if err != nil || fresh.seen.has(old.last()) {
			return false, err
		}
		k.probe.bases[k.order] = fresh
		return true, nil
	}
	return false, nil
}

// take visits the items of a page, which has some; true ends the walk.
func (k *walker) take(pg *page) bool {
	items := pg.items
	if k.way == byBefore {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	if before := k.previous; before != nil { // the order from one page to the next
		if k.way == byBefore {
			k.probe.inOrder(pg, slices.Concat(pg.items[len(pg.items)-1:], before.items[:1]), slices.Concat(pg.created[len(pg.created)-1:], before.created[:1]))
		} else {
			last := len(before.items) - 1
			k.probe.inOrder(pg, slices.Concat(before.items[last:], pg.items[:1]), slices.Concat(before.created[last:], pg.created[:1]))
		}
	}
	k.previous = pg
	was, left := len(k.items), k.left
	for _, i := range items {
		if !k.visit(i) && k.doubled == nil {
			k.doubled = flawed(pg.Answer, "item %s came twice", k.probe.known.text(i))
		}
	}
	switch {
	case len(k.items) == was:
		k.stopped = "the walk went in circles"
		return true
	case k.began > 0 && k.left == 0:
		return true
	case k.left < left:
		k.met, k.new = true, 0
	case k.met:
		k.new++
	}
	if k.new == maxNew {
		k.stopped = "the list grows as fast as it is walked"
		return true
	}
	return false
}

// visit notes an item; false: it was there before.
func (k *walker) visit(number uint32) bool {
	if k.seen.has(number) {
		return false
	}
	k.seen.add(number)
	k.items = append(k.items, number)
	if int(number) < k.began {
		k.left--
	}
	return true
}

// after and before are the items that a page next to the one at a place has to hold.
func (w *walk) after(at int, pg *page) []uint32 {
	return w.items[at+1 : min(at+1+pg.size(), len(w.items))]
}

func (w *walk) before(at int, pg *page) []uint32 { return w.items[max(at-pg.size(), 0):at] }
