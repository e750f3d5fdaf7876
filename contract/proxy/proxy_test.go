package proxy_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
	"github.com/digakit/digakit/contract/report"
)

func TestObserving(t *testing.T) {
	t.Parallel()
	const missing = `response_schema_conformance: response body: must have the property "hello"`
	for _, tc := range []struct {
		name, why string
		method    string
		target    string
		body      string
		upstream  http.HandlerFunc
		want      []string
	}{
		{"clean", "nothing to say", "GET", "/greetings?times=1", "", answering("application/json", good), nil},
		{"bad answer", "it passes, and is told", "GET", "/greetings", "", answering("application/json", `{}`), []string{missing}},
		{"bad request", "so does a request", "GET", "/greetings?times=0", "", answering("application/json", good), []string{"request_conformance: request query times: must be >= 1"}},
		{"bad body", "judged as it passes", "POST", "/greetings", `{}`, answering("text/plain", "ok"), []string{`request_conformance: request body: must have the property "word"`}},
		{"both", "each side is judged", "GET", "/greetings?times=x", "", answering("application/json", `{}`), []string{"request_conformance: request query times: must be an integer", missing}},
		{"status", "not documented", "GET", "/greetings", "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, []string{"status_code_conformance: response status: must be a documented status (200, 204), not 418"}},
		{"no content type", "none is made up by the proxy", "GET", "/greetings", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			_, _ = io.WriteString(w, good)
		}, []string{"content_type_conformance: response header Content-Type: must be there: the document lists application/json"}},
		{"path", "not documented", "GET", "/nope", "", answering("text/plain", "hm"), []string{"undocumented_endpoint: request path: must be a documented path"}},
		{"method", "not documented", "DELETE", "/greetings", "", answering("text/plain", "hm"), []string{"undocumented_endpoint: request method: must be a documented method of this path"}},
		{"gzip", "judged decompressed", "GET", "/greetings", "", zipped(`{}`), []string{missing}},
		{"brotli", "judged decompressed", "GET", "/greetings", "", coded("br", "\x8b\x00\x80{}\x03"), []string{missing}},
		{"an unknown coding", "cannot be judged, which is nobody's fault", "GET", "/greetings", "", coded("compress", "\x0b\x02\x80"),
			[]string{"unjudged: a response body in a Content-Encoding that cannot be undone"}},
		{"over the cap", "passes whole, and is told", "GET", "/greetings", "", answering("application/json", strings.Repeat(" ", 5000)+good),
			[]string{"response_schema_conformance: response body: must not be larger than 4000 bytes to be judged"}},
		{"large request", "passes whole, and is told", "POST", "/greetings", `{"word":"` + strings.Repeat("x", 5000) + `"}`, answering("text/plain", "ok"),
			[]string{"request_conformance: request body: must not be larger than 4000 bytes to be judged"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var proxied seen[string]
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				proxied.set(string(body))
				tc.upstream(w, r)
			}))
			s := buildWith(t, upstream, validator(t, contract.MaxBody(4000)))
			got := s.ask(t, tc.method, tc.target, tc.body, "Content-Type", "application/json")
			rec := httptest.NewRecorder()
			tc.upstream(rec, httptest.NewRequest(tc.method, tc.target, nil))
			direct := rec.Body.String()
			if got.status != rec.Code || got.body != direct || proxied.get() != tc.body {
				t.Errorf("%s: %d %q became %d %q, and the request %q became %q", tc.why, rec.Code, direct, got.status, got.body, tc.body, proxied.get())
			}
			r := s.settled(t, 1)
			if diff := cmp.Diff(tc.want, brief(r)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			if passed := r.Summary.Passed == 1; passed != (tc.want == nil) {
				t.Errorf("%s: passed: %t", tc.why, passed)
			}
		})
	}
}

