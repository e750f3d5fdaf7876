package proxy_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
)

func TestEnforcing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		method    string
		target    string
		body      string
		upstream  http.HandlerFunc
		status    int
		calls     int32
		want      []string // violations
	}{
		{"clean", "passes", "GET", "/greetings", "", answering("application/json", good), 200, 1, nil},
		{"clean with a body", "passes", "POST", "/greetings", `{"word":"hi"}`, answering("text/plain", good), 200, 1, nil},
		{"bad query", "the upstream is not asked", "GET", "/greetings?times=sk-secret", "", answering("application/json", good), 422, 0, []string{"request query times: must be an integer"}},
		{"bad body", "the upstream is not asked", "POST", "/greetings", `{"word":7}`, answering("text/plain", good), 422, 0, []string{"request body /word: must be a string"}},
		{"undocumented", "the upstream is not asked", "GET", "/sk-secret", "", answering("text/plain", good), 422, 0, []string{"request path: must be a documented path"}},
		{"large request", "cannot be judged, so it does not pass", "POST", "/greetings", strings.Repeat(" ", 5000), answering("text/plain", good), 422, 0, []string{"request body: must not be larger than 4000 bytes to be judged"}},
		{"bad answer", "held back", "GET", "/greetings", "", answering("application/json", `{"hello":5,"secret":"sk-secret"}`), 502, 1, []string{"response body /hello: must be a string"}},
		{"large answer", "cannot be judged, so it does not pass", "GET", "/greetings", "", answering("application/json", `{"hello":"`+strings.Repeat("x", 5000)+`"}`), 502, 1, []string{"response body: must not be larger than 4000 bytes to be judged"}},
		{"undocumented status", "held back", "GET", "/greetings", "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, 502, 1, []string{"response status: must be a documented status (200, 204), not 418"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				if body, _ := io.ReadAll(r.Body); string(body) != tc.body {
					t.Errorf("the upstream reads %q", body)
				}
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Cache-Control", "max-age=60")
				tc.upstream(w, r)
			}))
			s := buildWith(t, upstream, validator(t, contract.MaxBody(4000)), proxy.Enforce())
			a := s.ask(t, tc.method, tc.target, tc.body, "Content-Type", "application/json")
			if a.status != tc.status || calls.Load() != tc.calls {
				t.Fatalf("%s: %+v after %d calls", tc.why, a, calls.Load())
			}
			r := s.settled(t, 1)
			if tc.want == nil {
				if a.body != good || a.header.Get("ETag") != `"1"` || r.Summary.Passed != 1 {
					t.Errorf("%s: %+v, %+v", tc.why, a, r.Summary)
				}
				return
			}
			p := problemOf(t, a, tc.status)
			var got []string
			for _, v := range p.Violations {
				got = append(got, v.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			var header []struct{ Message string }
			if err := json.Unmarshal([]byte(a.header.Get("sl-violations")), &header); err != nil || len(header) != len(tc.want) {
				t.Errorf("sl-violations %q: %v", a.header.Get("sl-violations"), err)
			}
			if a.header.Get("ETag") != "" || strings.Contains(a.body, "sk-secret") {
				t.Errorf("%s: %v %s", tc.why, a.header, a.body)
			}
			if len(r.Findings) != len(tc.want) || r.Summary.Passed != 0 {
				t.Errorf("%s: %+v", tc.why, r)
			}
			if made := r.Coverage.Operations[0].Calls + r.Coverage.Operations[1].Calls; made != int64(tc.calls) {
				t.Errorf("%s: %d calls are covered", tc.why, made)
			}
		})
	}
}

func TestEnforcingAsksOnlyForWhatItCanJudge(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why   string
		sent, given []string
	}{
		{"browser", "what it offers can be undone, but for one", []string{"gzip, deflate, br;q=1.0, zstd, compress"}, []string{"gzip, deflate, br;q=1.0, zstd"}},
		{"nothing else", "an absent header would allow anything", []string{"compress"}, []string{"identity"}},
		{"absent", "nothing is added", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var saw seen[[]string]
			s := build(t, func(w http.ResponseWriter, r *http.Request) {
				saw.set(r.Header["Accept-Encoding"])
				answering("application/json", good)(w, r)
			}, proxy.Enforce())
			var header []string
			for _, value := range tc.sent {
				header = append(header, "Accept-Encoding", value)
			}
			s.ask(t, "GET", "/greetings", "", header...)
			if diff := cmp.Diff(tc.given, saw.get()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}
