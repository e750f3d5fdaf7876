package client

import (
	"fmt"
	"strings"
	"time"
)

// ResponseError is an answer that the API does not document: an HTML page, an
// empty body, half a JSON value, a missing field, an unknown status without the
// error envelope, more bytes than wanted.
type ResponseError struct {
	// StatusCode is the HTTP status, Documented whether the specification
	// lists it for the operation.
	StatusCode int
	Documented bool
	// ContentType is the header as received, empty where there was none.
	ContentType string
	// Request is the request in words, without host: "GET /v1/api_key/?limit=1".
	Request string
	// Kind is the first thing found wrong.
	Kind ErrorKind
	// Pointer is the JSON pointer (RFC 6901) of the offending place where Kind
	// is ErrInvalidBody; the empty pointer is the whole body.
	Pointer string
	// Reason says what is wrong, without any value of the body.
	Reason string
	// Snippet is the start of the body, at most 200 bytes of it, with control
	// characters escaped and the key replaced.
	Snippet string
	// RetryAfter is what the answer's Retry-After header asked for, or zero.
	RetryAfter time.Duration
	// Attempts is how often the request was sent, at least 1.
	Attempts int
}

// Error says everything but the key, on one line.
func (e *ResponseError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s: unexpected response: status %d", printable(e.Request, maxShown), e.StatusCode)
	if !e.Documented {
		b.WriteString(" (not documented)")
	}
	b.WriteString(": ")
	b.WriteString(printable(e.Reason, maxShown))
	if e.Snippet != "" {
		fmt.Fprintf(&b, "; body starts with: %s", e.Snippet)
	}
	writeTail(&b, e.Attempts, e.RetryAfter)
	return b.String()
}

// Is reports whether target is an ErrorKind that e belongs to.
func (e *ResponseError) Is(target error) bool {
	kind, ok := target.(ErrorKind)
	if !ok {
		return false
	}
	switch kind {
	case ErrUnexpectedResponse, e.Kind:
		return true
	case ErrUndocumentedStatus:
		return !e.Documented
	default:
		return kind.hasStatus(e.StatusCode)
	}
}
