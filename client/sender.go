package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/cenkalti/backoff/v5"
)

// sender sends requests, again where that is of use, and reads the answers. It
// is the gen.HttpRequestDoer behind Raw.
type sender struct {
	http      *http.Client // its Transport is *credentials
	origin    string
	key       secret
	userAgent string
	cfg       config
}

// errTryAgain marks, inside send, an answer that may be better next time.
var errTryAgain = errors.New("try again")

// Do implements gen.HttpRequestDoer.
func (s *sender) Do(req *http.Request) (*http.Response, error) {
	ans, err := s.send(req)
	if err != nil {
		return nil, err
	}
	return ans.raw(), nil
}

// send returns an answer, or a *TransportError. Both are returned when the
// context ended while the request waited to be sent again: the error, and the
// answer that was not good enough.
func (s *sender) send(req *http.Request) (*answer, error) {
	ctx := req.Context()
	tries := uint(s.cfg.attempts)
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		tries = 1 // what is not safe (RFC 9110, section 9.2.1) is sent once
	}
	deadline, _ := ctx.Deadline()
	pace := newPace(&s.cfg, deadline)
	attempts := 0

	ans, err := backoff.Retry(ctx, func() (*answer, error) {
		attempts++
		pace.asked = 0
		ans, err := s.attempt(req)
		if err != nil {
			return nil, err
		}
		ans.attempts = attempts
		if !ans.retryable() {
			return ans, nil
		}
		pace.asked = ans.retryAfter()
		return ans, errTryAgain
	}, backoff.WithBackOff(pace), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))

	if err == nil || errors.Is(err, errTryAgain) {
		return ans, nil
	}
	// A failure of the last permitted attempt comes back still marked.
	if permanent := (*backoff.PermanentError)(nil); errors.As(err, &permanent) {
		err = permanent.Err
	}
	if ctx.Err() != nil {
		err = contextError(ctx)
	}
	return ans, &TransportError{Request: describe(req), Attempts: attempts, Err: s.key.clean(err)}
}

// attempt sends req once and reads the answer, all within the attempt timeout.
// An error that another attempt would not mend is marked backoff.Permanent.
func (s *sender) attempt(req *http.Request) (*answer, error) {
	parent := req.Context()
	ctx, cancel := context.WithTimeout(parent, s.cfg.attemptTimeout)
	defer cancel()
	out := req.Clone(ctx)
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", s.userAgent)
	}
	if out.Header.Get("Accept") == "" {
		out.Header.Set("Accept", "application/json")
	}

	res, err := s.http.Do(out) //nolint:gosec // G704: the caller names the server; that is what a client is for
	if err != nil {
		// The text of a url.Error is the URL, which describe already gives.
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		// A response beside the error means that a redirect was refused.
		if res != nil || !passing(err) {
			return nil, backoff.Permanent(err)
		}
		return nil, s.outOfTime(ctx, parent, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, s.cfg.maxBody+1))
	if err != nil {
		err = fmt.Errorf("answer of status %d broke off after %d bytes: %w", res.StatusCode, len(body), err)
		return nil, s.outOfTime(ctx, parent, err)
	}
	ans := &answer{response: res, body: body, request: describe(req)}
	if int64(len(body)) > s.cfg.maxBody {
		ans.body, ans.tooLarge = body[:s.cfg.maxBody], true
	}
	if to := res.Request.URL; origin(to) != s.origin && origin(to) != origin(req.URL) {
		ans.request += " (redirected to " + to.Scheme + "://" + to.Host + ", without the key)"
	}
	res.Request = req
	return ans, nil
}

// outOfTime says so when it was the attempt's own limit that ended it.
func (s *sender) outOfTime(ctx, parent context.Context, err error) error {
	if parent.Err() == nil && ctx.Err() != nil {
		return fmt.Errorf("no complete answer within %s: %w", s.cfg.attemptTimeout, err)
	}
	return err
}

// passing reports whether a failure to get an answer may be gone next time.
// The list is of what surely is not: HTTP/2 and the transports of callers have
// errors of their own, which no positive list would cover.
func passing(err error) bool {
	var certificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	var dns *net.DNSError
	return !errors.As(err, &certificate) && !errors.As(err, &notTLS) &&
		(!errors.As(err, &dns) || !dns.IsNotFound)
}

// contextError is the context's error, with the cause where one was given.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

// describe is the request in words: method, path and query.
func describe(req *http.Request) string {
	return req.Method + " " + req.URL.RequestURI()
}
