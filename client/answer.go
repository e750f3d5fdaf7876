package client

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// answer is a response whose body has been read.
type answer struct {
	response *http.Response // its Body is closed
	body     []byte
	tooLarge bool // body is only the first maxBody bytes
	request  string
	attempts int
}

// retryable reports whether the status speaks of a state that passes: too many
// requests, or a gateway without its server. 500 does not: the API documents it
// for faults of its own, which repeating the request does not mend.
func (a *answer) retryable() bool {
	switch a.response.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

func (a *answer) retryAfter() time.Duration {
	return retryAfter(a.response.Header, time.Now())
}

// raw returns the answer as a response whose body can be read again.
func (a *answer) raw() *http.Response {
	var body io.Reader = bytes.NewReader(a.body)
	if a.tooLarge {
		body = io.MultiReader(body, failingReader{ErrBodyTooLarge})
	}
	res := *a.response
	res.Body = io.NopCloser(body)
	return &res
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }
