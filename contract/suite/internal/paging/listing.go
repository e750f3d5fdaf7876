package paging

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listing is an operation that pages by cursors or numbers, as the plan tells, and what
// is kept of it in one run.
type listing struct {
	by           map[way]string // its query parameters; empty: it has none
	limit, order string

	smallest, largest, defaultLimit int      // of limit; 0: the document does not say
	limits                          []int    // worth trying; one of 0 leaves limit out
	orders                          []string // the values of order, newest first in front: walks go from there on
	defaultOrder                    string   // empty: the document does not say
	firstPage                       int      // number of the first page

	envelope  *plan.Listing // what stands beside the array of items
	data      string        // RFC 6901 pointer to it
	filters   []string      // parameters that leave nothing when nothing has their value
	identity  string        // property of the items
	nobody    string        // the id of no item
	created   string        // the items' date of creation; empty: they have none
	lastFour  bool          // the items have last_four_digits
	access    bool          // the items have restricted and permissions
	permitted []string
	lab       bool // the lab can change what is listed

	// The documented refusal of after together with before: its status, and the
	// machine-readable code of its example in a property. Empty: there is none.
	conflict, codeProperty, codeText string

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
	if item := s.Spec.Schema(line.Answer.Item); item != nil && item.Property(c.Identity[0].Property) == nil {
		return nil // it stands deeper in what is listed
	}
	if paging.Opaque { // what a cursor names, only the server knows
		paging.After, paging.Before = "", ""
	}
	if paging.After == "" && paging.Page == "" {
		return nil
	}
	l := &listing{
		by: map[way]string{byAfter: paging.After, byBefore: paging.Before, byPage: paging.Page}, limit: paging.Limit, firstPage: paging.FirstPage,
		limits: []int{0}, orders: []string{""}, data: line.Answer.Data, envelope: line.List,
		identity: c.Identity[0].Property, nobody: items.Nobody(c), created: c.Created, told: map[string]report.Finding{},
	}
	l.readLimits(paging)
	if order := line.List.Order; order != nil && order.Ascending != "" && order.Descending != "" {
		l.order, l.orders, l.defaultOrder = order.Parameter, []string{order.Descending, order.Ascending}, order.Default
	}
	for _, f := range line.List.Filters {
		if f.Match == plan.Contains || f.Match == plan.Equal {
			l.filters = append(l.filters, f.Parameter)
		}
	}
	l.readKeys(s.Spec.Schema(line.Answer.Item))
	if l.takes(byAfter, byBefore) {
		l.readConflict(line)
	}
	l.lab = s.Target.Lab != nil && len(o.Security) > 0 && (l.lastFour || l.access)
	return l
}

// readLimits picks sizes of pages worth trying, the largest last.
func (l *listing) readLimits(paging plan.Paging) {
	if l.limit == "" {
		return
	}
	for at, n := range map[*int]*int{&l.smallest: paging.Min, &l.largest: paging.Max, &l.defaultLimit: paging.Default} {
		if n != nil {
			*at = *n
		}
	}
	l.smallest, l.largest, l.limits = max(l.smallest, 1), max(l.largest, l.defaultLimit), nil
	for _, n := range []int{1, 2, 3, 7, l.defaultLimit, l.largest} {
		if (n == l.largest || n >= l.smallest && (paging.Max == nil || n < l.largest)) && !slices.Contains(l.limits, n) {
			l.limits = append(l.limits, n)
		}
	}
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
	speaks := func(e plan.Example, of way) bool {
		return regexp.MustCompile(`\b` + regexp.QuoteMeta(l.by[of]) + `\b`).Match(e.Value)
	}
	for _, r := range line.Errors {
		i := slices.IndexFunc(r.Examples, func(e plan.Example) bool { return speaks(e, byAfter) && speaks(e, byBefore) })
		if len(r.Status) != 3 || r.Status[0] != '4' || strings.HasSuffix(r.Status, "XX") || i < 0 {
			continue
		}
		l.conflict = r.Status
		var body map[string]any
		_ = json.Unmarshal(r.Examples[i].Value, &body) // an example that is no object has no code
		for name, v := range body {
			if text, is := v.(string); is && strings.HasSuffix(name, "code") {
				l.codeProperty, l.codeText = name, text
			}
		}
		return
	}
}

// takes tells whether pages can be asked for in each of those ways.
func (l *listing) takes(ways ...way) bool {
	return !slices.ContainsFunc(ways, func(w way) bool { return l.by[w] == "" })
}

// has tells whether pages have one of those members.
func (l *listing) has(roles ...plan.Role) bool {
	return slices.ContainsFunc(roles, func(r plan.Role) bool { return l.envelope.Member(r) != nil })
}

// asks lists the asks with each order and each limit.
func (l *listing) asks() []ask {
	var list []ask
	for _, order := range l.orders {
		for _, limit := range l.limits {
			list = append(list, ask{limit: limit, order: order})
		}
	}
	return list
}

// beside asks for what is after an item and what is before it, as far as that can be asked.
func (l *listing) beside(id string, q ask) []ask {
	var list []ask
	for _, w := range []way{byAfter, byBefore} {
		if l.takes(w) {
			list = append(list, q.beyond(w, id))
		}
	}
	return list
}
