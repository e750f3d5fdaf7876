package paging

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// questions are about lines of a profile that a list shows. The alternative is the one
// that an answer shows, empty when it is none of them; a list that shows none fails.
var questions = map[string]struct {
	shows plan.Role // what else tells it
	ask   func(*pager, context.Context) (alternative string, pg *page)
}{
	"page_with_cursor":         {"", func(p *pager, ctx context.Context) (string, *page) { return p.pageAnd(ctx, byAfter) }},
	"page_fields":              {plan.CurrentPage, (*pager).filledFields},
	"unknown_cursor":           {"", func(p *pager, ctx context.Context) (string, *page) { return p.unknown(ctx, ask{after: p.list.nobody}) }},
	"empty_list":               {plan.TotalPages, (*pager).emptyList},
	"unrestricted_permissions": {"", (*pager).unrestricted},
	"repeated_parameter":       {"", (*pager).repeatedLimit},
}

// Asked is what a list shows of a line of the profile: empty when it is none of the
// alternatives. Without evidence it shows nothing, for the reason that is open.
type Asked struct{ Alternative, Evidence, Open string }

// Ask asks a list about a line of the profile.
func Ask(ctx context.Context, s *session.Session, o *contract.Operation, id string) Asked {
	return asked(s, o, questions[id].shows, func(p *pager) (string, *page) { return questions[id].ask(p, ctx) })
}

// AskDeleted is Ask about deleted_cursor, with an item of the list that is removed for it.
func AskDeleted(ctx context.Context, s *session.Session, o *contract.Operation, item string, remove func()) Asked {
	return asked(s, o, "", func(p *pager) (is string, pg *page) {
		p.afterDeletion(ctx, item, remove, func(found, _ string, of *page) { is, pg = found, of })
		return is, pg
	})
}

func asked(s *session.Session, o *contract.Operation, shows plan.Role, ask func(*pager) (string, *page)) Asked {
	l := recognise(s, o)
	if l == nil {
		return Asked{}
	}
	p := newPager(&session.Probe{Session: s, Op: o}, l)
	alternative, pg := ask(p)
	if p.err != nil {
		return Asked{Open: cmp.Or(session.GivenUp(p.err), p.err.Error())}
	}
	query := strings.TrimSuffix("?"+call.Query(l.pairs(pg.asked)...), "?") // a credential may be in the URL
	evidence := fmt.Sprintf("%s %s%s answered %d with %d items", o.Method, o.Path, query, pg.Status, len(pg.items))
	if shows != "" {
		evidence += fmt.Sprintf(" and %s %s", l.envelope.Member(shows).Pointer[1:], cmp.Or(pg.member(shows).Raw, "null"))
	}
	return Asked{Alternative: alternative, Evidence: evidence}
}

// wanted words alternatives, where their names do not say enough.
var wanted = map[string]string{
	"reject": "a refusal (4xx)", "empty": "an empty list", "as_unknown": "an answer as to an unknown cursor",
	"resume": "what follows its place", "zero": "total_pages of 0", "one": "total_pages of 1",
}

// assumed judges an answer to a question: it is one of the alternatives, and the one that
// the target assumes, if it does.
func (p *pager) assumed(id, is string, pg *page, neither string) error {
	want := p.Assumed(id)
	switch {
	case is == "":
		f := flawed(pg.Answer, "%d items%s", len(pg.items), neither)
		f.certain = id == "unknown_cursor"
		return f
	case want != "" && is != want:
		return flawed(pg.Answer, "answered %d; %s was to be seen", pg.Status, cmp.Or(wanted[want], want)).beyondChange().under(id)
	}
	return nil
}

func unknownCursor(ctx context.Context, p *pager) {
	for _, made := range []struct{ name, id string }{
		{"a random id", p.list.nobody},
		{"the highest id", "ffffffff-ffff-4fff-bfff-ffffffffffff"},
		{"the lowest id", "00000000-0000-4000-8000-000000000000"},
	} {
		for _, order := range p.list.orders {
			for _, q := range p.list.beside(made.id, ask{order: order}) {
				p.try(ctx, made.name+" with "+q.String(), func() error { return p.asUnknown(ctx, q) })
			}
		}
	}
}

// asUnknown judges the answer to a cursor that names no item.
func (p *pager) asUnknown(ctx context.Context, q ask) error {
	is, pg := p.unknown(ctx, q)
	return p.assumed("unknown_cursor", is, pg, " for a cursor that names no item")
}

