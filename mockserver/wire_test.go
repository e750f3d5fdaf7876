package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/digakit/digakit/mockserver"
)

// pipeListener hands out in-memory connections, which work in a synctest bubble.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) dial() net.Conn {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours
}

const askForKeys = "GET " + keysPath + "?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + mockserver.ReadOnlyKey + "\r\n\r\n"

// serveInBubble serves on in-memory connections until stop is called, which
// returns what Serve returned.
func serveInBubble(t *testing.T, opts ...mockserver.Option) (l *pipeListener, stop func() error) {
	t.Helper()
	srv, err := mockserver.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	l = newPipeListener()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	return l, func() error {
		cancel()
		return <-served
	}
}

func TestServeDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, stop := serveInBubble(t, mockserver.WithLatency(3*time.Second))
		conn := l.dial()
		if _, err := io.WriteString(conn, askForKeys); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the request is under way
		stopped := make(chan error, 1)
		go func() { stopped <- stop() }()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("a request under way got %v, %v; want 200", resp, err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		if err := <-stopped; err != nil {
			t.Errorf("serving ended with %v, want nil", err)
		}
	})
}

func TestServeDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, stop := serveInBubble(t, mockserver.WithLatency(time.Hour))
		conn := l.dial()
		defer conn.Close()
		if _, err := io.WriteString(conn, askForKeys); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		start := time.Now()
		if err := stop(); err != nil {
			t.Errorf("serving ended with %v; want nil: a client is no failure of the server", err)
		}
		if took := time.Since(start); took > 6*time.Second {
			t.Errorf("waited %s", took)
		}
	})
}

func TestAClientThatHangsIsLetGo(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{
		"in the middle of a header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-",
		"after nothing at all":      "",
		"in the middle of a body":   strings.Replace(askForKeys, "\r\n\r\n", "\r\nContent-Length: 10\r\n\r\n", 1) + "abc",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, stop := serveInBubble(t)
				conn := l.dial()
				if _, err := io.WriteString(conn, sent); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if _, err := io.Copy(io.Discard, conn); err != nil { // until the server hangs up
					t.Error(err)
				}
				if took := time.Since(start); took > 5*time.Minute {
					t.Errorf("hung up after %s", took)
				}
				if err := stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A client that takes nothing of its answer is let go; one that is slow, or waits for a
// slow answer, is not.
func TestAClientThatDoesNotReadIsLetGo(t *testing.T) {
	t.Parallel()
	large := strings.Replace(askForKeys, "limit=1 ", "limit=1000 ", 1)
	for _, tc := range []struct {
		name, why string
		keys      int
		latency   time.Duration
		each      time.Duration // that the client waits before it reads 8 kB; 0: reads nothing
		want      int           // bytes at least
	}{
		{"reads nothing", "an answer's writes make progress, or the connection is closed", 1000, 0, 0, 0},
		{"reads nothing of a small answer", "what net/http holds back is written too", 1, 0, 0, 0},
		{"is slow", "progress is all that is asked for", 1000, 0, 5 * time.Second, 200 << 10},
		{"waits", "the time of the mock is not the client's", 1000, 2 * time.Minute, time.Second, 200 << 10},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, stop := serveInBubble(t, mockserver.WithKeys(tc.keys), mockserver.WithLatency(tc.latency))
				conn := l.dial()
				defer conn.Close()
				if _, err := io.WriteString(conn, strings.Replace(large, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); err != nil {
					t.Fatal(err)
				}
				if tc.each == 0 {
					time.Sleep(31 * time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
					if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
						t.Errorf("%s: after 31 s it read %d bytes, %v", tc.why, n, err)
					}
				}
				got := 0
				for part := make([]byte, 8<<10); tc.each > 0; {
					time.Sleep(tc.each) //nolint:forbidigo // see above
					n, err := conn.Read(part)
					if got += n; err != nil {
						break
					}
				}
				if got < tc.want {
					t.Errorf("%s: it read %d bytes, want %d", tc.why, got, tc.want)
				}
				if err := stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Clients that never read, of answers and of events, do not keep the server from ending
// well; those of events not even for its drain time.
func TestServeEndsWithClientsThatNeverRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, request string
		within        time.Duration
	}{
		{"answers", strings.Replace(askForKeys, "limit=1 ", "limit=1000 ", 1), 5 * time.Second},
		{"events", "GET /_mock/projects/demo/events HTTP/1.1\r\nHost: localhost\r\n\r\n", time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, stop := serveInBubble(t, mockserver.WithKeys(1000))
				for range 20 {
					conn := l.dial()
					defer conn.Close()
					if _, err := io.WriteString(conn, tc.request); err != nil {
						t.Fatal(err)
					}
					if tc.name == "events" {
						if _, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil); err != nil {
							t.Fatal(err)
						}
					}
				}
				conn := l.dial() // one whose exchange the readers of events do not take
				defer conn.Close()
				if _, err := io.WriteString(conn, strings.Replace(askForKeys, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, conn); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				start := time.Now()
				if err := stop(); err != nil {
					t.Errorf("serving ended with %v, want nil", err)
				}
				if took := time.Since(start); took > tc.within {
					t.Errorf("it took %s, want %s at most", took, tc.within)
				}
			})
		})
	}
}

