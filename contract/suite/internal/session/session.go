// Package session sends calls to a target and judges what comes back.
//
// A [Session] is one run: [Session.Send] keeps the rate, waits when it is told to (429
// and Retry-After), bounds time and size, and puts every answer through the checks
// that each has to pass ([Always]). A [Check] is one thing to try, on each operation it
// is for: its run is given a [Probe], which sends calls of that operation and says how
// each case went: [Probe.Pass], [Probe.Skip] (it cannot be tried here, and why) or
// [Probe.Fail], which makes the finding with the command that repeats the request;
// [Probe.Flaw] makes one of several cases. A check goes on to its last line, or to a call
// that ends it: [Session.Send] where the target answers no more, [Cannot], [End].
//
// What a check makes on the server, it has removed by what it appends to
// Session.Cleanup.
package session

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Session is one run over a target. It is used from one goroutine.
type Session struct {
	*call.Document
	Target    Target
	Root      *url.URL // where the paths of the document begin
	limiter   *rate.Limiter
	Report    *report.Report
	checks    []Check
	Greetings map[*contract.Operation]*Answer // to the plain call of each operation

	Pause    func(context.Context, time.Duration) error
	waited   time.Duration               // for 429s, in all
	requests int                         // sent so far
	answered bool                        // the target, once
	silent   int                         // requests in a row without an answer
	revived  int                         // times the target came back
	suspect  *Answer                     // what may have stopped it
	drops    int                         // requests that net/http had to send again
	trouble  map[*contract.Operation]int // answers that took too long or were too large
	received map[*contract.Operation]int // bytes of answers
	Progress Progress                    // as last told

	succeeded map[*contract.Operation]bool // operations that answered a documented success, once

	Secrets []string                      // of keys made in this run
	Cleanup []func(context.Context) error // of what was made in this run
}

// CannotError is the reason why a case cannot be tried here.
type CannotError string

func (c CannotError) Error() string { return "suite: it cannot be tried: " + string(c) }

// ended is what a check panics with when it ends before its last line; Ended takes it up.
type ended struct{ err error }

// End ends the check at work, as testing.T.FailNow ends a test: with a CannotError or
// another that [GivenUp] knows the check alone, else the run. With nil it goes on.
func End(err error) {
	if err != nil {
		panic(ended{err})
	}
}

// Cannot ends what cannot be tried here, for the reason it is.
func Cannot(reason string) { panic(ended{CannotError(reason)}) }

// Ended runs something and returns what ended it; nil: it came to its last line.
func Ended(run func()) (err error) {
	defer func() {
		reason := recover()
		end, is := reason.(ended)
		if !is && reason != nil {
			panic(reason)
		}
		err = end.err
	}()
	run()
	return nil
}

// Try runs what may be impossible here, and returns why it was; empty: it was done.
func Try(run func()) (impossible string) {
	err := Ended(run)
	reason, is := errors.AsType[CannotError](err)
	if !is {
		End(err)
	}
	return string(reason)
}

// givenUpError ends a check: nothing more can be learned, for the reason it is.
type givenUpError string

func (g givenUpError) Error() string { return "suite: given up: " + string(g) }

// GivenUp is the reason of an error that ends a check and not the run; empty of another.
func GivenUp(err error) string {
	if reason, is := errors.AsType[CannotError](err); is {
		return string(reason)
	}
	reason, _ := errors.AsType[givenUpError](err)
	return string(reason)
}

// errThrottled is the reason to give up.
const errThrottled = givenUpError("the server goes on to answer 429: lower the rate, or try again later")

// New checks the target and compiles its document.
func New(t Target, checks []Check) (*Session, error) {
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
	if t.Transport == nil {
		t.Transport = newTransport()
	}
	limit := rate.Limit(t.Rate)
	switch {
	case t.Rate < 0, t.Rate == 0 && Loopback(base.Hostname()):
		limit = rate.Inf
	case t.Rate == 0:
		limit = politeRate
	}
	s := &Session{
		Document: call.New(validator), Target: t, Root: base, checks: slices.Concat(Always(), checks),
		limiter: rate.NewLimiter(limit, 1), Report: report.New("verify"),
		Greetings: map[*contract.Operation]*Answer{}, Pause: pause, trouble: map[*contract.Operation]int{}, received: map[*contract.Operation]int{},
		succeeded: map[*contract.Operation]bool{},
	}
	s.Report.Target = base.Redacted()
	for _, glob := range t.Skip {
		if !slices.ContainsFunc(s.Operations, func(o *contract.Operation) bool { return Matches(glob, o) }) {
			return nil, fmt.Errorf("%w: no operation to skip is like %q, by id, path, or method and path", ErrTarget, glob)
		}
	}
	return s, nil
}

// Execute runs one task.
func (s *Session) Execute(ctx context.Context, t Task) error {
	s.Progress.Check, s.Progress.Operation = t.Check.ID, t.Operation.Name()
	s.tell()
	p := &Probe{Session: s, Check: t.Check, Op: t.Operation}
	defer func() { s.Progress.Done++ }()
	if _, reason := s.Required(t.Operation); reason != "" && !t.Check.Settles {
		p.Skip(reason)
		return nil
	}
	err := Ended(func() { t.Check.Run(ctx, p) })
	p.TellFlaws()
	if reason := GivenUp(err); reason != "" {
		p.Skip(reason)
		return nil
	}
	return err
}

