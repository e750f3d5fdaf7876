package paging

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"

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

func (q ask) query() string {
	var pairs []string
	for _, one := range [][2]string{{"after", q.after}, {"before", q.before}, {"page", strconv.Itoa(q.page)}, {"limit", strconv.Itoa(q.limit)}, {"order", q.order}} {
		if one[1] != "" && one[1] != "0" {
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
	gjson.ParseBytes(pg.Body).ForEach(func(name, value gjson.Result) bool {
		number := nullable{true, value.Type == gjson.Null, value.Int()}
		switch name.Str {
		case p.list.items:
			value.ForEach(func(_, one gjson.Result) bool {
				p.decodeItem(pg, one)
				return true
			})
		case "has_more":
			pg.more = number
		case "first_id":
			pg.first = p.decodeCursor(value)
		case "last_id":
			pg.last = p.decodeCursor(value)
		case "current_page":
			pg.current = number
		case "total_pages":
			pg.total = number
		}
		return true
	})
}

func (p *pager) decodeCursor(value gjson.Result) cursor {
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
		case "id":
			read.id = p.known.identify(value.String())
		case p.list.created:
			read.created = instant(value.Str)
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
	gjson.ParseBytes(pg.Body).ForEach(func(name, value gjson.Result) bool {
		if name.Str == p.list.items {
			value.ForEach(func(_, one gjson.Result) bool {
				items[p.known.identify(one.Get("id").String())] = one.Raw
				return true
			})
		}
		return true
	})
	return items
}

// instant reads a date, whatever its offset and precision.
func instant(text string) int64 {
	at, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
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
