package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// answer is what came back.
type answer struct {
	request    *http.Request
	status     int // 0 when the connection ended before one came
	header     http.Header
	body       []byte
	broken     string // why it broke off; empty when it is whole
	violations []contract.Violation
	call       call
}

// edgeStatuses are those with which what stands before an application refuses
// requests it does not like the look of.
var edgeStatuses = []int{
	http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable,
	http.StatusRequestTimeout, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
	http.StatusUnsupportedMediaType, http.StatusMisdirectedRequest, http.StatusRequestHeaderFieldsTooLarge,
}

// edgeRefusal tells whether the answer may come from what stands before the
// application, which knows nothing of the document.
func (a *answer) edgeRefusal() bool { return a.call.edge && slices.Contains(edgeStatuses, a.status) }

// ok tells whether the answer is whole, of the 2xx, and as documented, so that
// a check may read it. When it is not, that has been reported already.
func (a *answer) ok() bool {
	return a.broken == "" && a.status >= 200 && a.status < 300 && len(a.violations) == 0
}

// refused tells whether the server refused the request as the client's mistake.
func (a *answer) refused() bool { return a.status >= 400 && a.status < 500 }

// failed tells whether the answer is wrong in itself, a 5xx or one that broke off,
// which has been reported.
func (a *answer) failed() bool { return a.broken != "" || a.status >= http.StatusInternalServerError }

// strangeCoding is a content coding nobody asked for; empty when there is none.
func (a *answer) strangeCoding() string {
	coding := strings.ToLower(strings.TrimSpace(a.header.Get("Content-Encoding")))
	switch {
	case coding == "identity", coding == "gzip", coding == "x-gzip", a.request.Header.Get("Accept-Encoding") != "":
		return ""
	}
	return coding
}

// judge puts an answer through the checks that every answer goes through.
func (s *session) judge(o *contract.Operation, a *answer) {
	x := contract.Exchange{Operation: o, Request: a.request, Status: a.status}
	broken := map[string]bool{}
	add := func(f report.Finding) {
		broken[f.Check] = true
		if s.wanted(f.Check) {
			s.report.Add(f)
		}
	}
	switch {
	case a.broken != "":
		add(s.finding(s.checks["response_completeness"], o, a, a.call.about, "the answer broke off: "+a.broken))
	case a.edgeRefusal():
	case o != nil && a.request.Method == o.Method:
		a.violations = s.validator.Response(o, a.status, a.header, a.body)
		x.Violations = a.violations
		for _, v := range a.violations {
			f := report.Violation(x, v)
			f.Curl = s.curl(a)
			add(f)
		}
	}
	// 501 is how a server refuses a method it does not know (RFC 9110, 15.6.2).
	foreign := a.status == http.StatusNotImplemented && (o == nil || a.request.Method != o.Method)
	if a.status >= http.StatusInternalServerError && !foreign {
		message := fmt.Sprintf("the server answered %d", a.status)
		if a.call.label != "" {
			message += " to " + a.call.label
		}
		add(s.finding(s.checks["not_a_server_error"], o, a, a.call.about, message))
	}
	if name, message := s.disclosed(a); message != "" {
		add(s.finding(s.checks["secret_disclosed"], o, a, name, message))
	}
	if coding := a.strangeCoding(); coding != "" {
		add(s.finding(s.checks["content_encoding_conformance"], o, a, coding, "the answer is encoded as "+coding+", which was not asked for"))
	}
	if o == nil || a.request.Method != o.Method || a.edgeRefusal() {
		return
	}
	for _, id := range s.always {
		if !broken[id] && (a.broken == "" || id == "not_a_server_error") && s.wanted(id) {
			s.report.Pass(id, o.Name(), 1)
		}
	}
	if s.target.Coverage != nil && a.broken == "" {
		x.Header, x.Body = a.header, a.body
		x.Violations = slices.Concat(s.validator.Request(o, a.request, nil), a.violations)
		s.target.Coverage.Record(x)
	}
}
