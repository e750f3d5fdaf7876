package suite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/calibration"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Run runs the table against a target, each check of an operation as a subtest
// named CHECK/OPERATION. A finding of severity error or warning fails its
// subtest; one of info is logged. An unreachable target or one that refuses the
// key fails the test.
func Run(t *testing.T, target Target) {
	t.Helper()
	s, err := session.New(target, table())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	tasks := s.Tasks()
	s.Progress.Total = len(tasks)
	for _, one := range tasks {
		t.Run(subtestName(one.Check.ID, one.Operation.Name()), func(t *testing.T) {
			if err := s.Execute(t.Context(), one); err != nil {
				t.Fatal(err)
			}
			show(t, s, one.Check.ID, one.Operation.Name())
		})
	}
	if err := s.Finish(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	for _, c := range s.Report.Checks {
		if s.Check(c.ID).Run == nil { // what every answer went through
			t.Run(subtestName(c.ID, c.Operation), func(t *testing.T) { show(t, s, c.ID, c.Operation) })
		}
	}
	if s.Report.Empty() {
		t.Error("suite: nothing was checked")
	}
}

// show gives what is reported of a check to its subtest.
func show(t *testing.T, s *session.Session, id, operation string) {
	t.Helper()
	for _, f := range s.Report.Findings {
		if f.Check != id || f.Operation != operation {
			continue
		}
		if f.Severity.AtLeast(report.Warning) {
			t.Error(describe(f))
		} else {
			t.Log(describe(f))
		}
	}
	for _, c := range s.Report.Checks {
		if c.ID == id && c.Operation == operation && c.Passed+c.Failed == 0 {
			t.Skip(strings.Join(c.Reasons, "; "))
		}
	}
}

// describe words a finding for a test's log: the problem, then the rule.
func describe(f report.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n  fix: %s", f.Message, f.Explanation, f.HowToFix)
	if f.Basis == report.Assumed {
		fmt.Fprintf(&b, "\n  rests on an assumption: %s", f.Assumption)
	}
	if f.Curl != "" {
		fmt.Fprintf(&b, "\n  see: %s", f.Curl)
	}
	return b.String()
}

func subtestName(check, operation string) string {
	if operation == "" {
		return check
	}
	return check + "/" + strings.ReplaceAll(operation, "/", "_")
}

// Check runs the table against a target and returns what it found. The error is
// ErrTarget, ErrUnreachable or ErrRefused, or that of the context; with the
// latter three the report tells what was found before.
func Check(ctx context.Context, t Target) (*report.Report, error) {
	s, err := session.New(t, table())
	if err != nil {
		return nil, err
	}
	return s.Run(ctx)
}

// Calibrated is what a server shows of one line of a profile.
type Calibrated = calibration.Line

// Calibrate asks a target how it behaves where the document leaves it open: a line for
// each assumption that has alternatives, in the order of the profile. One that its data
// could not show has no alternative, and says why. It only reads, unless the target allows
// writes; then it makes items, marked by their names, and removes them. Findings are of
// what could not be removed. The errors are those of [Check], the lines what was known by
// then.
func Calibrate(ctx context.Context, t Target) ([]Calibrated, []report.Finding, error) {
	t.Assume = nil
	s, err := session.New(t, table())
	if err != nil {
		return nil, nil, err
	}
	var lines []Calibrated
	if err = s.Greet(ctx); err == nil {
		s.Report.Findings = nil // judging what is documented is not its matter
		lines, err = calibration.Settle(ctx, s)
		s.Report.Findings = nil
	}
	err = errors.Join(err, s.Finish(context.WithoutCancel(ctx)))
	var left []report.Finding
	for _, f := range s.Report.Findings {
		if f.Check == "left_behind" {
			left = append(left, f)
		}
	}
	return lines, left, err
}
