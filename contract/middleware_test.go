package contract_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

const keys = "/v1/api_key/"

// watched serves handler behind a Middleware and records the exchanges.
func watched(t *testing.T, v *contract.Validator, handler http.HandlerFunc, opts ...contract.MiddlewareOption) (*httptest.Server, <-chan contract.Exchange) {
	t.Helper()
	seen := make(chan contract.Exchange, 10)
	opts = append(opts, contract.Observe(func(x contract.Exchange) { seen <- x }))
	server := httptest.NewUnstartedServer(v.Middleware(handler, opts...))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server, seen
}

func refuse(w http.ResponseWriter, _ *http.Request, o *contract.Operation, list []contract.Violation) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(422)
	_, _ = fmt.Fprintf(w, `{"error_code":"REFUSED","message":%q}`, list[0].Message)
}

func replace(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, status int, list []contract.Violation) {
	w.WriteHeader(500)
	_, _ = fmt.Fprintf(w, "replaced %d: %s", status, list[0].Kind)
}

func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func fetch(t *testing.T, method, url string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func TestMiddlewareJudgesWhatHandlersDo(t *testing.T) {
	t.Parallel()
	v := diga(t, contract.MaxBody(2000))
	good := string(page(1, 2))
	for _, c := range []struct {
		name, why string
		handler   http.HandlerFunc
		want      []string
		observed  string // on the wire when only observed
		enforced  string // and with replacement; the same when empty
	}{
		{"valid", "passes untouched", answer(200, "application/json", good), nil, "200 " + good, ""},
		{"implicit status", "the first Write means 200", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, good)
		}, nil, "200 " + good, ""},
		{"never writes", "200 with no body", func(http.ResponseWriter, *http.Request) {}, []string{"missing_body body content"}, "200 ", "500 replaced 200: missing_body"},
		{"wrong body", "judged", answer(200, "application/json", `{"data":[]}`), []string{"invalid_body body required"}, `200 {"data":[]}`, "500 replaced 200: invalid_body"},
		{"undocumented status", "judged", answer(404, "application/json", problem), []string{"undocumented_status status responses"}, "404 " + problem, "500 replaced 404: undocumented_status"},
		{"sniffed", "net/http guesses text/plain, and so do we", answer(200, "", good), []string{"undocumented_content_type header:Content-Type content"}, "200 " + good, "500 replaced 200: undocumented_content_type"},
		{"in pieces, flushed", "one body; flushing waits for the verdict", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for _, part := range []string{good[:10], good[10:50], good[50:]} {
				_, _ = io.WriteString(w, part)
				w.(http.Flusher).Flush()
			}
		}, nil, "200 " + good, ""},
		{"over the cap", "cannot be judged, so is a violation", answer(200, "application/json", strings.Repeat(" ", 3000)+good), []string{"body_too_large body"},
			"200 " + strings.Repeat(" ", 3000) + good, "500 replaced 200: body_too_large"},
		{"late headers", "changes after the status are not sent", func(w http.ResponseWriter, r *http.Request) {
			answer(200, "application/json", good)(w, r)
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(500)
		}, nil, "200 " + good, ""},
		{"departure", "is sent and not judged", func(w http.ResponseWriter, r *http.Request) {
			contract.DeclareDeparture(r.Context(), "teapot on request")
			answer(418, "text/plain", "short and stout")(w, r)
		}, nil, "418 short and stout", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, enforced := range []bool{false, true} {
				var opts []contract.MiddlewareOption
				want := c.observed
				if enforced {
					opts = append(opts, contract.ReplaceResponses(replace))
					if c.enforced != "" {
						want = c.enforced
					}
				}
				server, seen := watched(t, v, c.handler, opts...)
				status, _, body := fetch(t, "GET", server.URL+keys)
				if got := fmt.Sprintf("%d %s", status, body); got != want {
					t.Errorf("enforced %v: %s: on the wire %s", enforced, c.why, got)
				}
				x := <-seen
				if diff := cmp.Diff(c.want, brief(x.Violations)); diff != "" {
					t.Errorf("enforced %v: %s (-want +got):\n%s", enforced, c.why, diff)
				}
				if x.Replaced != (enforced && c.enforced != "") || x.Refused || x.Operation == nil || x.Request == nil {
					t.Errorf("enforced %v: %+v", enforced, x)
				}
				if (c.name == "departure") != (x.Departure == "teapot on request" && x.Unjudged == "declared departure") {
					t.Errorf("enforced %v: departure %q, unjudged %q", enforced, x.Departure, x.Unjudged)
				}
			}
		})
	}
}

