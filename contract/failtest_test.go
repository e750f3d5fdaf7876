package contract_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

// fakeT is a test that has failed when errors is not empty.
type fakeT struct {
	mu       sync.Mutex
	errors   []string
	cleanups []func()
	ended    bool
}

func (f *fakeT) Helper() {}

func (f *fakeT) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		panic("Errorf after the test has ended") // as testing.T does
	}
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fakeT) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }

// end runs what testing.T runs when a test ends.
func (f *fakeT) end() {
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		f.cleanups[i]()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
}

func TestFailTest(t *testing.T) {
	t.Parallel()
	good := string(page(1, 2))
	headless := strings.ReplaceAll(good, `"last_four_digits":"a1b2",`, "")
	for _, tc := range []struct {
		name, why string
		target    string
		handler   http.HandlerFunc
		read      bool
		want      string // what failed the test
	}{
		{"clean", "nothing to say", keys + "?limit=2", answer(200, "application/json", good), true, ""},
		{"request", "it is sent all the same", keys + "?limit=0", answer(200, "application/json", good), true, `contract: GET /v1/api_key/ (list_api_keys_v1_api_key__get), answered 200, breaks the document:
  request query limit: must be >= 1
    fix: send a value that keeps the rule
  repeat: curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'URL/v1/api_key/?limit=0'`},
		{"items alike", "both keys lack it: that is one violation", keys, answer(200, "application/json", headless), true, `contract: GET /v1/api_key/ (list_api_keys_v1_api_key__get), answered 200, breaks the document:
  response body /data/0: must have the property "last_four_digits"
    fix: make the server keep the rule, or correct the document
  repeat: curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'URL/v1/api_key/'`},
		{"not read", "a test that looks at the status alone is told too", keys, answer(418, "", ""), false, `contract: GET /v1/api_key/ (list_api_keys_v1_api_key__get), answered 418, breaks the document:
  response status: must be a documented status (200, 403, 422, 500), not 418
    fix: answer with a documented status, or document this one
  repeat: curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'URL/v1/api_key/'`},
		{"undocumented", "the path", "/v1/nope", answer(200, "application/json", good), true, `contract: GET /v1/nope, answered 200, breaks the document:
  request path: must be a documented path
    fix: use a documented path, to the slash, or document this one
  repeat: curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'URL/v1/nope'`},
		{"too large", "handed over whole, and told", keys, answer(200, "application/json", good+strings.Repeat(" ", 9000)), true, `contract: GET /v1/api_key/ (list_api_keys_v1_api_key__get), answered 200, breaks the document:
  response body: must not be larger than 5000 bytes to be judged
    fix: send less, or raise the cap (MaxBody)
  repeat: curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'URL/v1/api_key/'`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.handler)
			defer server.Close()
			var fake fakeT
			defer fake.end()
			seen := 0
			rt := diga(t, contract.MaxBody(5000)).Transport(nil, contract.FailTest(&fake), contract.Observe(func(contract.Exchange) { seen++ }))
			const times = 3
			for range times {
				r, err := http.NewRequest("GET", server.URL+tc.target, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Authorization", "Bearer sk-secret")
				resp, err := rt.RoundTrip(r)
				if err != nil {
					t.Fatalf("%s: the exchange does not go on: %v", tc.why, err)
				}
				rec := httptest.NewRecorder()
				tc.handler(rec, r)
				if resp.StatusCode != rec.Code {
					t.Errorf("%s: answered %d", tc.why, resp.StatusCode)
				}
				if tc.read {
					if body, err := io.ReadAll(resp.Body); err != nil || string(body) != rec.Body.String() {
						t.Errorf("%s: read %d bytes of %d, %v", tc.why, len(body), rec.Body.Len(), err)
					}
				}
				_ = resp.Body.Close()
			}
			var want []string
			if tc.want != "" {
				want = []string{strings.ReplaceAll(tc.want, "URL", server.URL)}
			}
			if diff := cmp.Diff(want, fake.errors); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			if seen != times {
				t.Errorf("the observer saw %d exchanges of %d", seen, times)
			}
		})
	}
}

