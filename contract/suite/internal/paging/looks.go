package paging

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// errUntold is what a look says of a page that does not show what it looks for.
var errUntold error = session.CannotError("the page does not tell")

// looks are at every page, whatever check asked for it, by the check that reports them.
// The error is a *flaw, or errUntold.
var looks = map[string][]func(*page) error{
	"page_numbers":             {current},
	"page_order":               {func(pg *page) error { return inOrder(pg, pg.items) }},
	"page_bounds":              {bound("first_id", plan.FirstID), bound("last_id", plan.LastID)},
	"page_limit":               {limited},
	"page_fields":              {fields},
	"last_four_digits":         {digits},
	"restricted_permissions":   {bare, listed},
	"unrestricted_permissions": {shownAsAssumed},
}

// seen is what a check that looks at every page has seen so far.
type seen struct {
	passed int
	flaws  []*flaw
}

// look looks at a page.
func (pg *page) look() {
	for id, all := range looks {
		for _, judge := range all {
			pg.p.note(id, pg, judge(pg))
		}
	}
	if limit := pg.asked.limit; limit > 0 && pg.more() && pg.asked.before == "" {
		pg.p.sizes[limit] = append(pg.p.sizes[limit], len(pg.items))
	}
}

// note keeps what a look says of a page for the check that reports it.
func (p *pager) note(id string, pg *page, err error) {
	s := p.seen[id]
	if s == nil {
		s = &seen{}
	}
	f, is := err.(*flaw) //nolint:errorlint // never wrapped
	switch {
	case err == nil:
		s.passed++
	case !is:
		return
	case f.name == "":
		f.name = pg.asked.String()
		fallthrough
	default:
		if len(s.flaws) < maxFlaws && !slices.ContainsFunc(s.flaws, func(other *flaw) bool { return other.name == f.name }) {
			s.flaws = append(s.flaws, f)
		}
	}
	p.seen[id] = s
}

// eachPage is a check that asks for pages of all kinds, then reports what was seen on all
// so far, or why there is nothing to report.
func eachPage(otherwise string) look {
	return func(ctx context.Context, p *pager) {
		if p.try(ctx, "pages to look at", func() error { p.askEach(ctx); return nil }) {
			p.tell(otherwise)
		}
	}
}

// askEach asks for the whole list in each order, and for pages with each limit, by
// number, and around the middle.
func (p *pager) askEach(ctx context.Context) {
	asks := append(p.list.asks(), ask{})
	if p.list.takes(byPage) {
		asks = append(asks, ask{page: 1})
	}
	for _, order := range p.list.orders {
		if base := p.base(ctx, order, 0); len(base.items) > 0 {
			asks = append(asks, p.list.beside(base.id(len(base.items)/2), ask{order: order})...)
		}
	}
	for _, q := range asks {
		p.answer(ctx, q)
	}
}

// tell reports what was seen for the check so far, or that there was nothing.
func (p *pager) tell(otherwise string) {
	s := p.seen[p.Check.ID]
	switch {
	case p.err != nil || p.list.failures >= maxFlaws:
		return
	case s == nil:
		p.Skip(otherwise)
		return
	}
	p.Report.Pass(p.Check.ID, p.Op.Name(), s.passed)
	for _, f := range s.flaws {
		p.blame(f.name, f)
	}
}

func pageNumbers(ctx context.Context, p *pager) {
	eachSpot(atEnds(byPage), counts)(ctx, p)
	p.tell("current_page was not told")
}

// current judges current_page where a page was asked for and is there.
func current(pg *page) error {
	if pg.asked.page == 0 || !pg.given(plan.CurrentPage) || len(pg.items) == 0 || pg.asked.cursor() != "" {
		return errUntold
	}
	if is := pg.member(plan.CurrentPage).Int(); is != int64(pg.asked.page+pg.p.list.firstPage-1) {
		return flawed(pg.Answer, "current_page is %d, and page %d was asked for", is, pg.asked.page).in("current_page")
	}
	return nil
}

// inOrder judges the dates of items that follow each other on a page, or from the page
// before it to it.
func inOrder(pg *page, items []uint32) error {
	p, order := pg.p, pg.asked.order
	if order == "" {
		order = p.list.defaultOrder
	}
	if p.list.created == "" || order == "" {
		return errUntold
	}
	err := errUntold
	for i := 1; i < len(items); i++ {
		newer, older, than := p.known.dates[items[i-1]], p.known.dates[items[i]], "earlier"
		if order == p.list.orders[len(p.list.orders)-1] {
			newer, older, than = older, newer, "later"
		}
		switch {
		case newer == noDate || older == noDate || newer == older:
		case newer < older:
			return flawed(pg.Answer, "item %s comes before %s although %s of it is %s", p.known.text(items[i-1]), p.known.text(items[i]), p.list.created, than)
		default:
			err = nil
		}
	}
	return err
}

