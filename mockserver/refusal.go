package mockserver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
)

// Error codes of the envelope. The first two stand in the examples of Diga's
// spec; the others are assumed.
const (
	codeInternalServerError = "INTERNAL_SERVER_ERROR"
	codeInvalidPagination   = "INVALID_PAGINATION_PARAMETERS"
	codeNotFound            = "NOT_FOUND"
	codeMethodNotAllowed    = "METHOD_NOT_ALLOWED"
)

// refusal is an answer in the documented error envelope.
type refusal struct {
	status  int
	code    string
	message string

	// example is the documented body of such an answer; nil: the envelope is made.
	example json.RawMessage
	// violations are the machine-readable reasons, sent as sl-violations.
	violations []contract.Violation
}

func (r *refusal) Error() string {
	return fmt.Sprintf("mockserver: %d %s: %s", r.status, r.code, r.message)
}

// codeOf is the code of a status that the document has no example for: CONFLICT.
func codeOf(status int) string {
	return strings.ToUpper(strings.ReplaceAll(http.StatusText(status), " ", "_"))
}

// The answers of 403, both cursors and 500 are the examples of Diga's spec, word
// for word; 403 is its only refusal of a credential, with this surprising code.
var (
	errForbidden        = &refusal{status: http.StatusForbidden, code: codeInternalServerError, message: "Missing required permissions"}
	errServer           = &refusal{status: http.StatusInternalServerError, code: codeInternalServerError, message: "Error: Internal Server Error"}
	errNotFound         = &refusal{status: http.StatusNotFound, code: codeNotFound, message: "Not Found"}
	errMethodNotAllowed = &refusal{status: http.StatusMethodNotAllowed, code: codeMethodNotAllowed, message: "Method Not Allowed"}
)

// unauthenticated refuses a missing or unknown key as the profile says.
func unauthenticated(p Profile, message string) *refusal {
	r := &refusal{status: http.StatusForbidden, code: codeInternalServerError, message: message}
	if p.Unauthenticated == UnauthenticatedUnauthorized {
		r.status = http.StatusUnauthorized
	}
	return r
}

// invalidParameters refuses a request that breaks the contract.
func invalidParameters(violations []contract.Violation) *refusal {
	first := violations[0]
	subject := "The request"
	switch {
	case first.In == "header":
		subject = fmt.Sprintf("Header '%s'", first.Name)
	case first.Name != "":
		subject = fmt.Sprintf("Parameter '%s'", first.Name)
	case first.In == "body":
		subject = "The body"
	}
	return &refusal{
		status: http.StatusUnprocessableEntity, code: codeInvalidPagination,
		message: subject + " " + first.Message, violations: violations,
	}
}

// invalidPagination refuses what the domain does not allow.
func invalidPagination(parameter, rule, message string) *refusal {
	return &refusal{
		status: http.StatusUnprocessableEntity, code: codeInvalidPagination, message: message,
		violations: []contract.Violation{{
			Side: contract.SideRequest, Kind: contract.KindInvalidParameter,
			In: "query", Name: parameter, Keyword: rule, Message: message,
		}},
	}
}

// writeRefusal is the one place that turns errors into answers. One that the
// operation does not document is declared as a departure; a failure of the mock's
// own is not, so that the validator sees it.
func (s *Server) writeRefusal(w http.ResponseWriter, request *http.Request, r *refusal) {
	x, h := exchangeFrom(request.Context()), w.Header()
	if by := x.decidedRefusal(r); by != "" {
		x.decided = by
	}
	s.rest(w, x, x.basis)
	if r.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer") // RFC 9110, section 15.5.2
	}
	if len(r.violations) > 0 {
		h.Set(contract.ViolationsHeader, contract.EncodeViolations(r.violations))
	}
	failed := r == errServer
	if !s.api.diga { // the codes are Diga's
		own := *r
		own.code = codeOf(r.status)
		r = &own
	}
	body, as := []byte(nil), "refusal"
	if x.operation != nil {
		body, as = s.documentedRefusal(h, x.operation, r)
		if as != "" && !failed && x.departure == "" {
			x.departure = fmt.Sprintf("%s %s documents no %s", x.operation.Method, x.operation.Path, as)
		}
	}
	if as != "" {
		body = s.undocumentedRefusal(h, s.api.lines[x.operation], r)
	}
	x.declare(request.Context(), h)
	w.WriteHeader(r.status)
	_, _ = w.Write(body) //nolint:gosec // G705: JSON or plain text of the mock's own; a client that is gone cannot be told
}

