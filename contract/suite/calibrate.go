package suite

import (
	"context"
	"errors"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/calibration"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

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
