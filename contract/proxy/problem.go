package proxy

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/digakit/digakit/contract"
)

// problem is an answer of the proxy's own, as an RFC 9457 document.
type problem struct {
	Type       string               `json:"type"`
	Title      string               `json:"title"`
	Status     int                  `json:"status"`
	Detail     string               `json:"detail"`
	Violations []contract.Violation `json:"violations,omitempty"`
}

const problemType = "urn:digakit:problem:"

func (p problem) write(w http.ResponseWriter) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // strings and ints marshal
	h := w.Header()
	clear(h) // of an answer begun and not sent, such as its ETag
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if len(p.Violations) > 0 {
		h.Set(contract.ViolationsHeader, contract.EncodeViolations(p.Violations))
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body.Bytes()) // a client that went away needs no answer
}

// refuse answers a request that breaks the document.
func refuse(w http.ResponseWriter, r *http.Request, _ *contract.Operation, violations []contract.Violation) {
	contract.DeclareDeparture(r.Context(), "refused by the proxy")
	problem{
		Type: problemType + "request-breaks-contract", Title: "Request breaks the contract", Status: http.StatusUnprocessableEntity,
		Detail:     "The request was not passed on: it breaks the document in " + counted(violations) + ".",
		Violations: violations,
	}.write(w)
}

// replace answers in place of a response that breaks the document.
func replace(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, status int, violations []contract.Violation) {
	problem{
		Type: problemType + "response-breaks-contract", Title: "Response breaks the contract", Status: http.StatusBadGateway,
		Detail:     "The request was passed on and its effects stand; the answer, with status " + strconv.Itoa(status) + ", was held back: it breaks the document in " + counted(violations) + ".",
		Violations: violations,
	}.write(w)
}

func counted(violations []contract.Violation) string {
	if len(violations) == 1 {
		return "one way"
	}
	return strconv.Itoa(len(violations)) + " ways"
}
