package paging

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listing is an operation that pages, as its parameters and its response tell:
// what it has of the words the checks know.
type listing struct {
	after, before, page, limit, order bool // its query parameters

	minLimit, maxLimit, defaultLimit int    // of limit; 0: the document does not say
	defaultOrder                     string // of order; empty: the document does not say

	items     string // the property that holds the items
	hasMore   bool   // has_more is documented
	bounds    bool   // first_id or last_id is
	numbers   bool   // current_page or total_pages is
	created   string // the items' date of creation; empty: they have none
	lastFour  bool   // the items have last_four_digits
	access    bool   // the items have restricted and permissions
	permitted []string

	conflict *conflict
}

// conflict is the documented refusal of after together with before.
type conflict struct {
	status         int
	property, code string // the machine-readable code of the example; empty: it has none
}

// The orders a listing may be asked for. Without a parameter for it, an order
// is empty.
const (
	ascending  = "asc"
	descending = "desc"
)

// main is the order walks are made in: the newest end first, so that what is
// created meanwhile lies behind the walker.
func (l *listing) main() string {
	if l.order {
		return descending
	}
	return ""
}

// orders lists the orders a listing has.
func (l *listing) orders() []string {
	if l.order {
		return []string{descending, ascending}
	}
	return []string{""}
}

// largest is the most items a page may be asked for; 0 leaves limit out.
func (l *listing) largest() int {
	if l.limit {
		return max(l.maxLimit, l.defaultLimit)
	}
	return 0
}

