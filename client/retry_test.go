package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/client"
)

// reply is one answer of a scripted server.
type reply struct {
	status     int
	retryAfter string
	date       string
}

// script answers one reply after the other, then pages, and notes at which
// second it was asked.
type script struct {
	replies []reply
	start   time.Time
	at      []time.Duration
}

func (s *script) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.at = append(s.at, time.Since(s.start))
	if len(s.at) > len(s.replies) {
		writePage(w, nil, false)
		return
	}
	next := s.replies[len(s.at)-1]
	if next.retryAfter != "" {
		w.Header().Set("Retry-After", next.retryAfter)
	}
	if next.date != "" {
		w.Header().Set("Date", next.date)
	}
	refuse(w, next.status, "BUSY", "try again")
}

func TestRetries(t *testing.T) {
	t.Parallel()
	// Inside a bubble time starts at midnight UTC, 2000-01-01.
	full := client.WithJitter(func() float64 { return 1 })
	s := time.Second
	busy := func(n int) []reply { return slices.Repeat([]reply{{status: 503}}, n) }
	for _, test := range []struct {
		name, why string
		replies   []reply
		opts      []client.Option
		at        []time.Duration // when requests arrived
		status    int             // of the *Error; 0 for success
		retry     time.Duration   // its RetryAfter
	}{
		{name: "429", why: "rate limits pass", replies: []reply{{status: 429}}, at: []time.Duration{0, s / 2}},
		{name: "502", why: "a gateway recovers", replies: []reply{{status: 502}}, at: []time.Duration{0, s / 2}},
		{name: "503", why: "a restart passes", replies: []reply{{status: 503}}, at: []time.Duration{0, s / 2}},
		{name: "504", why: "a gateway recovers", replies: []reply{{status: 504}}, at: []time.Duration{0, s / 2}},
		{name: "500", why: "documented as the API's own fault", replies: []reply{{status: 500}}, at: []time.Duration{0}, status: 500},
		{name: "501", why: "will not be implemented in a second", replies: []reply{{status: 501}}, at: []time.Duration{0}, status: 501},
		{name: "422", why: "our own mistake", replies: []reply{{status: 422}}, at: []time.Duration{0}, status: 422},
		{name: "four attempts", why: "the default", replies: busy(9), at: []time.Duration{0, s / 2, 3 * s / 2, 7 * s / 2}, status: 503},
		{name: "switched off by 1", why: "documented", replies: busy(9), opts: []client.Option{client.WithMaxAttempts(1)}, at: []time.Duration{0}, status: 503},
		{name: "switched off by 0", why: "documented", replies: busy(9), opts: []client.Option{client.WithMaxAttempts(0)}, at: []time.Duration{0}, status: 503},
		{name: "longest wait", why: "doubling ends there", replies: busy(4), opts: []client.Option{client.WithMaxAttempts(5), client.WithBackoff(s, 3*s)}, at: []time.Duration{0, s, 3 * s, 6 * s, 9 * s}},
		{name: "least jitter", why: "half of the wait remains", replies: busy(1), opts: []client.Option{client.WithJitter(func() float64 { return 0 })}, at: []time.Duration{0, s / 4}},
		{name: "jitter out of range", why: "brought into it", replies: busy(2), opts: []client.Option{client.WithJitter(func() float64 { return -7 })}, at: []time.Duration{0, s / 4, 3 * s / 4}},
		{name: "Retry-After in seconds", why: "RFC 9110, 10.2.3", replies: []reply{{429, "7", ""}}, at: []time.Duration{0, 7 * s}},
		{name: "Retry-After as a date", why: "RFC 9110, 10.2.3", replies: []reply{{503, "Sat, 01 Jan 2000 00:00:09 GMT", ""}}, at: []time.Duration{0, 9 * s}},
		{name: "Retry-After in RFC 850 form", why: "recipients must accept all three forms", replies: []reply{{503, "Saturday, 01-Jan-00 00:00:09 GMT", ""}}, at: []time.Duration{0, 9 * s}},
		{name: "Retry-After by the server's clock", why: "our clock may be wrong", replies: []reply{{503, "Tue, 01 Jan 2030 00:00:09 GMT", "Tue, 01 Jan 2030 00:00:06 GMT"}}, at: []time.Duration{0, 3 * s}},
		{name: "Retry-After gone by", why: "no wish left, so our own wait", replies: []reply{{503, "Sat, 01 Jan 1999 00:00:09 GMT", ""}}, at: []time.Duration{0, s / 2}},
		{name: "Retry-After zero", why: "does not make us hammer", replies: []reply{{503, "0", ""}}, at: []time.Duration{0, s / 2}},
		{name: "Retry-After negative", why: "not the grammar", replies: []reply{{503, "-5", ""}}, at: []time.Duration{0, s / 2}},
		{name: "Retry-After at the limit", why: "a minute is waited for", replies: []reply{{429, "60", ""}}, at: []time.Duration{0, 60 * s}},
		{name: "Retry-After above the limit", why: "fails at once and says when", replies: []reply{{429, "61", ""}}, at: []time.Duration{0}, status: 429, retry: 61 * s},
		{name: "Retry-After without bounds", why: "must not overflow to no wait", replies: []reply{{429, "99999999999999999999", ""}}, at: []time.Duration{0}, status: 429, retry: 9223372036 * s},
		{name: "Retry-After never", why: "limit zero", replies: []reply{{429, "1", ""}}, opts: []client.Option{client.WithMaxRetryAfter(0)}, at: []time.Duration{0}, status: 429, retry: s},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &script{replies: test.replies, start: time.Now()}
				c := dial(t, "https://diga.test", append([]client.Option{inProcess(server.ServeHTTP), full}, test.opts...)...)
				_, err := c.ListAPIKeys(t.Context(), nil)
				if diff := cmp.Diff(test.at, server.at); diff != "" {
					t.Errorf("%s: requests (-want +got):\n%s", test.why, diff)
				}
				var refused *client.Error
				switch {
				case test.status == 0 && err != nil, test.status != 0 && !errors.As(err, &refused):
					t.Fatalf("%s: %v, want status %d", test.why, err, test.status)
				case test.status != 0 && (refused.StatusCode != test.status || refused.RetryAfter != test.retry || refused.Attempts != len(test.at)):
					t.Errorf("%s: %+v", test.why, refused)
				}
			})
		})
	}
}

func TestNoWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, retryAfter string }{
		{"asked by the server", "20"}, {"our own", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &script{replies: slices.Repeat([]reply{{429, test.retryAfter, ""}}, 99), start: time.Now()}
				c := dial(t, "https://diga.test", inProcess(server.ServeHTTP),
					client.WithBackoff(20*time.Second, 20*time.Second), client.WithJitter(func() float64 { return 1 }))
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				_, err := c.ListAPIKeys(ctx, nil)
				if !errors.Is(err, client.ErrRateLimited) || errors.Is(err, context.DeadlineExceeded) || time.Since(server.start) != 0 {
					t.Errorf("after %s: %v; want the 429 at once", time.Since(server.start), err)
				}
			})
		})
	}
}

func TestCancelWhileWaitingKeepsTheLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &script{replies: []reply{{429, "30", ""}}, start: time.Now()}
		c := dial(t, "https://diga.test", inProcess(server.ServeHTTP))
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(3*time.Second, func() { cancel(reason) })
		_, err := c.ListAPIKeys(ctx, nil)
		if time.Since(server.start) != 3*time.Second {
			t.Errorf("returned after %s, want 3s", time.Since(server.start))
		}
		for _, want := range []error{client.ErrTransport, context.Canceled, reason, client.ErrRateLimited} {
			if !errors.Is(err, want) {
				t.Errorf("%v is not %v", err, want)
			}
		}
		want := "client: GET /v1/api_key/: context canceled: shutting down while waiting to retry: " +
			"GET /v1/api_key/: 429 (not a documented status) BUSY: try again (retry after 30s)"
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
	})
}

func TestAttemptTimeoutIsRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		hc := &http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			calls++
			<-req.Context().Done()
			return nil, req.Context().Err()
		})}
		c := dial(t, "https://diga.test", client.WithHTTPClient(hc), client.WithAttemptTimeout(5*time.Second), client.WithMaxAttempts(3))
		_, err := c.ListAPIKeys(t.Context(), nil)
		if calls != 3 || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 5s") || !strings.Contains(err.Error(), "3 attempts") {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
}

func TestOnlySafeMethodsAreRetried(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method string
		want   int
	}{{"GET", 4}, {"HEAD", 4}, {"POST", 1}, {"DELETE", 1}, {"PUT", 1}} {
		t.Run(test.method, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &script{replies: slices.Repeat([]reply{{status: 503}}, 9), start: time.Now()}
				raw := dial(t, "https://diga.test", inProcess(server.ServeHTTP)).Raw()
				req, err := http.NewRequestWithContext(t.Context(), test.method, raw.Server+"v1/other", nil)
				if err != nil {
					t.Fatal(err)
				}
				res, err := raw.Client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				if len(server.at) != test.want || res.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("%d requests, status %d; want %d and 503", len(server.at), res.StatusCode, test.want)
				}
			})
		})
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := dial(t, "https://diga.test", inProcess(func(w http.ResponseWriter, r *http.Request) {
			refuse(w, http.StatusServiceUnavailable, "BUSY", r.URL.RawQuery)
		}))
		for i := range 20 {
			go func() {
				for _, err := range c.APIKeys(t.Context(), client.PageSize(i+1)) {
					if want := fmt.Sprintf("limit=%d", i+1); !strings.Contains(err.Error(), want) {
						t.Errorf("%v, want %s", err, want)
					}
				}
			}()
		}
		synctest.Wait()
		time.Sleep(time.Hour) //nolint:forbidigo // passes at once: the time is synctest's
	})
}
