package mockserver_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/store"
)

// clientOf returns the typed client with the project's admin key, in process.
func clientOf(t *testing.T, srv *mockserver.Server, key string) *client.Client {
	t.Helper()
	api, err := client.New("http://mock.test", key,
		client.WithHTTPClient(&http.Client{Transport: srv.Transport()}), client.WithMaxAttempts(1))
	try(t, err)
	return api
}

// 200 tests at the same time on one server, each with a project of its own: none
// sees another's keys, faults, requests or time.
func TestProjectsAreIsolated(t *testing.T) {
	t.Parallel()
	const tests = 200
	srv := mockserver.Start(t)
	t.Run("group", func(t *testing.T) {
		for i := range tests {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				p, err := srv.CreateProject(fmt.Sprintf("test-%d", i), 1+i%5)
				try(t, err)
				_, _, err = p.CreateKey(store.KeySpec{Name: fmt.Sprintf("mine-%d", i)})
				try(t, err)
				try(t, p.Advance(time.Duration(i)*time.Hour))
				if i%2 == 0 {
					_, err = p.Inject(fault.Spec{Status: 500, Times: 1})
					try(t, err)
				}
				api := clientOf(t, srv, p.AdminKey)
				_, err = api.ListAPIKeys(t.Context(), nil)
				if got := errors.Is(err, client.ErrServer); got != (i%2 == 0) {
					t.Errorf("the first call gave %v", err)
				}
				n := 0
				for k, err := range api.APIKeys(t.Context(), client.PageSize(2)) {
					try(t, err)
					n++
					if strings.HasPrefix(k.Name, "mine-") && k.Name != fmt.Sprintf("mine-%d", i) {
						t.Errorf("sees %s", k.Name)
					}
				}
				if want := 2 + i%5; n != want {
					t.Errorf("sees %d keys, want %d", n, want)
				}
				pages := (n + 1) / 2
				if got := p.Journal().Count(journal.Filter{}); got != 1+pages {
					t.Errorf("the journal has %d requests, want %d", got, 1+pages)
				}
				now, _, err := p.Clock()
				try(t, err)
				if want := time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour); !now.Equal(want) {
					t.Errorf("its time is %s, want %s", now, want)
				}
				if i%3 == 0 {
					try(t, p.Delete())
				} else {
					try(t, p.Reset())
				}
			})
		}
	})
	if n := len(srv.Store().Projects()); n != 1+tests-(tests+2)/3 {
		t.Errorf("%d projects are left", n)
	}
}

// Of 1,000 concurrent calls, a fault with times: 10 fails exactly 10.
func TestFaultsAreAtomic(t *testing.T) {
	t.Parallel()
	const calls, times = 1000, 10
	srv := mockserver.Start(t)
	p, err := srv.CreateProject("", 3)
	try(t, err)
	_, err = p.Inject(fault.Spec{Status: 503, Times: times, Skip: 100})
	try(t, err)
	var failed atomic.Int64
	var wg sync.WaitGroup
	api := clientOf(t, srv, p.AdminKey)
	for range calls {
		wg.Go(func() {
			if _, err := api.ListAPIKeys(t.Context(), nil); err != nil {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := failed.Load(); n != times {
		t.Errorf("%d of %d calls failed, want %d", n, calls, times)
	}
	if n := p.Journal().Count(journal.Filter{Status: "503"}); n != times {
		t.Errorf("the journal has %d failures, want %d", n, times)
	}
}

// Each way to break a connection does so over TCP and in process alike, is in the
// journal, and leaves the server well.
func TestConnectionFaults(t *testing.T) {
	t.Parallel()
	half := 0.5
	for _, tc := range []struct {
		name string
		spec fault.Spec
		seen func(error) bool
	}{
		{"EMPTY_RESPONSE", fault.Spec{Kind: fault.EmptyResponse}, func(err error) bool { return errors.Is(err, io.EOF) }},
		{"CONNECTION_RESET_BY_PEER", fault.Spec{Kind: fault.ConnectionResetByPeer}, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"RANDOM_DATA_THEN_CLOSE", fault.Spec{Kind: fault.RandomDataThenClose}, func(err error) bool { return strings.Contains(err.Error(), "malformed HTTP") }},
		{"MALFORMED_RESPONSE_CHUNK", fault.Spec{Kind: fault.MalformedResponseChunk}, func(err error) bool { return strings.Contains(err.Error(), "chunk") }},
		{"truncated", fault.Spec{TruncateBodyAtFraction: &half}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			for door, rt := range map[string]http.RoundTripper{"TCP": &http.Transport{DisableKeepAlives: true}, "in process": srv.Transport()} {
				p, err := srv.CreateProject("", 3)
				try(t, err)
				tc.spec.Times = 1
				_, err = p.Inject(tc.spec)
				try(t, err)
				ask := func() error {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+keysPath, nil)
					try(t, err)
					r.Header = as(p.AdminKey)
					resp, err := (&http.Client{Transport: rt}).Do(r)
					if err != nil {
						return err
					}
					defer resp.Body.Close()
					_, err = io.ReadAll(resp.Body)
					return err
				}
				if err := ask(); err == nil || !tc.seen(err) {
					t.Errorf("%s: the client saw %v", door, err)
				}
				if err := ask(); err != nil {
					t.Errorf("%s: the next call gave %v", door, err)
				}
				entries := p.Requests(journal.Filter{})
				if len(entries) != 2 || entries[0].FaultID != "fault-1" || entries[0].Departure == "" || entries[1].FaultID != "" {
					t.Errorf("%s: the journal has %+v", door, entries)
				}
			}
		})
	}
}

// What a page of another origin sends, in the headers a browser sends with it,
// neither reads nor changes anything under /_mock/.
func TestOtherOriginsAreKeptOut(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	page := func(site, mode, dest string, more ...string) http.Header {
		h := http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {site}, "Sec-Fetch-Mode": {mode}, "Sec-Fetch-Dest": {dest}}
		for i := 0; i+1 < len(more); i += 2 {
			h.Set(more[i], more[i+1])
		}
		return h
	}
	for _, tc := range []struct {
		name, method, path string
		header             http.Header
	}{
		{"fetch", "GET", "/_mock/projects", page("cross-site", "cors", "empty")},
		{"fetch without CORS", "POST", "/_mock/reset", page("cross-site", "no-cors", "empty", "Content-Type", "text/plain")},
		{"form", "POST", "/_mock/reset", page("cross-site", "navigate", "document", "Content-Type", "application/x-www-form-urlencoded")},
		{"image", "GET", "/_mock/projects", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"no-cors"}, "Sec-Fetch-Dest": {"image"}}},
		{"preflight", "OPTIONS", "/_mock/projects", page("cross-site", "cors", "empty", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")},
		{"another port", "POST", "/_mock/reset", http.Header{"Origin": {"http://localhost:3000"}, "Sec-Fetch-Site": {"same-site"}, "Sec-Fetch-Mode": {"cors"}}},
		{"events", "GET", "/_mock/projects/demo/events", page("cross-site", "cors", "empty", "Accept", "text/event-stream")},
		{"an old browser", "POST", "/_mock/reset", http.Header{"Origin": {"null"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := srv.CreateProject("", 1)
			try(t, err)
			a := call(t, tc.method, srv.URL()+tc.path, tc.header)
			if a.status < 400 && tc.method != http.MethodOptions {
				t.Errorf("answered %d: %s", a.status, a.body)
			}
			if got := a.header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("lets %q read the answer", got)
			}
			if strings.Contains(string(a.body), p.Name()) {
				t.Errorf("tells of a project: %s", a.body)
			}
			if _, err := srv.Project(p.ID().String()); err != nil {
				t.Errorf("changed something: %v", err)
			}
		})
	}
	// The API itself is open to pages, without the browser's credentials.
	a := call(t, http.MethodGet, srv.URL()+keysPath, http.Header{
		"Origin": {"https://app.example"}, "Sec-Fetch-Site": {"cross-site"}, "Authorization": {"Bearer " + mockserver.ReadOnlyKey},
	})
	if a.status != http.StatusOK || a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("the API answers a page %d with %v", a.status, a.header)
	}
	// A name that was made to lead here is not answered.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+keysPath, nil)
	try(t, err)
	r.Host, r.Header = "rebound.example", as(mockserver.ReadOnlyKey)
	resp, err := http.DefaultClient.Do(r)
	try(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign Host is answered %s", resp.Status)
	}
}