// unknown names an item that is not there.
func (p *pager) unknown(ctx context.Context, q ask) (string, *page) {
	if q.after != "" && !p.list.takes(byAfter) {
		p.fail(cannot("no cursor names an item"))
	}
	pg := p.answer(ctx, q)
	switch {
	case pg.Refused():
		return "reject", pg
	case len(pg.items) == 0:
		return "empty", pg
	}
	return "", pg
}

// afterDeletion asks for what is beside an item, and once more when it is removed.
func (p *pager) afterDeletion(ctx context.Context, id string, remove func(), judge func(is, asUnknown string, pg *page)) {
	var was []*page
	for _, q := range p.list.beside(id, ask{order: p.list.orders[0]}) {
		if pg := p.answer(ctx, q); len(pg.items) > 0 {
			was = append(was, pg)
		}
	}
	if was == nil {
		p.fail(cannot("nothing is beside the item"))
	}
	if p.err == nil {
		remove()
	}
	for _, was := range was {
		is := ""
		asUnknown, pg := p.unknown(ctx, was.asked)
		switch {
		case asUnknown != "":
			is = "as_unknown"
		case slices.Equal(pg.items, was.items):
			is = "resume"
		}
		judge(is, asUnknown, pg)
	}
}

// conflictingCursors sends both cursors. No change of data makes another answer right.
func conflictingCursors(ctx context.Context, p *pager) {
	after, before := p.list.by[byAfter], p.list.by[byBefore]
	for _, c := range [][]string{
		{"after the first, before the last", after, "first", before, "last"},
		{"before the last, after the first", before, "last", after, "first"},
		{"after the last, before the first", after, "last", before, "first"},
		{"both the same", after, "first", before, "first"},
		{"both, with a limit", after, "first", before, "last", p.list.limit, strconv.Itoa(p.list.defaultLimit)},
		{"both, with an order", after, "first", before, "last", p.list.order, p.list.defaultOrder},
	} {
		if value := c[len(c)-1]; value == "" || value == "0" {
			continue
		}
		p.try(ctx, c[0], func() error {
			base := p.base(ctx, p.list.orders[0], 1)
			ids, pairs := map[string]string{"first": base.id(0), "last": base.id(-1)}, slices.Clone(c[1:])
			pairs[1], pairs[3] = ids[pairs[1]], ids[pairs[3]]
			a := p.send(ctx, call.Call{Query: call.Query(pairs...)})
			body, _ := items.Decode(a.Body).(map[string]any)
			code, text := p.list.codeProperty, p.list.codeText
			switch {
			case strconv.Itoa(a.Status) != p.list.conflict:
				return flawed(a, "answered %d; the document answers %s to both cursors", a.Status, p.list.conflict).beyondChange()
			case len(a.Violations) == 0 && code != "" && body[code] != text: // its form is another check's
				return flawed(a, "%s is not %s, as in the documented example", code, text).beyondChange()
			}
			return nil
		})
	}
}

func pageWithCursor(ctx context.Context, p *pager) {
	for _, w := range []way{byAfter, byBefore} {
		if p.list.takes(w) {
			p.try(ctx, "page with "+string(w), func() error {
				is, pg := p.pageAnd(ctx, w)
				return p.assumed("page_with_cursor", is, pg, ", neither those of page 1 nor what the cursor asks for")
			})
		}
	}
}

// pageAnd asks for page 1 together with a cursor in the middle, where each alone shows
// another page.
func (p *pager) pageAnd(ctx context.Context, w way) (string, *page) {
	q := ask{order: p.list.orders[0]}
	all := p.fetch(ctx, q)
	if !p.list.takes(w, byPage) || len(all.items) < 3 {
		p.fail(cannot("fewer than three items, or none that page and a cursor ask for"))
		return "", all
	}
	at := len(all.items) / 2
	if w == byBefore {
		at++ // what is before it is not the first page
	}
	q.limit = p.list.smallest
	alone := q.beyond(w, p.known.text(all.items[at]))
	both := alone
	q.page, both.page = 1, 1
	page, cursor, pg := p.fetch(ctx, q), p.fetch(ctx, alone), p.answer(ctx, both)
	switch {
	case slices.Equal(page.items, cursor.items):
		p.fail(cannot("page and cursor alone show the same page"))
	case pg.Refused():
		return "reject", pg
	case slices.Equal(pg.items, page.items):
		return "page_wins", pg
	case slices.Equal(pg.items, cursor.items):
		return "cursor_wins", pg
	}
	return "", pg
}

