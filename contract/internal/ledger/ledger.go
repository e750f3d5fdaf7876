package ledger

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

// Limit is how many distinct findings a ledger keeps: a run of days must not
// fill the memory.
const Limit = 1000

// Ledger gathers. Make one with [New]. It is safe for concurrent use.
type Ledger struct {
	coverage *coverage.Coverage
	found    func(report.Finding)

	mu       sync.Mutex
	report   *report.Report
	beyond   int            // findings that came when there were Limit others
	unjudged map[string]int // exchanges by reason
}

// New returns an empty ledger of a tool that judges with v. found is called with every finding
// that is not like one before, on the goroutine that brings it; nil: nobody is.
func New(tool, target string, v *contract.Validator, found func(report.Finding)) *Ledger {
	r := report.New(tool)
	r.Target = target
	if found == nil {
		found = func(report.Finding) {}
	}
	return &Ledger{coverage: coverage.New(v), found: found, report: r, unjudged: map[string]int{}}
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

// Enter takes an exchange into account. One without violations has passed,
// unless Unjudged says why it was not judged.
func (l *Ledger) Enter(e Entry) {
	if e.Operation != nil && !e.Refused {
		l.coverage.Record(e.Exchange)
	}
	kept := make([]contract.Violation, 0, len(e.Violations))
	reason := e.Unjudged
	for _, v := range e.Violations {
		if v.Kind == contract.KindCannotJudge && v.Name == "Content-Encoding" {
			reason = "a " + string(v.Side) + " body in a Content-Encoding other than gzip and deflate"
			continue
		}
		kept = append(kept, v)
	}
	for _, v := range kept {
		l.add(e, v)
	}
	switch {
	case e.Operation == nil && len(kept) > 0:
	case reason != "":
		l.Skip(e.Operation, reason)
	case len(kept) == 0:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.report.Pass(CheckExchange, name(e.Operation), 1)
	}
}

func (l *Ledger) add(e Entry, v contract.Violation) {
	f := report.Violation(e.Exchange, v)
	if len(f.Path) > maxPath {
		f.Path = f.Path[:maxPath] + "..."
	}
	if e.Mark != "" {
		f.Message += " (" + e.Mark + ")"
	}
	if f, isNew := l.keep(e, f); isNew {
		l.found(f)
	}
}

// maxPath bounds how much of an undocumented path is kept, in bytes.
const maxPath = 256

// keep adds a finding unless there are too many, and says whether it is the
// first of its kind.
func (l *Ledger) keep(e Entry, f report.Finding) (report.Finding, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.report.Findings)
	l.report.Add(f)
	if len(l.report.Findings) == before {
		return f, false
	}
	if before == Limit {
		l.report.Findings = l.report.Findings[:before]
		l.beyond++
		return f, false
	}
	added := &l.report.Findings[before]
	if e.Repeat != nil {
		added.Curl = contract.Curl(repeatable(e.Repeat()), e.Body)
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
func (l *Ledger) Skip(o *contract.Operation, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Skip(CheckExchange, name(o), reason)
	l.unjudged[reason]++
}

// Note adds a remark, once.
func (l *Ledger) Note(remark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Note(remark)
}

// Report returns what there is so far, finished. It is the caller's.
func (l *Ledger) Report() *report.Report {
	l.mu.Lock()
	r := *l.report
	r.Findings = slices.Clone(r.Findings)
	r.Checks = slices.Clone(r.Checks)
	for i := range r.Checks {
		r.Checks[i].Reasons = slices.Clone(r.Checks[i].Reasons)
	}
	r.Notes = slices.Clone(r.Notes)
	for _, reason := range slices.Sorted(maps.Keys(l.unjudged)) {
		r.Note(fmt.Sprintf("exchanges not judged: %d: %s", l.unjudged[reason], reason))
	}
	if l.beyond > 0 {
		r.Note(fmt.Sprintf("findings beyond the first %d distinct ones, not listed: %d", Limit, l.beyond))
	}
	l.mu.Unlock()
	counts := l.coverage.Report()
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