// recordingT is a test that may fail without ours failing.
type recordingT struct {
	testing.TB
	failed   bool
	lines    []string
	cleanups []func()
}

func (t *recordingT) Helper()          {}
func (t *recordingT) Failed() bool     { return t.failed }
func (t *recordingT) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *recordingT) Logf(format string, args ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

func (t *recordingT) Errorf(format string, args ...any) {
	t.failed = true
	t.Logf(format, args...)
}

func (t *recordingT) end() string {
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
	return strings.Join(t.lines, "\n")
}

func TestTheFixtureTellsAtTheEnd(t *testing.T) {
	t.Parallel()
	rare := 0.0
	for _, tc := range []struct {
		name  string
		do    func(*testing.T, *recordingT, *mockserver.Server, *mockserver.Project)
		fails bool
		says  []string
	}{
		{"nothing to tell", func(*testing.T, *recordingT, *mockserver.Server, *mockserver.Project) {}, false, nil},
		{"a fault that never fired", func(t *testing.T, _ *recordingT, _ *mockserver.Server, p *mockserver.Project) {
			_, err := p.Inject(fault.Spec{Status: 500, Match: fault.Match{KeyID: uuid.Max.String()}})
			try(t, err)
		}, true, []string{"fault-1 of project mine never fired: 0 requests matched it"}},
		{"a fault that need not fire", func(t *testing.T, _ *recordingT, _ *mockserver.Server, p *mockserver.Project) {
			_, err := p.Inject(fault.Spec{Status: 500, Probability: &rare})
			try(t, err)
		}, false, nil},
		{"what was asked, after a failure", func(t *testing.T, rt *recordingT, srv *mockserver.Server, p *mockserver.Project) {
			call(t, http.MethodGet, srv.URL()+keysPath+"?limit=0", as(p.AdminKey))
			rt.Errorf("the test's own failure")
		}, true, []string{"what was asked of project mine", "limit=0", "422"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rt := &recordingT{}
			srv := mockserver.Start(rt)
			p, err := srv.CreateProject("mine", 1)
			try(t, err)
			tc.do(t, rt, srv, p)
			text := rt.end()
			if rt.failed != tc.fails {
				t.Errorf("the test failed: %t, want %t", rt.failed, tc.fails)
			}
			for _, says := range tc.says {
				if !strings.Contains(text, says) {
					t.Errorf("the end does not tell %q:\n%s", says, text)
				}
			}
			if len(tc.says) == 0 && text != "" {
				t.Errorf("the end tells %s", text)
			}
			if strings.Contains(text, p.AdminKey) {
				t.Errorf("the end tells a secret:\n%s", text)
			}
		})
	}
}
