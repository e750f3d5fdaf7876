package paging

import (
	"slices"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// way is how a list is walked, and what a page is asked for by.
type way string

// The ways. A walk with before begins at the last item and ends at the first.
const (
	byAfter  way = "after"
	byBefore way = "before"
	byPage   way = "page"
)

// ask is what a page is asked for by; what is zero is left out.
type ask struct {
	after, before string
	page, limit   int // pages are counted from 1 here
	order         string
	again         int    // limit, given a second time
	filter        string // a parameter with a value that nothing has
}

// beyond asks for what lies behind an item in the direction of a walk.
func (q ask) beyond(w way, id string) ask {
	if w == byBefore {
		q.before = id
	} else {
		q.after = id
	}
	return q
}

// cursor is the item that is named; empty: none is.
func (q ask) cursor() string { return q.after + q.before }

// pairs are the names and values of what is given, with the parameters of a listing.
func (l *listing) pairs(q ask) (list []string) {
	add := func(given bool, name, value string) {
		if given {
			list = append(list, name, value)
		}
	}
	add(q.after != "", l.by[byAfter], q.after)
	add(q.before != "", l.by[byBefore], q.before)
	add(q.page != 0, l.by[byPage], strconv.Itoa(q.page+l.firstPage-1))
	add(q.limit > 0, l.limit, strconv.Itoa(q.limit))
	add(q.order != "", l.order, q.order)
	add(q.again > 0, l.limit, strconv.Itoa(q.again))
	add(q.filter != "", q.filter, "digakit-nobody-has-this")
	return list
}

// String names the parameters, without what differs between two runs.
func (q ask) String() string {
	l := listing{by: map[way]string{byAfter: "after", byBefore: "before", byPage: "page"}, limit: "limit", order: "order=" + q.order}
	text := ""
	for pair := range slices.Chunk(l.pairs(q), 2) {
		text += " " + pair[0]
	}
	if text == "" {
		return "no parameters"
	}
	return text[1:]
}

// caseName names a case by its limit and order.
func (q ask) caseName(text string) string {
	if q.limit > 0 {
		text += ", limit=" + strconv.Itoa(q.limit)
	}
	if q.order != "" {
		text += ", order=" + q.order
	}
	return text
}

// page is one page of items as it came. Its answer is known to fit its schema.
type page struct {
	*session.Answer
	p     *pager
	asked ask
	root  gjson.Result
	items []uint32 // their numbers
}

// decode reads the items of a page.
func (pg *page) decode() {
	pg.root = gjson.ParseBytes(pg.Body)
	for _, one := range pg.shown() {
		created := noDate
		if property := pg.p.list.created; property != "" {
			created = instant(one.Get(gjson.Escape(property)))
		}
		pg.items = append(pg.items, pg.p.known.add(pg.id(one), created))
	}
}

// shown lists the items of a page as they came.
func (pg *page) shown() []gjson.Result { return call.Part(pg.root, pg.p.list.data).Array() }

// id is that of an item as it came.
func (pg *page) id(one gjson.Result) string {
	return one.Get(gjson.Escape(pg.p.list.identity)).String()
}

// member is what stands beside the items: nothing where the page or the document lacks it.
func (pg *page) member(role plan.Role) gjson.Result {
	if m := pg.p.list.envelope.Member(role); m != nil {
		return call.Part(pg.root, m.Pointer)
	}
	return gjson.Result{}
}

// given tells whether a member is there and filled.
func (pg *page) given(role plan.Role) bool { return pg.member(role).Type != gjson.Null }

// more tells whether the page says that there are more items.
func (pg *page) more() bool { return pg.member(plan.HasMore).Bool() }

// raw returns the items of a page as they came, by their ids.
func (pg *page) raw() map[string]string {
	items := map[string]string{}
	for _, one := range pg.shown() {
		items[pg.id(one)] = one.Raw
	}
	return items
}
