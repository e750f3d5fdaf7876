package suite

import (
	"context"
	"net/http"
	"path"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// check is one line of the table.
type check struct {
	id          string
	explanation string // why it matters to a caller
	howToFix    string // what the server should do
	severity    report.Severity
	assumption  string // profile id of the assumption it rests on; empty: documented
	// applies tells whether it is for an operation; nil: for the target as a whole.
	applies func(*session, *contract.Operation) bool
	// run tries the cases of the check. It returns an error only when the
	// whole run has to end.
	run func(ctx context.Context, p *probe) error
	// look looks at every page that any check asks for; nil: it does not.
	look func(p *probe, pg *page)
}

// CheckInfo describes a check of the table.
type CheckInfo struct {
	ID          string          `json:"id"`
	Explanation string          `json:"explanation"`
	HowToFix    string          `json:"how_to_fix"`
	Severity    report.Severity `json:"severity"`
	Basis       report.Basis    `json:"basis"`
	Assumption  string          `json:"assumption,omitempty"`
}

// Checks returns the table, in the order in which it is run. Ids do not change.
func Checks() []CheckInfo {
	var list []CheckInfo
	for _, c := range table() {
		list = append(list, CheckInfo{c.id, c.explanation, c.howToFix, c.severity, c.basis(), c.assumption})
	}
	return list
}

// table holds the checks: those that every answer goes through, then those that
// send requests of their own.
func table() []check {
	return slices.Concat(
		answerChecks(), credentialChecks(), positiveChecks(), negativeChecks(), twiceChecks(),
		methodChecks(), pathChecks(), hostileChecks(), pagingChecks(),
	)
}

// basis is what the check rests on: the document, or an assumption.
func (c check) basis() report.Basis {
	if c.assumption != "" {
		return report.Assumed
	}
	return report.Documented
}

// task is a check with what it is run on.
type task struct {
	check     check
	operation *contract.Operation // nil: the target as a whole
}

// tasks lists what there is to run.
func (s *session) tasks() []task {
	var list []task
	for _, c := range table() {
		if c.run == nil || !s.wanted(c.id) {
			continue
		}
		if c.applies == nil {
			list = append(list, task{check: c})
			continue
		}
		for _, o := range s.operations {
			if c.applies(s, o) {
				list = append(list, task{c, o})
			}
		}
	}
	return list
}

// readOnly is applies for every operation that calling changes nothing of.
func readOnly(_ *session, o *contract.Operation) bool {
	return o.Method == http.MethodGet || o.Method == http.MethodHead || o.Method == http.MethodOptions
}

// wanted tells whether the target asks for a check.
func (s *session) wanted(id string) bool {
	matched, err := path.Match(s.target.Only, id)
	return s.target.Only == "" || (err == nil && matched) // the glob was checked with the target
}
