package proxy_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/proxy"
)

// dial opens a raw connection to the proxy, and writes what is given.
func (s *stand) dial(t testing.TB, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// read parses one answer with its body.
func read(t testing.TB, from *bufio.Reader) answer {
	t.Helper()
	resp, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func TestHeadersPassAsTheyAre(t *testing.T) {
	t.Parallel()
	var saw seen[*http.Request]
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		saw.set(r)
		h := w.Header()
		h["Content-Type"], h["Date"] = nil, nil
		h.Set("X-Answer", "yes")
		h.Add("Set-Cookie", "a=1")
		h.Add("Set-Cookie", "b=2")
		w.WriteHeader(http.StatusNoContent)
	})
	_, from := s.dial(t, "GET /greetings?b=%zz&a=1;c&&x HTTP/1.1\r\nHost: localhost:1\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nVia: 1.1 edge\r\nAccept-Encoding: br\r\n\r\n")
	a := read(t, from)
	got := saw.get()
	want := http.Header{
		"X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Proto": {"https"}, "Via": {"1.1 edge"}, "Accept-Encoding": {"br"},
	}
	if diff := cmp.Diff(want, got.Header); diff != "" {
		t.Errorf("the upstream's request (-want +got):\n%s", diff)
	}
	if got.RequestURI != "/greetings?b=%zz&a=1;c&&x" || "http://"+got.Host != s.upstream.URL {
		t.Errorf("%s of %s", got.RequestURI, got.Host)
	}
	if diff := cmp.Diff(http.Header{"X-Answer": {"yes"}, "Set-Cookie": {"a=1", "b=2"}}, a.header); diff != "" {
		t.Errorf("the client's answer (-want +got):\n%s", diff)
	}
}

func TestPathsPassAsTheyAre(t *testing.T) {
	t.Parallel()
	var saw seen[string]
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { saw.set(r.RequestURI) }))
	s := buildWith(t, upstream, validator(t))
	for _, target := range []string{"/a%2Fb", "//other.example/x", "/a//b/../c", "/?", "/%E2%82%AC", "/a;b=c"} {
		_, from := s.dial(t, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
		read(t, from)
		if got := saw.get(); got != target {
			t.Errorf("%s became %s", target, got)
		}
	}
}

func TestNothingIsDelayed(t *testing.T) {
	t.Parallel()
	more := make(chan string)
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		flush := http.NewResponseController(w).Flush
		if flush() != nil {
			return
		}
		for text := range more {
			_, _ = io.WriteString(w, text)
			_ = flush()
		}
	})
	resp, err := client(t).Get(s.url + "/greetings") // returns with the headers: no byte of the body is there yet
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, chunk := range []string{`{"hel`, `lo":"wor`, `ld"}`} {
		more <- chunk // the upstream sends the next only when this one has been read
		got := make([]byte, len(chunk))
		if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != chunk {
			t.Fatalf("%q, %v", got, err)
		}
	}
	close(more)
	if rest, err := io.ReadAll(resp.Body); err != nil || len(rest) > 0 {
		t.Fatalf("%q, %v", rest, err)
	}
	if got := brief(s.settled(t, 1)); got != nil {
		t.Error(got)
	}
}

func TestServerSentEventsAreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		opts []proxy.Option
	}{{"observing", nil}, {"enforcing", []proxy.Option{proxy.Enforce()}}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			read := make(chan struct{})
			s := build(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
				_, _ = io.WriteString(w, "data: 1\n\n")
				_ = http.NewResponseController(w).Flush()
				<-read
				_, _ = io.WriteString(w, "data: 2\n\n")
			}, tc.opts...)
			resp, err := client(t).Get(s.url + "/greetings")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			first := make([]byte, len("data: 1\n\n"))
			if _, err := io.ReadFull(resp.Body, first); err != nil {
				t.Fatal(err)
			}
			close(read)
			rest, err := io.ReadAll(resp.Body)
			if err != nil || string(first)+string(rest) != "data: 1\n\ndata: 2\n\n" {
				t.Errorf("%q %q %v", first, rest, err)
			}
			r := s.settled(t, 1)
			if diff := cmp.Diff([]string{"unjudged: Server-Sent Events"}, brief(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"exchanges not judged: 1: Server-Sent Events"}, r.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			if !r.Empty() {
				t.Error("a run that judged nothing is not empty")
			}
		})
	}
}

func TestUpgradesAreLeftAlone(t *testing.T) {
	t.Parallel()
	t.Run("observing", func(t *testing.T) { // whatever the path
		t.Parallel()
		upgrade(t, "/socket")
	})
	t.Run("enforcing", func(t *testing.T) { // as far as the request keeps to the document
		t.Parallel()
		upgrade(t, "/greetings", proxy.Enforce())
	})
}

