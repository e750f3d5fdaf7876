package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec"
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

// few is on how many operations findings that are alike are shown one by one.
const few = 3

// alikeElsewhere groups findings that say the same of more than a few operations: each
// leads to all of its group.
func alikeElsewhere(list []*Finding) map[*Finding][]*Finding {
	type kind struct {
		check, keyword, name string
		severity             Severity
		status               int
	}
	groups := map[kind][]*Finding{}
	for _, f := range list {
		if f.Known == nil && f.Curl != "" { // not of drift
			k := kind{f.Check, f.Keyword, f.Case, f.Severity, f.Status}
			groups[k] = append(groups[k], f)
		}
	}
	alike := map[*Finding][]*Finding{}
	for _, group := range groups {
		if len(group) > few && group[0].Operation != group[len(group)-1].Operation {
			for _, f := range group {
				alike[f] = group
			}
		}
	}
	return alike
}

// otherOperations names the operations of findings: "5 other operations: a, b, c and 2 more".
func otherOperations(list []*Finding) string {
	var names []string
	for _, f := range list {
		if !slices.Contains(names, f.Operation) {
			names = append(names, f.Operation)
		}
	}
	text := spec.Count(len(names), "other operation") + ": " + oneLine(strings.Join(names[:min(few, len(names))], ", "))
	if more := len(names) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// shownChecks are the checks: of many operations each as one, with the reasons that
// most cases were skipped for, and the operations that drift found new as one.
func (r *Report) shownChecks() []Check {
	operations := map[string]bool{}
	for _, c := range r.Checks {
		operations[c.Operation] = true
	}
	if len(operations) > crowd && r.Tool != "drift" {
		return r.sumOfChecks()
	}
	added, _ := addedOperations(byOperation(r))
	if len(added) == 0 {
		return r.Checks
	}
	all := Check{ID: added[0].Check, Operation: spec.Count(len(added), "operation")}
	shown := slices.DeleteFunc(slices.Clone(r.Checks), func(c Check) bool {
		if c.ID == all.ID {
			all.Failed += c.Failed
		}
		return c.ID == all.ID
	})
	return append(shown, all)
}

// sumOfChecks adds up what was seen of all operations.
func (r *Report) sumOfChecks() []Check {
	var list []Check
	counts := map[string]int{} // of operations
	for _, c := range r.Checks {
		at := slices.IndexFunc(list, func(sum Check) bool { return sum.ID == c.ID })
		if at < 0 {
			at = len(list)
			list = append(list, Check{ID: c.ID})
		}
		sum := &list[at]
		sum.Passed, sum.Failed, sum.Skipped = sum.Passed+c.Passed, sum.Failed+c.Failed, sum.Skipped+c.Skipped
		counts[c.ID]++
		for _, reason := range c.Reasons {
			if !slices.Contains(sum.Reasons, reason) && len(sum.Reasons) < few {
				sum.Reasons = append(sum.Reasons, reason)
			}
		}
	}
	for i := range list {
		list[i].Operation = spec.Count(counts[list[i].ID], "operation")
	}
	return list
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
	if c.Total == 0 {
		return "none: nothing could be counted"
	}
	return fmt.Sprintf("%d%%: %d of %d operations, parameters, boundaries, statuses, properties and values", 100*c.Covered/c.Total, c.Covered, c.Total)
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
	list := make([]checked, len(r.Checks))
	for n, c := range r.Checks {
		list[n].Check = c
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Check == c.ID && f.Operation == c.Operation {
				list[n].findings = append(list[n].findings, f)
			}
		}
	}
	return list
}
