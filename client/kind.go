package client

import "net/http"

// ErrorKind sorts the errors of this package; it is itself an error, so that
// errors.Is(err, client.ErrForbidden) works on whatever a call returned.
type ErrorKind string //nolint:errname // a kind of error, as in errors.Is(err, ErrForbidden)

const (
	// ErrInvalidOption is a mistake in the arguments of New or of a listing.
	// Nothing was sent.
	ErrInvalidOption ErrorKind = "invalid option"
	// ErrTransport is any *TransportError: no complete answer was received.
	ErrTransport ErrorKind = "no complete answer"
	// ErrPageLoop is a server whose pages do not advance: an iterator would
	// never have ended.
	ErrPageLoop ErrorKind = "pages do not advance"

	// ErrUnauthorized is status 401, which the specification does not document.
	ErrUnauthorized ErrorKind = "not authenticated (401)"
	// ErrForbidden is status 403: no key, an unknown one, or one without the
	// permission that the operation needs.
	ErrForbidden ErrorKind = "forbidden (403)"
	// ErrInvalidPagination is the error code INVALID_PAGINATION_PARAMETERS.
	ErrInvalidPagination ErrorKind = "invalid pagination parameters"
	// ErrRateLimited is status 429, which the specification does not document.
	ErrRateLimited ErrorKind = "too many requests (429)"
	// ErrServer is any status from 500 to 599.
	ErrServer ErrorKind = "server error (5xx)"

	// ErrUnexpectedResponse is any *ResponseError.
	ErrUnexpectedResponse ErrorKind = "unexpected response"
	// ErrUndocumentedStatus is an answer, of either error type, whose status
	// the specification does not list for the operation.
	ErrUndocumentedStatus ErrorKind = "undocumented status"
	// ErrContentType is a body that is not application/json.
	ErrContentType ErrorKind = "unexpected content type"
	// ErrEmptyBody is a body of nothing but white space.
	ErrEmptyBody ErrorKind = "empty body"
	// ErrMalformedJSON is a body that is not exactly one JSON value: cut off,
	// misspelt, or followed by something else.
	ErrMalformedJSON ErrorKind = "malformed JSON"
	// ErrInvalidBody is JSON without a required member, or with one of the
	// wrong type.
	ErrInvalidBody ErrorKind = "body departs from the specification"
	// ErrBodyTooLarge is a body above the limit of WithMaxBody.
	ErrBodyTooLarge ErrorKind = "body too large"
)

// Error implements error.
func (k ErrorKind) Error() string { return "client: " + string(k) }

// hasStatus reports whether k is the kind of the given status.
func (k ErrorKind) hasStatus(status int) bool {
	switch k {
	case ErrUnauthorized:
		return status == http.StatusUnauthorized
	case ErrForbidden:
		return status == http.StatusForbidden
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrServer:
		return status >= 500 && status <= 599
	default:
		return false
	}
}
