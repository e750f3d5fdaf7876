package paging

import (
	"context"
	"slices"
)

const (
	maxPages  = 2000 // of one walk
	maxNew    = 5    // pages in a row of items that were not there when the walk began, after one that was
	tourPages = 8    // a walk of a tour should have at least, where it can
)

// tour is a way in an order. Without a way it is the whole list, by the way that finds it
// and with the largest pages; else pages are small, so that there are some borders.
type tour struct {
	way   way
	order string
}

// walk is a list walked from one end to the other.
type walk struct {
	tour
	p       *pager
	items   []uint32 // numbers of what was seen, in the order of the list
	seen    set
	doubled *flaw // the first item that came twice
	end     error // why it did not come to its end; nil: it did

	began    int // items known at the start
	left     int // those of them that were not seen yet
	fresh    int // pages in a row without one
	previous *page
}

// id is that of the item at a place, counted from the end when it is negative; empty
// where there is none.
func (w *walk) id(at int) string {
	if at < 0 {
		at += len(w.items)
	}
	if at < 0 || at >= len(w.items) {
		return ""
	}
	return w.p.known.text(w.items[at])
}

// shared lists the items of a walk that another one met, too, as many as the other way
// round, or those that it did not.
func (w *walk) shared(other *walk, met bool) []uint32 {
	return slices.DeleteFunc(slices.Clone(w.items), func(n uint32) bool { return other.seen.has(n) != met })
}

// walked is the list walked in a tour, once for all checks.
func (p *pager) walked(ctx context.Context, t tour) *walk {
	if w := p.walks[t]; w != nil {
		return w
	}
	limit := p.list.largest
	if main := (tour{order: p.list.orders[0]}); t != main { // what others are compared with comes first
		base := p.walked(ctx, main)
		if t.way != "" {
			limit = max(min(limit, len(base.items)/tourPages), p.list.smallest)
		}
	}
	w := p.walk(ctx, t, limit, nil)
	if p.err == nil {
		p.walks[t] = w
	}
	return w
}

// base is the whole list in an order; it fails when it has fewer items than so many.
func (p *pager) base(ctx context.Context, order string, items int) *walk {
	b := p.walked(ctx, tour{order: order})
	if len(b.items) < items {
		p.fail(cannot("a list of fewer than %d items", items))
	}
	return b
}

// whole is base; it fails when it could not be walked to its end, too.
func (p *pager) whole(ctx context.Context, order string, items int) *walk {
	b := p.base(ctx, order, items)
	p.fail(b.end)
	return b
}

// again walks the whole list once more.
func (p *pager) again(ctx context.Context, order string) *walk {
	return p.walk(ctx, tour{order: order}, p.list.largest, nil)
}

// headLooks is how often the newest item is looked at, at once, to see whether
// something comes and goes.
const headLooks = 3

// changed tells whether items came or went since the list was walked. It then
// forgets what it knew.
func (p *pager) changed(ctx context.Context) bool {
	main, differs := tour{order: p.list.orders[0]}, false
	old := p.walked(ctx, main)
	for range headLooks {
		head := p.fetch(ctx, ask{order: main.order, limit: p.list.smallest})
		differs = differs || slices.ContainsFunc(head.items, func(n uint32) bool { return !old.seen.has(n) })
	}
	now := p.again(ctx, main.order)
	for t, w := range p.walks {
		differs = differs || t.way == "" && !slices.Equal(now.seen, w.seen)
	}
	if differs && p.err == nil {
		p.walks = map[tour]*walk{main: now}
	}
	return differs
}

// walk walks the list. It ends with the first empty page, or once every item
// known at its start was seen; whatever has_more says. When the item at which it
// stood is deleted, it begins anew. Between, unless it is nil, is called before each
// request but the first.
func (p *pager) walk(ctx context.Context, t tour, limit int, between func()) *walk {
	if t.way == "" {
		t.way = p.list.tours()[0].way
	}
	for attempt := range maxAttempts {
		n := len(p.known.ids)
		w := &walk{tour: t, p: p, began: n, left: n}
		if !w.run(ctx, limit, attempt > 0, between) {
			w.previous = nil // it would hold on to the whole answer
			return w
		}
	}
	p.fail(cannot("the data changed meanwhile, each time it was walked"))
	return &walk{tour: t, p: p}
}

