package proxy_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
)

type problem struct {
	Type, Title, Detail string
	Status              int
	Violations          []contract.Violation
}

// problemOf checks what is common to the proxy's own answers.
func problemOf(t testing.TB, a answer, status int) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%v: %q", err, a.body)
	}
	if a.status != status || p.Status != status || a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	return p
}

func TestUnreachableUpstream(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]proxy.Option{nil, {proxy.Enforce()}} {
		s := build(t, answering("application/json", good), opts...)
		if !s.Reached() {
			t.Error("nothing was asked yet: that is not the upstream's fault")
		}
		s.upstream.Close()
		p := problemOf(t, s.ask(t, "GET", "/greetings?token=sk-secret", ""), http.StatusBadGateway)
		if p.Type != "urn:digakit:problem:upstream-failed" || !strings.Contains(p.Detail, s.upstream.URL) || strings.Contains(p.Detail, "sk-secret") {
			t.Errorf("%+v", p)
		}
		r := s.settled(t, 1)
		if diff := cmp.Diff([]string{"unjudged: the upstream did not answer"}, brief(r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if s.Reached() || !r.Empty() {
			t.Error("the upstream counts as reached")
		}
	}
}

func TestAnAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	breaking := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"hel`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	want := []string{"unjudged: the upstream's answer broke off"}
	t.Run("observing", func(t *testing.T) {
		t.Parallel()
		s := build(t, breaking)
		resp, err := client(t).Get(s.url + "/greetings")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if string(body) != `{"hel` || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the client reads %q, %v", body, err)
		}
		if diff := cmp.Diff(want, brief(s.settled(t, 1))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("observing, with no server around it", func(t *testing.T) {
		t.Parallel()
		s := build(t, breaking)
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/greetings", nil)) // ReverseProxy does not panic here
		if diff := cmp.Diff(want, brief(s.Report())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("enforcing", func(t *testing.T) {
		t.Parallel()
		s := build(t, breaking, proxy.Enforce())
		problemOf(t, s.ask(t, "GET", "/greetings", ""), http.StatusBadGateway)
		if diff := cmp.Diff(want, brief(s.settled(t, 1))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestRedirectsPastTheProxyAreNoted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		location  func(r *http.Request) string
		noted     bool
	}{
		{"absolute", "the next request goes to the upstream itself", func(r *http.Request) string { return "http://" + r.Host + "/greetings/" }, true},
		{"path", "the next request comes here", func(*http.Request) string { return "/greetings/" }, false},
		{"elsewhere", "that is not the API", func(*http.Request) string { return "https://login.example/" }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var location seen[string]
			s := build(t, func(w http.ResponseWriter, r *http.Request) {
				location.set(tc.location(r))
				w.Header().Set("Location", location.get())
				w.WriteHeader(http.StatusTemporaryRedirect)
			})
			if a := s.ask(t, "GET", "/greetings", ""); a.header.Get("Location") != location.get() {
				t.Errorf("%q became %q", location.get(), a.header.Get("Location"))
			}
			if notes := s.settled(t, 1).Notes; (len(notes) == 1) != tc.noted {
				t.Errorf("%s: %q", tc.why, notes)
			}
		})
	}
}

func TestCancellationReachesTheUpstream(t *testing.T) {
	t.Parallel()
	asked, gone := make(chan struct{}), make(chan struct{})
	s := build(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", s.url+"/greetings", nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		resp, err := client(t).Do(r)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	<-asked
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-gone
	if diff := cmp.Diff([]string{"unjudged: the client went away before the end of the answer"}, brief(s.settled(t, 1))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewRefusesWhatIsNoUpstream(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ upstream, want string }{
		{"ftp://h/", `proxy: the upstream's scheme is "ftp"; it must be http or https, as in https://api.example.test`},
		{"localhost:8080", `proxy: the upstream's scheme is "localhost"; it must be http or https, as in https://api.example.test`},
		{"https:///v1", "proxy: the upstream has no host; give a URL such as https://api.example.test"},
		{"https://u:sk-secret@h/", "proxy: the upstream must not hold a user name or password; clients send their own credentials"},
		{"https://h/?a=sk-secret", "proxy: the upstream must end with its path, without query and fragment; clients send their own"},
	} {
		u, err := url.Parse(tc.upstream)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := proxy.New(u, validator(t)); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", tc.upstream, err)
		}
	}
	_, err := proxy.New(nil, nil, proxy.Transport(nil))
	if err == nil || strings.Count(err.Error(), "proxy: ") != 3 {
		t.Errorf("not all three mistakes are told: %v", err)
	}
}

// A bubble ends only when all goroutines in it have: none is left behind.
func TestNoGoroutineStays(t *testing.T) {
	t.Parallel()
	upstream, err := url.Parse("http://upstream.example")
	if err != nil {
		t.Fatal(err)
	}
	v := validator(t)
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		server := &http.Server{Handler: answering("application/json", `{}`)}
		go func() { _ = server.Serve(&onceListener{conn: far, closed: make(chan struct{})}) }()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
		p, err := proxy.New(upstream, v, proxy.Transport(transport))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/greetings", strings.NewReader(`{"word":"hi"}`)))
		}
		p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/greetings", nil))
		if r := p.Report(); len(r.Findings) == 0 {
			t.Error("nothing went through")
		}
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

// onceListener hands out one connection.
type onceListener struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *onceListener) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *onceListener) Close() error {
	close(l.closed)
	return nil
}

func (l *onceListener) Addr() net.Addr { return &net.TCPAddr{} }
