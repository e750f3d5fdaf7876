package journal

import (
	"fmt"
	"slices"
	"strings"
)

// TestingT is the part of *testing.T that the assertions need.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
}

// maxShown is how many exchanges a failure lists.
const maxShown = 10

// AssertRequested fails the test unless j holds the wanted exchanges, the right
// number of times. The failure shows the nearest other exchange and in what it
// differs. When older exchanges were dropped it says so; those cannot count. It
// reports whether the assertion held.
func AssertRequested(t TestingT, j *Journal, w Want) bool {
	t.Helper()
	records, dropped, _ := j.kept()
	var matching []*record
	others := make([]*record, 0, len(records))
	for _, r := range records {
		if len(w.mismatches(r)) == 0 {
			matching = append(matching, r)
		} else {
			others = append(others, r)
		}
	}
	if w.met(len(matching)) {
		return true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "journal: not requested as wanted\n  want: %s\n  have: %d of %s\n", w, len(matching), held(len(records), dropped))
	listRecords(&b, matching)
	if len(others) > 0 && len(matching) < max(w.Times, 1) && w.Times != Never {
		nearest, differs := w.nearest(others)
		fmt.Fprintf(&b, "  nearest: %s\n", nearest.line())
		for _, d := range differs {
			fmt.Fprintf(&b, "    %s\n", d)
		}
	}
	t.Errorf("%s", strings.TrimSuffix(b.String(), "\n"))
	return false
}

// AssertNoViolations fails the test if an exchange in j broke the contract, on
// either side, and when nothing was recorded: then nothing was checked. It
// reports whether the assertion held.
func AssertNoViolations(t TestingT, j *Journal) bool {
	t.Helper()
	records, dropped, unclean := j.kept()
	clean := len(records)
	records = slices.DeleteFunc(records, func(r *record) bool { return len(r.violations) == 0 })
	clean -= len(records)
	switch {
	case clean+len(records) == 0:
		t.Errorf("journal: no exchange was recorded, so none was checked")
		return false
	case len(records) == 0 && unclean == 0:
		return true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "journal: the contract was broken in %d of %s", len(records), held(clean+len(records), dropped))
	if unclean > 0 {
		fmt.Fprintf(&b, ", and in %d of those dropped", unclean)
	}
	b.WriteByte('\n')
	listRecords(&b, records)
	t.Errorf("%s", strings.TrimSuffix(b.String(), "\n"))
	return false
}

// kept returns what is kept, oldest first, how many were dropped, and how many
// of those had violations.
func (j *Journal) kept() (records []*record, dropped, unclean uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.allLocked(), j.dropped, j.unclean
}

func held(n int, dropped uint64) string {
	s := fmt.Sprintf("%d recorded", n)
	if dropped > 0 {
		s += fmt.Sprintf(" (and %d older ones dropped)", dropped)
	}
	return s
}

// listRecords writes the newest records with their violations.
func listRecords(b *strings.Builder, records []*record) {
	if more := len(records) - maxShown; more > 0 {
		fmt.Fprintf(b, "  … %d earlier\n", more)
		records = records[more:]
	}
	for _, r := range records {
		fmt.Fprintf(b, "  %s\n", r.line())
		for _, v := range r.violations {
			fmt.Fprintf(b, "    %s\n", printable(v.String()))
		}
	}
}
