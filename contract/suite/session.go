package suite

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/time/rate"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

// session is one run over a target. It is used from one goroutine.
type session struct {
	target     Target
	base       *url.URL
	document   *spec.Document
	validator  *contract.Validator
	operations []*contract.Operation
	limiter    *rate.Limiter
	report     *report.Report
	checks     map[string]check

	requests int      // sent so far
	silent   int      // requests in a row without an answer
	progress Progress // as last told
}

// errThrottled ends a check whose requests the server goes on to refuse with 429.
var errThrottled = errors.New("suite: throttled")

// newSession checks the target and compiles its document.
func newSession(t Target) (*session, error) {
	base, err := t.base()
	if err != nil {
		return nil, err
	}
	if t.Timeout == 0 {
		t.Timeout = defaultTimeout
	}
	document, err := spec.Parse(t.Document)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	validator, err := contract.New(t.Document)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	if t.Transport == nil {
		t.Transport = newTransport()
	}
	limit := rate.Limit(t.Rate)
	switch {
	case t.Rate < 0, t.Rate == 0 && loopback(base.Hostname()):
		limit = rate.Inf
	case t.Rate == 0:
		limit = politeRate
	}
	s := &session{
		target: t, base: base, document: document, validator: validator, operations: validator.Operations(),
		limiter: rate.NewLimiter(limit, 1), report: report.New("verify"), checks: map[string]check{},
	}
	s.report.Target = base.Redacted()
	for _, c := range table() {
		s.checks[c.id] = c
	}
	return s, nil
}

// execute runs one task.
func (s *session) execute(ctx context.Context, t task) error {
	s.progress.Check, s.progress.Operation = t.check.id, t.operationName()
	s.tell()
	p := &probe{session: s, check: t.check, op: t.operation}
	err := t.check.run(ctx, p)
	s.progress.Done++
	if errors.Is(err, errThrottled) {
		p.skip("the server goes on to answer 429: lower --rate, or try again later")
		return nil
	}
	return err
}

func (s *session) tell() {
	if s.target.Progress != nil {
		s.progress.Requests = s.requests
		s.target.Progress(s.progress)
	}
}

// Check runs the table against a target and returns what it found. The error is
// ErrTarget, ErrUnreachable or ErrRefused, or that of the context; with the
// latter three the report tells what was found before.
func Check(ctx context.Context, t Target) (*report.Report, error) {
	s, err := newSession(t)
	if err != nil {
		return nil, err
	}
	tasks := s.tasks()
	s.progress.Total = len(tasks)
	err = s.greet(ctx)
	for _, one := range tasks {
		if err != nil {
			break
		}
		err = s.execute(ctx, one)
	}
	s.finish()
	return s.report, err
}

// finish completes the report.
func (s *session) finish() {
	if s.target.Coverage != nil {
		r := s.target.Coverage.Report()
		s.report.Coverage = &r
	}
	s.report.Finish()
}
