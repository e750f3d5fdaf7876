package report

import (
	"fmt"
	"strings"
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
		return "failed: " + r.Summary.String()
	case r.noDrift():
		return "passed: no drift; " + r.Summary.String()
	}
	return "passed: " + r.Summary.String()
}

// String returns one line: "1 error, 2 warnings; 40 cases passed, 1 skipped".
func (s Summary) String() string {
	var found []string
	for _, c := range []struct {
		n    int
		word string
	}{{s.Error, "error"}, {s.Warning, "warning"}, {s.Info, "info"}} {
		if c.n > 0 {
			found = append(found, plural(c.n, c.word))
		}
	}
	if s.Known > 0 {
		found = append(found, fmt.Sprintf("%d known", s.Known))
	}
	if found == nil {
		found = []string{"no findings"}
	}
	text := strings.Join(found, ", ") + "; " + plural(s.Passed, "case") + " passed"
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	return text
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// noDrift tells whether two documents were compared and nothing was found but
// what the list of known findings has to say of itself.
func (r *Report) noDrift() bool {
	if r.Tool != "drift" || r.Empty() {
		return false
	}
	for i := range r.Findings {
		if !aboutKnown(r.Findings[i].Check) {
			return false
		}
	}
	return true
}
