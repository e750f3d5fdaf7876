package paging

import (
	"context"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/plan"
)

// looks are at every page, whatever check asked for it.
var looks = []func(*pager, *page){
	judgeCurrent, noteSize, judgeOrder, judgeBounds, judgeLimit, judgeFields, judgeDigits, judgePermissions, judgeUnrestricted,
}

// seen is what a check that looks at every page has seen so far.
type seen struct {
	passed int
	flaws  []*flaw
}

// judged counts a case of a check that looks at every page: text says what is
// wrong with it; empty: nothing.
func (p *pager) judged(id, name string, pg *page, text string) {
	s := p.seen[id]
	if s == nil {
		s = &seen{}
		p.seen[id] = s
	}
	switch {
	case text == "":
		s.passed++
	case len(s.flaws) < maxFlaws && !slices.ContainsFunc(s.flaws, func(f *flaw) bool { return f.name == name }):
		s.flaws = append(s.flaws, &flaw{name: name, answer: pg.Answer, text: text})
	}
}

// tell reports what was judged for the check so far, or that there was nothing.
func (p *pager) tell(reason string) {
	s := p.seen[p.Check.ID]
	if s == nil {
		p.Skip(reason)
		return
	}
	p.Report.Pass(p.Check.ID, p.Op.Name(), s.passed)
	for _, f := range s.flaws {
		p.blame("", f)
	}
}

// mainOrder asks for the whole list in its main order.
func mainOrder(ctx context.Context, p *pager) error {
	_, err := p.base(ctx, p.list.descending)
	return err
}

// eachOrder asks for the whole list in each order.
func eachOrder(ctx context.Context, p *pager) error {
	for _, order := range p.list.orders() {
		if _, err := p.base(ctx, order); err != nil {
			return err
		}
	}
	return nil
}

// eachLimit asks for a page with each limit.
func eachLimit(ctx context.Context, p *pager) error {
	return p.fetchEach(ctx, p.list.asksWithLargest())
}

// eachBound asks for pages of every kind, with each limit and around the middle.
func eachBound(ctx context.Context, p *pager) error {
	if err := eachLimit(ctx, p); err != nil {
		return err
	}
	base, err := p.base(ctx, p.list.descending)
	if err != nil || len(base.items) == 0 {
		return err
	}
	return p.fetchEach(ctx, append(ask{order: base.order}.beside(base.id(len(base.items)/2)), ask{page: 1}))
}

// eachMode asks for pages with and without page and cursors.
func eachMode(ctx context.Context, p *pager) error {
	base, err := p.base(ctx, p.list.descending)
	if err != nil {
		return err
	}
	asks := []ask{{}, {page: 1}}
	if len(base.items) > 0 {
		asks = append(asks, ask{}.beside(base.id(0))...)
	}
	return p.fetchEach(ctx, asks)
}

func pageNumbers(ctx context.Context, p *pager) error {
	err := eachSpot((*listing).asksWithLargest, atPages, counts)(ctx, p)
	if err == nil && p.ended == nil && p.list.failures < maxFlaws {
		p.tell("current_page was not told")
	}
	return err
}

// judgeCurrent judges current_page where a page was asked for and is there.
func judgeCurrent(p *pager, pg *page) {
	if pg.asked.page == 0 || !pg.given(plan.CurrentPage) || len(pg.items) == 0 || pg.asked.cursor() != "" {
		return
	}
	text := ""
	if pg.member(plan.CurrentPage).Int() != int64(pg.asked.page+p.list.firstPage-1) {
		text = fmt.Sprintf("current_page is %d, and page %d was asked for", pg.member(plan.CurrentPage).Int(), pg.asked.page)
	}
	p.judged("page_numbers", "current_page", pg, text)
}

func judgeOrder(p *pager, pg *page) { p.inOrder(pg, pg.items, pg.created) }

// inOrder judges the dates of items that follow each other on a page, or from the page
// before it to it.
func (p *pager) inOrder(pg *page, items []uint32, created []int64) {
	order := pg.asked.order
	if order == "" {
		order = p.list.defaultOrder
	}
	if p.list.created == "" || order == "" {
		return
	}
	told := false
	for i := 1; i < len(items); i++ {
		newer, older := created[i-1], created[i]
		if order == p.list.ascending {
			newer, older = older, newer
		}
		switch {
		case newer == noDate || older == noDate || newer == older:
		case newer < older:
			p.judged("page_order", pg.asked.String(), pg, fmt.Sprintf("item %s comes before %s although %s of it is %s", p.known.text(items[i-1]), p.known.text(items[i]), p.list.created,
				map[string]string{p.list.ascending: "later", p.list.descending: "earlier"}[order]))
			return
		default:
			told = true
		}
	}
	if told {
		p.judged("page_order", "", pg, "")
	}
}

