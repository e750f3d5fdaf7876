package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/report"
)

// repeatChecks are about the same request sent twice.
func repeatChecks() []check {
	return []check{{
		id: "repeatable", severity: report.Error,
		explanation: "The same request twice, with nothing changed in between, gets the same answer: callers retry, compare and cache.",
		howToFix:    "sort by a total order, and leave nothing to chance, to the replica or to the moment",
		applies:     pages(func(*listing) bool { return true }),
		run:         paged(repeatable),
	}}
}

// repeats is how often each request is sent.
const repeats = 4

func repeatable(ctx context.Context, r *round) error {
	for _, order := range r.list.orders() {
		base, err := r.base(ctx, order)
		if err != nil {
			return err
		}
		asks := []ask{{order: order}, {order: order, limit: r.list.largest()}, {order: order, page: 1}, {order: order, page: 2}}
		if len(base.items) > 0 {
			asks = append(asks, ask{order: order, after: middle}, ask{order: order, before: middle})
		}
		for _, q := range asks {
			if !r.list.takes(q) {
				continue
			}
			name := q.String()
			if q.page > 1 {
				name += " 2"
			}
			if err := r.try(ctx, name, func() error { return r.repeat(ctx, q) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// middle stands for the item in the middle of the list.
const middle = "the middle"

// placed fills in the items that cursors stand for.
func (r *round) placed(ctx context.Context, q ask) (ask, error) {
	if q.after != middle && q.before != middle {
		return q, nil
	}
	base, err := r.base(ctx, q.order)
	if err != nil {
		return q, err
	}
	if len(base.items) == 0 {
		return q, cannot("no items to be named by a cursor")
	}
	id := r.known.text(base.items[len(base.items)/2])
	if q.after != "" {
		q.after = id
	} else {
		q.before = id
	}
	return q, nil
}

// sight is one answer of several to the same request.
type sight struct {
	page  *page
	body  []byte
	items map[itemID][]byte
}

func (r *round) repeat(ctx context.Context, q ask) error {
	q, err := r.placed(ctx, q)
	if err != nil {
		return err
	}
	var seen []sight
	for range repeats {
		pg, body, err := r.fetchBody(ctx, q)
		if q.page > 1 {
			if _, refused := asRefusal(err); refused {
				return cannot("too few items for a second page")
			}
		}
		if err != nil {
			return err
		}
		seen = append(seen, sight{page: pg, body: body})
	}
	same := true
	for _, s := range seen[1:] {
		same = same && sameJSON(seen[0].body, s.body)
	}
	if same {
		return nil
	}
	for i := range seen {
		seen[i].items = r.itemsOf(seen[i].body)
	}
	if r.contradict(seen) {
		return flawed(seen[1].page, "the answers contradict each other: items change places, or go and come back").beyondChange()
	}
	// An item that another caller edits is one thing before and another after.
	switch edits := mostEdits(seen); {
	case edits > 1:
		return flawed(seen[1].page, "the same item changes from answer to answer").beyondChange()
	case edits == 1:
		return cannot("an item was edited meanwhile")
	}
	return flawed(seen[1].page, "the same request got another answer")
}

// mostEdits is how often the item that changed most did so.
func mostEdits(seen []sight) int {
	most := 0
	for id, is := range seen[0].items {
		edits := 0
		for _, s := range seen[1:] {
			later, there := s.items[id]
			if !there {
				break
			}
			if !sameJSON(is, later) {
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
func (r *round) contradict(seen []sight) bool {
	for a := range seen {
		for b := a + 1; b < len(seen); b++ {
			x, y := walkOf(&r.known, seen[a].page), walkOf(&r.known, seen[b].page)
			if r.firstSwap(x, y) != "" {
				return true
			}
		}
	}
	for i := range len(seen) - 2 {
		if r.wentAndCame(seen[i].page, seen[i+1].page, seen[i+2].page) {
			return true
		}
	}
	return false
}

// wentAndCame tells whether an item between two others is in the first and the
// last of three pages, and not in the one in the middle.
func (r *round) wentAndCame(a, b, c *page) bool {
	x, y, z := walkOf(&r.known, a), walkOf(&r.known, b), walkOf(&r.known, c)
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

// walkOf takes a page for a walk.
func walkOf(k *known, pg *page) *walk {
	w := &walk{}
	for _, i := range pg.items {
		n := k.add(i)
		w.items = append(w.items, n)
		w.seen.add(n)
	}
	return w
}

// itemsOf returns the items of a body by their ids.
func (w *world) itemsOf(body []byte) map[itemID][]byte {
	items := map[itemID][]byte{}
	gjson.ParseBytes(body).ForEach(func(name, value gjson.Result) bool {
		if name.Str == w.list.items {
			value.ForEach(func(_, one gjson.Result) bool {
				items[w.known.identify(one.Get("id").String())] = []byte(one.Raw)
				return true
			})
		}
		return true
	})
	return items
}

// sameJSON compares two texts as JSON: the order of properties does not matter.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
