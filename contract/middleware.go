package contract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// MiddlewareOption changes what [Validator.Middleware] does.
type MiddlewareOption interface{ middleware(*door) }

// DoorOption is an option of both [Validator.Middleware] and [Validator.Transport].
type DoorOption interface {
	MiddlewareOption
	TransportOption
}

type middlewareOption func(*door)

func (o middlewareOption) middleware(d *door) { o(d) }

type observer func(Exchange)

func (o observer) middleware(d *door)        { d.observe = o }
func (o observer) transport(t *roundTripper) { t.observe = o }

// Observe has f called after every exchange, violations or not. f runs on the
// goroutine of the exchange and may run concurrently with itself.
func Observe(f func(Exchange)) DoorOption { return observer(f) }

// RefuseRequests has f answer requests that break the contract; the handler
// does not see them. The operation is nil when none matched. The answer is
// judged like a handler's. The request's body is read, up to the cap, before
// anything else happens.
func RefuseRequests(f func(http.ResponseWriter, *http.Request, *Operation, []Violation)) MiddlewareOption {
	return middlewareOption(func(d *door) { d.refuse = f })
}

// ReplaceResponses has f answer where the handler's own answer breaks the
// contract: with that status and those violations. The answer is held back
// until the verdict, so Flush has no effect, and an answer over the cap is a
// violation. Headers the handler set are taken back. What f writes is sent
// unjudged.
func ReplaceResponses(f func(w http.ResponseWriter, r *http.Request, o *Operation, status int, violations []Violation)) MiddlewareOption {
	return middlewareOption(func(d *door) { d.replace = f })
}

// door is a Middleware.
type door struct {
	validator *Validator
	next      http.Handler
	observe   func(Exchange)
	refuse    func(http.ResponseWriter, *http.Request, *Operation, []Violation)
	replace   func(http.ResponseWriter, *http.Request, *Operation, int, []Violation)
}

// Middleware judges every exchange that passes through next. Put it around
// the whole server, not inside a router: inside, errors have not been written
// yet when it looks.
//
// Without options it does nothing visible. With [Observe] alone it changes
// and delays nothing: bodies are copied, up to the cap, as they pass. A
// handler that writes nothing answers 200 with no body, and is judged so. A
// hijacked connection is not judged. A panic of the handler goes on upwards.
func (v *Validator) Middleware(next http.Handler, opts ...MiddlewareOption) http.Handler {
	d := &door{validator: v, next: next}
	for _, opt := range opts {
		opt.middleware(d)
	}
	return d
}

// exchange is one request under way.
type exchange struct {
	responseWriter
	operation *Operation
	params    map[string]string
	departure atomic.Pointer[string]
}

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := &exchange{}
	var err error
	e.operation, e.params, err = d.validator.Route(r.Method, r.URL.EscapedPath())
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e))
	handler := d.next
	refused := false
	x := Exchange{Operation: e.operation, Request: r}
	var tee *teeBody
	switch {
	case err != nil:
		route, _ := errors.AsType[*RouteError](err)
		x.Violations = route.Violations()
		refused = d.refuse != nil
	case d.refuse != nil:
		if r.Body != nil && r.Body != http.NoBody {
			x.RequestBody, r.Body, _ = readAhead(r.Body, d.validator.maxBody) // what arrived is judged; the handler meets the error
		}
		d.validator.judgeWhole(&x, x.RequestBody)
		refused = len(x.Violations) > 0
	case r.Body != nil && r.Body != http.NoBody:
		tee = &teeBody{ReadCloser: r.Body, limit: d.validator.maxBody}
		r.Body = tee
	}
	if refused {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.refuse(w, r, e.operation, x.Violations) })
	}
	e.begin(w, r, e, d.replace != nil && e.operation != nil, d.validator.maxBody)
	x.Refused = refused
	defer d.finish(e, &x, tee)
	handler.ServeHTTP(&e.responseWriter, r)
	e.returned = true
}

