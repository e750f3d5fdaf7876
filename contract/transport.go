package contract

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
)

// TransportOption changes what [Validator.Transport] does.
type TransportOption interface{ transport(*roundTripper) }

type transportOption func(*roundTripper)

func (o transportOption) transport(t *roundTripper) { o(t) }

// ObserveOnly has a Transport judge without ever failing or delaying an
// exchange: bodies are copied as they pass, and observers told when the
// response's body has been read to its end or closed. Give an [Observe] too,
// or nothing comes of it.
func ObserveOnly() TransportOption {
	return transportOption(func(t *roundTripper) { t.only = true })
}

type roundTripper struct {
	validator *Validator
	base      http.RoundTripper
	observe   func(Exchange)
	only      bool
	fail      *testFailer // nil without FailTest
}

// Transport judges every exchange a client makes. base does the work; nil
// means http.DefaultTransport.
//
// A request that breaks the contract is not sent, and a response that does is
// not handed over: the error is an *[Error]. Paths alone find the operation,
// so any host will do. The request on the wire is the caller's, byte for
// byte; it is never altered, and a request whose body had to be read is sent
// as a clone. Responses are read whole, up to the cap, before they are handed
// over; see [ObserveOnly] for streams, and [FailTest] for tests.
func (v *Validator) Transport(base http.RoundTripper, opts ...TransportOption) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	t := &roundTripper{validator: v, base: base}
	for _, opt := range opts {
		opt.transport(t)
	}
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	x := &Exchange{Request: r}
	o, _, err := t.validator.Route(cmp.Or(r.Method, http.MethodGet), r.URL.EscapedPath())
	out := r
	if err != nil {
		route, _ := errors.AsType[*RouteError](err)
		x.Violations = route.Violations()
	} else {
		x.Operation = o
		if out, err = t.judgeRequest(r, x); err != nil {
			return nil, err
		}
	}
	if len(x.Violations) > 0 && !t.only && t.fail == nil {
		if out.Body != nil {
			_ = out.Body.Close()
		}
		x.Refused = true
		t.tell(x)
		return nil, &Error{Kind: ErrRequest, Operation: o, Violations: x.Violations}
	}
	resp, err := t.base.RoundTrip(out)
	if err != nil {
		x.Unjudged = "no response"
		t.tell(x)
		return nil, err
	}
	x.Status = resp.StatusCode
	return t.judgeResponse(resp, x)
}

// judgeRequest returns the request to send: r itself, or a clone that still
// has the body.
func (t *roundTripper) judgeRequest(r *http.Request, x *Exchange) (*http.Request, error) {
	v := t.validator
	if r.Body == nil || r.Body == http.NoBody {
		x.Violations = v.Request(x.Operation, r, nil)
		return r, nil
	}
	body, again, err := readAhead(r.Body, v.maxBody)
	if err != nil {
		_ = r.Body.Close()
		return nil, err
	}
	v.judgeWhole(x, body)
	out := r.Clone(r.Context())
	out.Body = again
	return out, nil
}

func (t *roundTripper) judgeResponse(resp *http.Response, x *Exchange) (*http.Response, error) {
	switch {
	case x.Operation == nil:
		x.Unjudged = "no documented operation"
	case resp.StatusCode == http.StatusSwitchingProtocols:
		x.Unjudged = "the connection was hijacked"
	case t.only, t.fail != nil && IsEventStream(resp.Header.Get("Content-Type")):
		resp.Body = &judgedBody{teeBody: teeBody{ReadCloser: resp.Body, limit: t.validator.maxBody}, transport: t, exchange: x, header: resp.Header}
		return resp, nil
	}
	if x.Unjudged != "" {
		t.tell(x)
		return resp, nil
	}
	body, again, err := readAhead(resp.Body, t.validator.maxBody)
	var bad []Violation
	if err != nil {
		x.Unjudged = "the response's body broke off"
	} else {
		bad = t.verdict(x, resp.Header, body, int64(len(body)) > t.validator.maxBody)
	}
	x.Violations = slices.Concat(x.Violations, bad)
	if t.fail != nil { // the caller gets the response as far as it came
		resp.Body = again
		t.tell(x)
		return resp, nil
	}
	_ = resp.Body.Close()
	x.Replaced = len(bad) > 0
	t.tell(x)
	switch {
	case err != nil:
		return nil, err
	case x.Replaced:
		return nil, &Error{Kind: ErrResponse, Operation: x.Operation, Status: x.Status, Violations: bad}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// IsEventStream tells by a Content-Type Server-Sent Events, which have no end to wait for.
func IsEventStream(contentType string) bool {
	sent, err := parseMediaType(contentType)
	return err == nil && sent.major == "text" && sent.minor == "event-stream"
}

func (t *roundTripper) verdict(x *Exchange, header http.Header, body []byte, over bool) []Violation {
	if x.notModified() {
		x.Unjudged = notModifiedReason
		return nil
	}
	x.Header = header
	if over {
		return t.validator.oversized(x.Operation, SideResponse, x.Status)
	}
	x.Body = body
	return t.validator.Response(x.Operation, x.Status, header, body)
}

func (t *roundTripper) tell(x *Exchange) {
	if t.observe != nil {
		t.observe(*x)
	}
	if t.fail != nil {
		t.fail.tell(t.validator, x)
	}
}

// judgedBody is a response body that is judged when it ends.
type judgedBody struct {
	teeBody
	transport *roundTripper
	exchange  *Exchange
	header    http.Header
	told      bool
}

func (b *judgedBody) Read(p []byte) (int, error) {
	n, err := b.teeBody.Read(p)
	if err != nil {
		b.tell()
	}
	return n, err
}

// Close implements io.Closer.
func (b *judgedBody) Close() error {
	b.tell()
	return b.ReadCloser.Close()
}

func (b *judgedBody) tell() {
	if b.told {
		return
	}
	b.told = true
	x := b.exchange
	if b.ended || b.over {
		x.Violations = slices.Concat(x.Violations, b.transport.verdict(x, b.header, b.buf.Bytes(), b.over))
	} else {
		x.Unjudged = "the response's body was not read to its end"
	}
	b.transport.tell(x)
}
