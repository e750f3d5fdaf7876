package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

const (
	maxBody       = 10 << 20         // of an answer, in bytes; the validator's default
	heavyBody     = 8 << 20          // of an answer, in bytes, that is trouble
	heavyFault    = 1 << 20          // of an answer that departs from the document, where each mistake costs more than its bytes
	maxTrouble    = 3                // answers of an operation that are trouble, after which it is left alone
	maxReceived   = 256 << 20        // bytes of all answers of an operation, after which it is left alone
	maxSilent     = 3                // requests in a row without an answer, after which the target is looked at
	maxRevived    = 10               // times the target may come back after it was gone
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

// Send sends a call and judges the answer. A target that answers no more ends the run, one
// that goes on to throttle the check; an answer that broke off says so itself.
func (s *Session) Send(ctx context.Context, o *contract.Operation, c call.Call) *Answer {
	a, throttled := s.send(ctx, o, c)
	if throttled {
		End(errThrottled)
	}
	return a
}

// send is Send, and tells whether the answer is still that the target throttles.
func (s *Session) send(ctx context.Context, o *contract.Operation, c call.Call) (a *Answer, throttled bool) {
	for attempt := 0; ; attempt++ {
		if s.trouble[o] >= maxTrouble || s.received[o] >= maxReceived {
			of := "what has no operation"
			if o != nil {
				of = o.Name()
			}
			Cannot("the answers of " + of + " take too long or are too large to go on")
		}
		if a = s.once(ctx, o, c); a.Status != http.StatusTooManyRequests {
			return a, false
		}
		wait := retryAfter(a.Header.Get("Retry-After"))
		s.Report.Note("the server throttled requests (429); they were sent again after the time it asked for")
		if attempt >= maxThrottled || wait > longestWait || s.waited+wait > longestWaits {
			return a, true
		}
		s.waited += wait
		End(s.Pause(ctx, wait))
	}
}

// once sends a call a single time.
func (s *Session) once(ctx context.Context, o *contract.Operation, c call.Call) *Answer {
	End(s.limiter.Wait(ctx))
	ctx = finishing(ctx, s, o)
	var written atomic.Int32 // how often the whole request was: net/http repeats some by itself
	limited, cancel := context.WithTimeout(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				written.Add(1)
			}
		},
	}), s.Target.Timeout)
	defer cancel()
	a := &Answer{Request: s.request(o, c), call: c, of: o}
	s.requests++
	if s.requests%progressEvery == 0 {
		s.tell()
	}
	err := s.exchange(limited, a)
	if a.Status != 0 && written.Load() > 1 {
		s.dropped(a)
	}
	End(ctx.Err())
	if a.Status == 0 {
		return s.unanswered(ctx, a, err, written.Load() > 0)
	}
	s.answered, s.silent, s.suspect = true, 0, a
	size := len(a.Body)
	s.received[o] += size
	s.settle(a)
	if errors.Is(err, context.DeadlineExceeded) || size > heavyBody || size > heavyFault && len(a.Violations) > 0 {
		s.trouble[o]++
	}
	return a
}

// exchange sends the request of an answer, and reads what comes back.
func (s *Session) exchange(ctx context.Context, a *Answer) error {
	resp, err := s.Target.Transport.RoundTrip(a.Request.WithContext(ctx))
	if err == nil {
		a.Status, a.Header = resp.StatusCode, resp.Header
		if a.Status != http.StatusSwitchingProtocols { // what follows is no body, and has no end
			a.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
		}
		_ = resp.Body.Close()
	}
	if err != nil {
		a.Broken = plain(err)
	}
	return err
}

// settle judges an answer, and undoes what the transport left of its coding, so that
// checks can read the body. What cannot be undone the validator has reported.
func (s *Session) settle(a *Answer) {
	if a.Status != http.StatusTooManyRequests {
		s.judge(a)
	}
	if plain, err := contract.PlainBody(a.Header, a.Body, maxBody); err == nil {
		a.Body = plain
	}
}