func (s *Session) tell() {
	if s.Target.Progress != nil {
		s.Progress.Requests = s.requests
		s.Target.Progress(s.Progress)
	}
}

// Run greets the target and runs the tasks.
func (s *Session) Run(ctx context.Context) (*report.Report, error) {
	tasks := s.Tasks()
	s.Progress.Total = len(tasks)
	err := s.Greet(ctx)
	for _, one := range tasks {
		if err != nil {
			break
		}
		err = s.Execute(ctx, one)
	}
	if errors.Is(err, ErrStopped) {
		err = nil // the report says so
	}
	err = errors.Join(err, s.Finish(context.WithoutCancel(ctx)))
	return s.Report, err
}

// Finish removes what was made and completes the report.
func (s *Session) Finish(ctx context.Context) error {
	var errs []error
	for _, undo := range slices.Backward(s.Cleanup) {
		errs = append(errs, undo(ctx))
	}
	if s.Target.Coverage != nil {
		r := s.Target.Coverage.Report()
		s.Report.Coverage = &r
	}
	s.notChecked()
	s.Report.Finish()
	if t, ok := s.Target.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections() // a server that ends waits for what was opened and not used
	}
	return errors.Join(errs...)
}

// notChecked reports the operations that no documented success was seen of. When that
// are all, the run is no pass.
func (s *Session) notChecked() {
	s.Report.Operations = len(s.Operations)
	for _, o := range s.Operations {
		if !s.succeeded[o] {
			s.Report.NotChecked = append(s.Report.NotChecked, report.NotChecked{Operation: o.Name(), Reason: s.whyNot(o)})
		}
	}
	if len(s.succeeded) == 0 && s.Progress.Done > 0 && !s.Report.Failed(report.Error) {
		s.Report.Add(report.Finding{
			Check: "nothing_succeeded", Severity: report.Error, Message: "no operation answered with a documented success",
			Explanation: "Refusals alone say nothing of what a server does: one that is broken gives them too.",
			HowToFix:    "give a key and data with which operations succeed; those that change data are called when writing is allowed",
		})
	}
}

// whyNot says why an operation did not succeed.
func (s *Session) whyNot(o *contract.Operation) string {
	_, reason := s.Required(o)
	switch greeting := s.Greetings[o]; {
	case s.Skipped(o):
		return "left out on request"
	case !ReadOnly(s, o) && !s.Target.Writes:
		return "that change data: --writes calls them"
	case greeting != nil:
		return fmt.Sprintf("answered %d", greeting.Status)
	case reason != "":
		return "want a value that no answer showed"
	}
	return "not reached"
}

// Skipped tells whether Target.Skip leaves out an operation.
func (s *Session) Skipped(o *contract.Operation) bool {
	return slices.ContainsFunc(s.Target.Skip, func(glob string) bool { return Matches(glob, o) })
}

// Matches tells whether a glob names an operation by its id, its path, or method and
// path. In it * is any text and ? any character.
func Matches(glob string, o *contract.Operation) bool {
	pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(glob))
	whole := regexp.MustCompile("^(?:" + pattern + ")$")
	return whole.MatchString(o.Name()) || whole.MatchString(o.Path) || whole.MatchString(o.Method+" "+o.Path)
}

// Greet calls every operation that can be called without harm once, plainly:
// to learn whether there is a server at all, whether it takes the key for any
// operation, and what its items are called.
func (s *Session) Greet(ctx context.Context) error {
	return Ended(func() { s.greet(ctx) })
}

func (s *Session) greet(ctx context.Context) {
	tried, refused, throttled := 0, 0, 0
	for again := true; again; {
		again = false
		for _, o := range s.Operations {
			if _, reason := s.Required(o); reason != "" || !ReadOnly(s, o) || s.Skipped(o) || s.Greetings[o] != nil {
				continue
			}
			a, isThrottled := s.send(ctx, o, call.Call{})
			if isThrottled {
				throttled++
			}
			again = true // its items may be what another operation wants
			s.Greetings[o] = a
			if a.Ok() {
				s.Learn(o, a.Body)
			}
			if WantsCredential(o) {
				tried++
				if a.Denied() {
					refused++
				}
			}
		}
	}
	for _, o := range s.Operations {
		s.Bases[o], _ = s.Required(o)
	}
	switch {
	case len(s.Greetings) > 0 && throttled == len(s.Greetings):
		End(fmt.Errorf("%w: %s: it goes on to answer 429 to everything; lower the rate, or try again later", ErrUnreachable, s.Root.Redacted()))
	case tried > 0 && tried == refused:
		End(fmt.Errorf("%w: every operation answers 401 or 403; give a key that may call them", ErrRefused))
	}
}

// Accepted is the answer to the plain call of the probe's operation. The check ends when
// it was no success, so that nothing can be learned from others.
func (p *Probe) Accepted() *Answer {
	a := p.Greetings[p.Op]
	switch {
	case a == nil:
		Cannot("the operation was not called")
	case !a.Success():
		Cannot("its plain call is " + a.Outcome())
	}
	return a
}
