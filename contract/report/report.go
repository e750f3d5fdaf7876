package report

import (
	"cmp"
	"slices"

	"github.com/digakit/digakit/contract/coverage"
)

// SchemaVersion is the version of the JSON form. Fields may be added under the
// same version; none changes its meaning or goes.
const SchemaVersion = 1

// Report is the result of one run. It is not safe for concurrent use.
type Report struct {
	SchemaVersion int       `json:"schema_version"`
	Tool          string    `json:"tool"`               // verify, har, proxy or drift
	Target        string    `json:"target,omitempty"`   // what was verified: a URL or a file
	Base          string    `json:"base,omitempty"`     // of drift: the old document
	Revision      string    `json:"revision,omitempty"` // of drift: the new one
	Summary       Summary   `json:"summary"`
	Findings      []Finding `json:"findings"`
	// Checks says for each check and operation what passed and what did not;
	// in the order they were first told of.
	Checks []Check `json:"checks"`
	// Notes are remarks that are no findings, such as a throttled request.
	Notes    []string         `json:"notes"`
	Coverage *coverage.Report `json:"coverage"`
	// Operations is how many operations the document has; 0 where nobody counted.
	Operations int `json:"operation_count,omitempty"`
	// NotChecked are those of them that no documented success was seen of.
	NotChecked []NotChecked `json:"not_checked,omitempty"`
	// Permissions is the matrix of permissions that were tried one by one.
	Permissions []Permission `json:"permissions,omitempty"`
}

// NotChecked is an operation that no documented success was seen of, and why.
type NotChecked struct {
	Operation string `json:"operation"`
	Reason    string `json:"reason"`
}

// Permission is a line of the matrix: what a key with exactly the permission that an
// operation needs was answered, and one with all others.
type Permission struct {
	Operation string   `json:"operation"`
	Needs     []string `json:"needs"`             // one of these; none: any key will do
	With      int      `json:"with,omitempty"`    // status to a key with the first of them alone
	Without   int      `json:"without,omitempty"` // status to a key with all permissions but them
}

// Summary counts. Known findings are counted in Known alone.
type Summary struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
	Passed  int `json:"passed"`  // cases
	Skipped int `json:"skipped"` // cases
	Known   int `json:"known"`
}

// Check is how one check went on one operation.
type Check struct {
	ID        string   `json:"id"`
	Operation string   `json:"operation"`         // empty when it concerns none
	Passed    int      `json:"passed"`            // cases
	Failed    int      `json:"failed"`            // cases with a finding, known ones too
	Skipped   int      `json:"skipped"`           // cases
	Reasons   []string `json:"reasons,omitempty"` // why cases were skipped, each once
}

// New returns an empty report of a tool: verify, har, proxy or drift.
func New(tool string) *Report {
	return &Report{
		SchemaVersion: SchemaVersion, Tool: tool,
		Findings: []Finding{}, Checks: []Check{}, Notes: []string{},
	}
}

// Add adds a finding and counts it as a failed case of its check. The same
// finding again, told by its fingerprint, raises its Count. A finding that
// rests on an assumption is made a warning if it was graver.
func (r *Report) Add(f Finding) {
	if f.Basis == "" {
		f.Basis = Documented
	}
	if f.Basis == Assumed && f.Severity == Error {
		f.Severity = Warning
	}
	f.Fingerprint = f.fingerprint(r.Tool)
	f.Count = max(f.Count, 1)
	r.check(f.Check, f.Operation).Failed += f.Count
	for i := range r.Findings {
		if r.Findings[i].Fingerprint == f.Fingerprint {
			r.Findings[i].Count += f.Count
			return
		}
	}
	r.Findings = append(r.Findings, f)
}

// AddExample adds a request that shows the same as a finding that was added.
func (r *Report) AddExample(of Finding, e Example) {
	fingerprint := of.fingerprint(r.Tool)
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Fingerprint == fingerprint {
			f.Count++
			f.Examples = append(f.Examples, e)
			r.check(f.Check, f.Operation).Failed++
		}
	}
}

// Retract takes back a finding that another tells better.
func (r *Report) Retract(of Finding) {
	fingerprint := of.fingerprint(r.Tool)
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
		if f.Fingerprint == fingerprint {
			r.check(f.Check, f.Operation).Failed -= f.Count
		}
		return f.Fingerprint == fingerprint
	})
}

// Pass counts cases of a check that went well.
func (r *Report) Pass(check, operation string, cases int) {
	r.check(check, operation).Passed += cases
}

// Skip counts a case that could not be tried, and why.
func (r *Report) Skip(check, operation, reason string) {
	c := r.check(check, operation)
	c.Skipped++
	if !slices.Contains(c.Reasons, reason) {
		c.Reasons = append(c.Reasons, reason)
	}
}

// Note adds a remark, once.
func (r *Report) Note(remark string) {
	if !slices.Contains(r.Notes, remark) {
		r.Notes = append(r.Notes, remark)
	}
}

func (r *Report) check(id, operation string) *Check {
	at := slices.IndexFunc(r.Checks, func(c Check) bool { return c.ID == id && c.Operation == operation })
	if at < 0 {
		at = len(r.Checks)
		r.Checks = append(r.Checks, Check{ID: id, Operation: operation})
	}
	return &r.Checks[at]
}

// crowd is how many findings of one check and severity are so many that they
// would hide others.
const crowd = 10

// Finish puts the findings in order, the gravest first, and of these those that
// concern most calls, and counts. Behind those as grave stand the findings of a check that has more than ten of them. Call it
// when nothing more is added; calling it again does no harm.
func (r *Report) Finish() {
	type kind struct {
		check    string
		severity Severity
	}
	alike := map[kind]int{}
	for _, f := range r.Findings {
		alike[kind{f.Check, f.Severity}]++
	}
	crowded := func(f Finding) int { return min(1, alike[kind{f.Check, f.Severity}]/(crowd+1)) }
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity.rank(), a.Severity.rank()),
			cmp.Compare(b.Usage.rank(), a.Usage.rank()),
			cmp.Compare(crowded(a), crowded(b)),
			cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Method, b.Method),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Pointer, b.Pointer),
			cmp.Compare(a.Status, b.Status),
			cmp.Compare(a.Case, b.Case),
			cmp.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
	r.Summary = Summary{}
	for _, f := range r.Findings {
		switch {
		case f.Known != nil:
			r.Summary.Known++
		case f.Severity == Error:
			r.Summary.Error++
		case f.Severity == Warning:
			r.Summary.Warning++
		case f.Severity == Info:
			r.Summary.Info++
		}
	}
	for _, c := range r.Checks {
		r.Summary.Passed += c.Passed
		r.Summary.Skipped += c.Skipped
	}
}

// Failed tells whether a finding that is not known reaches the threshold.
func (r *Report) Failed(threshold Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Known == nil && f.Severity.AtLeast(threshold)
	})
}

// Empty tells whether nothing was checked: no case passed, none failed. An
// empty run is never a pass.
func (r *Report) Empty() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Passed+c.Failed > 0 })
}
