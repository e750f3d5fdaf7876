package guard_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

// request is one request and what the guard should make of it.
type request struct {
	method string // empty: GET
	target string // path, or absolute; empty: /_mock/projects
	host   string // empty: 127.0.0.1:4010
	header http.Header
}

func (q request) http() *http.Request {
	if q.method == "" {
		q.method = http.MethodGet
	}
	if q.target == "" {
		q.target = "/_mock/projects"
	}
	r := httptest.NewRequest(q.method, q.target, nil)
	r.Host = "127.0.0.1:4010"
	if q.host != "" {
		r.Host = q.host
	}
	for name, values := range q.header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	return r
}

// headers makes a header of "Name: value" lines.
func headers(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

func newGuard(t testing.TB, c guard.Config) *guard.Guard {
	t.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:4010"
	}
	g, err := guard.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// send returns the answer to q, and whether it came from behind the guard.
func send(g *guard.Guard, q request) (answer *http.Response, passed bool) {
	rec := httptest.NewRecorder()
	g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed = true
		w.WriteHeader(http.StatusTeapot)
	})).ServeHTTP(rec, q.http())
	return rec.Result(), passed
}

// wantRefused fails unless the guard refuses q with a problem of that kind.
func wantRefused(t *testing.T, g *guard.Guard, q request, kind string) {
	t.Helper()
	answer, passed := send(g, q)
	if passed {
		t.Error("it passed")
		return
	}
	if got := readProblem(t, answer); got.Type != "urn:digakit:problem:"+kind || answer.StatusCode != http.StatusForbidden {
		t.Errorf("got status %d, type %q, want 403, %q", answer.StatusCode, got.Type, kind)
	}
}

func wantPassed(t *testing.T, g *guard.Guard, q request) {
	t.Helper()
	if answer, passed := send(g, q); !passed {
		t.Errorf("refused: %s", readProblem(t, answer).Detail)
	}
}

func TestNewReportsAllMistakes(t *testing.T) {
	t.Parallel()
	const secret = "not a token, it has spaces"
	_, err := guard.New(guard.Config{
		Addr:         "a:b:c",
		AllowHosts:   []string{"mock", "http://mock", "*"},
		AllowOrigins: []string{"http://localhost:3000", "*", "null", "localhost:3000"},
		Token:        secret,
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`"a:b:c"`, `"http://mock"`, `host "*"`, `origin "*"`, `"null"`, `"localhost:3000"`, "token"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("it tells the token: %v", err)
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "guard: ") {
			t.Errorf("%q does not begin with the package", line)
		}
	}
}

func TestControlAnswersStayWithTheirSite(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{})
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"Vary":                         "Sec-Fetch-Site, Origin",
		"Access-Control-Allow-Origin":  "",
	} {
		answer, passed := send(g, request{})
		if got := strings.Join(answer.Header.Values(name), ", "); !passed || got != want {
			t.Errorf("%s of an answer is %q, want %q", name, got, want)
		}
		answer, passed = send(g, request{header: headers("Origin: https://evil.example")})
		if got := strings.Join(answer.Header.Values(name), ", "); passed || got != want && name != "Vary" {
			t.Errorf("%s of a refusal is %q, want %q", name, got, want)
		}
	}
}

func TestAPIAnswersGetNothingButCORS(t *testing.T) {
	t.Parallel()
	answer, _ := send(newGuard(t, guard.Config{}), request{target: "/v1/api_key/"})
	for name := range answer.Header {
		if !strings.HasPrefix(name, "Access-Control-") && name != "Vary" { // on Origin, as those do
			t.Errorf("it got %s", name)
		}
	}
}

func TestChangingTheConfigLaterChangesNothing(t *testing.T) {
	t.Parallel()
	c := guard.Config{Addr: "127.0.0.1:4010", AllowHosts: []string{"mock"}, AllowOrigins: []string{"http://a.test"}}
	g := newGuard(t, c)
	c.AllowHosts[0], c.AllowOrigins[0] = "evil.example", "http://evil.example"
	wantPassed(t, g, request{host: "mock", header: headers("Origin: http://a.test")})
	wantRefused(t, g, request{host: "evil.example"}, "host-not-allowed")
	wantRefused(t, g, request{header: headers("Origin: http://evil.example")}, "cross-site-request")
}

// serve returns the answer to r, a 418 if it comes from behind the guard.
func serve(g *guard.Guard, r *http.Request) *http.Response {
	rec := httptest.NewRecorder()
	g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	})).ServeHTTP(rec, r)
	return rec.Result()
}
