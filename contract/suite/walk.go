package suite

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

// baseWay is the way that finds the whole list.
func baseWay(l *listing) way {
	if l.after {
		return byAfter
	}
	return byPage
}

const (
	maxPages = 2000 // of one walk
	maxNew   = 5    // pages in a row of items that were not there when the walk began, after one that was
)

// walk is a list walked from one end to the other.
type walk struct {
	way     way
	order   string
	items   []uint32 // numbers of what was seen, in the order of the list
	seen    numbers
	doubled *flaw  // the first item that came twice
	stopped string // why it did not come to an end; empty: it did
}

// walker is a walk under way.
type walker struct {
	*walk
	world    *world
	left     int  // items known at the start and not seen yet
	began    int  // items known at the start
	met      bool // an item known at the start was seen
	new      int  // pages in a row without one
	previous *page
}

// errVanished: the item a cursor named went away during a walk.
var errVanished = errors.New("suite: a cursor's item was deleted")

// walk walks the list. It ends with the first empty page, or once every item
// known at its start was seen; whatever has_more says. When the item at which it
// stood is deleted, it begins anew.
func (w *world) walk(ctx context.Context, by way, order string, limit int) (*walk, error) {
	for range maxAttempts {
		k := &walker{walk: &walk{way: by, order: order}, world: w, began: len(w.known.ids)}
		k.left = k.began
		if err := k.run(ctx, limit); !errors.Is(err, errVanished) {
			return k.walk, err
		}
	}
	return nil, cannot("the data changed meanwhile, each time it was walked")
}

func (k *walker) run(ctx context.Context, limit int) error {
	next := ask{order: k.order, limit: limit}
	switch k.way {
	case byAfter: // from the first item on
	case byPage:
		next.page = 1
	case byBefore:
		base, err := k.world.base(ctx, k.order)
		if err != nil {
			return err
		}
		if len(base.items) == 0 {
			k.stopped = "no item to begin at"
			return nil
		}
		last := base.items[len(base.items)-1]
		k.visit(last)
		next.before = k.world.known.text(last)
	}
	for pages := 0; ; pages++ {
		if pages == maxPages {
			k.stopped = "the list is too long to be walked to its end"
			break
		}
		pg, err := k.world.fetch(ctx, next)
		_, refused := asRefusal(err)
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
		next = k.next(pg)
	}
	if k.way == byBefore {
		slices.Reverse(k.items)
	}
	return nil
}

// early tells whether something speaks against the list being at its end.
func (k *walker) early() bool {
	return k.way != byPage && (k.left > 0 || k.previous != nil && k.previous.more.n == 1)
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
		pg, err := k.world.fetch(ctx, k.previous.asked)
		if _, refused := asRefusal(err); refused {
			return true, nil // the cursor before it went as well
		}
		if err != nil {
			return false, err
		}
		return !slices.ContainsFunc(pg.items, func(i item) bool { return i.id == stood.id }), nil
	case k.way == byBefore:
		old, err := k.world.base(ctx, k.order)
		if err != nil {
			return false, err
		}
		fresh, err := k.world.walk(ctx, baseWay(k.world.list), k.order, k.world.list.largest())
		if err != nil {
			return false, err
		}
		if fresh.seen.has(old.items[len(old.items)-1]) {
			return false, nil
		}
		k.world.bases[k.order] = fresh
		return true, nil
	}
	return false, nil
}

// next asks for the page behind one, in the direction of the walk.
func (k *walker) next(pg *page) ask {
	q := pg.asked
	switch k.way {
	case byAfter:
		q.after = k.world.textOf(pg.items[len(pg.items)-1])
	case byBefore:
		q.before = k.world.textOf(pg.items[0])
	case byPage:
		q.page++
	}
	return q
}

// textOf is an item's id as the server wrote it.
func (w *world) textOf(i item) string { return w.known.text(w.known.add(i)) }

// take visits the items of a page, which has some; true ends the walk.
func (k *walker) take(pg *page) bool {
	if k.previous != nil {
		k.world.judgeBorder(k.way, k.previous, pg)
	}
	k.previous = pg
	was, left := len(k.items), k.left
	items := pg.items
	if k.way == byBefore {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	for _, i := range items {
		number := k.world.known.add(i)
		if k.visit(number) || k.doubled != nil {
			continue
		}
		k.doubled = flawed(pg, "item %s came twice", k.world.known.text(number))
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