func TestFailTestIsBounded(t *testing.T) {
	t.Parallel()
	var fake fakeT
	rt := diga(t).Transport(&wire{answer: respond(200, "{}")}, contract.FailTest(&fake))
	for i := range 100 {
		r, _ := http.NewRequest("GET", fmt.Sprintf("http://h.example/%d", i), nil)
		if _, err := rt.RoundTrip(r); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(fake.errors); n != 51 || !strings.Contains(fake.errors[50], "only the first 50") {
		t.Errorf("%d failures, the last: %s", n, fake.errors[n-1])
	}
}

func TestFailTestLeavesWhatCannotBeJudgedAlone(t *testing.T) {
	t.Parallel()
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		failed := errors.New("no route to host")
		var fake fakeT
		r, _ := http.NewRequest("GET", "http://h.example/v1/api_key/", nil)
		if _, err := diga(t).Transport(&wire{err: failed}, contract.FailTest(&fake)).RoundTrip(r); !errors.Is(err, failed) || fake.errors != nil {
			t.Errorf("%v, %q", err, fake.errors)
		}
	})
	t.Run("broken off", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"data"`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		defer server.Close()
		var fake fakeT
		resp, err := (&http.Client{Transport: diga(t).Transport(nil, contract.FailTest(&fake))}).Get(server.URL + keys)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); string(body) != `{"data"` || !errors.Is(err, io.ErrUnexpectedEOF) || fake.errors != nil {
			t.Errorf("read %q, %v; told %q", body, err, fake.errors)
		}
	})
	t.Run("events", func(t *testing.T) {
		t.Parallel()
		release := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: 1\n\n")
			_ = http.NewResponseController(w).Flush()
			<-release
		}))
		defer server.Close()
		var fake fakeT
		resp, err := (&http.Client{Transport: diga(t).Transport(nil, contract.FailTest(&fake))}).Get(server.URL + keys) // does not wait for the end
		if err != nil {
			t.Fatal(err)
		}
		close(release)
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if len(fake.errors) != 1 || !strings.Contains(fake.errors[0], "must be a documented media type") {
			t.Errorf("%q", fake.errors)
		}
	})
}

func TestFailTestKeepsRequestBodies(t *testing.T) {
	t.Parallel()
	base := &wire{answer: &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}}
	var fake fakeT
	r, _ := http.NewRequest("POST", "http://h.example/parcels", strings.NewReader(`{"kind":7}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Depot", "ULM")
	if _, err := depot(t).Transport(base, contract.FailTest(&fake)).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if len(base.bodies) != 1 || base.bodies[0] != `{"kind":7}` {
		t.Errorf("the wire has %q", base.bodies)
	}
	if len(fake.errors) != 1 || !strings.Contains(fake.errors[0], `--data-raw '{"kind":7}'`) {
		t.Errorf("%q", fake.errors)
	}
}

// testing.T panics when a test that has ended is failed; so does fakeT.
func TestFailTestIsSilentAfterTheTest(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-release
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	var fake fakeT
	var seen []contract.Exchange
	client := &http.Client{Transport: diga(t).Transport(nil, contract.FailTest(&fake), contract.Observe(func(x contract.Exchange) { seen = append(seen, x) }))}
	done := make(chan error)
	go func() {
		resp, err := client.Get(server.URL + keys)
		if err == nil {
			err = resp.Body.Close()
		}
		done <- err
	}()
	<-asked
	fake.end()
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || len(seen[0].Violations) == 0 || len(fake.errors) > 0 {
		t.Errorf("%+v, told %q", seen, fake.errors)
	}
}

func TestFailTestFromManyGoroutines(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(answer(418, "", ""))
	defer server.Close()
	var fake fakeT
	client := &http.Client{Transport: diga(t).Transport(nil, contract.FailTest(&fake))}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if i == 8 {
				fake.end() // must not race with the others
			}
			if resp, err := client.Get(server.URL + keys); err == nil {
				_ = resp.Body.Close()
			}
		})
	}
	wg.Wait()
	if len(fake.errors) > 1 {
		t.Errorf("failed %d times", len(fake.errors))
	}
}
