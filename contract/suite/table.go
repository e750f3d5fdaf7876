package suite

import (
	"context"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/bodies"
	"github.com/digakit/digakit/contract/suite/internal/credentials"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/paging"
	"github.com/digakit/digakit/contract/suite/internal/paths"
	"github.com/digakit/digakit/contract/suite/internal/sequences"
	"github.com/digakit/digakit/contract/suite/internal/session"
	"github.com/digakit/digakit/contract/suite/internal/values"
)

// CheckInfo describes a check.
type CheckInfo struct {
	ID          string          `json:"id"`
	Explanation string          `json:"explanation"` // why it matters to a caller
	HowToFix    string          `json:"how_to_fix"`  // what the server should do
	Severity    report.Severity `json:"severity"`
	Basis       report.Basis    `json:"basis"`
	Assumption  string          `json:"assumption,omitempty"` // the profile's id of what it rests on
}

// Checks describes all checks, in the order in which they are run. Ids do not change.
func Checks() []CheckInfo {
	var list []CheckInfo
	for _, c := range slices.Concat(session.Always(), table()) {
		list = append(list, CheckInfo{c.ID, c.Why, c.Fix, c.Severity, c.Basis(), c.Assumption})
	}
	return list
}

// table lists the checks that send requests of their own. Each call makes them
// anew: they remember what they saw in one run.
func table() []session.Check {
	maker := items.New()
	return merged(slices.Concat(
		credentials.Checks(), values.Checks(), paths.Checks(), paging.Checks(), bodies.Checks(maker), sequences.Checks(maker),
	))
}

// merged makes one check of those of one id, which try the same on other operations:
// keys that a lab makes, and items that operations do.
func merged(list []session.Check) []session.Check {
	var all []session.Check
	for _, c := range list {
		i := slices.IndexFunc(all, func(other session.Check) bool { return other.ID == c.ID })
		if i < 0 {
			all = append(all, c)
			continue
		}
		first, second := all[i].Work, c.Work
		all[i].Work = session.Work{
			Settles: true,
			Applies: func(s *session.Session, o *contract.Operation) bool {
				return first.Applies(s, o) || second.Applies(s, o)
			},
			Run: func(ctx context.Context, p *session.Probe) {
				run := first.Run
				if second.Applies(p.Session, p.Op) {
					run = second.Run
				}
				run(ctx, p)
			},
		}
	}
	return all
}
