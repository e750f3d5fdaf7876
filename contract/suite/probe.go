package suite

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract"
)

// probe is what a check works with: an operation, called with one credential. It
// sends, and says how each case went. Of an operation that pages it holds what was
// seen of the list, for the checks that come after.
type probe struct {
	*session
	check check
	op    *contract.Operation
	auth  credential // of its calls, but for those that have their own

	list     *listing // nil: the operation does not page
	name     string   // before the name of each case; empty for the target's own list
	project  string   // of the lab; empty: the target's own
	known    known
	bases    map[string]*walk // the whole list, by order
	survey   *survey
	seen     map[string]*seen // by id of a check that looks at every page
	sizes    map[int]*sizes   // by limit
	restless int              // cases given up because the data changed all the time
	ended    error            // why the check at work cannot go on
}

// call sends a call of the probe's operation.
func (p *probe) call(ctx context.Context, c call) (*answer, error) {
	if p.ended != nil {
		return nil, p.ended
	}
	if c.auth == (credential{}) {
		c.auth = p.auth
	}
	if c.beside {
		c.like = p.op
		return p.send(ctx, nil, c)
	}
	return p.send(ctx, p.op, c)
}

// each sends calls one after the other and shows the answers to judge, but for
// those that are wrong in themselves, which have been reported.
func (p *probe) each(ctx context.Context, calls []call, judge func(c call, a *answer)) error {
	for _, c := range calls {
		a, err := p.call(ctx, c)
		if err != nil {
			return err
		}
		if !a.failed() {
			judge(c, a)
		}
	}
	return nil
}

// pass says that a case went well.
func (p *probe) pass() { p.report.Pass(p.check.ID, p.op.Name(), 1) }

// skip says that a case cannot be tried here, and why: what the data of the
// server cannot show.
func (p *probe) skip(reason string) { p.report.Skip(p.check.ID, p.op.Name(), reason) }

// fail says that a case went wrong. The name of the case is the same in every
// run; the message says what was seen and what was to be seen, and holds no
// secret. a is the answer that shows it; nil when none does.
func (p *probe) fail(name string, a *answer, format string, args ...any) {
	p.report.Add(p.finding(p.check, p.op, a, name, fmt.Sprintf(format, args...)))
}
