package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// sender sends requests, again where that is of use, and reads the answers.
type sender struct {
	http      *http.Client // its Transport is *credentials
	base      *url.URL
	key       secret
	userAgent string
	cfg       config
}

// doer is the gen.HttpRequestDoer behind API, which judges, and Raw.
type doer struct {
	*sender
	judges bool
}

func (d doer) Do(req *http.Request) (*http.Response, error) {
	if w, ok := req.Context().Value(walkKey{}).(*walk); ok {
		return w.do(req, d.sender)
	}
	ans, err := d.send(req)
	if err != nil {
		return nil, err
	}
	if d.judges && (ans.response.StatusCode != http.StatusNoContent || len(ans.body) > 0) {
		if e := ans.judge(0); e != nil {
			return nil, e
		}
		ans.respell()
	}
	return ans.raw(), nil
}

// send returns an answer, or an *Error of kind ErrTransport.
func (s *sender) send(req *http.Request) (*answer, error) {
	ctx := req.Context()
	attempts, wait := s.cfg.attempts, s.cfg.base
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		attempts = 1 // what is not safe (RFC 9110, section 9.2.1) is sent once
	}
	failed := &Error{Kind: ErrTransport, Request: s.key.redact(describe(req))}
	for ctx.Err() == nil {
		ans, again, err := s.attempt(req)
		failed.Attempts++
		if ans != nil {
			ans.attempts = failed.Attempts
		}
		pause := s.pause(ans, wait)
		deadline, bounded := ctx.Deadline()
		if !again || failed.Attempts >= attempts || pause < 0 || bounded && time.Until(deadline) <= pause {
			if err == nil {
				return ans, nil
			}
			failed.Err = err
			break
		}
		wait = min(2*wait, s.cfg.max)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			if ans != nil {
				failed.Last = ans.judge(0)
			}
		}
	}
	if ctx.Err() != nil {
		failed.Err = ctx.Err()
		if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
			failed.Err = fmt.Errorf("%w: %w", ctx.Err(), cause)
		}
	}
	failed.Err = s.key.clean(failed.Err)
	return nil, failed
}

// pause is how long to wait before the next attempt: as long as the answer asks for, else
// wait less up to one half at random; negative where it asks for more than we grant.
func (s *sender) pause(ans *answer, wait time.Duration) time.Duration {
	if ans != nil {
		if asked := retryAfter(ans.response.Header, time.Now()); asked > s.cfg.maxRetryAfter {
			return -1
		} else if asked > 0 {
			return asked
		}
	}
	half := wait / 2
	return half + time.Duration(min(max(s.cfg.jitter(), 0), 1)*float64(wait-half))
}

// attempt sends req once, in its timeout, and tells whether another may go better.
func (s *sender) attempt(req *http.Request) (ans *answer, again bool, err error) {
	parent := req.Context()
	ctx, cancel := context.WithTimeout(parent, s.cfg.attemptTimeout)
	defer cancel() // last of all
	out := req.Clone(ctx)
	for name, value := range map[string]string{"User-Agent": s.userAgent, "Accept": "application/json"} {
		out.Header.Set(name, cmp.Or(out.Header.Get(name), value))
	}
	defer func() {
		if err != nil && parent.Err() == nil && ctx.Err() != nil {
			err = fmt.Errorf("no complete answer within %s: %w", s.cfg.attemptTimeout, err)
		}
	}()

	res, err := s.http.Do(out) //nolint:gosec // G704: the caller names the server; that is what a client is for
	if err != nil {
		// The text of a url.Error is the URL, which describe already gives.
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		// A response beside the error means that a redirect was refused.
		return nil, res == nil && passing(err), err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil, false, errors.New("the server switched to another protocol, which nobody asked for")
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, s.cfg.maxBody+1))
	if err != nil {
		return nil, true, fmt.Errorf("answer of status %d broke off after %d bytes: %w", res.StatusCode, len(body), err)
	}
	ans = &answer{sender: s, response: res, body: body, request: describe(req)}
	if int64(len(body)) > s.cfg.maxBody {
		ans.body, ans.tooLarge = body[:s.cfg.maxBody], true
	}
	if to := res.Request.URL; origin(to) != origin(s.base) && origin(to) != origin(req.URL) {
		ans.request += " (redirected to " + to.Scheme + "://" + to.Host + ", without the key)"
	}
	res.Request = req
	return ans, ans.retryable(), nil
}

// passing reports whether a failure to get an answer may be gone next time. It names what
// surely is not: transports of callers have errors of their own.
func passing(err error) bool {
	var certificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	var dns *net.DNSError
	return !errors.As(err, &certificate) && !errors.As(err, &notTLS) &&
		(!errors.As(err, &dns) || !dns.IsNotFound)
}

// describe is the request in words: method, path and query.
func describe(req *http.Request) string { return req.Method + " " + req.URL.RequestURI() }

// retryAfter reads the Retry-After header in both forms of RFC 9110, section 10.2.3. A
// date is taken relative to the answer's own Date, so that wrong clocks do not matter.
// Anything else, and a date gone by, is zero.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value != "" && strings.Trim(value, "0123456789") == "" {
		const most = int64(math.MaxInt64 / time.Second)
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > most {
			seconds = most
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(at.Sub(now), 0)
}

// userAgent is "PREFIX digakit/VERSION (GO)" (RFC 9110, section 10.1.5), with the version
// of the module, wherever it stands in the build.
func userAgent(prefix string) string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range append(info.Deps, &info.Main) {
			if module.Path == "github.com/digakit/digakit" && strings.HasPrefix(module.Version, "v") {
				version = module.Version[1:]
			}
		}
	}
	// runtime.Version may go on with experiments or a date: "go1.26 X:…".
	goVersion, _, _ := strings.Cut(runtime.Version(), " ")
	return strings.TrimSpace(prefix + " digakit/" + version + " (" + goVersion + ")")
}