// limits are the sizes of pages worth trying besides the largest.
func (l *listing) limits() []int {
	if !l.limit {
		return []int{0}
	}
	var list []int
	for _, n := range []int{1, 2, 3, 7, l.defaultLimit} {
		if n >= max(l.minLimit, 1) && (l.maxLimit == 0 || n <= l.maxLimit) && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// smallest is the fewest items a page may be asked for; 0 leaves limit out.
func (l *listing) smallest() int {
	if l.limit {
		return max(l.minLimit, 1)
	}
	return 0
}

// asks lists the asks with each order and each of some limits.
func (l *listing) asks(limits []int) []ask {
	var list []ask
	for _, order := range l.orders() {
		for _, limit := range limits {
			list = append(list, ask{limit: limit, order: order})
		}
	}
	return list
}

// keys tells whether the items are keys.
func (l *listing) keys() bool { return l.lastFour || l.access }

// baseWay is the way that finds the whole list.
func (l *listing) baseWay() way {
	if l.after {
		return byAfter
	}
	return byPage
}

var conflictWords = [2]*regexp.Regexp{regexp.MustCompile(`\bafter\b`), regexp.MustCompile(`\bbefore\b`)}

// listingOf recognises an operation that pages; nil: it does not.
func (r *room) listingOf(s *session.Session, o *contract.Operation) *listing {
	l, known := r.listings[o]
	if !known {
		l = recognise(s.Document, o)
		r.listings[o] = l
	}
	return l
}

func recognise(d *call.Document, o *contract.Operation) *listing {
	if o.Method != http.MethodGet {
		return nil
	}
	l := &listing{}
	for _, p := range o.Parameters {
		if p.In != "query" {
			continue
		}
		switch p.Name {
		case "after":
			l.after = true
		case "before":
			l.before = true
		case "page":
			l.page = true
		case "limit":
			l.limit = true
			l.readLimit(d.Schema(p.Pointer))
		case "order":
			l.readOrder(d.Schema(p.Pointer))
		default:
			if p.Required {
				return nil // nobody told what to send for it
			}
		}
	}
	if !l.after && !l.page || !l.readBody(d, o) {
		return nil
	}
	l.conflict = conflictOf(o)
	return l
}

func (l *listing) readLimit(schema *spec.Schema) {
	whole := branch(schema, call.IntegerKind)
	if whole == nil {
		return
	}
	read := func(text json.Number) int {
		n, err := strconv.Atoi(string(text))
		if err != nil {
			return 0
		}
		return n
	}
	if whole.Minimum != nil {
		l.minLimit = read(whole.Minimum.Number)
	}
	if whole.Maximum != nil {
		l.maxLimit = read(whole.Maximum.Number)
	}
	if schema.Default != nil {
		number, _ := (*schema.Default).(json.Number)
		l.defaultLimit = read(number)
	}
}

func (l *listing) readOrder(schema *spec.Schema) {
	l.order = schema != nil && slices.Contains(schema.Enum, any(ascending)) && slices.Contains(schema.Enum, any(descending))
	if l.order && schema.Default != nil {
		l.defaultOrder, _ = (*schema.Default).(string)
	}
}

// readBody looks for the items and what goes with them in the documented
// answer; false: it has no items with an id.
func (l *listing) readBody(d *call.Document, o *contract.Operation) bool {
	for _, r := range o.Responses {
		for _, c := range r.Content {
			if !strings.HasPrefix(r.Status, "2") || !strings.Contains(c.Name, "json") {
				continue
			}
			page := properties(d.Schema(c.Pointer))
			if !l.readItems(page) {
				continue
			}
			has := func(name string) bool { return property(page, name) != nil }
			l.hasMore = has("has_more")
			l.bounds = has("first_id") || has("last_id")
			l.numbers = has("current_page") || has("total_pages")
			return true
		}
	}
	return false
}

// readItems finds the property that holds objects with an id.
func (l *listing) readItems(page []spec.Property) bool {
	for _, p := range page {
		array := branch(p.Schema, call.ArrayKind)
		if array == nil {
			continue
		}
		item := properties(array.Items())
		if property(item, "id") == nil {
			continue
		}
		l.items = p.Name
		for _, q := range item {
			date := branch(q.Schema, call.StringKind)
			if strings.HasPrefix(q.Name, "created") && date != nil && date.Format == "date-time" && l.created == "" {
				l.created = q.Name
			}
		}
		permissions := property(item, "permissions")
		l.lastFour = property(item, "last_four_digits") != nil
		l.access = property(item, "restricted") != nil && permissions != nil
		if list := branch(permissions, call.ArrayKind); list != nil && list.Items() != nil {
			for _, v := range list.Items().Enum {
				if text, is := v.(string); is {
					l.permitted = append(l.permitted, text)
				}
			}
		}
		return true
	}
	return false
}

// conflictOf finds the documented answer to both cursors: a 4xx whose example
// speaks of both.
func conflictOf(o *contract.Operation) *conflict {
	for _, r := range o.Responses {
		status, err := strconv.Atoi(r.Status)
		if err != nil || status < 400 || status > 499 {
			continue
		}
		for _, c := range r.Content {
			for _, e := range c.Examples {
				if !conflictWords[0].Match(e.Value) || !conflictWords[1].Match(e.Value) {
					continue
				}
				found := &conflict{status: status}
				var body map[string]any
				if json.Unmarshal(e.Value, &body) == nil {
					for name, v := range body {
						if text, is := v.(string); is && strings.HasSuffix(name, "code") {
							found.property, found.code = name, text
						}
					}
				}
				return found
			}
		}
	}
	return nil
}

// taken leaves out asks that have parameters a listing does not have.
func (l *listing) taken(asks ...ask) []ask {
	return slices.DeleteFunc(asks, func(q ask) bool {
		return q.after != "" && !l.after || q.before != "" && !l.before || q.page != 0 && !l.page
	})
}

// branch is the schema, or the first alternative of it, that is for a type; nil:
// there is none.
func branch(s *spec.Schema, kind string) *spec.Schema {
	if s == nil {
		return nil
	}
	for _, form := range s.Forms() {
		if slices.Contains(form.Types, kind) {
			return form
		}
	}
	return nil
}

// properties are those of objects that a schema describes, by name.
func properties(s *spec.Schema) []spec.Property {
	if s == nil {
		return nil
	}
	all := s.AllProperties()
	slices.SortFunc(all, func(a, b spec.Property) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// property is the schema of a property; nil: there is none.
func property(all []spec.Property, name string) *spec.Schema {
	for _, p := range all {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}