func TestMiddlewareRefusesRequests(t *testing.T) {
	t.Parallel()
	v := diga(t)
	called := make(chan string, 10)
	handler := func(w http.ResponseWriter, r *http.Request) {
		called <- r.URL.RawQuery
		answer(200, "application/json", string(page(1, 1)))(w, r)
	}
	server, seen := watched(t, v, handler, contract.RefuseRequests(refuse), contract.ReplaceResponses(replace))
	status, _, body := fetch(t, "GET", server.URL+keys+"?limit=0")
	if status != 422 || body != `{"error_code":"REFUSED","message":"must be >= 1"}` {
		t.Errorf("%d %s", status, body)
	}
	if x := <-seen; !x.Refused || x.Replaced || x.Status != 422 || len(x.Violations) != 1 {
		t.Errorf("%+v", x)
	}
	if len(called) != 0 {
		t.Error("the handler was called")
	}
	if status, _, _ := fetch(t, "GET", server.URL+keys+"?limit=1"); status != 200 || <-called != "limit=1" {
		t.Errorf("a good request: %d", status)
	}
}

func TestMiddlewareJudgesRefusalsToo(t *testing.T) {
	t.Parallel()
	bad := func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ []contract.Violation) {
		w.WriteHeader(400)
	}
	server, seen := watched(t, diga(t), nil, contract.RefuseRequests(bad), contract.ReplaceResponses(replace))
	if status, _, body := fetch(t, "GET", server.URL+keys+"?limit=0"); body != "replaced 400: undocumented_status" {
		t.Errorf("%d %s", status, body)
	}
	if x := <-seen; !x.Refused || !x.Replaced {
		t.Errorf("%+v", x)
	}
}

func TestMiddlewareAndUndocumentedRequests(t *testing.T) {
	t.Parallel()
	handler := answer(404, "text/plain", "own 404")
	passOn := func(w http.ResponseWriter, r *http.Request, _ *contract.Operation, _ []contract.Violation) {
		handler(w, r)
	}
	for _, c := range []struct {
		name, why, method, path string
		opts                    []contract.MiddlewareOption
		want                    string
		violation               string
	}{
		{"observed", "passes", "GET", "/nope", nil, "404 own 404", "undocumented_path path paths"},
		{"refused", "the operation is nil", "GET", "/nope", []contract.MiddlewareOption{contract.RefuseRequests(refuse)}, `422 {"error_code":"REFUSED","message":"must be a documented path"}`, "undocumented_path path paths"},
		{"method", "405 is the refuser's to say", "POST", keys, []contract.MiddlewareOption{contract.RefuseRequests(refuse)}, `422 {"error_code":"REFUSED","message":"must be a documented method of this path"}`, "undocumented_method method paths"},
		{"passed on", "for the handler's own 404", "GET", "/nope", []contract.MiddlewareOption{contract.RefuseRequests(passOn), contract.ReplaceResponses(replace)}, "404 own 404", "undocumented_path path paths"},
		{"HEAD", "is not GET", "HEAD", keys, nil, "404 ", "undocumented_method method paths"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, seen := watched(t, diga(t), handler, c.opts...)
			status, _, body := fetch(t, c.method, server.URL+c.path)
			if got := fmt.Sprintf("%d %s", status, body); got != c.want {
				t.Errorf("%s: %s", c.why, got)
			}
			x := <-seen
			if diff := cmp.Diff([]string{c.violation}, brief(x.Violations)); diff != "" || x.Operation != nil || x.Unjudged != "no documented operation" {
				t.Errorf("%s: %s %+v", c.why, diff, x)
			}
		})
	}
}

