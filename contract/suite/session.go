package suite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

// session is one run over a target. It is used from one goroutine.
type session struct {
	target     Target
	root       *url.URL // where the paths of the document begin
	document   *spec.Document
	validator  *contract.Validator
	operations []*contract.Operation
	limiter    *rate.Limiter
	report     *report.Report
	checks     map[string]check
	always     []string // ids of the checks that every answer goes through
	looks      []func(*probe, *page)

	parameters map[*contract.Operation][]*parameter // as read so far
	bases      map[*contract.Operation][]setting    // once greeted
	greetings  map[*contract.Operation]*answer
	pool       *pool

	pause    func(context.Context, time.Duration) error
	waited   time.Duration               // for 429s, in all
	requests int                         // sent so far
	silent   int                         // failures to connect in a row
	drops    int                         // requests that net/http had to send again
	trouble  map[*contract.Operation]int // answers that took too long or were too large
	progress Progress                    // as last told

	listings map[*contract.Operation]*listing // nil in it: the operation does not page
	lists    map[*contract.Operation][]*probe // to page through
	failures int                              // of the check of paging at work
	projects []string                         // made by the lab
	secrets  []string                         // of keys the lab made
}

// givenUpError ends a check: nothing more can be learned, for the reason it is.
type givenUpError string

func (g givenUpError) Error() string { return "suite: given up: " + string(g) }

// The reasons to give up.
const (
	errThrottled = givenUpError("the server goes on to answer 429: lower the rate, or try again later")
	errTrouble   = givenUpError("the operation's answers take too long or are too large to go on")
)

// newSession checks the target and compiles its document.
func newSession(t Target) (*session, error) {
	base, err := t.base()
	if err != nil {
		return nil, err
	}
	if t.Timeout == 0 {
		t.Timeout = defaultTimeout
	}
	validator := t.Validator
	if validator == nil {
		if validator, err = contract.New(t.Document); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTarget, err)
		}
	}
	document := validator.Document()
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
		target: t, root: base, document: document, validator: validator, operations: validator.Operations(),
		limiter: rate.NewLimiter(limit, 1), report: report.New("verify"), checks: map[string]check{},
		parameters: map[*contract.Operation][]*parameter{}, bases: map[*contract.Operation][]setting{},
		greetings: map[*contract.Operation]*answer{}, pool: newPool(),
		pause: pause, trouble: map[*contract.Operation]int{},
		listings: map[*contract.Operation]*listing{}, lists: map[*contract.Operation][]*probe{},
	}
	s.report.Target = base.Redacted()
	for _, c := range table() {
		s.checks[c.ID] = c
		if c.run == nil {
			s.always = append(s.always, c.ID)
		}
		if c.look != nil {
			s.looks = append(s.looks, c.look)
		}
	}
	return s, nil
}

// execute runs one task.
func (s *session) execute(ctx context.Context, t task) error {
	s.progress.Check, s.progress.Operation = t.check.ID, t.operation.Name()
	s.tell()
	p := &probe{session: s, check: t.check, op: t.operation}
	s.failures = 0
	defer func() { s.progress.Done++ }()
	if _, reason := s.required(t.operation); reason != "" {
		p.skip(reason)
		return nil
	}
	err := t.check.run(ctx, p)
	if reason, ok := errors.AsType[givenUpError](err); ok {
		p.skip(string(reason))
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
	return s.check(ctx)
}

// check greets the target and runs the tasks.
func (s *session) check(ctx context.Context) (*report.Report, error) {
	tasks := s.tasks()
	s.progress.Total = len(tasks)
	err := s.greet(ctx)
	for _, one := range tasks {
		if err != nil {
			break
		}
		err = s.execute(ctx, one)
	}
	err = errors.Join(err, s.finish(context.WithoutCancel(ctx)))
	return s.report, err
}

// finish completes the report and removes what the lab made.
func (s *session) finish(ctx context.Context) error {
	if s.target.Coverage != nil {
		r := s.target.Coverage.Report()
		s.report.Coverage = &r
	}
	s.report.Finish()
	return s.clean(ctx)
}