// filledFields looks whether a page that was not asked for by its number has one.
func (p *pager) filledFields(ctx context.Context) (string, *page) {
	pg, current := p.fetch(ctx, ask{}), p.list.envelope.Member(plan.CurrentPage)
	switch {
	case !p.list.takes(byPage) || current == nil || !current.Nullable || len(pg.items) == 0:
		p.fail(cannot("no list with numbers of pages, which may be left out, holds an item"))
	case !pg.given(plan.CurrentPage):
		return "page_mode_only", pg
	}
	return "always", pg
}

// emptyList asks for a page of nothing, filtered so if need be.
func (p *pager) emptyList(ctx context.Context) (is string, pg *page) {
	for _, filter := range append([]string{""}, p.list.filters...) {
		pg = p.answer(ctx, ask{page: 1, filter: filter})
		if len(pg.items) == 0 && pg.given(plan.TotalPages) {
			return map[int64]string{0: "zero", 1: "one"}[pg.member(plan.TotalPages).Int()], pg
		}
	}
	p.fail(cannot("no list with numbers of pages is empty, nor could be made so by a filter"))
	return "", pg
}

func emptyList(ctx context.Context, p *pager) {
	p.try(ctx, "page 1", func() error {
		is, pg := p.emptyList(ctx)
		return p.assumed("empty_list", is, pg, ", and total_pages is neither 0 nor 1")
	})
}

// repeatedLimit gives a limit twice.
func (p *pager) repeatedLimit(ctx context.Context) (string, *page) {
	if all := p.fetch(ctx, ask{}); p.list.smallest != 1 || len(all.items) < 2 {
		p.fail(cannot("no list with a limit holds two items"))
	}
	pg := p.answer(ctx, ask{limit: 1, again: 2})
	if pg.Refused() {
		return "reject", pg
	}
	return map[int]string{1: "first", 2: "last"}[len(pg.items)], pg
}

// unrestricted looks for a key that may do everything.
func (p *pager) unrestricted(ctx context.Context) (string, *page) {
	const pages = 10 // looked at
	q := ask{}
	for range pages {
		pg := p.fetch(ctx, q)
		for _, key := range pg.shown() {
			if is := key.Get("restricted"); p.list.access && is.IsBool() && !is.Bool() {
				return shownAs(key.Get("permissions")), pg
			}
		}
		if len(pg.items) == 0 || !p.list.takes(byAfter) || !p.list.access {
			break
		}
		q = q.beyond(byAfter, p.known.text(pg.items[len(pg.items)-1]))
	}
	p.fail(cannot("no unrestricted key was listed"))
	return "", nil
}

// shownAs is how the permissions of an unrestricted key are shown.
func shownAs(permissions gjson.Result) string {
	switch {
	case permissions.Type == gjson.Null:
		return "null"
	case permissions.IsArray() && len(permissions.Array()) == 0:
		return "empty"
	}
	return ""
}

func defaultOrder(ctx context.Context, p *pager) {
	p.leftOut(ctx, 2, func(q *ask) string {
		if q.order != p.list.defaultOrder {
			return ""
		}
		q.order = ""
		return "order=" + p.list.defaultOrder
	})
}

func defaultLimit(ctx context.Context, p *pager) {
	p.leftOut(ctx, p.list.defaultLimit+1, func(q *ask) string {
		if q.limit != p.list.defaultLimit {
			return ""
		}
		q.limit = 0
		return fmt.Sprintf("limit=%d", p.list.defaultLimit)
	})
}

// leftOut compares pages asked for with a documented default and without it, as cut takes
// it out of those that have it. Fewer items show nothing when they are the same.
func (p *pager) leftOut(ctx context.Context, items int, cut func(q *ask) (what string)) {
	for _, given := range p.list.asks() {
		left := given
		what := cut(&left)
		if what == "" {
			continue
		}
		p.try(ctx, left.caseName("without "+what), func() error {
			a, b := p.fetch(ctx, left), p.fetch(ctx, given)
			if !slices.Equal(a.items, b.items) {
				return flawed(a.Answer, "without it the page has other items (%d) than with the documented default %s (%d)", len(a.items), what, len(b.items))
			}
			p.base(ctx, p.list.orders[0], items)
			return nil
		})
	}
}
