// Package recorder gathers what exchanges of live and of recorded traffic came to,
// for the reports of contract/proxy and contract/har.
package recorder

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/report"
)

// CheckExchange is the check whose cases are exchanges without violations.
const CheckExchange = "exchange"

// Limit is how many distinct findings a recorder keeps: a run of days must not
// fill the memory.
const Limit = 1000

// Recorder gathers. Make one with [New]. It is safe for concurrent use.
type Recorder struct {
	validator *contract.Validator
	coverage  *coverage.Coverage
	found     func(report.Finding)

	mu       sync.Mutex
	report   *report.Report
	beyond   int            // findings that came when there were Limit others
	unjudged map[string]int // exchanges by reason
}

// New returns an empty recorder of a tool that judges with v. found is called with every finding
// that is not like one before, on the goroutine that brings it; nil: nobody is.
func New(tool, target string, v *contract.Validator, found func(report.Finding)) *Recorder {
	r := report.New(tool)
	r.Target = target
	if found == nil {
		found = func(report.Finding) {}
	}
	return &Recorder{validator: v, coverage: coverage.New(v), found: found, report: r, unjudged: map[string]int{}}
}

// Entry is an exchange and what its findings should say besides.
type Entry struct {
	contract.Exchange
	// Repeat makes the request that repeats the exchange, with Body; nil: none
	// does.
	Repeat func() *http.Request
	Body   []byte
	// Mark follows the message: where in a recording the exchange stands.
	Mark string
}

// Record takes an exchange into account. One without violations has passed,
// unless Unjudged says why it was not judged.
func (rec *Recorder) Record(e Entry) {
	if e.Operation != nil && !e.Refused {
		rec.coverage.Record(e.Exchange)
	}
	kept := make([]contract.Violation, 0, len(e.Violations))
	reason := e.Unjudged
	for _, v := range e.Violations {
		if v.Kind == contract.KindCannotJudge && v.Name == "Content-Encoding" {
			reason = "a " + string(v.Side) + " body in a Content-Encoding that cannot be undone"
			continue
		}
		kept = append(kept, v)
	}
	for _, v := range kept {
		rec.add(e, v)
	}
	switch {
	case e.Operation == nil && len(kept) > 0:
	case reason != "":
		rec.Skip(e.Operation, reason)
	case len(kept) == 0:
		rec.mu.Lock()
		defer rec.mu.Unlock()
		rec.report.Pass(CheckExchange, name(e.Operation), 1)
	}
}

func (rec *Recorder) add(e Entry, v contract.Violation) {
	f := report.Violation(e.Exchange, v)
	if len(f.Path) > maxPath {
		f.Path = f.Path[:maxPath] + "..."
	}
	if e.Mark != "" {
		f.Message += " (" + e.Mark + ")"
	}
	if f, isNew := rec.keep(e, f); isNew {
		rec.found(f)
	}
}

// maxPath bounds how much of an undocumented path is kept, in bytes.
const maxPath = 256

// keep adds a finding unless there are too many, and says whether it is the
// first of its kind.
func (rec *Recorder) keep(e Entry, f report.Finding) (report.Finding, bool) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	before := len(rec.report.Findings)
	rec.report.Add(f)
	if len(rec.report.Findings) == before {
		return f, false
	}
	if before == Limit {
		rec.report.Findings = rec.report.Findings[:before]
		rec.beyond++
		return f, false
	}
	added := &rec.report.Findings[before]
	if e.Repeat != nil {
		added.Curl = rec.validator.Curl(repeatable(e.Repeat()), e.Body)
	}
	return *added, true
}

// repeatable takes out what curl says by itself, and Accept-Encoding: the
// answer should be readable.
func repeatable(r *http.Request) *http.Request {
	for _, name := range []string{"Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding"} {
		r.Header.Del(name)
	}
	return r
}

// Skip counts an exchange that was not judged.
func (rec *Recorder) Skip(o *contract.Operation, reason string) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.report.Skip(CheckExchange, name(o), reason)
	rec.unjudged[reason]++
}

// Note adds a remark, once.
func (rec *Recorder) Note(remark string) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.report.Note(remark)
}

// Report returns what there is so far, finished. It is the caller's.
func (rec *Recorder) Report() *report.Report {
	rec.mu.Lock()
	r := *rec.report
	r.Findings = slices.Clone(r.Findings)
	r.Checks = slices.Clone(r.Checks)
	for i := range r.Checks {
		r.Checks[i].Reasons = slices.Clone(r.Checks[i].Reasons)
	}
	r.Notes = slices.Clone(r.Notes)
	for _, reason := range slices.Sorted(maps.Keys(rec.unjudged)) {
		r.Note(fmt.Sprintf("exchanges not judged: %d: %s", rec.unjudged[reason], reason))
	}
	if rec.beyond > 0 {
		r.Note(fmt.Sprintf("findings beyond the first %d distinct ones, not listed: %d", Limit, rec.beyond))
	}
	rec.mu.Unlock()
	counts := rec.coverage.Report()
	r.Coverage = &counts
	r.Finish()
	return &r
}

func name(o *contract.Operation) string {
	if o == nil {
		return ""
	}
	return o.Name()
}
