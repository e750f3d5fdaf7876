package client

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is what went wrong with one request. What of it is set depends on Kind;
// errors.Is matches it with any ErrorKind that it belongs to and with the
// ErrorCode that the API gave.
type Error struct {
	// Kind is ErrRefused or ErrValidation where the API itself refused,
	// ErrTransport where no complete answer came, and otherwise the first thing
	// found wrong with the answer.
	Kind ErrorKind
	// StatusCode is the HTTP status, 0 where no complete answer came. It is the
	// better guide than Code: Diga's own example of a 403 carries
	// INTERNAL_SERVER_ERROR.
	StatusCode int
	// Documented says whether the document lists StatusCode for the operation.
	// An undocumented one also matches ErrUndocumentedStatus.
	Documented bool
	// Code is the error_code that the API gave, or empty.
	Code ErrorCode
	// Message is the API's own where it refused, and otherwise says what is
	// wrong with the answer, without any value of the body.
	Message string
	// Fields are the entries of FastAPI's {"detail": […]}, or nil.
	Fields []FieldError
	// Pointer is the JSON pointer (RFC 6901) of the offending place where Kind
	// is ErrInvalidBody; the empty pointer is the whole body.
	Pointer string
	// ContentType is the answer's header as received, empty where there was none.
	ContentType string
	// Snippet is the start of a body that is not the API's, at most 200 bytes of
	// it, with control characters escaped and the key replaced.
	Snippet string
	// Request is the request in words, without host: "GET /v1/api_key/?limit=0".
	Request string
	// RetryAfter is what the answer's Retry-After header asked for (RFC 9110,
	// section 10.2.3), or zero.
	RetryAfter time.Duration
	// Attempts is how often the request was sent, at least 1.
	Attempts int
	// Err is the cause where Kind is ErrTransport. Where its own text held the
	// key it is replaced by a plain error that says the same without it.
	Err error
	// Last is the failure that was about to be retried when the context ended,
	// or nil.
	Last *Error
}

// FieldError is one entry of FastAPI's {"detail": […]}: what is wrong with one
// part of a request.
type FieldError struct {
	// Loc leads to the part: "query.limit", "body.items.0.name".
	Loc string
	// Message says what is wrong with it, Type in one word, such as "missing".
	Message, Type string
}

// String is "body.items.0.name: Field required".
func (f FieldError) String() string { return f.Loc + ": " + f.Message }

// Error says everything but the key, on one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s: ", printable(e.Request, maxShown))
	undocumented := ""
	if !e.Documented {
		undocumented = " (not a documented status)"
	}
	switch e.Kind {
	case ErrTransport:
		b.WriteString(printable(e.Err.Error(), maxShown))
	case ErrRefused:
		fmt.Fprintf(&b, "%d%s %s: %s", e.StatusCode, undocumented, printable(string(e.Code), maxShown), printable(e.Message, maxShown))
	case ErrValidation:
		fmt.Fprintf(&b, "%d%s: %s", e.StatusCode, undocumented, printable(e.Message, maxShown))
	default:
		fmt.Fprintf(&b, "unexpected response: %d%s: %s", e.StatusCode, undocumented, printable(e.Message, maxShown))
		if e.Snippet != "" {
			fmt.Fprintf(&b, "; body starts with: %s", e.Snippet)
		}
	}
	if e.Last != nil {
		fmt.Fprintf(&b, " while waiting to retry: %s", strings.TrimPrefix(e.Last.Error(), "client: "))
		return b.String()
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (retry after %s)", e.RetryAfter)
	}
	return b.String()
}

// Is reports whether target is an ErrorKind that e belongs to, or its ErrorCode.
// On an answer in FastAPI's form a code is looked for in the types of its Fields.
func (e *Error) Is(target error) bool {
	switch target := target.(type) {
	case ErrorCode:
		for _, field := range e.Fields {
			if field.Type == string(target) {
				return true
			}
		}
		return e.Code != "" && e.Code == target
	case ErrorKind:
		return e.belongsTo(target)
	default:
		return false
	}
}

func (e *Error) belongsTo(kind ErrorKind) bool {
	refused := e.Kind == ErrRefused || e.Kind == ErrValidation
	switch kind {
	case e.Kind:
		return true
	case ErrRefused:
		return refused
	case ErrUnexpectedResponse:
		return !refused && e.Kind != ErrTransport
	case ErrUndocumentedStatus:
		return !e.Documented && e.Kind != ErrTransport
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return e.StatusCode >= 500 && e.StatusCode <= 599
	default:
		return false
	}
}

// Unwrap gives Err and Last, so that errors.Is(err, context.Canceled) works.
func (e *Error) Unwrap() []error {
	var wrapped []error
	if e.Err != nil {
		wrapped = append(wrapped, e.Err)
	}
	if e.Last != nil {
		wrapped = append(wrapped, e.Last)
	}
	return wrapped
}
