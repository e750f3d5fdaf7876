package suite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// speak serves connections by hand.
func speak(t *testing.T, conversation func(c net.Conn, r *http.Request)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err == nil {
					conversation(c, r)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// says answers with the same bytes always.
func says(text string) func(net.Conn, *http.Request) {
	return func(c net.Conn, _ *http.Request) { fmt.Fprint(c, text) }
}

// forever writes until the client has had enough.
func forever(c net.Conn, first, again string) {
	if _, err := fmt.Fprint(c, first); err != nil {
		return
	}
	for {
		if _, err := fmt.Fprint(c, again); err != nil {
			return
		}
	}
}

// wait keeps the connection open until the client closes it.
func wait(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }

const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

func TestBadTargets(t *testing.T) {
	t.Parallel()
	for _, tc := range sample([]struct {
		name  string
		serve func(net.Conn, *http.Request)
		slow  bool   // time is what ends it
		want  error  // of Check
		says  string // the error, among other things
		check string // that finds it, when Check has no error
	}{
		{name: "closes at once", serve: says(""), want: suite.ErrUnreachable},
		{name: "hangs", slow: true, serve: func(c net.Conn, _ *http.Request) { wait(c) }, want: suite.ErrUnreachable, says: "longer than"},
		{name: "no HTTP", serve: says("SSH-2.0-OpenSSH_9.6\r\n"), want: suite.ErrUnreachable, says: "malformed"},
		{name: "binary", serve: says("\x00\x01\x02\xff\xfe"), want: suite.ErrUnreachable},
		{name: "endless headers", serve: func(c net.Conn, _ *http.Request) {
			forever(c, jsonHead, "X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
		}, want: suite.ErrUnreachable},
		{name: "an endless header", serve: func(c net.Conn, _ *http.Request) {
			forever(c, jsonHead+"X-A: ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
		}, want: suite.ErrUnreachable},
		{name: "1xx forever", slow: true, serve: func(c net.Conn, _ *http.Request) { forever(c, "", "HTTP/1.1 103 Early Hints\r\n\r\n") }, want: suite.ErrUnreachable},
		{name: "hangs in the body", slow: true, serve: func(c net.Conn, _ *http.Request) { fmt.Fprint(c, jsonHead+"Content-Length: 100\r\n\r\n{"); wait(c) }, check: "response_completeness"},
		{name: "hangs in the headers", slow: true, serve: func(c net.Conn, _ *http.Request) { fmt.Fprint(c, jsonHead); wait(c) }, want: suite.ErrUnreachable},
		{name: "endless body", serve: func(c net.Conn, _ *http.Request) { forever(c, jsonHead+"\r\n[", strings.Repeat("1,", 4096)) }, check: "response_schema_conformance"},
		{name: "10 MB", serve: says(jsonHead + "Content-Length: 10000000\r\n\r\n" + `{"data":[],"has_more":false,"x":"` + strings.Repeat("x", 10_000_000-35) + `"}`), check: "ignored_auth"},
		{name: "closes in the body", serve: says(jsonHead + "Content-Length: 100\r\n\r\n{"), check: "response_completeness"},
		{name: "closes between chunks", serve: says(jsonHead + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"), check: "response_completeness"},
		{name: "broken chunks", serve: says(jsonHead + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{\r\n"), check: "response_completeness"},
		{name: "Content-Length too small", serve: says(jsonHead + "Content-Length: 3\r\n\r\n" + `{"data":[],"has_more":false}`), check: "response_schema_conformance"},
		{name: "two lengths", serve: says(jsonHead + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}  "), want: suite.ErrUnreachable},
		{name: "HTML", serve: says("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"), check: "content_type_conformance"},
		{name: "HTML that says it is JSON", serve: says(jsonHead + "Content-Length: 13\r\n\r\n<html></html>"), check: "response_schema_conformance"},
		{name: "nothing", serve: says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), check: "response_schema_conformance"},
		{name: "null", serve: says(jsonHead + "Content-Length: 4\r\n\r\nnull"), check: "response_schema_conformance"},
		{name: "deep nesting", serve: says(jsonHead + "\r\n" + strings.Repeat("[", 1<<20)), check: "response_schema_conformance"},
		{name: "redirects in a loop", serve: says("HTTP/1.1 302 Found\r\nLocation: /v1/api_key/\r\nContent-Length: 0\r\n\r\n"), check: "status_code_conformance"},
		{name: "gzip that is none", serve: says(jsonHead + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"), check: "response_completeness"},
		{name: "brotli, not asked for", serve: says(jsonHead + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}"), check: "content_encoding_conformance"},
		{name: "deflate, not asked for", serve: says(jsonHead + "Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}"), check: "content_encoding_conformance"},
		{name: "500 always", serve: says("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), check: "not_a_server_error"},
		{name: "503 always", serve: says("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"), check: "not_a_server_error"},
		{name: "401 always", serve: says("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), want: suite.ErrRefused},
		{name: "403 always", serve: says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), want: suite.ErrRefused},
		{name: "404 always", serve: says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), check: "status_code_conformance"},
		{name: "429 always", serve: says("HTTP/1.1 429 Slow Down\r\nContent-Length: 0\r\n\r\n"), want: suite.ErrUnreachable, says: "429"},
		{name: "429 for a year", serve: says("HTTP/1.1 429 Slow Down\r\nRetry-After: 31536000\r\nContent-Length: 0\r\n\r\n"), want: suite.ErrUnreachable, says: "429"},
		{name: "a status that is none", serve: says("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), check: "status_code_conformance"},
		{name: "switches protocols", serve: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), check: "status_code_conformance"},
		{name: "switches protocols and waits", serve: func(c net.Conn, _ *http.Request) {
			fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			wait(c)
		}, check: "status_code_conformance"},
	}) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			timeout := 10 * time.Second
			if tc.slow {
				timeout = 100 * time.Millisecond
			}
			r, err := suite.CheckPausing(ctx, suite.Target{
				URL: speak(t, tc.serve), Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey,
				Timeout: timeout, Transport: &http.Transport{MaxResponseHeaderBytes: 1 << 20, DisableKeepAlives: true},
			}, func(context.Context, time.Duration) error { return nil })
			if tc.want != nil {
				if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
					t.Fatalf("Check returned %v, want %v saying %q", err, tc.want, tc.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := failed(r); !slices.Contains(got, tc.check) {
				t.Errorf("found by %v, not by %s", got, tc.check)
			}
		})
	}
}

// TestLargeAnswersAreBounded: no server makes a run read, and judge, without end.
func TestLargeAnswersAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a GiB of answers")
	}
	t.Parallel()
	var grown atomic.Int32
	for _, tc := range []struct {
		name  string
		body  func() string
		most  int // bytes
		check string
	}{
		{"duplicate keys", func() string { return `{"data":[],` + strings.Repeat(`"a":1,`, 700_000) + `"has_more":false}` }, 400 << 20, "ignored_auth"},
		{"items that break the schema", func() string { return `{"data":[` + strings.Repeat(`{},`, 400_000) + `{}]}` }, 20 << 20, "response_schema_conformance"},
		{"nested", func() string {
			return strings.Repeat("[", 100_000) + strings.Repeat(" ", 9_800_000) + strings.Repeat("]", 100_000)
		}, 60 << 20, "response_schema_conformance"},
		{"pages that grow", func() string {
			return `{"data":[],"has_more":true,"x":"` + strings.Repeat("x", int(grown.Add(1))*100_000) + `"}`
		}, 400 << 20, "ignored_auth"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var sent atomic.Int64
			fixed := sync.OnceValue(tc.body)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				text := fixed()
				if grown.Load() > 0 {
					text = tc.body()
				}
				w.Header().Set("Content-Type", "application/json")
				n, _ := io.WriteString(w, text)
				sent.Add(int64(n))
			}))
			defer s.Close()
			r, err := suite.Check(t.Context(), suite.Target{URL: s.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey})
			if err != nil || !slices.Contains(failed(r), tc.check) || sent.Load() > int64(tc.most) {
				t.Errorf("%v, %d bytes were sent; %v", err, sent.Load(), failed(r))
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are meant to fail
	secured.StartTLS()
	t.Cleanup(secured.Close)
	for _, tc := range []struct{ name, url, says string }{
		{"nobody listens", "http://" + address, "refused"},
		{"certificate of its own", secured.URL, "certificate authority"},
		{"http where https is spoken", strings.Replace(secured.URL, "https", "http", 1), ""},
		{"no such host", "http://digakit.invalid", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := suite.Check(t.Context(), suite.Target{URL: tc.url, Document: spectest.Seed(), Key: "k", Transport: http.DefaultTransport})
			switch {
			case tc.name == "http where https is spoken": // Go's servers answer 400 to that
				if err == nil && len(failed(r)) == 0 {
					t.Error("passed")
				}
			case !errors.Is(err, suite.ErrUnreachable) || !strings.Contains(err.Error(), tc.says):
				t.Errorf("Check returned %v", err)
			}
		})
	}
}

func TestHTTP10Passes(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
	if err != nil {
		t.Fatal(err)
	}
	url := speak(t, func(c net.Conn, r *http.Request) {
		a := ask(mock, r)
		fmt.Fprintf(c, "HTTP/1.0 %d X\r\n", a.status)
		_ = a.header.Write(c)
		fmt.Fprintf(c, "\r\n%s", a.body)
	})
	r, err := suite.Check(t.Context(), suite.Target{URL: url, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s\n%s", f.Check, f.Message, f.Curl)
	}
}

func TestThrottlingIsWaitedOut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, after string
		atLeast     time.Duration
		atMost      time.Duration
	}{
		{"seconds", "7", 7 * time.Second, 7 * time.Second},
		{"date", time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat), 0, 30 * time.Second},
		{"date gone by", "Wed, 21 Oct 2015 07:28:00 GMT", 0, 0},
		{"nothing", "", time.Second, time.Second},
		{"nonsense", "soon", time.Second, time.Second},
		{"below zero", "-5", time.Second, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
			if err != nil {
				t.Fatal(err)
			}
			requests := 0
			srv := httptest.NewServer(instead(func(r *http.Request) *reply {
				if requests++; requests%50 != 3 {
					return nil
				}
				a := plainText(http.StatusTooManyRequests, "slow down")
				a.header.Set("Retry-After", tc.after)
				return a
			})(mock))
			t.Cleanup(srv.Close)
			var waited []time.Duration
			r, err := suite.CheckPausing(t.Context(), suite.Target{URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey},
				func(_ context.Context, d time.Duration) error { waited = append(waited, d); return nil })
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range waited {
				if d < tc.atLeast || d > tc.atMost {
					t.Errorf("waited %v, want %v to %v", d, tc.atLeast, tc.atMost)
				}
			}
			if len(waited) < 3 || len(r.Findings) > 0 || len(r.Notes) != 1 {
				t.Errorf("waited %d times, findings %v, notes %q", len(waited), failed(r), r.Notes)
			}
		})
	}
}

// TestThrottlingEndsChecks: a server that gets tired of it.
func TestThrottlingEndsChecks(t *testing.T) {
	t.Parallel()
	requests := 0
	var asked time.Duration
	r, err := func() (*report.Report, error) {
		mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(instead(func(r *http.Request) *reply {
			if requests++; requests < 40 {
				return nil
			}
			a := plainText(http.StatusTooManyRequests, "enough")
			a.header.Set("Retry-After", "59")
			return a
		})(mock))
		t.Cleanup(srv.Close)
		return suite.CheckPausing(t.Context(), suite.Target{URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey},
			func(_ context.Context, d time.Duration) error { asked += d; return nil })
	}()
	if err != nil {
		t.Fatal(err)
	}
	if asked > 5*time.Minute {
		t.Errorf("waited %v in all", asked)
	}
	skipped := slices.ContainsFunc(r.Checks, func(c report.Check) bool {
		return c.ID == "hostile_input" && c.Passed == 0 && slices.ContainsFunc(c.Reasons, func(reason string) bool { return strings.Contains(reason, "429") })
	})
	if !skipped || len(r.Findings) > 0 {
		t.Errorf("checks %+v, findings %v", r.Checks, failed(r))
	}
}

// TestStoppedMeanwhile: a server that a request stops is told of with that request.
func TestStoppedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		stop  func(srv *httptest.Server) // nil: it hangs from then on
		after bool                       // it answers the request first
		keeps bool                       // connections: net/http sends the request again by itself, in vain
	}{
		{name: "it exits", stop: func(srv *httptest.Server) { srv.Listener.Close(); srv.CloseClientConnections() }},
		{name: "it exits, and kept connections", stop: func(srv *httptest.Server) { srv.Listener.Close(); srv.CloseClientConnections() }, keeps: true},
		{name: "it exits after the answer", stop: func(srv *httptest.Server) { srv.Listener.Close() }, after: true},
		{name: "it hangs"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
			if err != nil {
				t.Fatal(err)
			}
			var srv *httptest.Server
			var stopped atomic.Bool
			srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				deadly := strings.HasPrefix(r.Header.Get("Accept"), ";")
				if deadly && stopped.CompareAndSwap(false, true) && tc.stop != nil {
					w.Header().Set("Connection", "close")
					tc.stop(srv) // before the answer: nothing is answered after it
					if tc.after {
						mock.ServeHTTP(w, r)
					}
					return
				}
				if stopped.Load() && tc.stop == nil {
					<-r.Context().Done()
					return
				}
				mock.ServeHTTP(w, r)
			}))
			t.Cleanup(srv.Close)
			r, err := suite.CheckPausing(t.Context(), suite.Target{
				URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, Timeout: 300 * time.Millisecond,
				Transport: &http.Transport{DisableKeepAlives: !tc.keeps},
			}, func(context.Context, time.Duration) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				if f.Check == "stopped_answering" && f.Severity == report.Error && strings.Contains(f.Curl, "'Accept: ;;;") {
					return
				}
			}
			t.Errorf("findings: %+v", r.Findings)
		})
	}
}

// TestSwitchingProtocolsEnds: what follows a 101 has no end.
func TestSwitchingProtocolsEnds(t *testing.T) {
	t.Parallel()
	url := speak(t, func(c net.Conn, _ *http.Request) {
		fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		wait(c)
	})
	r, err := suite.Check(t.Context(), suite.Target{URL: url, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey})
	if err != nil || !slices.Contains(failed(r), "status_code_conformance") {
		t.Errorf("%v, %v", err, failed(r))
	}
}
