package mockserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
)

// TestingT is the part of *testing.T that [Start] needs.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Start returns a server that listens on a free loopback port of its own until
// the test ends. A mistake in an option ends the test.
func Start(t TestingT, opts ...Option) *Server {
	t.Helper()
	s, err := New(opts...)
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
	})
	return s
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
