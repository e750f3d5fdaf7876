package suite

import (
	"context"
	"time"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// CheckPausing is Check with another way to wait for a throttling server.
func CheckPausing(ctx context.Context, t Target, pause func(context.Context, time.Duration) error) (*report.Report, error) {
	s, err := session.New(t, table())
	if err != nil {
		return nil, err
	}
	s.Pause = pause
	return s.Run(ctx)
}

// Assumptions are what Target.Assume takes: ids to alternatives.
func Assumptions() map[string][]string { return session.Assumptions() }
