package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/internal/recorder"
	"github.com/digakit/digakit/contract/report"
)

// Proxy is an http.Handler in front of one upstream. Make one with [New]. It is
// safe for concurrent use.
type Proxy struct {
	upstream  *url.URL
	validator *contract.Validator
	enforce   bool
	reverse   *httputil.ReverseProxy
	judged    http.Handler
	recorder  *recorder.Recorder
	passed    atomic.Int64
	answered  atomic.Int64
}

// New returns a proxy in front of upstream, an http or https URL whose path, if
// it has one, is put before that of every request. Paths are judged as clients
// send them, without it. All mistakes are reported together.
func New(upstream *url.URL, v *contract.Validator, opts ...Option) (*Proxy, error) {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	if v == nil {
		c.errs = append(c.errs, errors.New("proxy: the validator is missing; make one with contract.New"))
	}
	if err := errors.Join(append(c.errs, checkUpstream(upstream))...); err != nil {
		return nil, err
	}
	if c.transport == nil {
		c.transport = newTransport()
	}
	target := *upstream
	p := &Proxy{
		upstream: &target, validator: v, enforce: c.enforce,
		recorder: recorder.New("proxy", target.String(), v, c.found),
	}
	p.reverse = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      c.transport,
		FlushInterval:  -1, // at once
		ModifyResponse: p.receive,
		ErrorHandler:   p.fail,
		ErrorLog:       log.New(io.Discard, "", 0), // what it would say stands in the report
	}
	door := []contract.MiddlewareOption{contract.Observe(p.observe)}
	if p.enforce {
		door = append(door, contract.RefuseRequests(refuse), contract.ReplaceResponses(replace))
	}
	p.judged = v.Middleware(p.reverse, door...)
	return p, nil
}

func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout:   dialTimeout,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       9 * dialTimeout,
		ExpectContinueTimeout: dialTimeout / 10,
		DisableCompression:    true,
	}
}

// ServeHTTP passes one request on and the answer back, and judges both.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect || r.URL.Host != "" || r.URL.Scheme != "" || r.URL.Path == "" || r.URL.Path[0] != '/' {
		p.recorder.Note("requests with CONNECT or a target other than a path were refused: this is no proxy to other servers")
		answer(w, "no-open-proxy", contract.Problem{
			Title: "Not a proxy to other servers", Status: http.StatusBadRequest,
			Detail: "This server stands in front of one upstream; ask it for a path, as if it were that server.",
		})
		return
	}
	p.passed.Add(1)
	if !p.enforce {
		// An answer that comes while the request is still being sent must not wait
		// for the rest of it. HTTP/2, and tests without a server, know no other
		// way. To enforce, requests are read to their end before they are passed on.
		_ = http.NewResponseController(w).EnableFullDuplex()
	}
	t := &transfer{writer: w}
	r = r.WithContext(context.WithValue(r.Context(), transferKey{}, t))
	if r.Body != nil && r.Body != http.NoBody {
		t.body = &sample{ReadCloser: r.Body}
		r.Body = t.body
	}
	if p.isPreflight(r) {
		p.recorder.Skip(nil, "CORS preflight requests")
		p.reverse.ServeHTTP(w, r)
		return
	}
	p.judged.ServeHTTP(w, r)
}

// isPreflight tells the question a browser asks before a request to another
// origin (Fetch, "CORS-preflight request"), which no document mentions.
func (p *Proxy) isPreflight(r *http.Request) bool {
	asked := r.Header.Get("Access-Control-Request-Method")
	if r.Method != http.MethodOptions || r.Header.Get("Origin") == "" || asked == "" {
		return false
	}
	path := r.URL.EscapedPath()
	if _, _, err := p.validator.Route(http.MethodOptions, path); err == nil {
		return false
	}
	_, _, err := p.validator.Route(asked, path)
	return err == nil
}

// receive looks at an answer of the upstream before it is passed on.
func (p *Proxy) receive(resp *http.Response) error {
	ctx := resp.Request.Context()
	t := transferFrom(ctx)
	p.answered.Add(1)
	t.status = resp.StatusCode
	if resp.StatusCode == http.StatusSwitchingProtocols {
		t.upgraded = true
		return nil
	}
	if to, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 && to.Host == p.upstream.Host && !strings.HasPrefix(resp.Header.Get("Location"), "/") {
		p.recorder.Note("the upstream redirects to absolute URLs of its own: clients that follow go past the proxy, and are not judged there")
	}
	// What the upstream leaves out, net/http must not make up.
	for _, name := range []string{"Content-Type", "Date"} {
		if _, ok := resp.Header[name]; !ok {
			t.writer.Header()[name] = nil
		}
	}
	if !p.enforce && t.body.pending() && resp.Request.ProtoMajor == 1 {
		// net/http panics when it goes on to the next request of a connection
		// while somebody may still read this one's body.
		resp.Header.Set("Connection", "close")
	}
	resp.Body = &watchedBody{ReadCloser: resp.Body, transfer: t}
	if contract.IsEventStream(resp.Header.Get("Content-Type")) {
		t.events = true
		contract.DeclareDeparture(ctx, "Server-Sent Events")
		return nil
	}
	if p.enforce {
		return p.hold(resp)
	}
	return nil
}

// hold reads an answer to its end, so that one that breaks off can still be
// replaced. The Middleware knows what to do with one over the cap.
func (p *Proxy) hold(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, p.validator.MaxBody()+1))
	if err != nil {
		return fmt.Errorf("its answer broke off: %w", err)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), resp.Body), resp.Body}
	return nil
}

// fail answers when the upstream does not.
func (p *Proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	t := transferFrom(r.Context())
	t.failure = err
	contract.DeclareDeparture(r.Context(), "answered by the proxy")
	answer(w, "upstream-failed", contract.Problem{
		Title: "No whole answer from the upstream", Status: http.StatusBadGateway,
		Detail: "The upstream " + p.upstream.String() + " gave no whole answer: " + err.Error() + ".",
	})
}

// observe takes down what an exchange came to.
func (p *Proxy) observe(x contract.Exchange) {
	t := transferFrom(x.Request.Context())
	x.Unjudged = t.unjudged(x.Request, &x)
	x.Status = t.status
	if t.upgraded {
		x.Violations = nil
	} else if t.broken {
		ofAnswer := func(v contract.Violation) bool { return v.Side != contract.SideRequest }
		x.Violations, x.Body = slices.DeleteFunc(slices.Clone(x.Violations), ofAnswer), nil
	}
	p.recorder.Record(recorder.Entry{Exchange: x, Repeat: func() *http.Request { return p.repeat(x.Request) }, Body: t.body.bytes()})
}

// repeat is the client's request as one to the upstream.
func (p *Proxy) repeat(r *http.Request) *http.Request {
	pr := &httputil.ProxyRequest{In: r, Out: r.Clone(context.Background())}
	pr.SetURL(p.upstream)
	pr.Out.URL.RawQuery = r.URL.RawQuery
	return pr.Out
}

// Report returns what there is so far: a finding for each distinct violation,
// with how often it came and the curl that repeats the first (against the
// upstream), a passed case of the check "exchange" for each exchange without
// violations, and coverage. The first 1000 distinct findings are kept. It may be
// called at any time; the report is the caller's.
func (p *Proxy) Report() *report.Report { return p.recorder.Report() }

// Reached tells whether the upstream has answered, or nothing was asked of it.
func (p *Proxy) Reached() bool { return p.answered.Load() > 0 || p.passed.Load() == 0 }
