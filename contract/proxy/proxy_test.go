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
		{"brotli", "cannot be judged, which is nobody's fault", "GET", "/greetings", "", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			answering("application/json", "\x0b\x02\x80")(w, r)
		}, []string{"unjudged: a response body in a Content-Encoding other than gzip and deflate"}},
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