// finishing is the context of a call: one that may make something is answered even when
// the run ends meanwhile, within the timeout, or what it made could not be removed.
func finishing(ctx context.Context, s *Session, o *contract.Operation) context.Context {
	if o == nil || ReadOnly(s, o) {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// dropped is for a request that was answered only when net/http sent it again,
// because the server had closed the connection. Once, that may be a connection
// it thought idle; twice is no accident.
func (s *Session) dropped(a *Answer) {
	s.drops++
	s.Report.Note("the server closed a connection without an answer; the request was sent once more")
	if c := s.Check("response_completeness"); s.drops > 1 && s.wanted(c.ID) {
		f := s.Finding(c, a.of, a, "connection closed",
			"the server closed the connection without an answer, now and then; the same request was answered when it was sent again")
		f.Status, f.Severity = 0, report.Warning
		s.Report.Add(f)
	}
}

// unanswered is for a request that nothing came back for. A server that never
// answered is unreachable; one that did and does so no more was stopped by a request,
// the first that was not answered or, when nobody can connect, the one before. One that
// hangs up or hangs now and then is judged. Sent: the request was written, also where
// net/http could not connect to send it once more.
func (s *Session) unanswered(ctx context.Context, a *Answer, err error, sent bool) *Answer {
	dial, is := errors.AsType[*net.OpError](err)
	refused := is && dial.Op == "dial"
	if s.silent == 0 && (sent || !refused) {
		s.suspect = a
	}
	if s.silent++; !s.answered && (refused || s.silent >= maxSilent) {
		End(s.unreachable(err))
	}
	if refused || s.silent >= maxSilent {
		switch {
		case !s.alive(ctx) || s.revived >= maxRevived:
			s.stopped(err)
		case refused:
			s.revived++
			return s.once(ctx, a.of, a.call)
		}
		s.silent = 0
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.trouble[a.of]++
	}
	s.judge(a)
	return a
}

// alive waits a little for the target to answer anything at all.
func (s *Session) alive(ctx context.Context) bool {
	for range maxSilent {
		End(s.Pause(ctx, time.Second))
		limited, cancel := context.WithTimeout(ctx, s.Target.Timeout)
		resp, err := s.Target.Transport.RoundTrip(s.request(nil, call.Call{Method: http.MethodGet, Path: "/"}).WithContext(limited))
		if err == nil {
			_ = resp.Body.Close()
		}
		cancel()
		End(ctx.Err())
		if err == nil {
			return true
		}
	}
	return false
}

// stopped reports that the target answers no more, with the request that it was
// stopped by, and ends the run.
func (s *Session) stopped(err error) {
	f := s.Finding(s.Check("stopped_answering"), s.suspect.of, s.suspect, "", "it stopped answering after this request: "+plain(err))
	f.Status = 0
	s.Report.Retract(s.brokeOff(s.suspect)) // the same once more
	s.Report.Add(f)
	End(ErrStopped)
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
	waiting, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-waiting.Done()
	return ctx.Err()
}

// Together sends calls of an operation at the same time, and judges the answers when
// all are there. One that is throttled is not sent again.
func (s *Session) Together(ctx context.Context, o *contract.Operation, calls []call.Call) []*Answer {
	whole := ctx
	ctx = finishing(ctx, s, o)
	limited, cancel := context.WithTimeout(ctx, s.Target.Timeout)
	defer cancel()
	answers := make([]*Answer, len(calls))
	for i, c := range calls {
		End(s.limiter.Wait(whole))
		answers[i] = &Answer{Request: s.request(o, c), call: c, of: o}
		s.requests++
	}
	var sending sync.WaitGroup
	for _, a := range answers {
		sending.Go(func() { _ = s.exchange(limited, a) }) // the answer says what failed
	}
	sending.Wait()
	End(ctx.Err())
	for _, a := range answers {
		s.settle(a)
	}
	return answers
}