// exchange sends raw bytes over TCP and returns the status of the answer.
func exchange(t *testing.T, srv *mockserver.Server, request string) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, request) }() // the server may hang up before all is sent
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

func TestOddRequests(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	with := func(query, headers, body string) string {
		return fmt.Sprintf("GET %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n%s", keysPath, query, mockserver.ReadOnlyKey, headers, body)
	}
	for _, tc := range []struct {
		name, why string
		request   string
		want      int
	}{
		{"plain", "the yardstick", with("", "", ""), 200},
		{"HTTP/1.0", "old clients and health checks", strings.Replace(with("", "", ""), "1.1", "1.0", 1), 200},
		{"absolute target", "proxies send it", strings.Replace(with("", "", ""), "GET ", "GET http://localhost", 1), 200},
		{"body with GET", "has no meaning (RFC 9110, 9.3.1), but is allowed", with("", "Content-Length: 3\r\nContent-Type: application/json\r\n", "{\"a"), 200},
		{"empty chunked body", "is no body", with("", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 200},
		{"a value of 8 kB", "breaks its rule like a short one", with("?after="+strings.Repeat("a", 8<<10), "", ""), 422},
		{"an unknown parameter of 8 kB", "is ignored", with("?x="+strings.Repeat("a", 8<<10), "", ""), 200},
		{"a query of 1 MB", "headers are bounded", with("?x="+strings.Repeat("a", 1<<20), "", ""), 431},
		{"a header of 1 MB", "headers are bounded", with("", "X-Long: "+strings.Repeat("a", 1<<20)+"\r\n", ""), 431},
		{"10,000 parameters", "are looked through once", with("?"+strings.Repeat("x=&", 10_000), "", ""), 200},
		{"not UTF-8", "no value is", with("?order=%FF", "", ""), 422},
		{"NUL", "is no digit", with("?limit=1%00", "", ""), 422},
		{"broken escape", "names no value", with("?limit=%", "", ""), 422},
		{"semicolons", "separate nothing", with("?limit=1;order=asc", "", ""), 422},
		{"escaped name", "is the same name", with("?%6Cimit=0", "", ""), 422},
		{"upper-case name", "is another name", with("?LIMIT=0", "", ""), 200},
		{"no host", "HTTP/1.1 wants one (RFC 9112, 3.2)", "GET / HTTP/1.1\r\n\r\n", 400},
		{"not HTTP", "is refused", "HELO\r\n\r\n", 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := exchange(t, srv, tc.request); got != tc.want {
				t.Errorf("%s: answered %d, want %d", tc.why, got, tc.want)
			}
		})
	}
}

func TestAClientThatClosesEarlyHarmsNobody(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for range 20 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, strings.Replace(askForKeys, "limit=1", "limit=1000", 1)); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := exchange(t, srv, strings.Replace(askForKeys, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); got != http.StatusOK {
		t.Errorf("afterwards answered %d, want 200", got)
	}
	if n := srv.BadResponses(); n > 0 {
		t.Errorf("%d answers broke the contract", n)
	}
}
