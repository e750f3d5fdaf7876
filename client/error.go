package client

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Error is what went wrong with one request. What of it is set depends on Kind; errors.Is
// matches it with any ErrorKind that it belongs to and with its Code.
type Error struct {
	// Kind is ErrRefused or ErrValidation where the API itself refused, or
	// ErrTransport, or the first thing found wrong with the answer.
	Kind ErrorKind
	// StatusCode is the HTTP status, 0 where no complete answer came. Diga's example of a
	// 403 has the Code INTERNAL_SERVER_ERROR.
	StatusCode int
	Documented bool         // whether the document lists StatusCode for the operation
	Code       ErrorCode    // the error_code that the API gave, or empty
	Message    string       // the API's own, or what is wrong with the answer, without its values
	Fields     []FieldError // the entries of FastAPI's {"detail": […]}, or nil
	// Pointer is the JSON pointer (RFC 6901) of what is wrong where Kind is
	// ErrInvalidBody.
	Pointer     string
	ContentType string        // the answer's header as received, empty where there was none
	Snippet     string        // the start of a body that is not the API's, made printable
	Request     string        // the request in words, without host: "GET /v1/api_key/?limit=0"
	RetryAfter  time.Duration // what the answer's Retry-After header asked for, or zero
	Attempts    int           // how often the request was sent
	Err         error         // the cause where Kind is ErrTransport, without the key
	Last        *Error        // the failure that was to be retried when the context ended, or nil
}

// FieldError is one entry of FastAPI's {"detail": […]}.
type FieldError struct {
	Loc           string // the part: "query.limit", "body.items.0.name"
	Message, Type string // what is wrong with it, Type in one word, such as "missing"
}

// String is "body.items.0.name: Field required".
func (f FieldError) String() string { return f.Loc + ": " + f.Message }

// Error says everything but the key, on one line.
func (e *Error) Error() string {
	status := strconv.Itoa(e.StatusCode)
	if !e.Documented {
		status += " (not a documented status)"
	}
	message := printable(e.Message, maxShown)
	switch e.Kind {
	case ErrTransport:
		message = printable(e.Err.Error(), maxShown)
	case ErrRefused:
		message = status + " " + printable(string(e.Code), maxShown) + ": " + message
	case ErrValidation:
		message = status + ": " + message
	default:
		message = "unexpected response: " + status + ": " + message
		if e.Snippet != "" {
			message += "; body starts with: " + e.Snippet
		}
	}
	if e.Last != nil {
		message += " while waiting to retry: " + strings.TrimPrefix(e.Last.Error(), "client: ")
	} else if e.Attempts > 1 {
		message += fmt.Sprintf(" (after %d attempts)", e.Attempts)
	}
	if e.RetryAfter > 0 {
		message += fmt.Sprintf(" (retry after %s)", e.RetryAfter)
	}
	return "client: " + printable(e.Request, maxShown) + ": " + message
}

// Is reports whether target is an ErrorKind that e belongs to, or its ErrorCode.
// On an answer in FastAPI's form a code is looked for in the types of its Fields.
func (e *Error) Is(target error) bool {
	if kind, ok := target.(ErrorKind); ok {
		return e.belongsTo(kind)
	}
	code, _ := target.(ErrorCode)
	return code != "" && (e.Code == code || slices.ContainsFunc(e.Fields, func(f FieldError) bool { return f.Type == string(code) }))
}

func (e *Error) belongsTo(kind ErrorKind) bool {
	refused := e.Kind == ErrRefused || e.Kind == ErrValidation
	switch kind {
	case ErrRefused:
		return refused
	case ErrUnexpectedResponse:
		return !refused && e.Kind != ErrTransport
	case ErrUndocumentedStatus:
		return !e.Documented && e.Kind != ErrTransport
	case ErrServer:
		return e.StatusCode >= 500 && e.StatusCode <= 599
	default:
		return kind == e.Kind || statusKinds[e.StatusCode] == kind
	}
}

var statusKinds = map[int]ErrorKind{
	http.StatusUnauthorized: ErrUnauthorized, http.StatusForbidden: ErrForbidden,
	http.StatusNotFound: ErrNotFound, http.StatusTooManyRequests: ErrRateLimited,
}

// Unwrap gives Err and Last, so that errors.Is(err, context.Canceled) works.
func (e *Error) Unwrap() (wrapped []error) {
	if e.Err != nil {
		wrapped = append(wrapped, e.Err)
	}
	if e.Last != nil {
		wrapped = append(wrapped, e.Last)
	}
	return wrapped
}

const (
	maxShown   = 500 // bytes of each part of an error text, before escaping
	maxSnippet = 200 // bytes of a body that an error shows
)

var unquote = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// printable returns s on one line that is safe for a terminal or a log, cut at limit
// bytes.
func printable(s string, limit int) string {
	dots := ""
	for limit < len(s) && !utf8.RuneStart(s[limit]) {
		limit++
	}
	if limit < len(s) {
		s, dots = s[:limit], "…"
	}
	quoted := strconv.Quote(s)
	return unquote.Replace(quoted[1:len(quoted)-1]) + dots
}

// ErrorCode is an error_code of the API, and an error for errors.Is.
type ErrorCode string //nolint:errname // reads as what it is: the error_code

// ErrInvalidPagination is the code of, say, after and before at once.
const ErrInvalidPagination ErrorCode = "INVALID_PAGINATION_PARAMETERS"

func (c ErrorCode) Error() string { return string(c) }

// ErrorKind sorts the errors of this package, and is an error for errors.Is.
type ErrorKind string //nolint:errname // a kind of error, as in errors.Is(err, ErrForbidden)

// The kinds of errors; that of a status is in brackets.
const (
	ErrInvalidOption ErrorKind = "invalid option"       // a mistake in arguments; nothing was sent
	ErrTransport     ErrorKind = "no complete answer"   // a broken connection, time that ran out, or an ended context
	ErrPageLoop      ErrorKind = "pages do not advance" // a server whose pages would never have ended

	ErrRefused    ErrorKind = "refused by the API"        // the API's own refusal, ErrValidation or one with an error_code
	ErrValidation ErrorKind = "fields refused by the API" // a refusal that lists the fields it is about

	ErrUnauthorized ErrorKind = "not authenticated (401)"
	ErrForbidden    ErrorKind = "forbidden (403)"
	ErrNotFound     ErrorKind = "not found (404)"
	ErrRateLimited  ErrorKind = "too many requests (429)"
	ErrServer       ErrorKind = "server error (5xx)"

	ErrUnexpectedResponse ErrorKind = "unexpected response"                 // any answer that is not the API's: the kinds below
	ErrUndocumentedStatus ErrorKind = "undocumented status"                 // any status that the document does not list
	ErrContentType        ErrorKind = "unexpected content type"             // a body that is not application/json
	ErrEmptyBody          ErrorKind = "empty body"                          // a body of nothing but white space
	ErrMalformedJSON      ErrorKind = "malformed JSON"                      // a body that is not exactly one JSON value
	ErrInvalidBody        ErrorKind = "body departs from the specification" // JSON with a member missing or of the wrong type
	ErrBodyTooLarge       ErrorKind = "body too large"                      // a body above the limit of WithMaxBody
)

func (k ErrorKind) Error() string { return "client: " + string(k) }