// bound judges first_id or last_id. Missing is open; null is, too, where a caller has
// no use for them: without items, and without a cursor.
func bound(name string, role plan.Role) func(*page) error {
	return func(pg *page) error {
		is, n, at := pg.member(role), len(pg.items), 0
		if role == plan.LastID {
			at = n - 1
		}
		null, of := is.String() == "", name+" with "+pg.asked.String()
		switch {
		case !is.Exists(), n > 0 && null && pg.asked.cursor() == "":
			return errUntold
		case n == 0 && !null:
			return flawed(pg.Answer, "%s names an item, and the page has none", name).in(of)
		case n > 0 && null:
			return flawed(pg.Answer, "%s is null, and the page has %d items", name, n).in(of)
		case n > 0 && is.String() != pg.id(pg.shown()[at]):
			return flawed(pg.Answer, "%s is not the id of item %d of %d", name, at+1, n).in(of)
		}
		return nil
	}
}

// limited judges that a page is not longer than its limit.
func limited(pg *page) error {
	switch limit := pg.asked.limit; {
	case limit == 0:
		return errUntold
	case len(pg.items) > limit:
		return flawed(pg.Answer, "%d items where at most %d were asked for", len(pg.items), limit)
	}
	return nil
}

// pageSize looks for a limit that is cut down always. That one page or another
// is short while there is more is open.
func pageSize(ctx context.Context, p *pager) {
	p.askEach(ctx)
	for _, limit := range p.list.limits {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			pg, all := p.fetch(ctx, ask{limit: limit}), p.sizes[limit]
			switch {
			case len(all) < 2:
				return cannot("fewer than two pages of this limit with more behind them")
			case slices.Max(all) < limit && slices.Min(all) == slices.Max(all):
				return flawed(pg.Answer, "each of %d pages has %d items and says that there is more; %d were asked for", len(all), all[0], limit).beyondChange()
			}
			return nil
		})
	}
}

// fields judges when current_page and total_pages are filled.
func fields(pg *page) error {
	assumed, mode := pg.p.Assumed("page_fields"), pg.asked.page > 0
	if assumed == "" || len(pg.items) == 0 || mode && pg.asked.cursor() != "" {
		return errUntold // which of page and a cursor counts is another question
	}
	switch current, total := pg.given(plan.CurrentPage), pg.given(plan.TotalPages); {
	case (mode || assumed == "always") && (!current || !total):
		return flawed(pg.Answer, "current_page or total_pages is not filled")
	case !mode && assumed == "page_mode_only" && (current || total):
		return flawed(pg.Answer, "current_page or total_pages is filled without page")
	}
	return nil
}

// shownDigits is how many characters of a key are shown.
const shownDigits = 4

// digits judges how much of a key is shown.
func digits(pg *page) error {
	err := errUntold
	for _, key := range pg.shown() {
		shown := key.Get("last_four_digits")
		if !pg.p.list.lastFour || !shown.Exists() {
			continue
		}
		if n := utf8.RuneCountInString(shown.Str); n != shownDigits {
			return flawed(pg.Answer, "%d characters of a key are shown; four were to be seen", n).in("last_four_digits")
		}
		err = nil
	}
	return err
}

// keyed judges the permissions of the keys on a page that are restricted, or of those that
// are not.
func (pg *page) keyed(restricted bool, wrong func(permissions gjson.Result) bool, name, text string) error {
	err := errUntold
	bad := 0
	for _, key := range pg.shown() {
		if is := key.Get("restricted"); pg.p.list.access && is.IsBool() && is.Bool() == restricted {
			err = nil
			if wrong(key.Get("permissions")) {
				bad++
			}
		}
	}
	if bad > 0 {
		return flawed(pg.Answer, "%d %s", bad, text).in(name)
	}
	return err
}

func bare(pg *page) error {
	return pg.keyed(true, func(permissions gjson.Result) bool { return !permissions.IsArray() },
		"restricted without permissions", "restricted keys have no permissions; an empty list would say that they have none")
}

// listed lets an unrestricted key list no permissions, in whatever way, or all there are.
func listed(pg *page) error {
	all := len(pg.p.list.permitted)
	return pg.keyed(false, func(permissions gjson.Result) bool {
		n := len(permissions.Array())
		return permissions.IsArray() && n > 0 && n < all
	}, "permissions without restricted", fmt.Sprintf("keys that are not restricted list some of %d permissions", all))
}

func shownAsAssumed(pg *page) error {
	want := pg.p.Assumed("unrestricted_permissions")
	return pg.keyed(false, func(permissions gjson.Result) bool { return shownAs(permissions) != want },
		"permissions of an unrestricted key", "unrestricted keys show something else than "+want)
}
