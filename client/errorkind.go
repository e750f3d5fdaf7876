package client

// ErrorCode is an error_code of the API, in its spelling. It is itself an
// error, so that errors.Is(err, client.ErrorCode("AGENT_NOT_FOUND")) works on
// whatever a call returned.
type ErrorCode string //nolint:errname // reads as what it is: the error_code

// ErrInvalidPagination is the code of a list that cannot be asked for in this
// way, such as with after and before at once.
const ErrInvalidPagination ErrorCode = "INVALID_PAGINATION_PARAMETERS"

// Error implements error.
func (c ErrorCode) Error() string { return string(c) }

// ErrorKind sorts the errors of this package; it is itself an error, so that
// errors.Is(err, client.ErrForbidden) works on whatever a call returned.
type ErrorKind string //nolint:errname // a kind of error, as in errors.Is(err, ErrForbidden)

const (
	// ErrInvalidOption is a mistake in arguments; nothing was sent.
	ErrInvalidOption ErrorKind = "invalid option"
	// ErrTransport is a broken connection, time that ran out, or an ended context.
	ErrTransport ErrorKind = "no complete answer"
	// ErrPageLoop is a server whose pages would never have ended.
	ErrPageLoop ErrorKind = "pages do not advance"

	// ErrRefused is the API's own refusal, ErrValidation or one with an error_code.
	ErrRefused ErrorKind = "refused by the API"
	// ErrValidation is a refusal that lists the fields it is about.
	ErrValidation ErrorKind = "fields refused by the API"

	// ErrUnauthorized is status 401.
	ErrUnauthorized ErrorKind = "not authenticated (401)"
	// ErrForbidden is status 403: no key, an unknown one, or one that may not.
	ErrForbidden ErrorKind = "forbidden (403)"
	// ErrNotFound is status 404.
	ErrNotFound ErrorKind = "not found (404)"
	// ErrRateLimited is status 429, which Diga does not document.
	ErrRateLimited ErrorKind = "too many requests (429)"
	// ErrServer is any status from 500 to 599.
	ErrServer ErrorKind = "server error (5xx)"

	// ErrUnexpectedResponse is any answer that is not the API's: the kinds below.
	ErrUnexpectedResponse ErrorKind = "unexpected response"
	// ErrUndocumentedStatus is any status that the document does not list.
	ErrUndocumentedStatus ErrorKind = "undocumented status"
	// ErrContentType is a body that is not application/json.
	ErrContentType ErrorKind = "unexpected content type"
	// ErrEmptyBody is a body of nothing but white space.
	ErrEmptyBody ErrorKind = "empty body"
	// ErrMalformedJSON is a body that is not exactly one JSON value.
	ErrMalformedJSON ErrorKind = "malformed JSON"
	// ErrInvalidBody is JSON with a member missing or of the wrong type.
	ErrInvalidBody ErrorKind = "body departs from the specification"
	// ErrBodyTooLarge is a body above the limit of WithMaxBody.
	ErrBodyTooLarge ErrorKind = "body too large"
)

// Error implements error.
func (k ErrorKind) Error() string { return "client: " + string(k) }
