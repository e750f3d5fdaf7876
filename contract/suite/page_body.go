package suite

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// ask is what a page is asked for by; what is zero is left out.
type ask struct {
	after, before string
	page, limit   int
	order         string
}

func (q ask) query() string {
	var pairs []string
	add := func(name, value string) {
		if value != "" && value != "0" {
			pairs = append(pairs, name, value)
		}
	}
	add("after", q.after)
	add("before", q.before)
	add("page", strconv.Itoa(q.page))
	add("limit", strconv.Itoa(q.limit))
	add("order", q.order)
	return query(pairs...)
}

// String names the parameters, without what differs between two runs.
func (q ask) String() string {
	var b strings.Builder
	for _, part := range []struct {
		given bool
		text  string
	}{
		{q.after != "", " after"}, {q.before != "", " before"}, {q.page != 0, " page"},
		{q.limit != 0, " limit"}, {q.order != "", " order=" + q.order},
	} {
		if part.given {
			b.WriteString(part.text)
		}
	}
	if b.Len() == 0 {
		return "no parameters"
	}
	return b.String()[1:]
}

// page is one page of items as it came. The body is gone.
type page struct {
	asked       ask
	request     *http.Request
	status      int
	items       []item
	more        nullable // 1 for true, 0 for false
	first, last cursor
	current     nullable
	total       nullable
	keys        keyFacts
}

// answer is what a finding shows of a page.
func (pg *page) answer() *answer { return &answer{request: pg.request, status: pg.status} }

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

// access is what an item says of its permissions.
type access struct {
	restricted, known bool // known: restricted is a boolean
	list              bool // permissions is a list
	filled            bool // permissions is neither missing nor null
	count             int
}

// decode reads of a body what the checks need. The body is known to be JSON that
// fits its schema.
func (w *world) decode(pg *page, body []byte) {
	gjson.ParseBytes(body).ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case w.list.items:
			value.ForEach(func(_, one gjson.Result) bool {
				pg.items = append(pg.items, w.decodeItem(pg, one))
				return true
			})
		case "has_more":
			pg.more = nullable{there: true, null: value.Type == gjson.Null}
			if value.Bool() {
				pg.more.n = 1
			}
		case "first_id":
			pg.first = w.decodeCursor(value)
		case "last_id":
			pg.last = w.decodeCursor(value)
		case "current_page":
			pg.current = nullable{true, value.Type == gjson.Null, value.Int()}
		case "total_pages":
			pg.total = nullable{true, value.Type == gjson.Null, value.Int()}
		}
		return true
	})
}

func (w *world) decodeCursor(value gjson.Result) cursor {
	if value.Type == gjson.Null || value.String() == "" {
		return cursor{there: true, null: true}
	}
	return cursor{there: true, id: w.known.identify(value.String())}
}

func (w *world) decodeItem(pg *page, one gjson.Result) item {
	read := item{created: noDate}
	var rights access
	one.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "id":
			read.id = w.known.identify(value.String())
		case w.list.created:
			read.created = instant(value.Str)
		case "last_four_digits":
			pg.keys.shown(value.Str)
		case "restricted":
			rights.known, rights.restricted = value.IsBool(), value.Bool()
		case "permissions":
			rights.filled, rights.list = value.Type != gjson.Null, value.IsArray()
			value.ForEach(func(_, _ gjson.Result) bool { rights.count++; return true })
		}
		return true
	})
	if rights.known {
		pg.keys.allows(rights, len(w.list.permitted))
	}
	return read
}

// instant reads a date, whatever its offset and precision.
func instant(text string) int64 {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, strings.ToUpper(text))
	}
	if err != nil {
		return noDate
	}
	return at.UnixNano()
}
