package paging

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// ask is what a page is asked for by; what is zero is left out.
type ask struct {
	after, before string
	page, limit   int
	order         string
}

// beside asks for what is after an item, and for what is before it.
func (q ask) beside(id string) []ask {
	after, before := q, q
	after.after, before.before = id, id
	return []ask{after, before}
}

// query writes the ask with the parameters of a listing. Pages are counted from 1 here.
func (l *listing) query(q ask) string {
	var pairs []string
	number := strconv.Itoa(q.page + l.firstPage - 1)
	if q.page == 0 {
		number = ""
	}
	for _, one := range [][2]string{{l.after, q.after}, {l.before, q.before}, {l.page, number}, {l.limit, strconv.Itoa(max(q.limit, 0))}, {l.order, q.order}} {
		if one[1] != "" && (one[1] != "0" || one[0] == l.page) {
			pairs = append(pairs, one[:]...)
		}
	}
	return call.Query(pairs...)
}

// String names the parameters, without what differs between two runs.
func (q ask) String() string {
	var names []string
	add := func(given bool, name string) {
		if given {
			names = append(names, name)
		}
	}
	add(q.after != "", "after")
	add(q.before != "", "before")
	add(q.page != 0, "page")
	add(q.limit != 0, "limit")
	add(q.order != "", "order="+q.order)
	if len(names) == 0 {
		return "no parameters"
	}
	return strings.Join(names, " ")
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

// page is one page of items as it came.
type page struct {
	*session.Answer
	root           gjson.Result
	asked          ask
	items          []item
	keys           []keyItem
	more           nullable // 1 for true, 0 for false
	first, last    cursor
	current, total nullable
}

// nullable is an integer that may be missing or null.
type nullable struct {
	there, null bool
	n           int64
}

func (n nullable) given() bool { return n.there && !n.null }

// cursor is first_id or last_id, which may be missing or null.
type cursor struct {
	there, null bool
	id          itemID
}

// decode reads of a page what the checks need. The body is known to be JSON that
// fits its schema.
func (p *pager) decode(pg *page) {
	for _, one := range p.itemsOf(pg) {
		p.decodeItem(pg, one)
	}
	member := func(role plan.Role) gjson.Result {
		pointer, has := p.list.members[role]
		if !has {
			return gjson.Result{}
		}
		return call.Part(pg.root, pointer)
	}
	number := func(role plan.Role) nullable {
		v := member(role)
		return nullable{v.Exists(), v.Type == gjson.Null, v.Int()}
	}
	pg.more, pg.current, pg.total = number(plan.HasMore), number(plan.CurrentPage), number(plan.TotalPages)
	pg.first, pg.last = p.decodeCursor(member(plan.FirstID)), p.decodeCursor(member(plan.LastID))
}

// itemsOf lists the items of a page as they came.
func (p *pager) itemsOf(pg *page) []gjson.Result {
	if !pg.root.Exists() {
		pg.root = gjson.ParseBytes(pg.Body)
	}
	return call.Part(pg.root, p.list.data).Array()
}

func (p *pager) decodeCursor(value gjson.Result) cursor {
	if !value.Exists() {
		return cursor{}
	}
	if value.Type == gjson.Null || value.String() == "" {
		return cursor{there: true, null: true}
	}
	return cursor{there: true, id: p.known.identify(value.String())}
}

func (p *pager) decodeItem(pg *page, one gjson.Result) {
	read := item{created: noDate}
	var key keyItem
	one.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case p.list.identity:
			read.id = p.known.identify(value.String())
		case p.list.created:
			read.created = instant(value)
		default:
			key.decode(name.Str, value)
		}
		return true
	})
	pg.items = append(pg.items, read)
	if key != (keyItem{}) {
		pg.keys = append(pg.keys, key)
	}
}

// jsonOf returns the items of a page as they came, by their ids.
func (p *pager) jsonOf(pg *page) map[itemID]string {
	items := map[itemID]string{}
	for _, one := range p.itemsOf(pg) {
		items[p.known.identify(one.Get(gjson.Escape(p.list.identity)).String())] = one.Raw
	}
	return items
}

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

// keyItem is what an item of a page shows of a key.
type keyItem struct {
	shows             bool // last_four_digits
	digits            int  // how many characters that are
	known, restricted bool // known: restricted is a boolean
	list, filled      bool // permissions is a list; is neither missing nor null
	count             int  // of the permissions
}

// decode reads a property of the item.
func (k *keyItem) decode(name string, value gjson.Result) {
	switch name {
	case "last_four_digits":
		k.shows, k.digits = true, utf8.RuneCountInString(value.Str)
	case "restricted":
		k.known, k.restricted = value.IsBool(), value.Bool()
	case "permissions":
		k.filled, k.list = value.Type != gjson.Null, value.IsArray()
		value.ForEach(func(_, _ gjson.Result) bool { k.count++; return true })
	}
}