func TestMiddlewareTakesBackHeaders(t *testing.T) {
	t.Parallel()
	inner := diga(t).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Etag", `"1"`)
		w.Header().Set("X-Outer", "spoilt")
		_, _ = io.WriteString(w, "{}")
	}), contract.ReplaceResponses(replace))
	rec := httptest.NewRecorder()
	rec.Header().Set("X-Outer", "kept")
	inner.ServeHTTP(rec, httptest.NewRequest("GET", keys, nil))
	if diff := cmp.Diff(http.Header{"X-Outer": {"kept"}}, rec.Result().Header); diff != "" {
		t.Error(diff)
	}
}

func TestMiddlewareStreamsWhenOnlyObserving(t *testing.T) {
	t.Parallel()
	proceed := make(chan struct{})
	good := string(page(1, 1))
	server, seen := watched(t, diga(t), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, good[:7])
		_ = http.NewResponseController(w).Flush()
		<-proceed
		_, _ = io.WriteString(w, good[7:])
	})
	resp, err := http.Get(server.URL + keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	first := make([]byte, 7)
	if _, err := io.ReadFull(resp.Body, first); err != nil { // arrives though the handler still waits
		t.Fatal(err)
	}
	close(proceed)
	rest, _ := io.ReadAll(resp.Body)
	if string(first)+string(rest) != good {
		t.Error("the body changed")
	}
	if x := <-seen; x.Violations != nil {
		t.Error(x.Violations)
	}
}

func TestMiddlewareStreamsDepartures(t *testing.T) {
	t.Parallel()
	proceed := make(chan struct{})
	server, seen := watched(t, diga(t), func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a")
		contract.DeclareDeparture(r.Context(), "dribble")
		_, _ = io.WriteString(w, "b")
		w.(http.Flusher).Flush()
		<-proceed
	}, contract.ReplaceResponses(replace))
	resp, err := http.Get(server.URL + keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	both := make([]byte, 2)
	if _, err := io.ReadFull(resp.Body, both); err != nil || string(both) != "ab" {
		t.Fatalf("%s %v", both, err)
	}
	close(proceed)
	if x := <-seen; x.Departure != "dribble" || x.Replaced {
		t.Errorf("%+v", x)
	}
}

func TestMiddlewareHijack(t *testing.T) {
	t.Parallel()
	server, seen := watched(t, diga(t), func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 299 Own\r\nContent-Length: 2\r\n\r\nhi")
		_ = conn.Close()
	}, contract.RefuseRequests(refuse), contract.ReplaceResponses(replace))
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET "+keys+" HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != 299 {
		t.Fatalf("%v %v", resp, err)
	}
	_ = resp.Body.Close()
	if x := <-seen; x.Unjudged != "the connection was hijacked" || x.Violations != nil {
		t.Errorf("%+v", x)
	}
}

func TestMiddlewareLetsPanicsThrough(t *testing.T) {
	t.Parallel()
	var seen contract.Exchange
	door := diga(t).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half an ans")
		panic("broken")
	}), contract.ReplaceResponses(replace), contract.Observe(func(x contract.Exchange) { seen = x }))
	rec := httptest.NewRecorder()
	func() {
		defer func() {
			if recover() != "broken" {
				t.Error("the panic was lost")
			}
		}()
		door.ServeHTTP(rec, httptest.NewRequest("GET", keys, nil))
	}()
	if rec.Body.Len() > 0 || seen.Unjudged != "the handler panicked" {
		t.Errorf("%s %+v", rec.Body, seen)
	}
}

