package paging

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listing is an operation that pages by cursors or numbers, as the plan tells, and what
// is kept of it in one run.
type listing struct {
	after, before, page, limit, order string // its query parameters; empty: it has none

	minLimit, maxLimit, defaultLimit int    // of limit; 0: the document does not say
	ascending, descending            string // the values of order; walks go from the newest item on
	defaultOrder                     string // of order; empty: the document does not say
	firstPage                        int    // number of the first page

	data      string               // RFC 6901 pointer to the array of items
	members   map[plan.Role]string // pointers to what stands beside it
	identity  string               // property of the items
	created   string               // the items' date of creation; empty: they have none
	lastFour  bool                 // the items have last_four_digits
	access    bool                 // the items have restricted and permissions
	permitted []string
	lab       bool // the lab can change what is listed

	// The documented refusal of after together with before: its status, and the
	// machine-readable code of its example in a property. 0 and empty: there is none.
	conflict               int
	codeProperty, codeText string

	lists    []*pager                  // to page through, once made
	failures int                       // of the check at work
	told     map[string]report.Finding // by what they say, but for numbers
}

// recognise reads an operation that pages; nil: it does not, or its items cannot be
// told apart by one property.
func recognise(s *session.Session, o *contract.Operation) *listing {
	line := s.Line(o)
	if line == nil || line.List == nil || !line.Answer.Items || o.Method != http.MethodGet {
		return nil
	}
	c, paging := s.Shown(line), line.List.Paging
	if c == nil || len(c.Identity) != 1 || c.Identity[0].Property == "" {
		return nil
	}
	l := &listing{
		after: paging.After, before: paging.Before, page: paging.Page, limit: paging.Limit, firstPage: paging.FirstPage,
		data: line.Answer.Data, members: map[plan.Role]string{}, identity: c.Identity[0].Property, created: c.Created,
		told: map[string]report.Finding{},
	}
	if paging.Opaque { // what a cursor names, only the server knows
		l.after, l.before = "", ""
	}
	if l.after == "" && l.page == "" {
		return nil
	}
	for at, n := range map[*int]*int{&l.minLimit: paging.Min, &l.maxLimit: paging.Max, &l.defaultLimit: paging.Default} {
		if n != nil {
			*at = *n
		}
	}
	if order := line.List.Order; order != nil && order.Ascending != "" && order.Descending != "" {
		l.order, l.ascending, l.descending, l.defaultOrder = order.Parameter, order.Ascending, order.Descending, order.Default
	}
	for _, m := range line.List.Members {
		l.members[m.Role] = m.Pointer
	}
	l.readKeys(s.Spec.Schema(line.Answer.Item))
	l.readConflict(line)
	l.lab = s.Target.Lab != nil && len(o.Security) > 0 && (l.lastFour || l.access)
	return l
}

// readKeys looks for what only keys have.
func (l *listing) readKeys(item *spec.Schema) {
	properties := map[string]*spec.Schema{}
	for _, p := range item.AllProperties() {
		properties[p.Name] = p.Schema
	}
	permissions := properties["permissions"]
	l.lastFour = properties["last_four_digits"] != nil
	l.access = permissions != nil && properties["restricted"] != nil
	if !l.access {
		return
	}
	for _, form := range permissions.Forms() {
		if form.Items() == nil {
			continue
		}
		for _, v := range form.Items().Enum {
			if text, is := v.(string); is {
				l.permitted = append(l.permitted, text)
			}
		}
	}
}

// readConflict finds the documented answer to both cursors: a 4xx whose example speaks
// of both.
func (l *listing) readConflict(line *plan.Line) {
	if l.after == "" || l.before == "" {
		return
	}
	after, before := regexp.MustCompile(`\b`+regexp.QuoteMeta(l.after)+`\b`), regexp.MustCompile(`\b`+regexp.QuoteMeta(l.before)+`\b`)
	for _, r := range line.Errors {
		status, err := strconv.Atoi(r.Status)
		if err != nil || status < 400 || status > 499 {
			continue
		}
		for _, e := range r.Examples {
			if !after.Match(e.Value) || !before.Match(e.Value) {
				continue
			}
			l.conflict = status
			var body map[string]any
			_ = json.Unmarshal(e.Value, &body) // an example that is no object has no code
			for name, v := range body {
				if text, is := v.(string); is && strings.HasSuffix(name, "code") {
					l.codeProperty, l.codeText = name, text
				}
			}
			return
		}
	}
}

func (l *listing) has(roles ...plan.Role) bool {
	return slices.ContainsFunc(roles, func(r plan.Role) bool { _, has := l.members[r]; return has })
}

// orders lists the orders a listing has, the one walks are made in first: with the newest
// end in front, what is created meanwhile lies behind the walker.
func (l *listing) orders() []string {
	if l.order != "" {
		return []string{l.descending, l.ascending}
	}
	return []string{""}
}

// largest is the most items a page may be asked for; 0 leaves limit out.
func (l *listing) largest() int {
	if l.limit == "" {
		return 0
	}
	return max(l.maxLimit, l.defaultLimit)
}

// smallest is the fewest items a page may be asked for; 0 leaves limit out.
func (l *listing) smallest() int {
	if l.limit == "" {
		return 0
	}
	return max(l.minLimit, 1)
}

// limits are the sizes of pages worth trying besides the largest.
func (l *listing) limits() []int {
	if l.limit == "" {
		return []int{0}
	}
	var list []int
	for _, n := range []int{1, 2, 3, 7, l.defaultLimit} {
		if n >= l.smallest() && (l.maxLimit == 0 || n <= l.maxLimit) && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// asks lists the asks with each order and each of the limits.
func (l *listing) asks() []ask {
	var list []ask
	for _, order := range l.orders() {
		for _, limit := range l.limits() {
			list = append(list, ask{limit: limit, order: order})
		}
	}
	return list
}

// asksWithLargest are those, and also those of the largest pages.
func (l *listing) asksWithLargest() []ask {
	list := l.asks()
	for _, order := range l.orders() {
		list = append(list, ask{limit: l.largest(), order: order})
	}
	return list
}

// taken leaves out asks that have parameters a listing does not have.
func (l *listing) taken(asks ...ask) []ask {
	return slices.DeleteFunc(asks, func(q ask) bool {
		return q.after != "" && l.after == "" || q.before != "" && l.before == "" || q.page != 0 && l.page == ""
	})
}
