package session

import (
	"context"
	"net/http"
	"path"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// Check is one check: what it is called, why it matters, and what tries it.
type Check struct {
	ID         string // of [a-z0-9_]; does not change
	Severity   report.Severity
	Assumption string // the profile's id of what it rests on; empty: the document
	Why        string // it matters to a caller
	Fix        string // what the server should do
	Work
}

// Work is what a check does. Those that every answer goes through have none.
type Work struct {
	// applies tells whether it is for an operation; nil: for each.
	Applies func(*Session, *contract.Operation) bool
	// run tries the cases of the check, to its last line or until [End].
	Run func(ctx context.Context, p *Probe)
	// Settles says that it finds values for required parameters itself.
	Settles bool
}

// Basis is what the check rests on.
func (c Check) Basis() report.Basis {
	if c.Assumption != "" {
		return report.Assumed
	}
	return report.Documented
}

// Check is the one with an id.
func (s *Session) Check(id string) Check {
	for _, c := range s.checks {
		if c.ID == id {
			return c
		}
	}
	return Check{ID: id, Severity: report.Error}
}

// Applies tells which operations a check is run on.
type Applies = func(*Session, *contract.Operation) bool

// ReadOnly is applies for every operation that calling changes nothing of.
func ReadOnly(_ *Session, o *contract.Operation) bool {
	return o.Method == http.MethodGet || o.Method == http.MethodHead || o.Method == http.MethodOptions
}

// Both is applies for the operations that a and b name.
func Both(a, b Applies) Applies {
	return func(s *Session, o *contract.Operation) bool { return a(s, o) && b(s, o) }
}

// Assumed is w where the target says how the line id of its profile is.
func (w Work) Assumed(id string) Work {
	w.Applies = Both(func(s *Session, _ *contract.Operation) bool { return s.Assumed(id) != "" }, w.Applies)
	return w
}

// Task is a check with the operation it is run on.
type Task struct {
	Check     Check
	Operation *contract.Operation
}

// Tasks lists what there is to run.
func (s *Session) Tasks() []Task {
	var list []Task
	for _, c := range s.checks {
		if c.Run == nil || !s.wanted(c.ID) {
			continue
		}
		for _, o := range s.Operations {
			if !s.Skipped(o) && (c.Applies == nil || c.Applies(s, o)) {
				list = append(list, Task{c, o})
			}
		}
	}
	return list
}

// wanted tells whether the target asks for a check.
func (s *Session) wanted(id string) bool {
	matched, err := path.Match(s.Target.Only, id)
	return s.Target.Only == "" || (err == nil && matched) // the glob was checked with the target
}

// Always lists the checks of every answer, whatever was asked.
func Always() []Check {
	conforms := func(id string) Check {
		return Check{ID: id, Severity: report.Error, Why: report.Explanation(id), Fix: "answer as the document says, or correct the document"}
	}
	return []Check{
		{ID: "not_a_server_error", Severity: report.Error,
			Why: "A 5xx says that the server failed, whatever was sent: callers retry it and page someone.",
			Fix: "answer a request that cannot be served with a documented 4xx; look for the panic or exception behind this one"},
		{ID: "response_completeness", Severity: report.Error,
			Why: "An answer that breaks off cannot be used, and a caller cannot know what was done.",
			Fix: "send the whole body that Content-Length or the chunks announce, in time"},
		{ID: "stopped_answering", Severity: report.Error,
			Why: "A request that stops a server stops it for everyone.",
			Fix: "look for what this request brings about: a crash, an exit, a deadlock; the server's own log says more"},
		{ID: "content_encoding_conformance", Severity: report.Warning,
			Why: "An answer in a content coding that was not asked for (RFC 9110, 12.5.3) cannot be read by callers that do not know it.",
			Fix: "compress only as Accept-Encoding allows: these requests allow gzip alone"},
		conforms("status_code_conformance"), conforms("content_type_conformance"),
		conforms("response_schema_conformance"), conforms("response_headers_conformance"),
		{ID: "secret_disclosed", Severity: report.Error,
			Why: "A key is shown once, when it is made. Whoever reads it later, or a hash of it, in an answer, a log or a cache can use or guess it.",
			Fix: "keep keys and their hashes out of what is sent; build answers from a list of fields to show, not from what is stored"},
	}
}
