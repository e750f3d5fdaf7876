package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

const (
	maxBody       = 10 << 20         // of an answer, in bytes; the validator's default
	heavyBody     = 8 << 20          // of an answer, in bytes, that is trouble
	maxTrouble    = 3                // answers of an operation that are trouble, after which it is left alone
	maxSilent     = 3                // failures to connect in a row, after which the target counts as unreachable
	maxThrottled  = 4                // times one request is repeated after a 429
	longestWait   = 60 * time.Second // that a 429 may ask for
	longestWaits  = 5 * time.Minute  // for 429s, in one run
	shortestWait  = time.Second      // when a 429 does not say how long
	progressEvery = 50               // requests
)

func newTransport() *http.Transport {
	t, _ := http.DefaultTransport.(*http.Transport)
	t = t.Clone()
	t.MaxResponseHeaderBytes = 1 << 20
	return t
}

// Send sends a call and judges the answer. The error ends the run, or, when it
// is a givenUpError, the check; an answer that broke off is not an error but has
// one (answer.broken).
func (s *Session) Send(ctx context.Context, o *contract.Operation, c call.Call) (*Answer, error) {
	for attempt := 0; ; attempt++ {
		if s.trouble[o] >= maxTrouble {
			return nil, errTrouble
		}
		a, err := s.once(ctx, o, c)
		if err != nil || a.Status != http.StatusTooManyRequests {
			return a, err
		}
		wait := retryAfter(a.Header.Get("Retry-After"))
		s.Report.Note("the server throttled requests (429); they were sent again after the time it asked for")
		if attempt >= maxThrottled || wait > longestWait || s.waited+wait > longestWaits {
			return a, errThrottled
		}
		s.waited += wait
		if err := s.Pause(ctx, wait); err != nil {
			return a, err
		}
	}
}

// once sends a call a single time.
func (s *Session) once(ctx context.Context, o *contract.Operation, c call.Call) (*Answer, error) {
	if err := s.limiter.Wait(ctx); err != nil {
		return nil, err
	}
	var written atomic.Int32 // how often the whole request was: net/http repeats some by itself
	limited, cancel := context.WithTimeout(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				written.Add(1)
			}
		},
	}), s.Target.Timeout)
	defer cancel()
	a := &Answer{Request: s.request(o, c), call: c}
	s.requests++
	if s.requests%progressEvery == 0 {
		s.tell()
	}
	resp, err := s.Target.Transport.RoundTrip(a.Request.WithContext(limited))
	if err == nil && written.Load() > 1 {
		s.dropped(o, a)
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return s.unanswered(o, a, err)
	}
	a.Status, a.Header = resp.StatusCode, resp.Header
	if a.Status == http.StatusSwitchingProtocols { // what follows is no body, and no context ends it
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	_ = resp.Body.Close()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.silent = 0
	if err != nil {
		a.Broken = plain(err)
	}
	if errors.Is(err, context.DeadlineExceeded) || len(a.Body) > heavyBody {
		s.trouble[o]++
	}
	if a.Status != http.StatusTooManyRequests {
		s.judge(o, a)
	}
	// Undone is what the transport left, so that checks can read the body. What
	// cannot be undone the validator has reported.
	if plain, err := contract.PlainBody(a.Header, a.Body, maxBody); err == nil {
		a.Body = plain
	}
	return a, nil
}

// dropped is for a request that was answered only when net/http sent it again,
// because the server had closed the connection. Once, that may be a connection
// it thought idle; twice is no accident.
func (s *Session) dropped(o *contract.Operation, a *Answer) {
	s.drops++
	s.Report.Note("the server closed a connection without an answer; the request was sent once more")
	if c := s.Check("response_completeness"); s.drops > 1 && s.wanted(c.ID) {
		f := s.Finding(c, o, a, "connection closed",
			"the server closed the connection without an answer, now and then; the same request was answered when it was sent again")
		f.Status, f.Severity = 0, report.Warning
		s.Report.Add(f)
	}
}

// unanswered is for a request that nothing came back for. A server that nobody
// can connect to any more is gone; one that hangs up or hangs is judged.
func (s *Session) unanswered(o *contract.Operation, a *Answer, err error) (*Answer, error) {
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		s.silent++
	}
	if s.requests <= 1 || s.silent >= maxSilent {
		return nil, s.unreachable(err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.trouble[o]++
	}
	a.Broken = plain(err)
	s.judge(o, a)
	return a, nil
}

