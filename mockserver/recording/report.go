package recording

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// checkReplay is the check whose cases are answers that are as recorded.
const checkReplay = "replay_conformance"

// Report asks the run again, of a target that serves the validator's document, and reports
// the first answer that differs.
func (run *Run) Report(ctx context.Context, t Target, v *contract.Validator) (*report.Report, error) {
	r := report.New("replay")
	err := run.Replay(ctx, t, func(i int, differences []Difference) bool {
		e := run.Exchanges[i]
		if len(differences) > 0 {
			r.Add(run.differs(ctx, t, v, i, differences))
			if left := len(run.Exchanges) - i - 1; left > 0 {
				r.Note(fmt.Sprintf("requests behind it that were not sent: %d", left))
			}
			return false
		}
		r.Pass(checkReplay, e.Operation, 1)
		if !Comparable(e.Response) {
			r.Note(fmt.Sprintf("the body of answer %d, %s %s, was over %d bytes and is not compared", i+1, e.Request.Method, e.Request.Path, MaxBody))
		}
		return true
	})
	return r, err
}

// differs is the finding of an answer that is not as recorded.
func (run *Run) differs(ctx context.Context, t Target, v *contract.Validator, i int, differences []Difference) report.Finding {
	e := run.Exchanges[i]
	f := report.Finding{
		Check: checkReplay, Severity: report.Error, Operation: e.Operation, Method: e.Request.Method, Path: e.Request.Path,
		Message:     fmt.Sprintf("answer %d of %d is not as recorded: ", i+1, len(run.Exchanges)) + differences[0].String(),
		Explanation: "The same requests were answered so when the run was recorded.",
		HowToFix:    "mend what answers otherwise now; or, if that is meant, record the run anew",
		Status:      e.Response.Status,
	}
	if differences[0].Part == "body" {
		f.Pointer = differences[0].Pointer
	}
	for _, d := range differences[1:] {
		f.Message += "; " + d.String()
	}
	if r, body, err := t.Request(ctx, e.Request); err == nil {
		f.Curl = v.Curl(r, body)
	}
	return f
}
