package mockserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
)

// TestingT is the part of *testing.T that [Start] needs.
type TestingT interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
	Cleanup(func())
}

// fixtureTime is where the clocks of a fixture stand at first, later than any
// date of the demo project.
var fixtureTime = time.Date(2026, time.January, 15, 9, 30, 0, 0, time.UTC)

// Start returns a server that listens on a free loopback port of its own until
// the test ends. What it answers is the same in every run: ids, secrets of new
// keys, and time, which stands still at 2026-01-15 09:30 UTC until it is moved
// (each key is created 1 µs after the last all the same).
//
// When the test ends, a fault that never fired fails it, unless it had a
// probability; and when the test has failed, what was asked and answered is
// logged. A mistake in an option ends the test.
func Start(t TestingT, opts ...Option) *Server {
	t.Helper()
	s, err := New(append([]Option{WithFrozenClock(fixtureTime), WithKnownSecrets()}, opts...)...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mockserver: no loopback port to listen on: %v", err)
	}
	s.url = "http://" + l.Addr().String()
	hs := s.httpServer()
	served := make(chan error, 1)
	go func() { served <- hs.Serve(l) }()
	t.Cleanup(func() {
		// Not drained: a request still under way has outlived its test.
		if err := hs.Close(); err != nil {
			t.Errorf("mockserver: closing the server: %v", err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("mockserver: serving ended early: %v", err)
		}
		s.report(t)
	})
	return s
}

// report tells what a test should know at its end.
func (s *Server) report(t TestingT) {
	t.Helper()
	for _, p := range s.world.Projects() {
		for _, f := range s.world.Faults(p.ID()).Unfired() {
			if f.Probability == nil {
				t.Errorf("mockserver: %s of project %s never fired: %d requests matched it", f.ID, p.Name(), f.Matched)
			}
		}
	}
	if n := s.BadResponses(); n > 0 {
		t.Errorf("mockserver: %d answers of the mock's own broke the contract", n)
	}
	if !t.Failed() {
		return
	}
	nobodys, err := s.world.Project(server.Unauthenticated)
	if err != nil {
		t.Errorf("mockserver: %v", err)
		return
	}
	for _, p := range append(s.world.Projects(), nobodys) {
		var b strings.Builder
		if err := journal.Dump(&b, p.Journal()); err == nil && b.Len() > 0 {
			t.Logf("mockserver: what was asked of project %s:\n%s", p.Name(), b.String())
		}
	}
}

// URL returns the base URL of a server made by [Start], such as
// "http://127.0.0.1:40123", without a final slash. It is empty for a server
// made by [New].
func (s *Server) URL() string { return s.url }

// Client returns an HTTP client that authenticates with the given key, towards
// this server alone: a request to another host goes out without it. Like
// [Server.URL], it needs a server made by [Start].
func (s *Server) Client(key string) *http.Client {
	return &http.Client{Transport: bearerTransport{key: key, host: strings.TrimPrefix(s.url, "http://")}}
}

// bearerTransport adds a key to the requests for one host that have no
// Authorization of their own.
type bearerTransport struct{ key, host string }

func (b bearerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == b.host && r.Header.Get("Authorization") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.key)
	}
	return http.DefaultTransport.RoundTrip(r)
}
