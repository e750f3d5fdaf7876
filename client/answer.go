package client

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"
)

// answer is a response whose body has been read.
type answer struct {
	sender   *sender
	response *http.Response // its Body is closed
	body     []byte
	tooLarge bool // body is only the first maxBody bytes
	request  string
	attempts int
}

// retryable reports whether the status speaks of a state that passes. 500 does not: the
// API documents it for faults of its own, which repeating the request does not mend.
func (a *answer) retryable() bool {
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout}, a.response.StatusCode)
}

// raw returns the answer as a response whose body can be read again.
func (a *answer) raw() *http.Response {
	body := []io.Reader{bytes.NewReader(a.body)}
	if a.tooLarge {
		body = append(body, failingReader{ErrBodyTooLarge})
	}
	res := *a.response
	res.Body = io.NopCloser(io.MultiReader(body...))
	return &res
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// judge returns the error that the answer is, nil where it is a success in JSON.
// want is the only status of a success, or 0.
func (a *answer) judge(want int) *Error {
	status := a.response.StatusCode
	if e := a.carrier(); e != nil {
		return a.fail(e)
	}
	if status == want || want == 0 && status >= 200 && status <= 299 {
		return nil
	}
	e := decodeRefusal(a.body)
	if e.Kind == ErrInvalidBody && !a.documents() {
		e = &Error{Kind: ErrUndocumentedStatus, Message: "the body is not the API's error envelope"}
	}
	return a.fail(e)
}

// carrier finds what is wrong before the JSON is looked at. Only application/json is the
// API's: a problem document comes from something in between.
func (a *answer) carrier() *Error {
	contentType := a.response.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(contentType)
	trimmed := bytes.TrimSpace(a.body)
	e := &Error{Kind: ErrContentType, Message: "the Content-Type is not application/json"}
	switch {
	case a.tooLarge:
		e = &Error{Kind: ErrBodyTooLarge, Message: fmt.Sprintf("the body is larger than the %d bytes that the client accepts", a.sender.cfg.maxBody)}
	case len(trimmed) == 0:
		e = &Error{Kind: ErrEmptyBody, Message: "the body is empty"}
	case err == nil && media == "application/json":
		return malformed(a.body)
	case media == "text/html" || trimmed[0] == '<':
		e.Message = "the body is an HTML page, not the API's JSON; a proxy, a login page or a wrong base URL may have answered"
	case contentType == "":
		e.Message = "there is no Content-Type, want application/json"
	}
	return e
}

func (a *answer) documents() bool {
	return operationOf(a.response.Request, a.sender.base).response(a.response.StatusCode) != ""
}

// fail completes an error of which what is wrong is known.
func (a *answer) fail(e *Error) *Error {
	redact := a.sender.key.redact
	e.Code, e.Message = ErrorCode(redact(string(e.Code))), redact(e.Message)
	for i, f := range e.Fields {
		e.Fields[i] = FieldError{Loc: redact(f.Loc), Message: redact(f.Message), Type: redact(f.Type)}
	}
	if e.belongsTo(ErrUnexpectedResponse) {
		// Redacted first and cut afterwards: half a key is still a secret.
		e.Snippet = printable(a.sender.key.redactCut(string(a.body)), maxSnippet)
	}
	e.StatusCode = a.response.StatusCode
	e.Documented = a.documents()
	e.ContentType = redact(a.response.Header.Get("Content-Type"))
	e.Request = redact(a.request)
	e.RetryAfter = retryAfter(a.response.Header, time.Now())
	e.Attempts = a.attempts
	return e
}
