package paging

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// pages is applies for operations that page and have what want asks for.
func (r *room) pages(want func(*listing) bool) func(*session.Session, *contract.Operation) bool {
	return func(s *session.Session, o *contract.Operation) bool {
		l := r.listingOf(s, o)
		return l != nil && want(l)
	}
}

// paged is run for a check of paging: on the target's own list, and on those the
// lab makes.
func (r *room) paged(look func(context.Context, *pager) error) func(context.Context, *session.Probe) error {
	return func(ctx context.Context, p *session.Probe) error {
		r.failures = 0
		lists, err := r.listsOf(ctx, p)
		if err != nil {
			return err
		}
		for _, one := range lists {
			one.Check = p.Check
			if err := one.run(ctx, look); err != nil {
				return err
			}
		}
		return nil
	}
}

// onList is a check of lists that have what want asks for.
func (r *room) onList(want func(*listing) bool, run func(context.Context, *pager) error) session.Work {
	return session.Work{Applies: r.pages(want), Run: r.paged(run)}
}

// onPages is onList for a check that looks at every page: it asks for some of its
// own, then reports what was seen on all so far, or why there is nothing to report.
func (r *room) onPages(want func(*listing) bool, ask func(context.Context, *pager) error, otherwise string) session.Work {
	return r.onList(want, func(ctx context.Context, p *pager) error {
		if p.try(ctx, "pages to look at", func() error { return ask(ctx, p) }) {
			p.tell(otherwise)
		}
		return nil
	})
}

