package contract

import (
	"net/http"

	"github.com/digakit/digakit/contract/spec"
)

// ProblemType begins the type of every [Problem]; its kind follows, and stays the
// same between versions.
const ProblemType = "urn:digakit:problem:"

// Problem is a refusal as an RFC 9457 document.
type Problem struct {
	Type       string      `json:"type"`
	Title      string      `json:"title"`
	Status     int         `json:"status"`
	Detail     string      `json:"detail"`
	Instance   string      `json:"instance,omitempty"` // the path, without the query
	Violations []Violation `json:"violations,omitempty"`
}

// Write answers with the problem. What an answer begun and not sent has set, such
// as its ETag, is the caller's to clear.
func (p Problem) Write(w http.ResponseWriter) {
	if len(p.Violations) > 0 {
		w.Header().Set(ViolationsHeader, EncodeViolations(p.Violations))
	}
	WriteProblem(w, p.Status, p)
}

// WriteProblem answers with a problem document of another form. It must marshal.
func WriteProblem(w http.ResponseWriter, status int, document any) {
	body, _ := spec.EncodeJSON(document)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", itoa(len(body)+1))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a client that went away needs no answer
}
