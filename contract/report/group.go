package report

import (
	"fmt"

	"github.com/digakit/digakit/contract/coverage"
)

// operation is what was found on one operation: the checks one after the other,
// the gravest first.
type operation struct {
	name     string
	findings []*Finding
}

// byOperation groups the findings by operation and check. Operations and checks
// stand in the order of their gravest finding.
func byOperation(r *Report) []operation {
	type key struct{ operation, check string }
	checks := make(map[key][]*Finding)
	order := make(map[string][]string) // the checks of an operation
	var names []string
	for i := range r.Findings {
		f := &r.Findings[i]
		k := key{f.Operation, f.Check}
		if order[f.Operation] == nil {
			names = append(names, f.Operation)
		}
		if checks[k] == nil {
			order[f.Operation] = append(order[f.Operation], f.Check)
		}
		checks[k] = append(checks[k], f)
	}
	operations := make([]operation, len(names))
	for i, name := range names {
		operations[i].name = name
		for _, check := range order[name] {
			operations[i].findings = append(operations[i].findings, checks[key{name, check}]...)
		}
	}
	return operations
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
