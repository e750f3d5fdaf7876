package contract_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

// wire is a base transport that records what it is given.
type wire struct {
	got    []*http.Request
	bodies []string
	answer *http.Response
	err    error
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.got = append(w.got, r)
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		w.bodies = append(w.bodies, string(body))
	}
	return w.answer, w.err
}

func respond(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: jsonHeader(), Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}

func TestTransport(t *testing.T) {
	t.Parallel()
	good := string(page(1, 1))
	for _, c := range []struct {
		name, why, url string
		answer         *http.Response
		kind           error // nil: none
		sent           int
		want           []string
	}{
		{"valid", "the body is whole", "http://any.example/v1/api_key/?limit=5", respond(200, good), nil, 1, nil},
		{"bad request", "is not sent", "http://any.example/v1/api_key/?limit=0", respond(200, good), contract.ErrRequest, 0, []string{"invalid_parameter query:limit minimum"}},
		{"unknown path", "is not sent", "http://any.example/v1/api_key", respond(200, good), contract.ErrRequest, 0, []string{"undocumented_path path paths"}},
		{"bad response", "is not handed over", "http://any.example/v1/api_key/", respond(200, `{}`), contract.ErrResponse, 1, []string{"invalid_body body required", "invalid_body body required"}},
		{"too large", "cannot be judged", "http://any.example/v1/api_key/", respond(200, strings.Repeat(" ", 5000)), contract.ErrResponse, 1, []string{"body_too_large body"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := &wire{answer: c.answer}
			var seen []contract.Exchange
			client := &http.Client{Transport: diga(t, contract.MaxBody(4000)).Transport(base, contract.Observe(func(x contract.Exchange) { seen = append(seen, x) }))}
			resp, err := client.Get(c.url)
			if len(base.got) != c.sent || len(seen) != 1 {
				t.Fatalf("%s: sent %d, seen %d", c.why, len(base.got), len(seen))
			}
			expectSame(t, c.want, brief(seen[0].Violations))
			if c.kind == nil {
				if err != nil {
					t.Fatal(err)
				}
				if body, _ := io.ReadAll(resp.Body); string(body) != good {
					t.Errorf("%s: %s", c.why, body)
				}
				return
			}
			var broken *contract.Error
			if !errors.Is(err, c.kind) || !errors.As(err, &broken) {
				t.Fatalf("%s: %v", c.why, err)
			}
			if errors.Is(err, contract.ErrRequest) == errors.Is(err, contract.ErrResponse) {
				t.Error("it is both kinds of error")
			}
			expectSame(t, c.want, brief(broken.Violations))
		})
	}
}

func expectSame(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTransportLeavesTheRequestAlone(t *testing.T) {
	t.Parallel()
	base := &wire{answer: &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}}
	rt := depot(t).Transport(base)
	const body = `{"kind":"letter"}`
	r, _ := http.NewRequest("POST", "https://h.example/parcels?b=2&a=1&&x", io.NopCloser(strings.NewReader(body)))
	r.Header.Set("X-Depot", "ULM")
	r.Header.Set("Content-Type", "application/json")
	before, original := r.Clone(t.Context()), r.Body
	if _, err := rt.RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if r.Body != original || r.URL.String() != before.URL.String() || cmp.Diff(before.Header, r.Header) != "" || r.ContentLength != before.ContentLength {
		t.Error("the caller's request changed")
	}
	sent := base.got[0]
	if sent.URL.String() != before.URL.String() || base.bodies[0] != body || cmp.Diff(before.Header, sent.Header) != "" || sent.ContentLength != r.ContentLength {
		t.Errorf("the wire has %s %s", sent.URL, base.bodies[0])
	}
}

func TestTransportHandsOverWhatIsNotModified(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]contract.TransportOption{nil, {contract.ObserveOnly()}, {contract.FailTest(t)}} {
		var seen contract.Exchange
		base := &wire{answer: respond(http.StatusNotModified, "")}
		client := &http.Client{Transport: diga(t).Transport(base, append(opts, contract.Observe(func(x contract.Exchange) { seen = x }))...)}
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://any.example/v1/api_key/", nil)
		r.Header.Set("If-None-Match", `"1"`)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNotModified || seen.Unjudged == "" || seen.Violations != nil {
			t.Errorf("%d, unjudged %q, %v", resp.StatusCode, seen.Unjudged, seen.Violations)
		}
	}
}

func TestTransportObserveOnly(t *testing.T) {
	t.Parallel()
	good := string(page(1, 1))
	for _, c := range []struct {
		name, why, target string
		read              func(io.ReadCloser)
		want              []string
		unjudged          string
	}{
		{"read", "judged at the end", keys + "?limit=0", func(b io.ReadCloser) { _, _ = io.Copy(io.Discard, b) }, []string{"invalid_parameter query:limit minimum"}, ""},
		{"closed early", "nothing to judge", keys, func(b io.ReadCloser) { _ = b.Close(); _ = b.Close() }, nil, "the response's body was not read to its end"},
		{"undocumented", "passes", "/nope", func(b io.ReadCloser) { _, _ = io.Copy(io.Discard, b) }, []string{"undocumented_path path paths"}, "no documented operation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(answer(200, "application/json", good))
			defer server.Close()
			var seen []contract.Exchange
			rt := diga(t).Transport(nil, contract.ObserveOnly(), contract.Observe(func(x contract.Exchange) { seen = append(seen, x) }))
			resp, err := (&http.Client{Transport: rt}).Get(server.URL + c.target)
			if err != nil {
				t.Fatal(err)
			}
			c.read(resp.Body)
			_ = resp.Body.Close()
			if len(seen) != 1 || seen[0].Unjudged != c.unjudged {
				t.Fatalf("%s: %+v", c.why, seen)
			}
			expectSame(t, c.want, brief(seen[0].Violations))
		})
	}
}

func TestTransportPassesErrorsOn(t *testing.T) {
	t.Parallel()
	failed := errors.New("no route to host")
	rt := diga(t).Transport(&wire{err: failed})
	r, _ := http.NewRequest("GET", "http://any.example/v1/api_key/", nil)
	if _, err := rt.RoundTrip(r); !errors.Is(err, failed) {
		t.Error(err)
	}
}

func TestErrorsNameTheRuleAndNoMore(t *testing.T) {
	t.Parallel()
	rt := diga(t).Transport(&wire{})
	r, _ := http.NewRequest("GET", "http://any.example/v1/api_key/?limit=sk-secret&page=0&after=sk-secret&order=sk-secret", nil)
	_, err := rt.RoundTrip(r)
	want := "contract: request breaks the contract (list_api_keys_v1_api_key__get): request query after: must match format uuid; " +
		`request query limit: must be an integer; request query order: must be one of "asc", "desc"; and 1 more`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
