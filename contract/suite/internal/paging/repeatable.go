package paging

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
)

// repeats is how often each request is sent.
const repeats = 4

func repeatable(ctx context.Context, p *pager) error {
	for _, order := range p.list.orders() {
		q := ask{order: order}
		asks := append(q.beside(middle), q, ask{order: order, limit: p.list.largest()}, ask{order: order, page: 1}, ask{order: order, page: 2})
		for _, q := range p.list.taken(asks...) {
			name := q.String()
			if q.page > 1 {
				name += " 2"
			}
			p.try(ctx, name, func() error { return p.repeat(ctx, q) })
		}
	}
	return nil
}

// middle stands for the item in the middle of the list.
const middle = "the middle"

// placed fills in the item that a cursor stands for.
func (p *pager) placed(ctx context.Context, q ask) (ask, error) {
	if q.cursor() != middle {
		return q, nil
	}
	base, err := p.filled(ctx, q.order, 1)
	if err != nil {
		return q, err
	}
	id := base.id(len(base.items) / 2)
	if q.after != "" {
		return q.behind(id), nil
	}
	return q.ahead(id), nil
}

func (p *pager) repeat(ctx context.Context, q ask) error {
	q, err := p.placed(ctx, q)
	if err != nil {
		return err
	}
	var seen []*page
	same := true
	for range repeats {
		pg, err := p.fetch(ctx, q)
		if q.page > 1 && refused(err) {
			return cannot("too few items for a second page")
		}
		if err != nil {
			return err
		}
		seen = append(seen, pg)
		same = same && sameJSON(seen[0].Body, pg.Body)
	}
	if same {
		return nil
	}
	if contradict(seen) {
		return flawed(seen[1].Answer, "the answers contradict each other: items change places, or go and come back").beyondChange()
	}
	// An item that another caller edits is one thing before and another after.
	switch edits := mostEdits(seen); {
	case edits > 1:
		return flawed(seen[1].Answer, "the same item changes from answer to answer").beyondChange()
	case edits == 1:
		return cannot("an item was edited meanwhile")
	}
	return flawed(seen[1].Answer, "the same request got another answer")
}

// mostEdits is how often the item that changed most did so.
func mostEdits(seen []*page) int {
	most := 0
	for id, is := range seen[0].json() {
		edits := 0
		for _, pg := range seen[1:] {
			later, there := pg.json()[id]
			if !there {
				break
			}
			if !sameJSON([]byte(is), []byte(later)) {
				edits++
			}
			is = later
		}
		most = max(most, edits)
	}
	return most
}

// contradict tells whether no history of items that come and go explains the
// answers: two items changed places, or one between two others went and came back.
func contradict(seen []*page) bool {
	var walks []*walk
	for _, pg := range seen {
		w := &walk{items: pg.items}
		for _, i := range pg.items {
			w.seen.add(i)
		}
		walks = append(walks, w)
	}
	for i, x := range walks {
		for _, y := range walks[i+1:] {
			if !slices.Equal(x.met(y), y.met(x)) {
				return true
			}
		}
	}
	for i := range len(walks) - 2 {
		if wentAndCame(walks[i], walks[i+1], walks[i+2]) {
			return true
		}
	}
	return false
}

// wentAndCame tells whether an item between two others is in the first and the
// last of three pages, and not in the one in the middle.
func wentAndCame(x, y, z *walk) bool {
	first, last := -1, -1 // places in x of what y has
	for i, n := range x.items {
		if y.seen.has(n) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	for i, n := range x.items {
		if i > first && i < last && !y.seen.has(n) && z.seen.has(n) {
			return true
		}
	}
	return false
}

// sameJSON compares two texts as JSON: the order of properties does not matter.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
