package paging

import (
	"bytes"
	"context"
	"reflect"
	"slices"

	"github.com/digakit/digakit/contract/suite/internal/items"
)

// repeats is how often each request is sent.
const repeats = 4

// middle stands for the item in the middle of the list.
const middle = "the middle"

func repeatable(ctx context.Context, p *pager) {
	for _, order := range p.list.orders {
		asks := append(p.list.beside(middle, ask{order: order}), ask{order: order}, ask{order: order, limit: p.list.largest})
		if p.list.takes(byPage) {
			asks = append(asks, ask{order: order, page: 1}, ask{order: order, page: 2})
		}
		for _, q := range asks {
			name := q.String()
			if q.page > 1 {
				name += " 2"
			}
			p.try(ctx, name, func() error { return p.repeat(ctx, q) })
		}
	}
}

func (p *pager) repeat(ctx context.Context, q ask) error {
	if q.cursor() == middle {
		base := p.base(ctx, q.order, 1)
		for _, cursor := range []*string{&q.after, &q.before} {
			if *cursor != "" {
				*cursor = base.id(len(base.items) / 2)
			}
		}
	}
	var seen []*page
	same := true
	for range repeats {
		pg := p.answer(ctx, q)
		if pg.Refused() && q.page > 1 {
			return cannot("too few items for a second page")
		}
		pg.refuse()
		seen = append(seen, pg)
		same = same && sameJSON(seen[0].Body, pg.Body)
	}
	switch edits := mostEdits(seen); { // an item that another caller edits is one thing before and another after
	case same:
		return nil
	case contradict(seen):
		return flawed(seen[1].Answer, "the answers contradict each other: items change places, or go and come back").beyondChange()
	case edits > 1:
		return flawed(seen[1].Answer, "the same item changes from answer to answer").beyondChange()
	case edits == 1:
		return cannot("an item was edited meanwhile")
	}
	return flawed(seen[1].Answer, "the same request got another answer")
}

// mostEdits is how often the item that changed most did so.
func mostEdits(seen []*page) int {
	edits := map[string]int{}
	for i, pg := range seen[1:] {
		now := pg.raw()
		for id, was := range seen[i].raw() {
			if is, there := now[id]; there && !sameJSON([]byte(was), []byte(is)) {
				edits[id]++
			}
		}
	}
	most := 0
	for _, n := range edits {
		most = max(most, n)
	}
	return most
}

// contradict tells whether no history of items that come and go explains the
// answers: two items changed places, or one between two others went and came back.
func contradict(seen []*page) bool {
	in := func(pg *page) func(uint32) bool { return func(n uint32) bool { return slices.Contains(pg.items, n) } }
	common := func(x, y *page) []uint32 {
		return slices.DeleteFunc(slices.Clone(x.items), func(n uint32) bool { return !in(y)(n) })
	}
	for i, x := range seen {
		for _, y := range seen[i+1:] {
			if !slices.Equal(common(x, y), common(y, x)) {
				return true
			}
		}
		if i+2 >= len(seen) {
			continue
		}
		y, z := in(seen[i+1]), in(seen[i+2])
		for at, n := range x.items {
			if !y(n) && z(n) && slices.ContainsFunc(x.items[:at], y) && slices.ContainsFunc(x.items[at+1:], y) {
				return true
			}
		}
	}
	return false
}

// sameJSON compares two texts as JSON: the order of properties does not matter.
func sameJSON(a, b []byte) bool {
	return bytes.Equal(a, b) || reflect.DeepEqual(items.Decode(a), items.Decode(b))
}