// A 304 is the answer to a question that HTTP itself puts, which no document
// mentions (RFC 9110, 15.4.5). It has no body, and nothing is wrong with it.
func TestNotModifiedStandsForWhatTheClientHolds(t *testing.T) {
	t.Parallel()
	const undocumented = "status_code_conformance: response status: must be a documented status (200, 204), not 304"
	for _, tc := range []struct {
		name, why string
		header    []string
		enforced  int
		want      string
	}{
		{"entity tag", "conditional", []string{"If-None-Match", `"1"`}, 304, "unjudged: a 304 to a conditional request stands for the answer that the client holds"},
		{"date", "conditional", []string{"If-Modified-Since", "Thu, 15 Jan 2026 09:30:00 GMT"}, 304, "unjudged: a 304 to a conditional request stands for the answer that the client holds"},
		{"nothing asked", "there is nothing it could stand for", nil, 502, undocumented},
		{"if it is so", "If-Match is answered 412, never 304", []string{"If-Match", `"1"`}, 502, undocumented},
	} {
		for _, enforce := range []bool{false, true} {
			var opts []proxy.Option
			status := 304
			if enforce {
				opts, status = append(opts, proxy.Enforce()), tc.enforced
			}
			s := build(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", `"1"`)
				w.WriteHeader(http.StatusNotModified)
			}, opts...)
			a := s.ask(t, "GET", "/greetings", "", tc.header...)
			if a.status != status || status == 304 && a.header.Get("ETag") != `"1"` {
				t.Errorf("%s: %s: enforced %t: %+v", tc.name, tc.why, enforce, a)
			}
			if diff := cmp.Diff([]string{tc.want}, brief(s.settled(t, 1))); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", tc.name, tc.why, diff)
			}
		}
	}
}

func coded(coding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		answering("application/json", body)(w, r)
	}
}

func zipped(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, body)
		_ = z.Close()
	}
}

func TestTheReportTellsTheFirstOfEachAndHowOftenItCame(t *testing.T) {
	t.Parallel()
	told := make(chan report.Finding, 10)
	s := build(t, answering("application/json", `{}`), proxy.OnFinding(func(f report.Finding) { told <- f }))
	for range 3 {
		s.ask(t, "GET", "/greetings?times=2", "", "Authorization", "Bearer sk-very-secret")
	}
	s.settled(t, 3) // an answer is there before it is judged
	s.ask(t, "POST", "/missing?token=sk-very-secret", `{"a":1}`)
	s.ask(t, "GET", "/greetings", "")
	r := s.settled(t, 5)
	first, second := <-told, <-told
	if len(r.Findings) != 2 || first.Check == second.Check || len(told) > 0 {
		t.Fatalf("%d findings; told: %s, %s and %d more", len(r.Findings), first.Check, second.Check, len(told))
	}
	want := []report.Finding{
		{
			Check: "undocumented_endpoint", Severity: "error", Basis: "documented", Method: "POST", Path: "/missing", Keyword: "paths", Count: 1,
			Message: "request path: must be a documented path", HowToFix: "use a documented path, to the slash, or document this one",
			Curl: `curl -i --data-raw '{"a":1}' "` + s.upstream.URL + `/missing?token=$SECRET"`,
			Case: "undocumented_path",
		},
		{
			Check: "response_schema_conformance", Severity: "error", Basis: "documented", Operation: "greet", Method: "GET", Path: "/greetings",
			Status: 200, Keyword: "required", Count: 4,
			Message: `response body: must have the property "hello"`, HowToFix: "make the server keep the rule, or correct the document",
			Curl: `curl -i -H "Authorization: Bearer $DIGAKIT_KEY" '` + s.upstream.URL + `/greetings?times=2'`,
			Case: `invalid_body: must have the property "hello"`,
		},
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Curl = strings.ReplaceAll(f.Curl, " -H 'User-Agent: Go-http-client/1.1'", "")
		if f.Fingerprint == "" || f.Explanation == "" {
			t.Errorf("%+v", f)
		}
		f.Fingerprint, f.Explanation = "", ""
	}
	if diff := cmp.Diff(want, r.Findings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Tool != "proxy" || r.Target != s.upstream.URL || r.Coverage.Operations[0].Calls != 4 || r.Coverage.Operations[0].Counted != 4 {
		t.Errorf("%+v", r)
	}
}
