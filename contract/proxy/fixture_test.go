package proxy_test

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
	"github.com/digakit/digakit/contract/report"
)

const document = `
openapi: 3.1.0
info: {title: Greeter, version: "1"}
paths:
  /greetings:
    get:
      operationId: greet
      parameters: [{name: times, in: query, schema: {type: integer, minimum: 1}}]
      responses:
        "200":
          description: ok
          content:
            application/json: {schema: {type: object, required: [hello], properties: {hello: {type: string}}}}
        "204": {description: nobody}
    post:
      operationId: learn
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [word], properties: {word: {type: string}}}}}
      responses:
        "200": {description: ok, content: {text/plain: {schema: {type: string}}}}
`

const good = `{"hello":"world"}`

func validator(t testing.TB, opts ...contract.Option) *contract.Validator {
	t.Helper()
	v, err := contract.New([]byte(document), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// stand is a proxy in front of a server of the test's own.
type stand struct {
	*proxy.Proxy
	url      string
	upstream *httptest.Server
}

// build starts an upstream and a proxy in front of it. What it answers to a
// client has been taken down when the test asks for the report: see settled.
func build(t testing.TB, upstream http.HandlerFunc, opts ...proxy.Option) *stand {
	t.Helper()
	return buildWith(t, httptest.NewServer(upstream), validator(t), opts...)
}

func buildWith(t testing.TB, up *httptest.Server, v *contract.Validator, opts ...proxy.Option) *stand {
	t.Helper()
	t.Cleanup(up.Close)
	target, err := url.Parse(up.URL)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.New(target, v, opts...)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(p)
	front.Config.ErrorLog = log.New(panicWatcher{t}, "", 0)
	front.Start()
	t.Cleanup(front.Close)
	return &stand{Proxy: p, url: front.URL, upstream: up}
}

// panicWatcher fails the test when net/http tells of a panic.
type panicWatcher struct{ testing.TB }

func (w panicWatcher) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("panic")) {
		w.Errorf("the server in front of the proxy: %s", line)
	}
	return len(line), nil
}

func answering(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

// seen is what one goroutine saw and another asks for.
type seen[T any] struct {
	mu    sync.Mutex
	value T
}

func (s *seen[T]) set(value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value = value
}

func (s *seen[T]) get() T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value
}

type answer struct {
	status int
	header http.Header
	body   string
}

// client is a client that neither asks for compression nor follows redirects.
func client(t testing.TB) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *stand) ask(t testing.TB, method, target, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, s.url+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got bytes.Buffer
	if _, err := io.Copy(&got, resp.Body); err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, got.String()}
}

// settled waits until n exchanges have been taken down: a client has its answer
// a moment before.
func (s *stand) settled(t testing.TB, n int) *report.Report {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		r := s.Report()
		cases := 0
		for _, c := range r.Checks {
			cases += c.Passed + c.Failed + c.Skipped
		}
		if cases >= n {
			return r
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%d of %d cases after 10 s: %+v", cases, n, r.Checks)
		}
	}
}

// brief is what tables compare of a report: its findings, and why exchanges
// were not judged.
func brief(r *report.Report) []string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, f.Check+": "+f.Message)
	}
	for _, c := range r.Checks {
		for _, reason := range c.Reasons {
			lines = append(lines, "unjudged: "+reason)
		}
	}
	slices.Sort(lines)
	return lines
}
