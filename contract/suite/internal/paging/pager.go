package paging

import (
	"context"
	"errors"
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
	bases    map[string]*walk // the whole list, by order
	survey   *survey
	seen     map[string]*seen // by id of a check that looks at every page
	sizes    map[int]*sizes   // by limit
	restless int              // cases given up because the data changed all the time
	ended    error            // why the check at work cannot go on
}

func newPager(p *session.Probe, l *listing) *pager {
	return &pager{
		Probe: &session.Probe{Session: p.Session, Check: p.Check, Op: p.Op}, list: l, known: newKnown(),
		bases: map[string]*walk{}, seen: map[string]*seen{}, sizes: map[int]*sizes{},
	}
}

// listings are the operations that page, as recognised in one run; nil: it does not.
type listings map[*contract.Operation]*listing

func (r listings) of(s *session.Session, o *contract.Operation) *listing {
	l, known := r[o]
	if !known {
		l = recognise(s, o)
		r[o] = l
	}
	return l
}

// on is a check of some lists of each operation that pages and has what want asks for.
func (r listings) on(want func(*listing) bool, lists func(context.Context, *session.Probe, *listing) ([]*pager, error), look func(context.Context, *pager) error) session.Work {
	return session.Work{
		Applies: func(s *session.Session, o *contract.Operation) bool {
			l := r.of(s, o)
			return l != nil && want(l)
		},
		Run: func(ctx context.Context, probe *session.Probe) error {
			l := r.of(probe.Session, probe.Op)
			l.failures = 0
			all, err := lists(ctx, probe, l)
			for _, p := range all {
				if err == nil {
					p.Check = probe.Check
					err = p.run(ctx, look)
				}
			}
			return err
		},
	}
}

// onList is a check of the target's own list, and of those that the lab makes.
func (r listings) onList(want func(*listing) bool, look func(context.Context, *pager) error) session.Work {
	return r.on(want, listsOf, look)
}

// onPages is onList for a check that looks at every page: it asks for some of its
// own, then reports what was seen on all so far, or why there is nothing to report.
func (r listings) onPages(want func(*listing) bool, ask func(context.Context, *pager) error, otherwise string) session.Work {
	return r.onList(want, func(ctx context.Context, p *pager) error {
		if p.try(ctx, "pages to look at", func() error { return ask(ctx, p) }) {
			p.tell(otherwise)
		}
		return nil
	})
}

// inLab is a check of operations that list keys, in a project of its own with so many.
func (r listings) inLab(want func(*listing) bool, keys int, look func(context.Context, *pager) error) session.Work {
	return r.on(func(l *listing) bool { return l.lab && want(l) }, func(ctx context.Context, probe *session.Probe, l *listing) ([]*pager, error) {
		own, err := labList(ctx, probe, l, keys)
		return []*pager{own}, err
	}, look)
}

// call sends a call of the operation, unless the check has ended.
func (p *pager) call(ctx context.Context, c call.Call) (*session.Answer, error) {
	if p.ended != nil {
		return nil, p.ended
	}
	return p.Probe.Call(ctx, c)
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

// fetchEach asks for pages, as far as the listing has what they are asked by.
func (p *pager) fetchEach(ctx context.Context, asks []ask) error {
	for _, q := range p.list.taken(asks...) {
		if _, err := p.fetch(ctx, q); err != nil {
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

const (
	maxAttempts = 4 // to look at a case while the data changes; fewer once it has done so all the time
	maxFlaws    = 3 // of one check that are kept
)

// try runs one case. A flaw is a finding unless the data is shown to have
// changed meanwhile; then the case is tried again on the data as it is now.
// False: the check has ended, or failed often enough.
func (p *pager) try(ctx context.Context, name string, run func() error) bool {
	if p.ended != nil || p.list.failures >= maxFlaws {
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
func (p *pager) tryWhole(ctx context.Context, name, order string, run func(base *walk) error) {
	p.try(ctx, name, func() error {
		base, err := p.whole(ctx, order, 0) // anew each time: it may have changed
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
	p.list.failures++
	if f.name != "" {
		name = p.name + f.name
	}
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
