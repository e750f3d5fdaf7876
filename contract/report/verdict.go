package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// nothingChecked is said of an empty run.
const nothingChecked = "nothing was checked: an empty run is never a pass"

// Verdict says in one line how the run ended when findings at or above
// threshold make it a failed one. Call it after [Report.Finish].
func (r *Report) Verdict(threshold Severity) string {
	switch {
	case r.Empty():
		return "failed: " + nothingChecked
	case r.Failed(threshold):
		return "failed: " + r.summary()
	case r.noDrift():
		return "passed: no drift; " + r.Summary.String()
	}
	return "passed: " + r.summary()
}

func (r *Report) summary() string {
	if len(r.NotChecked) == 0 {
		return r.Summary.String()
	}
	return fmt.Sprintf("%s; %d of %d operations not checked", r.Summary, len(r.NotChecked), r.Operations)
}

// String returns one line: "1 error, 2 warnings; 40 cases passed, 1 skipped".
func (s Summary) String() string {
	var found []string
	for _, c := range []struct {
		n    int
		word string
	}{{s.Error, "error"}, {s.Warning, "warning"}, {s.Info, "info"}} {
		if c.n > 0 {
			found = append(found, spec.Count(c.n, c.word))
		}
	}
	if s.Known > 0 {
		found = append(found, fmt.Sprintf("%d known", s.Known))
	}
	text := cmp.Or(strings.Join(found, ", "), "no findings") + "; " + spec.Count(s.Passed, "case") + " passed"
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	return text
}

// unchecked says of how many operations no success was seen, and why; empty when none.
func (r *Report) unchecked() string {
	if len(r.NotChecked) == 0 {
		return ""
	}
	counts, reasons := map[string]int{}, []string{}
	for _, one := range r.NotChecked {
		if counts[one.Reason]++; counts[one.Reason] == 1 {
			reasons = append(reasons, one.Reason)
		}
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return counts[b] - counts[a] })
	var parts []string
	for _, reason := range reasons[:min(3, len(reasons))] {
		parts = append(parts, fmt.Sprintf("%d %s", counts[reason], oneLine(reason)))
	}
	if more := len(reasons) - len(parts); more > 0 {
		parts = append(parts, spec.Count(more, "other reason"))
	}
	return fmt.Sprintf("%d of %d operations not checked (%s)", len(r.NotChecked), r.Operations, strings.Join(parts, "; "))
}

// noDrift tells whether two documents were compared and nothing was found but
// what the list of known findings has to say of itself.
func (r *Report) noDrift() bool {
	return r.Tool == "drift" && !r.Empty() && !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !aboutKnown(f.Check) })
}