func upgrade(t *testing.T, path string, opts ...proxy.Option) {
	t.Helper()
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n", r.Header.Get("Upgrade"))
		_ = rw.Flush()
		line, _ := rw.ReadString('\n')
		_, _ = rw.WriteString("echo " + line)
		_ = rw.Flush()
	}, opts...)
	conn, from := s.dial(t, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	resp, err := http.ReadResponse(from, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Upgrade") != "websocket" {
		t.Fatalf("%v %v", resp, err)
	}
	_, _ = io.WriteString(conn, "hello\n")
	if line, err := from.ReadString('\n'); line != "echo hello\n" {
		t.Fatalf("%q %v", line, err)
	}
	_ = conn.Close()
	if diff := cmp.Diff([]string{"unjudged: the connection was upgraded to another protocol"}, brief(s.settled(t, 1))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTrailersPassBothWays(t *testing.T) {
	t.Parallel()
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Trailer", "X-Digest")
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "ok")
		w.Header().Set("X-Digest", "of "+r.Trailer.Get("X-Sum"))
	})
	r, err := http.NewRequest("POST", s.url+"/greetings", io.NopCloser(strings.NewReader(`{"word":"hi"}`)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Trailer = http.Header{"X-Sum": {"5"}}
	resp, err := client(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "ok" || resp.Trailer.Get("X-Digest") != "of 5" {
		t.Errorf("%q with trailers %v, %v", body, resp.Trailer, err)
	}
	if got := brief(s.settled(t, 1)); got != nil {
		t.Error(got)
	}
}

func TestExpectationsReachTheUpstream(t *testing.T) {
	t.Parallel()
	const head = "POST /greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n"
	t.Run("met", func(t *testing.T) {
		t.Parallel()
		s := build(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Expect") != "100-continue" {
				t.Errorf("the upstream sees %v", r.Header)
			}
			_, _ = io.Copy(io.Discard, r.Body) // sends the 100
			answering("text/plain", "ok")(w, r)
		})
		conn, from := s.dial(t, head)
		resp, err := http.ReadResponse(from, nil)
		if err != nil || resp.StatusCode != http.StatusContinue {
			t.Fatalf("%v %v", resp, err)
		}
		_, _ = io.WriteString(conn, `{"word":"hi"}`)
		a := read(t, from)
		if a.status == http.StatusContinue { // of the upstream and of the proxy's own server: more than one is legal (RFC 9110, 15.2)
			a = read(t, from)
		}
		if a.status != 200 || a.body != "ok" {
			t.Errorf("%+v", a)
		}
		if got := brief(s.settled(t, 1)); got != nil {
			t.Error(got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := build(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusExpectationFailed)
		})
		_, from := s.dial(t, head)
		if a := read(t, from); a.status != http.StatusExpectationFailed {
			t.Errorf("%+v", a)
		}
		want := []string{"status_code_conformance: response status: must be a documented status (200), not 417", "unjudged: the upstream answered without reading the request's body to its end"}
		if diff := cmp.Diff(want, brief(s.settled(t, 2))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// An answer must not wait for a request that never ends. The reverse proxy leaves
// a reader of its body behind; the race detector looks on.
func TestAnswersThatComeEarly(t *testing.T) {
	t.Parallel()
	s := build(t, func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex() // or the upstream would wait itself
		w.WriteHeader(http.StatusNoContent)
	})
	for range 5 {
		conn, from := s.dial(t, "POST /greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
		go func() {
			for range 100 { // and never an end
				if _, err := io.WriteString(conn, "400\r\n"+strings.Repeat(" ", 1024)+"\r\n"); err != nil {
					return
				}
			}
		}()
		if a := read(t, from); a.status != http.StatusNoContent {
			t.Errorf("%+v", a)
		}
		_ = conn.Close()
	}
	s.settled(t, 5)
}

func TestOldClients(t *testing.T) {
	t.Parallel()
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		answering("application/json", good[:5])(w, r)
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, good[5:])
	})
	_, from := s.dial(t, "GET /greetings HTTP/1.0\r\n\r\n")
	resp, err := http.ReadResponse(from, nil)
	if err != nil || resp.TransferEncoding != nil || !resp.Close {
		t.Fatalf("%+v %v", resp, err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != good {
		t.Errorf("%q %v", body, err)
	}
	if got := brief(s.settled(t, 1)); got != nil {
		t.Error(got)
	}
}

func TestNoOpenProxy(t *testing.T) {
	t.Parallel()
	s := build(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the upstream was asked for %s", r.RequestURI) })
	for _, line := range []string{"GET http://other.example/greetings", "CONNECT other.example:443", "CONNECT /greetings", "GET " + s.upstream.URL + "/greetings"} {
		_, from := s.dial(t, line+" HTTP/1.1\r\nHost: other.example\r\nContent-Length: 0\r\n\r\n")
		a := read(t, from)
		if a.status != http.StatusBadRequest || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %+v", line, a)
		}
	}
	if r := s.Report(); !r.Empty() || len(r.Notes) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestPreflightsAreTheBrowsers(t *testing.T) {
	t.Parallel()
	s := build(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusNoContent)
	}, proxy.Enforce())
	for _, tc := range []struct {
		path, method, origin string
		status               int
	}{
		{"/greetings", "GET", "http://localhost:3000", 204},
		{"/greetings", "DELETE", "http://localhost:3000", 422},
		{"/nope", "GET", "http://localhost:3000", 422},
		{"/greetings", "GET", "", 422},
	} {
		if a := s.ask(t, "OPTIONS", tc.path, "", "Origin", tc.origin, "Access-Control-Request-Method", tc.method); a.status != tc.status {
			t.Errorf("%+v: %+v", tc, a)
		}
	}
}
