package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/console"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/guard"
)

// departureHeader names why an answer may leave the spec.
const departureHeader = "Contract-Departure"

// ServeHTTP answers one request. From outside in: guard, console, control API; then for
// the API itself: credentials, journal, access log, latency, prefix, route, faults,
// refusal of bad credentials, validation of the request, Prefer, overrides, the
// generated handlers or the engine, validation of the response.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.guarded.ServeHTTP(w, r)
}

// serveUnguarded answers a request that the guard lets through, or that never
// was on a network.
func (s *Server) serveUnguarded(w http.ResponseWriter, r *http.Request) {
	switch {
	case console.Serves(r):
		console.ServeHTTP(w, r)
		return
	case guard.IsControl(r):
		s.serveControl(w, r)
		return
	case console.Wanted(r) && !s.routed(r):
		console.Redirect(w)
		return
	}
	x := &exchange{start: time.Now(), request: r}
	out := newRecorder(w)
	if x.taped = s.tape.Load().begin(r, out); x.taped != nil {
		defer x.taped.end()
	}
	s.identify(x, r.Header)
	if x.project != nil {
		x.taped.of(x.project)
	}
	out.taken = func() { s.settle(x, out) } // a client whose connection breaks finds it in the journal
	var shown http.ResponseWriter = out
	if in, ok := w.(*inProcessWriter); ok {
		shown = abortingRecorder{out, in}
	}
	defer func() {
		s.settle(x, out)
		out.release()
	}()
	r = r.WithContext(withExchange(r.Context(), x))
	if r.Body != nil && r.Body != http.NoBody {
		x.body = &recordedBody{ReadCloser: r.Body}
		r.Body = x.body
	}
	s.answer(shown, r, x)
}

// routed tells whether the document has an operation for a request.
func (s *Server) routed(r *http.Request) bool {
	r, inside := s.withoutPrefix(r)
	op, _, err := s.api.validator.Route(r.Method, r.URL.EscapedPath())
	return inside && err == nil && op != nil
}

// settle takes down what an exchange came to, once.
func (s *Server) settle(x *exchange, out *recorder) {
	if x.settled {
		return
	}
	x.settled = true
	if x.taped != nil {
		x.taped.keep(s, x.operation, out)
	}
	if !s.noJournal {
		e := x.entry(out)
		e.Credential = s.api.validator.HoldsSecret
		s.world.Journal(x.projectID()).Record(e)
		s.cover(x, out)
	}
	if s.access != nil {
		s.logAccess(x, out)
	}
}

// cover counts what was exercised. An answer that passed the validator untouched is
// counted whole, as it was judged; of one that did not, the status is all there is.
func (s *Server) cover(x *exchange, out *recorder) {
	if !x.covered {
		s.world.Coverage(x.projectID()).Record(contract.Exchange{
			Operation: x.operation, Request: x.request, Status: out.status, Violations: x.violations, Departure: x.allDepartures(), Basis: x.basis,
		})
	}
}

