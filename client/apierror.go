package client

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// invalidPaginationCode is the error_code of the 422 example in Diga's
// specification.
const invalidPaginationCode = "INVALID_PAGINATION_PARAMETERS"

// APIError is an answer in the API's documented error envelope, whatever its
// status. Read error codes with care: Diga's own example of a 403 carries
// INTERNAL_SERVER_ERROR, so the status is the better guide.
type APIError struct {
	// StatusCode is the HTTP status.
	StatusCode int
	// Documented says whether the specification lists StatusCode for the
	// operation. An undocumented one also matches ErrUndocumentedStatus.
	Documented bool
	// ErrorCode and Message are the envelope's error_code and message, as
	// received but for the key.
	ErrorCode, Message string
	// Request is the request in words, without host: "GET /v1/api_key/?limit=0".
	Request string
	// RetryAfter is what the answer's Retry-After header asked for (RFC 9110,
	// section 10.2.3), or zero.
	RetryAfter time.Duration
	// Attempts is how often the request was sent, at least 1.
	Attempts int
}

// Error says everything but the key, on one line.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s: %d", printable(e.Request, maxShown), e.StatusCode)
	if !e.Documented {
		b.WriteString(" (not a documented status)")
	}
	fmt.Fprintf(&b, " %s: %s", printable(e.ErrorCode, maxShown), printable(e.Message, maxShown))
	writeTail(&b, e.Attempts, e.RetryAfter)
	return b.String()
}

// Is reports whether target is an ErrorKind that e belongs to.
func (e *APIError) Is(target error) bool {
	kind, ok := target.(ErrorKind)
	if !ok {
		return false
	}
	switch kind {
	case ErrInvalidPagination:
		return e.StatusCode == http.StatusUnprocessableEntity && e.ErrorCode == invalidPaginationCode
	case ErrUndocumentedStatus:
		return !e.Documented
	default:
		return kind.hasStatus(e.StatusCode)
	}
}

// writeTail adds what every failed exchange may add: how often it was tried,
// and when the server would like to be asked again.
func writeTail(b *strings.Builder, attempts int, retryAfter time.Duration) {
	if attempts > 1 {
		fmt.Fprintf(b, " (after %d attempts)", attempts)
	}
	if retryAfter > 0 {
		fmt.Fprintf(b, " (retry after %s)", retryAfter)
	}
}
