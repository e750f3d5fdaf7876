package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

const (
	maxBody       = 10 << 20         // of an answer, in bytes; the validator's default
	maxSilent     = 3                // requests in a row without an answer, after which the target counts as unreachable
	maxThrottled  = 4                // times one request is repeated after a 429
	longestWait   = 60 * time.Second // that a 429 may ask for
	shortestWait  = time.Second      // when a 429 does not say how long
	progressEvery = 50               // requests
)

func newTransport() *http.Transport {
	t, _ := http.DefaultTransport.(*http.Transport)
	t = t.Clone()
	t.MaxResponseHeaderBytes = 1 << 20
	return t
}

// send sends a call and judges the answer. The error ends the run, or, when it
// is errThrottled, the check; an answer that broke off is not an error but has
// one (answer.broken).
func (s *session) send(ctx context.Context, o *contract.Operation, c call) (*answer, error) {
	for attempt := 0; ; attempt++ {
		a, err := s.once(ctx, o, c)
		if err != nil || a.status != http.StatusTooManyRequests {
			return a, err
		}
		wait := retryAfter(a.header.Get("Retry-After"))
		s.report.Note("the server throttled requests (429); they were sent again after the time it asked for")
		if attempt >= maxThrottled || wait > longestWait {
			return a, errThrottled
		}
		if err := pause(ctx, wait); err != nil {
			return a, err
		}
	}
}

// once sends a call a single time.
func (s *session) once(ctx context.Context, o *contract.Operation, c call) (*answer, error) {
	if err := s.limiter.Wait(ctx); err != nil {
		return nil, err
	}
	r := s.request(o, c)
	limited, cancel := context.WithTimeout(ctx, s.target.Timeout)
	defer cancel()
	s.requests++
	if s.requests%progressEvery == 0 {
		s.tell()
	}
	resp, err := s.target.Transport.RoundTrip(r.WithContext(limited))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.silent++
		if s.silent >= maxSilent || s.requests <= 1 {
			return nil, s.unreachable(err)
		}
		a := &answer{request: r, broken: plain(err)}
		s.judge(o, a)
		return a, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	_ = resp.Body.Close()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.silent = 0
	a := &answer{request: r, status: resp.StatusCode, header: resp.Header, body: body}
	if err != nil {
		a.broken = plain(err)
	}
	if a.status != http.StatusTooManyRequests {
		s.judge(o, a)
	}
	return a, nil
}

// request makes the request of a call.
func (s *session) request(o *contract.Operation, c call) *http.Request {
	method, path := c.method, c.path
	if method == "" && o != nil {
		method = o.Method
	}
	if path == "" && o != nil {
		path = s.pathOf(o)
	}
	u := *s.base
	escaped := strings.TrimSuffix(u.EscapedPath(), "/") + path
	if unescaped, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = unescaped, escaped
	} else {
		u.Opaque = "//" + u.Host + escaped // as it is: a path no server can read
	}
	u.RawQuery = c.query
	r := &http.Request{Method: method, URL: &u, Host: u.Host, Header: s.target.Header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "digakit-verify")
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	s.authenticate(r, o, c.auth)
	return r
}

// unreachable words why no answer came.
func (s *session) unreachable(err error) error {
	hint := "is it running, and is the URL right?"
	switch text := plain(err); {
	case strings.Contains(text, "certificate"):
		hint = "give its certificate authority, or do without the check on purpose"
	case errors.Is(err, context.DeadlineExceeded):
		hint = fmt.Sprintf("it took longer than %v", s.target.Timeout)
	}
	return fmt.Errorf("%w: %s: %s (%s)", ErrUnreachable, s.base.Redacted(), plain(err), hint)
}

// plain is the text of an error without the URL that net/http puts before it:
// it may hold a key.
func plain(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return err.Error()
}

// retryAfter reads the header of RFC 9110, 10.2.3: seconds or a date.
func retryAfter(value string) time.Duration {
	if n, err := strconv.Atoi(value); err == nil && n >= 0 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(time.Until(at), 0)
	}
	return shortestWait
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// greet sends the first request: whether there is a server at all, and whether
// it takes the key for any operation.
func (s *session) greet(ctx context.Context) error {
	tried, refused := 0, 0
	for _, o := range s.operations {
		if !s.readable(o) || len(o.Security) == 0 {
			continue
		}
		a, err := s.send(ctx, o, call{})
		if err != nil {
			return err
		}
		tried++
		if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
			refused++
		}
	}
	if tried > 0 && tried == refused {
		return fmt.Errorf("%w: every operation answers 401 or 403; give a key that may call them", ErrRefused)
	}
	return nil
}

// readable tells whether calling an operation changes nothing.
func (s *session) readable(o *contract.Operation) bool {
	switch o.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return false
}

// readOnly is applies for every operation that can be called without harm.
func readOnly(s *session, o *contract.Operation) bool { return s.readable(o) }

// curl is the command that repeats a request, with variables for the keys.
func (s *session) curl(r *http.Request) string {
	known := []contract.Credential{
		{Secret: s.target.Key, Variable: "DIGAKIT_KEY"}, {Secret: s.target.DeniedKey, Variable: "DIGAKIT_DENIED_KEY"},
		{Secret: madeUpSecret}, {Secret: r.Header.Get("Authorization")},
	}
	if strings.Contains(r.Header.Get("Authorization"), s.target.Key) && s.target.Key != "" {
		known = known[:3]
	}
	shown := r.Clone(context.Background())
	for _, noise := range []string{"User-Agent", "Accept"} {
		shown.Header.Del(noise)
	}
	return contract.Curl(shown, nil, known...)
}

// finding makes the finding of a check about an answer; nil: about none.
func (s *session) finding(c check, o *contract.Operation, a *answer) report.Finding {
	f := report.Finding{
		Check: c.id, Severity: c.severity, Basis: report.Documented, Explanation: c.explanation, HowToFix: c.howToFix,
	}
	if c.assumption != "" {
		f.Basis, f.Assumption = report.Assumed, c.assumption
	}
	if o != nil {
		f.Operation, f.Method, f.Path = o.Name(), o.Method, o.Path
	}
	if a != nil {
		f.Status = a.status
		f.Curl = s.curl(a.request)
		if o == nil || a.request.Method != o.Method {
			f.Method = a.request.Method
		}
		if o == nil {
			f.Path = a.request.URL.EscapedPath()
		}
	}
	return f
}