// judgeBounds judges first_id and last_id. Missing is open; null is, too, where
// a caller has no use for them: without items, and without a cursor.
func judgeBounds(p *pager, pg *page) {
	if !p.list.has(plan.FirstID, plan.LastID) {
		return
	}
	with := pg.asked.cursor() != ""
	for _, bound := range []struct {
		name string
		role plan.Role
		at   int
	}{{"first_id", plan.FirstID, 0}, {"last_id", plan.LastID, len(pg.items) - 1}} {
		is, text := pg.member(bound.role), ""
		null := is.String() == ""
		switch {
		case !is.Exists():
			continue
		case len(pg.items) == 0 && !null:
			text = bound.name + " names an item, and the page has none"
		case len(pg.items) == 0:
		case null && with:
			text = fmt.Sprintf("%s is null, and the page has %d items", bound.name, len(pg.items))
		case null:
			continue
		case is.String() != pg.id(pg.shown()[bound.at]):
			text = fmt.Sprintf("%s is not the id of item %d of %d", bound.name, bound.at+1, len(pg.items))
		}
		p.judged("page_bounds", bound.name+" with "+pg.asked.String(), pg, text)
	}
}

// judgeLimit judges that a page is not longer than its limit.
func judgeLimit(p *pager, pg *page) {
	limit := pg.asked.limit
	if limit == 0 {
		return
	}
	text := ""
	if len(pg.items) > limit {
		text = fmt.Sprintf("%d items where at most %d were asked for", len(pg.items), limit)
	}
	p.judged("page_limit", pg.asked.String(), pg, text)
}

// sizes is how long the pages of one limit were that said there is more.
type sizes struct {
	pages int
	full  bool
	same  bool // all are as long as the first
	first *page
}

func noteSize(p *pager, pg *page) {
	if pg.asked.limit == 0 || !pg.more() || pg.asked.before != "" {
		return
	}
	s := p.sizes[pg.asked.limit]
	if s == nil {
		s = &sizes{same: true, first: pg}
		p.sizes[pg.asked.limit] = s
	}
	s.pages++
	s.full = s.full || len(pg.items) >= pg.asked.limit
	s.same = s.same && len(pg.items) == len(s.first.items)
}

// pageSize looks for a limit that is cut down always. That one page or another
// is short while there is more is open.
func pageSize(ctx context.Context, p *pager) error {
	if err := eachLimit(ctx, p); err != nil {
		return err
	}
	for _, limit := range append(p.list.limits(), p.list.largest()) {
		p.try(ctx, fmt.Sprintf("limit=%d", limit), func() error {
			s := p.sizes[limit]
			switch {
			case s == nil || s.pages < 2:
				return cannot("fewer than two pages of this limit with more behind them")
			case !s.full && s.same:
				return flawed(s.first.Answer, "each of %d pages has %d items and says that there is more; %d were asked for", s.pages, len(s.first.items), limit).beyondChange()
			}
			return nil
		})
	}
	return nil
}

// judgeFields judges when current_page and total_pages are filled.
func judgeFields(p *pager, pg *page) {
	assumed := p.Assumed("page_fields")
	mode := pg.asked.page > 0
	if assumed == "" || len(pg.items) == 0 || mode && pg.asked.cursor() != "" {
		return // which of page and a cursor counts is another question
	}
	text := ""
	switch current, total := pg.given(plan.CurrentPage), pg.given(plan.TotalPages); {
	case (mode || assumed == "always") && (!current || !total):
		text = "current_page or total_pages is not filled"
	case !mode && assumed == "page_mode_only" && (current || total):
		text = "current_page or total_pages is filled without page"
	}
	p.judged("page_fields", pg.asked.String(), pg, text)
}

func emptyList(ctx context.Context, p *pager) error {
	p.try(ctx, "page 1", func() error {
		pg, err := p.fetch(ctx, ask{page: 1})
		if err != nil {
			return err
		}
		want := map[string]int64{"zero": 0, "one": 1}[p.Assumed("empty_list")]
		switch {
		case len(pg.items) > 0:
			return cannot("the list is not empty")
		case !pg.given(plan.TotalPages):
			return cannot("total_pages was not told")
		case pg.member(plan.TotalPages).Int() != want:
			return flawed(pg.Answer, "total_pages of an empty list is %d; %d was to be seen", pg.member(plan.TotalPages).Int(), want)
		}
		return nil
	})
	return nil
}
