package client

import (
	"fmt"
	"strings"
)

// TransportError is a request without a complete answer: the connection failed
// or broke, time ran out, or the context ended.
type TransportError struct {
	// Request is the request in words, without host: "GET /v1/api_key/".
	Request string
	// Attempts is how often the request was sent, at least 1.
	Attempts int
	// Err is the cause. Where its own text held the key it is replaced by a
	// plain error that says the same without it.
	Err error
	// Last is the failure that was about to be retried when the context ended:
	// an *APIError or a *ResponseError, or nil.
	Last error
}

// Error says everything but the key, on one line.
func (e *TransportError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s: %s", printable(e.Request, maxShown), printable(e.Err.Error(), maxShown))
	if e.Last != nil {
		fmt.Fprintf(&b, " while waiting to retry: %s", strings.TrimPrefix(e.Last.Error(), "client: "))
	} else {
		writeTail(&b, e.Attempts, 0)
	}
	return b.String()
}

// Is reports whether target is ErrTransport.
func (e *TransportError) Is(target error) bool { return target == ErrTransport }

// Unwrap gives Err and Last, so that errors.Is(err, context.Canceled) works.
func (e *TransportError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Last}
}