// coverJudged counts an exchange that the validator tells of.
func (s *Server) coverJudged(judged contract.Exchange) {
	x := exchangeFrom(judged.Request.Context())
	if !s.noJournal && x.disturbed == "" {
		x.covered, judged.Basis = true, x.basis
		s.world.Coverage(x.projectID()).Record(judged)
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, x *exchange) {
	if s.latency > 0 && !s.wait(r.Context()) {
		return
	}
	r, inside := s.withoutPrefix(r)
	op, _, err := s.api.validator.Route(r.Method, r.URL.EscapedPath())
	if err != nil && inside && s.profile.TrailingSlash == TrailingSlashServe {
		if u := s.api.otherSlash(r); u != nil {
			r, x.decided = at(r, u), "trailing_slash"
			op, _, err = s.api.validator.Route(r.Method, u.EscapedPath())
		}
	}
	if err != nil || !inside {
		s.answerUnrouted(w, r, inside, err)
		return
	}
	x.operation = op
	var disturbance *fault.Decision
	if x.project != nil && !s.noJournal {
		if faults := s.world.Faults(x.project.ID()); faults.Armed() {
			disturbance = faults.Fire(fault.Request{Operation: op, Query: r.URL.Query(), KeyID: x.key.ID})
		}
	}
	if disturbance == nil {
		s.answerUndisturbed(w, r)
		return
	}
	x.faultID, x.disturbed = disturbance.ID(), disturbance.Departure()
	if x.disturbed != "" {
		w.Header().Set(departureHeader, x.disturbed)
	}
	if err := disturbance.Serve(w, r, http.HandlerFunc(s.answerUndisturbed)); err != nil {
		s.log.Info("a fault ended early", "fault", x.faultID, "error", err)
	}
}

// wait waits for the latency and reports whether the client is still there.
func (s *Server) wait(ctx context.Context) bool {
	timer := time.NewTimer(s.latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answerUndisturbed answers a request for a documented operation.
func (s *Server) answerUndisturbed(w http.ResponseWriter, r *http.Request) {
	x := exchangeFrom(r.Context())
	s.authorize(x)
	if x.refusal == nil {
		query, repeated := canonicalQuery(r.URL.RawQuery, x.operation, s.profile.RepeatedParameter)
		if len(repeated) > 0 {
			x.refusal, x.violations = invalidParameters(repeated), repeated
		}
		x.query = query
		if by := s.decidedBy(x, r.URL.RawQuery); by != "" {
			x.decided = by
		}
		if query != r.URL.RawQuery {
			u := *r.URL
			u.RawQuery = query
			r = at(r, &u)
		}
	}
	s.validated.ServeHTTP(w, r)
}

// answerUnrouted answers a request for no documented operation. Such an answer
// is no exchange of the contract, so it is not validated.
func (s *Server) answerUnrouted(w http.ResponseWriter, r *http.Request, inside bool, err error) {
	x := exchangeFrom(r.Context())
	x.advice = "served: " + s.api.served + adviceUnrouted
	if !inside {
		x.advice = "the API is served below " + s.prefix
		s.writeRefusal(w, r, errNotFound)
		return
	}
	if route, ok := errors.AsType[*contract.RouteError](err); ok && len(route.Allow) > 0 {
		w.Header().Set("Allow", strings.Join(route.Allow, ", "))
		s.writeRefusal(w, r, errMethodNotAllowed)
		return
	}
	u := s.api.otherSlash(r)
	if u != nil {
		x.decided = "trailing_slash"
	}
	if u != nil && s.profile.TrailingSlash == TrailingSlashRedirect {
		s.rest(w, x, "")
		w.Header().Set("Location", s.prefix+u.RequestURI())
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	s.writeRefusal(w, r, errNotFound)
}

// contractBound puts the generated handlers behind the validator: what breaks
// the contract on the way in is refused, what breaks it on the way out is
// replaced by the documented 500 and never sent.
func (s *Server) contractBound(handlers gen.StrictServerInterface) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { s.answerError(c, err) }
	gen.RegisterHandlers(e, gen.NewStrictHandler(handlers, nil))
	own := func(w http.ResponseWriter, r *http.Request) {
		x := exchangeFrom(r.Context())
		if s.api.handled[x.operation] {
			s.rest(w, x, handwritten)
			x.valid = r
			e.ServeHTTP(w, rooted(r, x.operation))
			return
		}
		basis := string(s.api.lines[x.operation].Basis)
		if s.engine.Answers(s.api.lines[x.operation]) {
			basis = handwritten
		}
		s.rest(w, x, basis)
		s.answerPlanned(w, r, x)
	}
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recoverPanic(w, r)
		x := exchangeFrom(r.Context())
		var answer *preferred
		if x.refusal == nil && r.Header["Prefer"] != nil {
			answer = x.prefer(w, r.Header, s.api.lines[x.operation].Answer.Status)
		}
		switch {
		case x.refusal != nil:
			s.writeRefusal(w, r, x.refusal)
		case answer != nil:
			if response := documented(x.operation, answer.status); response != nil {
				s.addHeaders(w.Header(), response)
			}
			answer.write(w)
		default:
			if o := (*s.overrides.Load())[x.operation]; o != nil {
				s.answerOverridden(w, r, x, o, own)
				return
			}
			own(w, r)
		}
	})
	return s.api.validator.Middleware(inner,
		contract.Observe(s.coverJudged),
		contract.RefuseRequests(func(w http.ResponseWriter, r *http.Request, _ *contract.Operation, violations []contract.Violation) {
			if x := exchangeFrom(r.Context()); x.refusal == nil {
				x.violations, x.refusal = violations, invalidParameters(violations)
			}
			inner(w, r)
		}),
		contract.ReplaceResponses(func(w http.ResponseWriter, r *http.Request, op *contract.Operation, status int, violations []contract.Violation) {
			exchangeFrom(r.Context()).broken = violations
			s.badResponses.Add(1)
			for _, v := range violations {
				s.log.Error("a response of the mock breaks the contract and was not sent", "operation", op.Name(), "status", status, "violation", v.String())
			}
			s.writeRefusal(w, r, errServer)
		}),
	)
}

// rooted returns the request with its path as the generated router knows it: the
// documented one, without a server's base path or needless percent-encoding.
func rooted(r *http.Request, op *contract.Operation) *http.Request {
	if r.URL.Path == op.Path && r.URL.RawPath == "" || strings.Contains(op.Path, "{") {
		return r
	}
	u := *r.URL
	u.Path, u.RawPath = op.Path, ""
	return at(r, &u)
}

// at is the request with another URL; the caller's own stays as it is.
func at(r *http.Request, u *url.URL) *http.Request {
	r = r.WithContext(r.Context())
	r.URL = u
	return r
}

// withoutPrefix returns the request with its path as the document has it; false: it
// is not below the prefix.
func (s *Server) withoutPrefix(r *http.Request) (*http.Request, bool) {
	if s.prefix == "" {
		return r, true
	}
	u := *r.URL
	var below, raw bool
	u.Path, below = strings.CutPrefix(u.Path, s.prefix)
	u.RawPath, raw = strings.CutPrefix(u.RawPath, s.prefix)
	if !below || !strings.HasPrefix(u.Path, "/") || !raw && u.RawPath != "" {
		return r, false
	}
	return at(r, &u), true
}

// prefer notes what the Prefer header asks for. The request is valid by now: a
// preference does not hide a mistake.
func (x *exchange) prefer(w http.ResponseWriter, h http.Header, success int) *preferred {
	p, violations := parsePrefer(h)
	if len(violations) > 0 {
		x.violations, x.refusal = violations, invalidParameters(violations)
		return nil
	}
	answer, refused := p.pick(x.operation, success)
	if refused != nil {
		x.refusal = refused
		if documented(x.operation, refused.status) == nil {
			x.departure = "Prefer: " + p.applied()
		}
	} else if x.preference = p.applied(); x.preference != "" {
		w.Header().Set("Preference-Applied", x.preference)
	}
	return answer
}

// answerError answers with what a handler returned as error.
func (s *Server) answerError(c echo.Context, err error) {
	if c.Response().Committed {
		return
	}
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		s.log.Error("a handler failed", "path", c.Request().URL.Path, "error", err)
		r = errServer
	}
	exchangeFrom(c.Request().Context()).violations = r.violations
	s.writeRefusal(c.Response(), c.Request(), r)
}

// recoverPanic turns a panic in a handler into the documented 500.
func (s *Server) recoverPanic(w http.ResponseWriter, r *http.Request) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		s.log.Error("a handler panicked", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		s.writeRefusal(w, r, errServer)
	}
}
