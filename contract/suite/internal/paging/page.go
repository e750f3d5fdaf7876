package paging

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// ask is what a page is asked for by; what is zero is left out.
type ask struct {
	after, before string
	page, limit   int // pages are counted from 1 here
	order         string
}

// behind asks for what is after an item, ahead for what is before it.
func (q ask) behind(id string) ask {
	q.after = id
	return q
}

func (q ask) ahead(id string) ask {
	q.before = id
	return q
}

// beside asks for both, one after the other.
func (q ask) beside(id string) []ask { return []ask{q.behind(id), q.ahead(id)} }

// cursor is the item that is named; empty: none is.
func (q ask) cursor() string { return q.after + q.before }

// query writes the ask with the parameters of a listing.
func (l *listing) query(q ask) string {
	var pairs []string
	add := func(given bool, name, value string) {
		if given {
			pairs = append(pairs, name, value)
		}
	}
	add(q.after != "", l.after, q.after)
	add(q.before != "", l.before, q.before)
	add(q.page != 0, l.page, strconv.Itoa(q.page+l.firstPage-1))
	add(q.limit > 0, l.limit, strconv.Itoa(q.limit))
	add(q.order != "", l.order, q.order)
	return call.Query(pairs...)
}

// String names the parameters, without what differs between two runs.
func (q ask) String() string {
	named := listing{after: "after", before: "before", page: "page", limit: "limit", order: "order"}
	var names []string
	for pair := range strings.SplitSeq(named.query(q), "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name == named.order {
			name += "=" + value
		}
		names = append(names, name)
	}
	if text := strings.Join(names, " "); text != "" {
		return text
	}
	return "no parameters"
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
	list    *listing
	asked   ask
	root    gjson.Result
	items   []uint32 // their numbers
	created []int64  // and dates, as [instant] reads them
}

// decode reads the items of a page.
func (p *pager) decode(pg *page) {
	pg.root = gjson.ParseBytes(pg.Body)
	for _, one := range pg.shown() {
		created := noDate
		if p.list.created != "" {
			created = instant(one.Get(gjson.Escape(p.list.created)))
		}
		pg.created = append(pg.created, created)
		pg.items = append(pg.items, p.known.add(pg.id(one), created))
	}
}

// shown lists the items of a page as they came.
func (pg *page) shown() []gjson.Result { return call.Part(pg.root, pg.list.data).Array() }

// id is that of an item as it came.
func (pg *page) id(one gjson.Result) string { return one.Get(gjson.Escape(pg.list.identity)).String() }

// member is what stands beside the items: nothing where the page or the document lacks it.
func (pg *page) member(role plan.Role) gjson.Result {
	pointer, has := pg.list.members[role]
	if !has {
		return gjson.Result{}
	}
	return call.Part(pg.root, pointer)
}

// given tells whether a member is there and filled.
func (pg *page) given(role plan.Role) bool { return pg.member(role).Type != gjson.Null }

// more tells whether the page says that there are more items.
func (pg *page) more() bool { return pg.member(plan.HasMore).Bool() }

// noDate stands for a date of creation that is missing or cannot be read.
const noDate int64 = -1 << 63

// instant reads a date, whatever its offset and precision.
func instant(v gjson.Result) int64 {
	if v.Type == gjson.Number {
		return v.Int()
	}
	at, zoned, ok := spec.Instant(v.Str)
	if !ok || !zoned {
		return noDate
	}
	return at.UnixNano()
}

// json returns the items of a page as they came, by their ids.
func (pg *page) json() map[string]string {
	items := map[string]string{}
	for _, one := range pg.shown() {
		items[pg.id(one)] = one.Raw
	}
	return items
}