// documentedRefusal returns the body of a refusal as the operation documents it,
// and sets the headers that go with it: the first of what the mock could say that
// fits. When nothing does, it says what the operation has none of.
func (s *Server) documentedRefusal(h http.Header, op *contract.Operation, r *refusal) (body []byte, missing string) {
	response := documented(op, r.status)
	if response == nil {
		return nil, strconv.Itoa(r.status)
	}
	s.addHeaders(h, response)
	envelope := plainJSON(errorEnvelope{"error", r.code, r.message})
	var candidates [][]byte
	switch {
	case len(response.Content) == 0:
		candidates = [][]byte{nil}
	case wantsDetail(response):
		candidates = [][]byte{plainJSON(detailOf(r)), envelope}
	case r.example != nil:
		candidates = [][]byte{plainJSON(r.example), envelope}
	default:
		candidates = [][]byte{envelope}
	}
	fits := func(media string, body []byte) bool {
		h.Set("Content-Type", media)
		if media == "" {
			h.Del("Content-Type")
		}
		return len(s.api.validator.Response(op, r.status, h, body)) == 0
	}
	media := "application/json"
	documented := s.api.lines[op].Refusal(strconv.Itoa(r.status))
	if documented != nil && (documented.Media == "" || spec.IsJSON(documented.Media)) {
		media = documented.Media
	}
	for _, body := range candidates {
		if fits(media, body) {
			return body, ""
		}
	}
	if documented != nil {
		if body, err := s.engine.Refused(documented, r.status, r.code, r.message); err == nil && fits(documented.Media, body) {
			return body, ""
		}
	}
	return nil, strconv.Itoa(r.status) + " that could be made"
}

// undocumentedRefusal is a refusal in the shape of those that there are: Diga's envelope; of
// another document what the operation, if there is one, documents for another status, or
// else a problem document.
func (s *Server) undocumentedRefusal(h http.Header, line *plan.Line, r *refusal) []byte {
	h.Set("Content-Type", "application/json")
	if s.api.diga {
		return plainJSON(errorEnvelope{"error", r.code, r.message})
	}
	if line != nil {
		for i, other := range line.Errors {
			if other.Schema == "" || !spec.IsJSON(other.Media) {
				continue
			}
			if body, err := s.engine.Refused(&line.Errors[i], r.status, r.code, r.message); err == nil {
				h.Set("Content-Type", other.Media)
				return body
			}
		}
	}
	h.Set("Content-Type", "application/problem+json")
	return plainJSON(contract.Problem{Type: "about:blank", Title: http.StatusText(r.status), Status: r.status, Detail: r.message})
}

// addHeaders gives an answer the headers that the document says it must have, made
// up where the mock has none.
func (s *Server) addHeaders(h http.Header, r *contract.Response) {
	for _, p := range r.Headers {
		if p.Required && h.Get(p.Name) == "" {
			if text, err := s.engine.Text(spec.Join(p.Pointer, "schema")); err == nil {
				h.Set(p.Name, text)
			}
		}
	}
}

// errorEnvelope is ErrorResponseSchema, which older revisions of the document lack.
type errorEnvelope struct {
	Status    string `json:"status"`
	ErrorCode string `json:"error_code"`
	Message   string `json:"message"`
}

// wantsDetail reports whether a response is documented in the shape that FastAPI
// has for invalid requests, which it always gives this name.
func wantsDetail(r *contract.Response) bool {
	return len(r.Content) > 0 && bytes.Contains(r.Content[0].Schema, []byte(`"#/components/schemas/HTTPValidationError"`))
}

// detailOf is a refusal as HTTPValidationError, whose loc leads to the value: by
// names of properties, and indexes as numbers.
func detailOf(r *refusal) any {
	type problem struct {
		Loc  []any  `json:"loc"`
		Msg  string `json:"msg"`
		Type string `json:"type"`
	}
	problems := []problem{}
	for _, v := range r.violations {
		loc := []any{v.In}
		if v.Name != "" {
			loc = append(loc, v.Name)
		}
		for _, token := range spec.Tokens(v.Pointer) {
			if n, err := strconv.Atoi(token); err == nil {
				loc = append(loc, n)
			} else {
				loc = append(loc, token)
			}
		}
		if v.Property != "" { // as FastAPI has it
			loc = append(loc, v.Property)
		}
		problems = append(problems, problem{loc, v.Message, cmp.Or(v.Keyword, string(v.Kind))})
	}
	if len(problems) == 0 {
		problems = append(problems, problem{[]any{"request"}, r.message, r.code})
	}
	return map[string]any{"detail": problems}
}

// plainJSON marshals texts, which cannot fail, with <, > and & as
// they are, and a final newline.
func plainJSON(v any) []byte {
	text, _ := spec.EncodeJSON(v)
	return append(text, '\n')
}