func TestMiddlewareRequestBodies(t *testing.T) {
	t.Parallel()
	v := depot(t, contract.MaxBody(100))
	readAll := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Got", fmt.Sprint(len(body)))
		w.WriteHeader(204)
	}
	readNone := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }
	for _, c := range []struct {
		name, why string
		handler   http.HandlerFunc
		body      string
		refuse    bool
		want      []string
		unjudged  string
	}{
		{"observed", "copied as the handler reads", readAll, `{"kind":"crate"}`, false, []string{"invalid_body body /kind discriminator"}, ""},
		{"observed, unread", "not judged, and said so", readNone, `{"kind":"crate"}`, false, nil, "the handler did not read the request's body to its end"},
		{"observed, too large", "over the cap", readAll, strings.Repeat(" ", 101), false, []string{"body_too_large body"}, ""},
		{"refusing", "read beforehand, and still there for the handler", readAll, `{"kind":"letter"}`, true, nil, ""},
		{"refusing, too large", "over the cap", readAll, strings.Repeat(" ", 101), true, []string{"body_too_large body"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var seen contract.Exchange
			opts := []contract.MiddlewareOption{contract.Observe(func(x contract.Exchange) { seen = x })}
			if c.refuse {
				opts = append(opts, contract.RefuseRequests(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ []contract.Violation) {
					w.WriteHeader(204)
				}))
			}
			r := httptest.NewRequest("POST", "/parcels", strings.NewReader(c.body))
			r.Header = http.Header{"Content-Type": {"application/json"}, "X-Depot": {"ULM"}}
			rec := httptest.NewRecorder()
			v.Middleware(c.handler, opts...).ServeHTTP(rec, r)
			if diff := cmp.Diff(c.want, brief(seen.Violations)); diff != "" || seen.Unjudged != c.unjudged {
				t.Errorf("%s: %q (-want +got):\n%s", c.why, seen.Unjudged, diff)
			}
			if got := rec.Header().Get("Got"); got != "" && got != fmt.Sprint(len(c.body)) {
				t.Errorf("the handler read %s bytes", got)
			}
		})
	}
}

func TestMiddlewareBodiless(t *testing.T) {
	t.Parallel()
	v := depot(t)
	for _, enforced := range []bool{false, true} {
		var opts []contract.MiddlewareOption
		want := 204
		if enforced {
			opts = append(opts, contract.ReplaceResponses(replace))
			want = 500
		}
		server, seen := watched(t, v, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("write with 204: %v", err)
			}
		}, opts...)
		if status, _, _ := fetch(t, "DELETE", server.URL+"/parcels/550e8400-e29b-41d4-a716-446655440000"); status != want {
			t.Errorf("enforced %v: %d", enforced, status)
		}
		expect(t, brief((<-seen).Violations), "unexpected_body body")
	}
}

func TestMiddlewareContext(t *testing.T) {
	t.Parallel()
	door := depot(t).Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o, params, ok := contract.OperationFrom(r.Context())
		_, _ = fmt.Fprint(w, o.Name(), params, ok)
	}))
	rec := httptest.NewRecorder()
	door.ServeHTTP(rec, httptest.NewRequest("GET", "/parcels/a%20b", nil))
	if got := rec.Body.String(); got != "getParcelmap[id:a b] true" {
		t.Error(got)
	}
	if _, _, ok := contract.OperationFrom(t.Context()); ok || contract.DeclareDeparture(t.Context(), "x") {
		t.Error("outside of a Middleware there is nothing")
	}
}

// What is not judged is not kept: a stream that never ends costs nothing.
func TestAnswersThatDepartAreNotKept(t *testing.T) { //nolint:paralleltest // it counts what the whole program allocates
	v := diga(t)
	part := make([]byte, 64<<10)
	h := v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		contract.DeclareDeparture(r.Context(), "a stream")
		for range 128 {
			_, _ = w.Write(part)
		}
	}), contract.Observe(func(contract.Exchange) {}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h.ServeHTTP(nowhere{}, httptest.NewRequest(http.MethodGet, "/v1/api_key/", nil))
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("8 MiB were streamed, and %d bytes taken", got)
	}
}

// nowhere is a ResponseWriter that keeps nothing.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}
