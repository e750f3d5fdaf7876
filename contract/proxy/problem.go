package proxy

import (
	"net/http"
	"strconv"

	"github.com/digakit/digakit/contract"
)

// answer sends a problem of the proxy's own; kind ends its type.
func answer(w http.ResponseWriter, kind string, p contract.Problem) {
	clear(w.Header()) // of an answer begun and not sent, such as its ETag
	p.Type = contract.ProblemType + kind
	p.Write(w)
}

// refuse answers a request that breaks the document.
func refuse(w http.ResponseWriter, r *http.Request, _ *contract.Operation, violations []contract.Violation) {
	contract.DeclareDeparture(r.Context(), "refused by the proxy")
	answer(w, "request-breaks-contract", contract.Problem{
		Title: "Request breaks the contract", Status: http.StatusUnprocessableEntity,
		Detail:     "The request was not passed on: it breaks the document in " + counted(violations) + ".",
		Violations: violations,
	})
}

// replace answers in place of a response that breaks the document.
func replace(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, status int, violations []contract.Violation) {
	answer(w, "response-breaks-contract", contract.Problem{
		Title: "Response breaks the contract", Status: http.StatusBadGateway,
		Detail:     "The request was passed on and its effects stand; the answer, with status " + strconv.Itoa(status) + ", was held back: it breaks the document in " + counted(violations) + ".",
		Violations: violations,
	})
}

func counted(violations []contract.Violation) string {
	if len(violations) == 1 {
		return "one way"
	}
	return strconv.Itoa(len(violations)) + " ways"
}
