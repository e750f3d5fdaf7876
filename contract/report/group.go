package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/coverage"
)

// byOperation returns the findings by operation and check. Operations and checks
// stand in the order of their gravest finding.
func byOperation(r *Report) []*Finding {
	operations, checks := map[string]int{}, map[[2]string]int{} // where the first is
	var list []*Finding
	for i := len(r.Findings) - 1; i >= 0; i-- {
		f := &r.Findings[i]
		operations[f.Operation], checks[[2]string{f.Operation, f.Check}] = i, i
		list = append(list, f)
	}
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(operations[a.Operation], operations[b.Operation]),
			cmp.Compare(checks[[2]string{a.Operation, a.Check}], checks[[2]string{b.Operation, b.Check}]),
		)
	})
	return list
}

// addedOperations takes out the operations that drift found new, where they are
// so many that they would hide what changed.
func addedOperations(list []*Finding) (added, others []*Finding) {
	for _, f := range list {
		if f.Check == "endpoint-added" && f.Known == nil {
			added = append(added, f)
		} else {
			others = append(others, f)
		}
	}
	if len(added) <= crowd {
		return nil, list
	}
	return added, others
}

// shownChecks are the checks, those of addedOperations as one.
func (r *Report) shownChecks() []Check {
	added, _ := addedOperations(byOperation(r))
	if len(added) == 0 {
		return r.Checks
	}
	all := Check{ID: added[0].Check, Operation: plural(len(added), "operation")}
	shown := slices.DeleteFunc(slices.Clone(r.Checks), func(c Check) bool {
		if c.ID == all.ID {
			all.Failed += c.Failed
		}
		return c.ID == all.ID
	})
	return append(shown, all)
}

// bySegments counts operations by the first two segments of their paths:
// "/v1/agent (12), /v1/call (5)".
func bySegments(list []*Finding) string {
	counts := map[string]int{}
	for _, f := range list {
		segments := strings.SplitN(f.Path, "/", 4)
		counts[strings.TrimSuffix(strings.Join(segments[:min(3, len(segments))], "/"), "/")]++
	}
	var parts []string
	for _, at := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", at, counts[at]))
	}
	return strings.Join(parts, ", ")
}

// coverageLine says how much of the document was exercised.
func coverageLine(c *coverage.Report) string {
	percent := 0
	if c.Total > 0 {
		percent = 100 * c.Covered / c.Total
	}
	return fmt.Sprintf("%d%%: %d of %d operations, parameters, boundaries, statuses, properties and values", percent, c.Covered, c.Total)
}

// uncovered names what was never exercised, a line for each kind of an operation.
func uncovered(c *coverage.Report) []string {
	var lines []string
	for i := range c.Operations {
		op := &c.Operations[i]
		if op.Unreachable == "" && op.Counted == 0 {
			lines = append(lines, op.Operation)
			continue
		}
		for _, missing := range op.Missing() {
			lines = append(lines, op.Operation+": "+missing)
		}
	}
	return lines
}

// checked is a check on an operation with what it found.
type checked struct {
	Check
	findings []*Finding
}

// byCase returns the checks in their order, each with its findings.
func byCase(r *Report) []checked {
	type key struct{ check, operation string }
	at := make(map[key]int)
	var list []checked
	for _, c := range r.Checks {
		at[key{c.ID, c.Operation}] = len(list)
		list = append(list, checked{Check: c})
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		k := key{f.Check, f.Operation}
		n, found := at[k]
		if !found { // a report that was not made by Add
			n = len(list)
			at[k] = n
			list = append(list, checked{Check: Check{ID: f.Check, Operation: f.Operation}})
		}
		list[n].findings = append(list[n].findings, f)
	}
	return list
}
