package suite

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract"
)

// probe is what a check works with: it sends, and says how each case went.
type probe struct {
	*session
	check check
	op    *contract.Operation // nil for a check of the target as a whole
}

// call sends a call of the probe's operation.
func (p *probe) call(ctx context.Context, c call) (*answer, error) { return p.send(ctx, p.op, c) }

// pass says that a case went well.
func (p *probe) pass() { p.report.Pass(p.check.id, p.opName(), 1) }

// skip says that a case cannot be tried here, and why: what the data of the
// server cannot show.
func (p *probe) skip(reason string) { p.report.Skip(p.check.id, p.opName(), reason) }

// fail says that a case went wrong. The name of the case is the same in every
// run; the message says what was seen and what was to be seen, and holds no
// secret. a is the answer that shows it; nil when none does.
func (p *probe) fail(name string, a *answer, format string, args ...any) {
	f := p.finding(p.check, p.op, a)
	f.Case, f.Message = name, fmt.Sprintf(format, args...)
	p.report.Add(f)
}

func (p *probe) opName() string {
	if p.op == nil {
		return ""
	}
	return p.op.Name()
}
