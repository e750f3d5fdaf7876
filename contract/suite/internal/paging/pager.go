package paging

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// pager is a list under check, with what was seen of it so far.
type pager struct {
	*session.Probe
	list     *listing
	name     string // before the name of each case; empty for the target's own list
	project  string // of the lab; empty: the target's own
	known    known
	walks    map[tour]*walk
	seen     map[string]*seen // by id of a check that looks at every page
	sizes    map[int][]int    // of pages with more behind them, by limit
	restless int              // cases given up because the data changed all the time

	// A flaw, or why the case at work cannot be tried, the first until it is settled. With
	// one nothing more is sent, and what is asked for is empty: only the end of a case has
	// to look at it.
	err error
}

func newPager(p *session.Probe, l *listing) *pager {
	return &pager{
		Probe: &session.Probe{Session: p.Session, Check: p.Check, Op: p.Op, Auth: p.Auth}, list: l,
		known: known{numbers: map[[16]byte]uint32{}, texts: map[[16]byte]string{}},
		walks: map[tour]*walk{}, seen: map[string]*seen{}, sizes: map[int][]int{},
	}
}

// look tries the cases of a check on one list.
type look = func(context.Context, *pager)

// listings are the operations that page, as recognised in one run; nil: it does not.
type listings map[*contract.Operation]*listing

// check is a check of operations that page and have what want asks for: of the target's
// own list and of those that the lab makes, or of one that it makes with so many keys.
func (r listings) check(want func(*listing) bool, keys int, try look) session.Work {
	return session.Work{
		Applies: func(s *session.Session, o *contract.Operation) bool {
			if _, known := r[o]; !known {
				r[o] = recognise(s, o)
			}
			return r[o] != nil && (keys == 0 || r[o].lab) && want(r[o])
		},
		Run: func(ctx context.Context, probe *session.Probe) {
			l := r[probe.Op]
			l.failures = 0
			for _, p := range listsOf(ctx, probe, l, keys) {
				p.Check, p.err = probe.Check, nil
				if try(ctx, p); p.err != nil { // of the list as a whole
					p.settle("walk", nil)
				}
			}
		},
	}
}

// fail notes an error of the case at work, if it is the first.
func (p *pager) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// send sends a call of the operation; one that is not answered whole fails.
func (p *pager) send(ctx context.Context, c call.Call) *session.Answer {
	if p.err != nil {
		return &session.Answer{}
	}
	a := p.Call(ctx, c)
	if a.Broken != "" {
		p.err = cannot("an answer broke off")
	}
	return a
}

// answer asks for a page. It has no items when it is refused; it fails when it cannot
// be read, which another check reports.
func (p *pager) answer(ctx context.Context, q ask) *page {
	pg := &page{Answer: p.send(ctx, call.Call{Query: call.Query(p.list.pairs(q)...)}), p: p, asked: q}
	switch {
	case p.err != nil || pg.Refused():
	case !pg.Ok() || pg.Status == http.StatusNoContent:
		p.err = cannot("an answer was not as documented")
	default:
		pg.decode()
		pg.look()
	}
	return pg
}

// fetch asks for a page; it fails when it is refused, too.
func (p *pager) fetch(ctx context.Context, q ask) *page {
	pg := p.answer(ctx, q)
	pg.refuse()
	return pg
}

// refuse fails when the page was refused.
func (pg *page) refuse() {
	if pg.Refused() {
		pg.p.fail(flawed(pg.Answer, "answered %d; the request is one the document allows", pg.Status))
	}
}

const (
	maxAttempts = 4 // to look at a case while the data changes; fewer once it has done so all the time
	maxFlaws    = 3 // of one check that are kept
)

// try runs one case. A flaw is a finding unless the data is shown to have
// changed meanwhile; then the case is tried again on the data as it is now.
// False: the check has ended, or failed often enough.
func (p *pager) try(ctx context.Context, name string, run func() error) bool {
	if p.list.failures >= maxFlaws {
		return false
	}
	p.base(ctx, p.list.orders[0], 0) // what a change is told by
	for attempt := 1; p.err == nil; attempt++ {
		seen := len(p.known.ids)
		p.fail(run())
		f, is := p.err.(*flaw) //nolint:errorlint // never wrapped
		if !is || f.certain {
			p.settle(name, nil)
			break
		}
		p.err = nil
		came := len(p.known.ids) > seen // what was never seen before has come; a second time it is known
		switch moved := p.changed(ctx); {
		case p.err != nil:
			p.err = nil
			p.Skip("the list could not be walked again to see whether it changed")
		case !moved && !came:
			p.settle(name, f)
		case attempt < maxAttempts-min(p.restless, maxAttempts-2):
			continue
		default:
			p.restless++
			p.Skip("the data changed meanwhile, each time it was looked at")
		}
		break
	}
	return p.err == nil
}

// tryWhole is try for a case about the whole list in an order.
func (p *pager) tryWhole(ctx context.Context, name, order string, run func(base *walk) error) {
	p.try(ctx, name, func() error { return run(p.whole(ctx, order, 0)) }) // anew each time: it may have changed
}

// settle reports how a case went that ends with an error, nil: well.
func (p *pager) settle(name string, err error) {
	p.fail(err)
	err, p.err = p.err, nil
	switch err := err.(type) { //nolint:errorlint // never wrapped
	case nil:
		p.Pass()
	case *flaw:
		p.blame(name, err)
	default:
		p.Skip(session.GivenUp(err))
	}
}

// numbers are what flaws that are one differ in.
var numbers = regexp.MustCompile(`[0-9]+`)

// blame reports a flaw, with the others of the check that are worded alike as its examples.
func (p *pager) blame(name string, f *flaw) {
	p.list.failures++
	name = p.name + name
	made := p.Finding(p.Check, p.Op, f.answer, name, name+": "+f.text)
	if f.assumption != "" {
		made.Basis, made.Assumption = report.Assumed, f.assumption
	}
	alike := fmt.Sprintln(p.Check.ID, made.Assumption, numbers.ReplaceAllString(f.text, "#"))
	if first, told := p.list.told[alike]; told {
		p.Report.AddExample(first, report.Example{Case: name, Curl: made.Curl})
		return
	}
	p.list.told[alike] = made
	p.Report.Add(made)
}

// flaw is a case that went wrong.
type flaw struct {
	name       string // of the case of a look at every page; empty: as what was asked for
	answer     *session.Answer
	text       string
	certain    bool   // no change of data explains it
	assumption string // the assumption it rests on, when the check itself rests on none
}

func (f *flaw) Error() string { return f.text }

// flawed makes a flaw that an answer shows; nil when none does.
func flawed(a *session.Answer, format string, args ...any) *flaw {
	return &flaw{answer: a, text: fmt.Sprintf(format, args...)}
}

// in says in which case it was seen.
func (f *flaw) in(name string) *flaw {
	f.name = name
	return f
}

// beyondChange says that no change of data explains the flaw.
func (f *flaw) beyondChange() *flaw {
	f.certain = true
	return f
}

// under says which assumption the flaw rests on.
func (f *flaw) under(assumption string) *flaw {
	f.assumption = assumption
	return f
}

// cannot is why a case cannot be tried here.
func cannot(format string, args ...any) error {
	return session.CannotError(fmt.Sprintf(format, args...))
}