// looks are at every page, whatever check asked for it.
var looks = []func(*pager, *page){
	judgeCurrent, noteSize, judgeOrder, judgeBounds, judgeLimit, judgeFields, judgeDigits, judgePermissions, judgeUnrestricted,
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

// run runs a check on one list. Its error is of the list as a whole.
func (p *pager) run(ctx context.Context, look func(context.Context, *pager) error) error {
	p.ended = nil
	err := look(ctx, p)
	if p.ended != nil {
		err, p.ended = p.ended, nil
	}
	if err != nil {
		p.settle("walk", err)
	}
	return p.ended
}

// maxAttempts is how often a case is looked at again while the data changes; less
// often once it has done so all the time.
const maxAttempts = 4

// maxFlaws is how many findings of one check are kept.
const maxFlaws = 3

// try runs one case. A flaw is a finding unless the data is shown to have
// changed meanwhile; then the case is tried again on the data as it is now.
// False: the check has ended, or failed often enough.
func (p *pager) try(ctx context.Context, name string, run func() error) bool {
	if p.ended != nil || p.room.failures >= maxFlaws {
		return false
	}
	if _, p.ended = p.base(ctx, p.list.descending); p.ended != nil { // what a change is told by
		return false
	}
	for attempt := 1; ; attempt++ {
		seen := p.known.count
		err := run()
		f, is := errors.AsType[*flaw](err)
		if !is || f.certain {
			p.settle(p.name+name, err)
			return p.ended == nil
		}
		came := p.known.count > seen // what was never seen before has come; a second time it is known
		moved, lookErr := p.changed(ctx)
		switch {
		case ofCase(lookErr):
			p.Skip("the list could not be walked again to see whether it changed")
		case lookErr != nil:
			p.ended = lookErr
		case !moved && !came:
			p.blame(p.name+name, f)
		case attempt >= maxAttempts-min(p.restless, maxAttempts-2):
			p.restless++
			p.Skip("the data changed meanwhile, each time it was looked at")
		default:
			continue
		}
		return p.ended == nil
	}
}

// tryWhole is try for a case about the whole list in an order.
func (p *pager) tryWhole(ctx context.Context, name, order string, run func(base *walk) error) bool {
	return p.try(ctx, name, func() error {
		base, err := p.whole(ctx, order) // anew each time: it may have changed
		if err != nil {
			return err
		}
		return run(base)
	})
}

// settle reports how a case went. An error that says nothing of it ends the check
// or the run: nothing more is sent.
func (p *pager) settle(name string, err error) {
	f, isFlaw := errors.AsType[*flaw](err)
	o, isOpen := errors.AsType[*open](err)
	switch {
	case err == nil:
		p.Pass()
	case isFlaw:
		p.blame(name, f)
	case isOpen:
		p.Skip(o.reason)
	default:
		p.ended = err
	}
}

// numbers are what flaws that are one differ in.
var numbers = regexp.MustCompile(`[0-9]+`)

// blame reports a flaw, with the others of the check that are worded alike as its examples.
func (p *pager) blame(name string, f *flaw) {
	p.room.failures++
	if f.name != "" {
		name = p.name + f.name
	}
	made := p.Finding(p.Check, p.Op, f.answer, name, name+": "+f.text)
	if f.assumption != "" {
		made.Basis, made.Assumption = report.Assumed, f.assumption
	}
	alike := strings.Join([]string{p.Check.ID, p.Op.Name(), made.Assumption, numbers.ReplaceAllString(f.text, "#")}, " ")
	if first, told := p.room.told[alike]; told {
		p.Report.AddExample(first, report.Example{Case: name, Curl: made.Curl})
		return
	}
	p.room.told[alike] = made
	p.Report.Add(made)
}

// fetch asks for a page. The error is a *flaw when it was refused, an *open when
// the answer cannot be read (which another check reports), or one that ends the
// run, without a page.
func (p *pager) fetch(ctx context.Context, q ask) (*page, error) {
	a, err := p.call(ctx, call.Call{Query: p.list.query(q)})
	if err != nil {
		return nil, err
	}
	pg := &page{Answer: a, list: p.list, asked: q}
	switch {
	case a.Broken != "":
		return pg, cannot("an answer broke off")
	case a.Refused():
		f := flawed(a, "answered %d; the request is one the document allows", a.Status)
		f.refusal = true
		return pg, f
	case !a.Ok() || a.Status == http.StatusNoContent:
		return pg, cannot("an answer was not as documented")
	}
	p.decode(pg)
	for _, look := range looks {
		look(p, pg)
	}
	return pg, nil
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

// headLooks is how often the newest item is looked at, at once, to see whether
// something comes and goes.
const headLooks = 3

// changed tells whether items came or went since the base was walked. It then
// forgets what it knew.
func (p *pager) changed(ctx context.Context) (bool, error) {
	order := p.list.descending
	old, err := p.base(ctx, order)
	if err != nil {
		return false, err
	}
	differs := false
	for range headLooks {
		head, err := p.fetch(ctx, ask{order: order, limit: p.list.smallest()})
		if err != nil {
			return false, err
		}
		for _, i := range head.items {
			differs = differs || !old.seen.has(i)
		}
	}
	fresh, err := p.walkBase(ctx, order)
	if err != nil {
		return false, err
	}
	for _, b := range p.bases {
		differs = differs || !fresh.seen.equal(b.seen)
	}
	if differs {
		p.bases, p.survey = map[string]*walk{order: fresh}, nil
	}
	return differs, nil
}

// base is the whole list in an order, walked once.
func (p *pager) base(ctx context.Context, order string) (*walk, error) {
	if b := p.bases[order]; b != nil {
		return b, nil
	}
	if main := p.list.descending; order != main { // what others are compared with comes first
		if _, err := p.base(ctx, main); err != nil {
			return nil, err
		}
	}
	b, err := p.walkBase(ctx, order)
	if err == nil {
		p.bases[order] = b
	}
	return b, err
}

// whole is base, or an *open when it could not be walked to its end.
func (p *pager) whole(ctx context.Context, order string) (*walk, error) {
	b, err := p.base(ctx, order)
	if err == nil && b.stopped != "" {
		return nil, cannot("%s", b.stopped)
	}
	return b, err
}

// holds compares a page with the items it should have.
func (p *pager) holds(pg *page, want []uint32) error {
	for i := range max(len(pg.items), len(want)) {
		switch {
		case i == len(pg.items) && pg.more() && pg.asked.page == 0 && i > 0:
			return nil // short while there is more: open
		case i == len(want) || i == len(pg.items):
			return flawed(pg.Answer, "%d items, and %d were to be seen", len(pg.items), len(want))
		case pg.items[i] != want[i]:
			return flawed(pg.Answer, "item %d of %d is %s, and %s was to be seen", i+1, len(pg.items), p.known.text(pg.items[i]), p.known.text(want[i]))
		}
	}
	return nil
}

// fetchEach asks for pages, as far as the listing has what they are asked by.
func (p *pager) fetchEach(ctx context.Context, asks []ask) error {
	for _, q := range p.list.taken(asks...) {
		q, err := p.placed(ctx, q)
		if err != nil {
			return err
		}
		if _, err := p.fetch(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// middle stands for the item in the middle of the list.
const middle = "the middle"

// placed fills in the item that a cursor stands for.
func (p *pager) placed(ctx context.Context, q ask) (ask, error) {
	if q.after != middle && q.before != middle {
		return q, nil
	}
	base, err := p.base(ctx, q.order)
	if err != nil {
		return q, err
	}
	if len(base.items) == 0 {
		return q, cannot("no items to be named by a cursor")
	}
	id := p.known.text(base.items[len(base.items)/2])
	if q.after != "" {
		q.after = id
	} else {
		q.before = id
	}
	return q, nil
}
