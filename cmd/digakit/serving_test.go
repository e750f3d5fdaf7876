package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

func TestServeUntil(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		handler   func(w http.ResponseWriter, r *http.Request, ending <-chan struct{})
		want      string // what the client reads first
	}{
		{"drained", "a request under way finishes", func(w http.ResponseWriter, _ *http.Request, ending <-chan struct{}) {
			<-ending
			_, _ = io.WriteString(w, "done")
		}, "HTTP/1.1 200 OK\r\n"},
		{"upgraded", "a connection that is HTTP no more has no end: it is ended", func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\n")
			_ = rw.Flush()
			<-r.Context().Done()
		}, "HTTP/1.1 101 Switching Protocols\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l, err := listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			asked, finished := make(chan struct{}), false
			served := make(chan error)
			go func() {
				served <- serveUntil(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					close(asked)
					tc.handler(w, r, ctx.Done())
					finished = true
				}), slog.New(slog.DiscardHandler))
			}()
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			<-asked
			stop()
			if line, err := bufio.NewReader(conn).ReadString('\n'); line != tc.want {
				t.Errorf("%s: read %q, %v", tc.why, line, err)
			}
			if err := <-served; err != nil || !finished {
				t.Errorf("%s: ended with %v, the handler has returned: %t", tc.why, err, finished)
			}
		})
	}
}

// Over TLS the mock speaks HTTP/2, as servers behind https do; a stream of events there
// does not keep it from ending.
func TestTLSOffersHTTP2(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		offered []string
		want    int
	}{{[]string{"h2", "http/1.1"}, 2}, {[]string{"http/1.1"}, 1}, {nil, 1}} {
		cmd, url := startMock(t, "--tls")
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: tc.offered}, ForceAttemptHTTP2: tc.want == 2}
		defer transport.CloseIdleConnections()
		for _, path := range []string{"/_mock/health", "/_mock/projects/demo/events"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.ProtoMajor != tc.want || resp.StatusCode != http.StatusOK {
				t.Errorf("offered %v, %s was answered %s over %s", tc.offered, path, resp.Status, resp.Proto)
			}
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("offered %v: it ended with %v", tc.offered, err)
		}
	}
}

func TestServeUntilTellsWhyItCannot(t *testing.T) {
	t.Parallel()
	l, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := serveUntil(t.Context(), l, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
}
