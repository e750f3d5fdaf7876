package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

const (
	mediaJSON = "application/json"
	mediaText = "text/plain; charset=utf-8"
)

// answer is what a fault sends in place of the operation. It is a handler.
type answer struct {
	status      int
	contentType string // empty: there is no body
	retryAfter  string // empty: not sent
	body        []byte
}

// answerTo returns the answer of a valid Spec for a call of op, or nil when it
// has none of its own.
func (s *Spec) answerTo(op *contract.Operation) *answer {
	if !s.answers() {
		return nil
	}
	a := &answer{status: s.Status}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if s.RetryAfter != nil {
		a.retryAfter = strconv.Itoa(*s.RetryAfter)
	}
	var text string
	switch {
	case bodiless(a.status):
	case s.Body == nil:
		a.contentType, a.body = s.defaultBody(op, a.status)
	case json.Unmarshal(s.Body, &text) == nil && !bytes.Equal(bytes.TrimSpace(s.Body), []byte("null")):
		a.contentType, a.body = mediaText, []byte(text)
	default:
		a.contentType, a.body = mediaJSON, s.Body
	}
	return a
}

// defaultBody is the documented example, or else the envelope.
func (s *Spec) defaultBody(op *contract.Operation, status int) (contentType string, body []byte) {
	contentType, example := exampleOf(op, status)
	if s.ErrorCode == "" && s.Message == "" && example != nil {
		return contentType, example
	}
	envelope := map[string]json.RawMessage{}
	if err := json.Unmarshal(example, &envelope); err != nil || envelope["error_code"] == nil || envelope["message"] == nil {
		// None, or not the example of an error.
		contentType = mediaJSON
		envelope = map[string]json.RawMessage{"status": quoted("error"), "error_code": quoted(codeOf(status)), "message": quoted(textOf(status))}
	}
	if s.ErrorCode != "" {
		envelope["error_code"] = quoted(s.ErrorCode)
	}
	if s.Message != "" {
		envelope["message"] = quoted(s.Message)
	}
	return contentType, plainJSON(envelope)
}

// exampleOf returns the first JSON example that is documented for a status: for
// itself, its range, or by default (OpenAPI 3.1, 4.8.16).
func exampleOf(op *contract.Operation, status int) (contentType string, example []byte) {
	code := strconv.Itoa(status)
	for _, key := range []string{code, code[:1] + "XX", "default"} {
		for _, r := range op.Responses {
			if !strings.EqualFold(r.Status, key) {
				continue
			}
			for _, m := range r.Content {
				if spec.IsJSON(m.Name) && len(m.Examples) > 0 {
					return m.Name, m.Examples[0].Value
				}
			}
			return mediaJSON, nil
		}
	}
	return mediaJSON, nil
}

// codeOf is the status' standard text as an error code: TOO_MANY_REQUESTS.
func codeOf(status int) string {
	return strings.NewReplacer(" ", "_", "-", "_", "'", "").Replace(strings.ToUpper(textOf(status)))
}

func textOf(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "Status " + strconv.Itoa(status)
}

func quoted(s string) json.RawMessage { return bytes.TrimSuffix(plainJSON(s), []byte("\n")) }

// plainJSON marshals what cannot fail, with <, > and & as they are, and a final
// newline.
func plainJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return b.Bytes()
}

// header sets the answer's headers.
func (a *answer) header(h http.Header) {
	h.Del("Content-Type")
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	if a.retryAfter != "" {
		h.Set("Retry-After", a.retryAfter)
	}
	if a.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer") // RFC 9110, 15.5.2
	}
}

// ServeHTTP implements http.Handler.
func (a *answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	a.header(w.Header())
	w.WriteHeader(a.status)
	if len(a.body) > 0 {
		_, _ = w.Write(a.body) // a client that is gone cannot be told
	}
}
