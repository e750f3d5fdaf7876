package suite

import (
	"context"
	"errors"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// round is one check on one world.
type round struct {
	*probe
	*world
	failures *int
}

// maxAttempts is how often a case is looked at again while the data changes; less
// often once it has done so all the time.
const maxAttempts = 4

// try runs one case. A flaw is a finding unless the data is shown to have
// changed meanwhile; then the case is tried again on the data as it is now.
func (r *round) try(ctx context.Context, name string, f func() error) error {
	name = r.name + name
	if *r.failures >= maxFlaws {
		return errNoMore
	}
	if _, err := r.base(ctx, r.list.main()); err != nil { // what a change is told by
		return err
	}
	for attempt := 1; ; attempt++ {
		seen := len(r.known.ids)
		err := f()
		done, ended := r.settle(name, err)
		if done {
			return ended
		}
		came := len(r.known.ids) > seen // what was never seen before has come; a second time it is known
		moved, lookErr := r.changed(ctx)
		moved = moved || came
		switch {
		case errors.As(lookErr, new(*open)), errors.As(lookErr, new(*refusal)):
			r.skip("the list could not be walked again to see whether it changed")
			return nil
		case lookErr != nil:
			return lookErr
		case !moved:
			r.blame(name, asFlaw(err))
			return nil
		case attempt >= maxAttempts-min(r.restless, maxAttempts-2):
			r.restless++
			r.skip("the data changed meanwhile, each time it was looked at")
			return nil
		}
	}
}

// settle ends a case that needs no second look; false: it does.
func (r *round) settle(name string, err error) (done bool, ended error) {
	if err == nil {
		r.pass()
		return true, nil
	}
	if reason, is := errors.AsType[*open](err); is {
		r.skip(reason.reason)
		return true, nil
	}
	f := asFlaw(err)
	if f == nil {
		return true, err
	}
	if f.certain {
		r.blame(name, f)
		return true, nil
	}
	return false, nil
}

// asFlaw is the flaw in an error, a refusal being one too; nil: none.
func asFlaw(err error) *flaw {
	if f, is := errors.AsType[*flaw](err); is {
		return f
	}
	if f, is := errors.AsType[*refusal](err); is {
		return flawed(f.page, "%s", f.Error())
	}
	return nil
}

// blame reports a flaw.
func (r *round) blame(name string, f *flaw) {
	*r.failures++
	if f.name != "" {
		name = r.name + f.name
	}
	made := r.finding(r.check, r.op, f.answer)
	made.Case, made.Message = name, name+": "+f.text
	if f.assumption != "" {
		made.Basis, made.Assumption = report.Assumed, f.assumption
	}
	r.report.Add(made)
}

// pages is applies for operations that page and have what want asks for.
func pages(want func(*listing) bool) func(*session, *contract.Operation) bool {
	return func(s *session, o *contract.Operation) bool {
		l := s.listingOf(o)
		return l != nil && want(l)
	}
}

// paged is run for a check of paging: on the target's own list, and on those the
// lab makes.
func paged(f func(context.Context, *round) error) func(context.Context, *probe) error {
	return func(ctx context.Context, p *probe) error {
		worlds, err := p.worldsOf(ctx, p.op)
		if err != nil {
			return err
		}
		failures := 0
		for _, w := range worlds {
			if err := (&round{p, w, &failures}).run(ctx, f); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r *round) run(ctx context.Context, f func(context.Context, *round) error) error {
	err := f(ctx, r)
	switch {
	case err == nil, errors.Is(err, errNoMore):
		return nil
	}
	done, ended := r.settle("walk", err)
	if !done { // the list itself could not be walked
		r.blame("walk", asFlaw(err))
	}
	return ended
}

// everyPage is run for a check that looks at every page: it looks at some of its
// own, then reports what was seen on all so far.
func everyPage(reason string, look func(context.Context, *round) error) func(context.Context, *probe) error {
	return paged(func(ctx context.Context, r *round) error {
		if err := r.try(ctx, "pages to look at", func() error { return look(ctx, r) }); err != nil {
			return err
		}
		seen := r.local[r.check.id]
		if seen == nil || seen.passed+len(seen.flaws) == 0 {
			r.skip(reason)
			return nil
		}
		r.report.Pass(r.check.id, r.opName(), seen.passed)
		for _, f := range seen.flaws {
			r.blame("", f)
		}
		return nil
	})
}
