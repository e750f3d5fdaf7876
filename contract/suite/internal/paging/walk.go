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

// tour is a way in an order.
type tour struct {
	way   way
	order string
}

// walk is a list walked from one end to the other.
type walk struct {
	tour
	known   *known
	items   []uint32 // numbers of what was seen, in the order of the list
	seen    set
	doubled *flaw  // the first item that came twice
	stopped string // why it did not come to an end; empty: it did
}

// id is that of the item at a place.
func (w *walk) id(at int) string { return w.known.text(w.items[at]) }

// last is the place at the end of the list.
func (w *walk) last() int { return len(w.items) - 1 }

// walker is a walk under way.
type walker struct {
	*walk
	probe    *pager
	left     int  // items known at the start and not seen yet
	began    int  // items known at the start
	met      bool // an item known at the start was seen
	new      int  // pages in a row without one
	previous *page
	between  func() error // called before each request but the first; nil: nothing is
}

// errVanished: the item a cursor named went away during a walk.
var errVanished = errors.New("suite: a cursor's item was deleted")

// base is the whole list in an order, walked once.
func (p *pager) base(ctx context.Context, order string) (*walk, error) {
	if b := p.bases[order]; b != nil {
		return b, nil
	}
	if main := p.list.descending; order != main { // what others are compared with comes first
		if _, err := p.base(ctx, main); err != nil {
			return nil, err
		}
	}
	b, err := p.walkBase(ctx, order)
	if err == nil {
		p.bases[order] = b
	}
	return b, err
}

// filled is base, or an *open when it has fewer items than so many.
func (p *pager) filled(ctx context.Context, order string, items int) (*walk, error) {
	b, err := p.base(ctx, order)
	if err == nil && len(b.items) < items {
		return nil, cannot("a list of fewer than %d items", items)
	}
	return b, err
}

// whole is filled, or an *open when it could not be walked to its end.
func (p *pager) whole(ctx context.Context, order string, items int) (*walk, error) {
	b, err := p.filled(ctx, order, items)
	if err == nil && b.stopped != "" {
		return nil, cannot("%s", b.stopped)
	}
	return b, err
}

// headLooks is how often the newest item is looked at, at once, to see whether
// something comes and goes.
const headLooks = 3

// changed tells whether items came or went since the base was walked. It then
// forgets what it knew.
func (p *pager) changed(ctx context.Context) (bool, error) {
	order := p.list.descending
	old, err := p.base(ctx, order)
	if err != nil {
		return false, err
	}
	differs := false
	for range headLooks {
		head, err := p.fetch(ctx, ask{order: order, limit: p.list.smallest()})
		if err != nil {
			return false, err
		}
		differs = differs || slices.ContainsFunc(head.items, func(n uint32) bool { return !old.seen.has(n) })
	}
	fresh, err := p.walkBase(ctx, order)
	if err != nil {
		return false, err
	}
	for _, b := range p.bases {
		differs = differs || !fresh.seen.equal(b.seen)
	}
	if differs {
		p.bases, p.survey = map[string]*walk{order: fresh}, nil
	}
	return differs, nil
}

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
		k := p.setOut(t)
		if err := k.run(ctx, limit); !errors.Is(err, errVanished) {
			return k.walk, err
		}
	}
	return nil, cannot("the data changed meanwhile, each time it was walked")
}

func (p *pager) setOut(t tour) *walker {
	n := p.known.count
	return &walker{walk: &walk{tour: t, known: &p.known}, probe: p, began: n, left: n}
}

func (k *walker) run(ctx context.Context, limit int) error {
	next := ask{order: k.order, limit: limit}
	switch k.way {
	case byAfter: // from the first item on
	case byPage:
		next.page = 1
	case byBefore:
		base, err := k.probe.base(ctx, k.order)
		if err != nil {
			return err
		}
		if len(base.items) == 0 {
			k.stopped = "no item to begin at"
			return nil
		}
		next.before = base.id(base.last())
		k.visit(base.items[base.last()])
		defer func() { slices.Reverse(k.items) }()
	}
	for pages := 0; ; pages++ {
		if pages == maxPages {
			k.stopped = "the list is too long to be walked to its end"
			return nil
		}
		if k.between != nil && pages > 0 {
			if err := k.between(); err != nil {
				return err
			}
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
			return nil
		}
		switch k.way {
		case byAfter, byBefore:
			next = next.beyond(k.way, k.known.text(k.edge(pg)))
		case byPage:
			next.page++
		}
	}
}

// beyond asks for what lies behind an item in the direction of a walk.
func (q ask) beyond(w way, id string) ask {
	if w == byBefore {
		return q.ahead(id)
	}
	return q.behind(id)
}

// edge is the item of a page at which the walk goes on.
func (k *walker) edge(pg *page) uint32 {
	if k.way == byBefore {
		return pg.items[0]
	}
	return pg.items[len(pg.items)-1]
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
		pg, err := k.probe.fetch(ctx, k.previous.asked)
		if refused(err) {
			return true, nil // the cursor before it went as well
		}
		if err != nil {
			return false, err
		}
		return !slices.Contains(pg.items, k.edge(k.previous)), nil
	case k.way == byBefore:
		fresh, err := k.probe.walkBase(ctx, k.order)
		if err != nil || fresh.seen.has(k.items[0]) {
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
	if k.previous != nil { // the order from one page to the next
		first, second := k.previous, pg
		if k.way == byBefore {
			first, second = pg, k.previous
		}
		end := len(first.items) - 1
		k.probe.inOrder(pg, []uint32{first.items[end], second.items[0]}, []int64{first.created[end], second.created[0]})
	}
	k.previous = pg
	was, left := len(k.items), k.left
	for _, i := range items {
		if !k.visit(i) && k.doubled == nil {
			k.doubled = flawed(pg.Answer, "item %s came twice", k.known.text(i))
		}
	}
	switch {
	case len(k.items) == was:
		k.stopped = "the walk went in circles"
	case k.began > 0 && k.left == 0:
		return true
	case k.left < left:
		k.met, k.new = true, 0
	case k.met:
		k.new++
	}
	if k.new == maxNew {
		k.stopped = "the list grows as fast as it is walked"
	}
	return k.stopped != ""
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