// request makes the request of a call.
func (s *Session) request(o *contract.Operation, c call.Call) *http.Request {
	c = s.Complete(o, c)
	method := c.Method
	if method == "" && o != nil {
		method = o.Method
	}
	u := *s.Root
	escaped := strings.TrimSuffix(u.EscapedPath(), "/") + c.Path
	if plain, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = plain, escaped
	} else {
		u.Opaque = "//" + u.Host + escaped // as it is: a path no server can read
	}
	if u.EscapedPath() != escaped {
		u.Opaque = "//" + u.Host + escaped // url.URL would escape it anew
	}
	u.RawQuery = c.Query
	r := &http.Request{Method: method, URL: &u, Host: u.Host, Header: s.Target.Header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	// A body after the answer to HEAD would otherwise be taken for the next
	// answer, and net/http writes it to standard error.
	r.Close = method == http.MethodHead
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "digakit-verify")
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	if o == nil {
		o = c.Like
	}
	if c.Body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.Body)), int64(len(c.Body))
		if c.Media != "" {
			r.Header.Set("Content-Type", c.Media)
		}
	}
	s.authenticate(r, o, c.Auth)
	return r
}

// unreachable words why no answer came.
func (s *Session) unreachable(err error) error {
	hint := "is it running, and is the URL right?"
	switch text := plain(err); {
	case strings.Contains(text, "certificate"):
		hint = "give its certificate authority, or do without the check on purpose"
	case errors.Is(err, context.DeadlineExceeded):
		hint = fmt.Sprintf("it took longer than %v", s.Target.Timeout)
	}
	return fmt.Errorf("%w: %s: %s (%s)", ErrUnreachable, s.Root.Redacted(), plain(err), hint)
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
		return time.Duration(min(n, 1<<31)) * time.Second // what is longer is too long anyhow
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

// curl is the command that repeats the request of an answer, with variables for
// the keys and for what the target's headers hold. Printed is what was made up for
// a check, nothing else.
func (s *Session) curl(a *Answer) string {
	known := []contract.Credential{
		{Secret: s.Target.Key, Variable: "DIGAKIT_KEY"}, {Secret: s.Target.DeniedKey, Variable: "DIGAKIT_DENIED_KEY"},
		{Secret: MadeUpSecret},
	}
	for name, values := range s.Target.Header { // what they hold, nobody but the caller knows
		variable := strings.ToUpper(notOfVariables.ReplaceAllString(name, "_"))
		for _, value := range values {
			known = append(known, contract.Credential{Secret: value, Variable: variable})
		}
	}
	for _, bytes := range []string{"\xff", "\xe2\x82", "\xff\xfe"} { // no text: a command line cannot hold them
		octal := ""
		for i := range len(bytes) {
			octal += fmt.Sprintf(`\%o`, bytes[i])
		}
		known = append(known, contract.Credential{Secret: bytes, Variable: "(printf '" + octal + "')"})
	}
	switch {
	case a.call.Auth.Variable != "":
		known = append(known, contract.Credential{Secret: strings.TrimPrefix(a.call.Auth.Secret, "Bearer "), Variable: a.call.Auth.Variable})
	case a.call.Auth.Kind == call.RawHeader && utf8.ValidString(a.call.Auth.Secret) && (s.Target.Key == "" || !strings.Contains(a.call.Auth.Secret, s.Target.Key)):
		known = append(known, contract.Credential{Secret: a.call.Auth.Secret})
	}
	shown := a.Request.Clone(context.Background())
	for noise, value := range map[string]string{"User-Agent": "digakit-verify", "Accept": "application/json"} {
		if shown.Header.Get(noise) == value {
			shown.Header.Del(noise)
		}
	}
	return strings.ToValidUTF8(s.Validator.Curl(shown, a.call.Body, known...), "?")
}

// notOfVariables matches what a shell's variable cannot be called.
var notOfVariables = regexp.MustCompile(`[^A-Za-z0-9_]`)

// Finding makes the finding of a check: in which case, and what about an answer;
// nil: about none.
func (s *Session) Finding(c Check, o *contract.Operation, a *Answer, name, message string) report.Finding {
	f := report.Finding{
		Check: c.ID, Severity: c.Severity, Basis: c.Basis(), Assumption: c.Assumption, Explanation: c.Why, HowToFix: c.Fix,
		Case: name, Message: message,
	}
	if o != nil {
		f.Operation, f.Method, f.Path = o.Name(), o.Method, o.Path
	}
	if a != nil {
		f.Status = a.Status
		f.Curl = s.curl(a)
		if o == nil || a.Request.Method != o.Method {
			f.Method = a.Request.Method
		}
		if o == nil {
			f.Path = a.Request.URL.EscapedPath()
		}
	}
	return f
}