// run walks from end to end, anew when an item that a cursor named went away before; true:
// one did so now.
func (w *walk) run(ctx context.Context, limit int, anew bool, between func()) (vanished bool) {
	next := ask{order: w.order, limit: limit}
	switch w.way {
	case byAfter:
	case byPage:
		next.page = 1
	case byBefore: // from the last item on, as if a page had shown it
		base := w.p.base(ctx, w.order, 1)
		if anew {
			base = w.p.again(ctx, w.order)
		}
		if w.p.err != nil || len(base.items) == 0 {
			return false
		}
		w.take(&page{p: w.p, asked: next.beyond(byAfter, base.id(-2)), items: base.items[len(base.items)-1:]})
		next = next.beyond(byBefore, base.id(-1))
		defer func() { slices.Reverse(w.items) }()
	}
	for pages := range maxPages {
		if between != nil && pages > 0 {
			between()
		}
		pg := w.p.answer(ctx, next)
		switch {
		case len(pg.items) > 0:
			if w.take(pg) {
				return false
			}
		case w.vanished(ctx, pg):
			return true
		default:
			if w.way != byPage || pages == 0 { // whether a page past the end is refused is open
				pg.refuse()
			}
			return false
		}
		if w.way == byPage {
			next.page++
		} else {
			next = next.beyond(w.way, w.p.known.text(w.edge(pg)))
		}
	}
	w.end = cannot("the list is too long to be walked to its end")
	return false
}

// edge is the item of a page at which the walk goes on.
func (w *walk) edge(pg *page) uint32 {
	if w.way == byBefore {
		return pg.items[0]
	}
	return pg.items[len(pg.items)-1]
}

// vanished tells whether the item that the cursor of a refused page, or of one that is
// empty too early, named is gone from where it was.
func (w *walk) vanished(ctx context.Context, empty *page) bool {
	if w.way == byPage || w.previous == nil || !empty.Refused() && w.left == 0 && !w.previous.more() {
		return false
	}
	pg := w.p.answer(ctx, w.previous.asked)
	return pg.Refused() || w.p.err == nil && !slices.Contains(pg.items, w.edge(w.previous)) // refused: the cursor before it went, too
}

// take visits the items of a page, which has some; true ends the walk.
func (w *walk) take(pg *page) bool {
	items := slices.Clone(pg.items)
	if w.way == byBefore {
		slices.Reverse(items)
	}
	if w.previous != nil { // the order from one page to the next
		pair := []uint32{w.edge(w.previous), items[0]}
		if w.way == byBefore {
			slices.Reverse(pair)
		}
		w.p.note("page_order", pg, inOrder(pg, pair))
	}
	w.previous = pg
	was, left := len(w.items), w.left
	for _, i := range items {
		switch {
		case !w.seen.has(i):
			w.seen.add(i)
			w.items = append(w.items, i)
			if int(i) < w.began {
				w.left--
			}
		case w.doubled == nil:
			w.doubled = flawed(pg.Answer, "item %s came twice", w.p.known.text(i))
		}
	}
	switch {
	case len(w.items) == was:
		w.end = cannot("the walk went in circles")
	case w.began > 0 && w.left == 0:
		return true
	case w.left < left:
		w.fresh = 0
	case w.left < w.began:
		w.fresh++
	}
	if w.fresh == maxNew {
		w.end = cannot("the list grows as fast as it is walked")
	}
	return w.end != nil
}

// tours lists the ways to walk a listing. Pages are numbered from the oldest
// item on where that can be had: what is created meanwhile does not move them.
func (l *listing) tours() (list []tour) {
	for i, order := range l.orders {
		if l.takes(byAfter) {
			list = append(list, tour{byAfter, order})
		}
		if l.takes(byAfter, byBefore) && i == 0 {
			list = append(list, tour{byBefore, order})
		}
		if l.takes(byPage) && i == len(l.orders)-1 {
			list = append(list, tour{byPage, order})
		}
	}
	return list
}