// finish judges, answers what was held back, and tells the observer. It runs
// deferred: when the handler panics, it only tells.
func (d *door) finish(e *exchange, x *Exchange, tee *teeBody) {
	defer e.end()
	if !e.returned {
		x.Unjudged = "the handler panicked"
		d.tell(x)
		return
	}
	e.complete()
	x.Status = e.status
	if d.refuse == nil && x.Operation != nil {
		d.judgeObserved(x, tee)
	}
	bad := d.verdict(e, x)
	x.Violations = slices.Concat(x.Violations, bad)
	if e.hold { // a hijacked connection is not held
		if x.Replaced = len(bad) > 0; x.Replaced {
			e.discard()
			d.replace(e.ResponseWriter, x.Request, x.Operation, x.Status, bad)
		} else {
			e.commit()
		}
	}
	d.tell(x)
}

func (d *door) tell(x *Exchange) {
	if d.observe != nil {
		d.observe(*x)
	}
}

// judgeObserved judges a request whose body went by while the handler read it.
func (d *door) judgeObserved(x *Exchange, tee *teeBody) {
	if tee != nil {
		tee.mu.Lock()
		defer tee.mu.Unlock()
	}
	switch {
	case tee == nil:
		x.Violations = d.validator.Request(x.Operation, x.Request, nil)
	case tee.over:
		x.Violations = d.validator.oversized(x.Operation, SideRequest, 0)
	case !tee.ended:
		x.Unjudged = "the handler did not read the request's body to its end"
	default:
		x.RequestBody = tee.buf.Bytes()
		x.Violations = d.validator.Request(x.Operation, x.Request, x.RequestBody)
	}
}

// verdict judges the response.
func (d *door) verdict(e *exchange, x *Exchange) []Violation {
	switch reason := e.departure.Load(); {
	case reason != nil:
		x.Departure, x.Unjudged = *reason, "declared departure"
	case e.hijacked:
		x.Unjudged = "the connection was hijacked"
	case x.Operation == nil:
		x.Unjudged = "no documented operation"
	case x.notModified():
		x.Unjudged = notModifiedReason
	case e.over:
		x.Header = e.snapshot
		return d.validator.oversized(x.Operation, SideResponse, e.status)
	default:
		x.Header, x.Body = e.snapshot, e.body()
		return d.validator.Response(x.Operation, e.status, x.Header, x.Body)
	}
	return nil
}

// oversized is the verdict on a body that was not read to its end for size.
func (v *Validator) oversized(o *Operation, side Side, status int) []Violation {
	f := findings{side: side, operation: o.plan.name, status: status}
	f.add(v.tooLarge())
	return f.result()
}

// judgeWhole judges a request with the body that was read ahead of it.
func (v *Validator) judgeWhole(x *Exchange, body []byte) {
	if x.RequestBody = body; int64(len(body)) > v.maxBody {
		x.RequestBody = nil
		x.Violations = v.oversized(x.Operation, SideRequest, 0)
		return
	}
	x.Violations = v.Request(x.Operation, x.Request, body)
}

// readAhead reads a body to its end or just beyond a limit. Again gives what was
// read once more, then the rest, or the error.
func readAhead(body io.ReadCloser, limit int64) (read []byte, again io.ReadCloser, err error) {
	read, err = io.ReadAll(io.LimitReader(body, limit+1))
	var rest io.Reader = body
	if err != nil {
		rest = failing{err}
	}
	return read, readCloser{io.MultiReader(bytes.NewReader(read), rest), body}, err
}

type readCloser struct {
	io.Reader
	io.Closer
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// teeBody copies what is read through it, up to limit.
type teeBody struct {
	io.ReadCloser
	mu    sync.Mutex // a handler may leave a reader behind: httputil.ReverseProxy does
	buf   bytes.Buffer
	limit int64
	over  bool
	ended bool
}

func (t *teeBody) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if int64(t.buf.Len()+n) > t.limit {
		t.over = true
	} else {
		t.buf.Write(p[:n])
	}
	t.ended = t.ended || err == io.EOF
	return n, err
}

// buffers holds spare buffers of response bodies.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
