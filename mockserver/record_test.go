package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/guard"
	"github.com/digakit/digakit/mockserver/recording"
)

// fakeT is a test that Record is called of.
type fakeT struct {
	testing.TB
	errors  []string
	cleanup []func()
}

func (f *fakeT) Helper()      {}
func (f *fakeT) Failed() bool { return len(f.errors) > 0 }
func (f *fakeT) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *fakeT) Fatalf(format string, args ...any) { f.Errorf(format, args...) }
func (f *fakeT) Cleanup(end func())                { f.cleanup = append(f.cleanup, end) }

// recorded is what a run of requests, METHOD PATH or METHOD PATH BODY, comes to.
func recorded(t *testing.T, name string, asks []string, opts ...mockserver.Option) (errors string) {
	t.Helper()
	srv := mockserver.Start(t, append([]mockserver.Option{mockserver.WithKeys(3)}, opts...)...)
	f := &fakeT{TB: t}
	srv.Record(f, name)
	for _, ask := range asks {
		method, rest, _ := strings.Cut(ask, " ")
		path, body, _ := strings.Cut(rest, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, strings.NewReader(body))
		try(t, err)
		r.Header.Set("Content-Type", "application/json")
		if !strings.HasPrefix(path, "/_mock/") {
			r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		try(t, err)
		try(t, resp.Body.Close())
	}
	for _, end := range f.cleanup {
		end()
	}
	return strings.Join(f.errors, "\n")
}

// story is a run in which much of the state is changed through both doors.
var story = []string{
	"GET /v1/api_key/?limit=2",
	`POST /_mock/projects/demo/api_keys {"name":"New","permissions":["calls.view"]}`,
	"GET /v1/api_key/?limit=1",
	`POST /_mock/projects/demo/faults {"status":503,"times":1}`,
	"GET /v1/api_key/",
	`PUT /_mock/projects/demo/clock {"action":"advance","by":"1h"}`,
	`POST /_mock/projects {"name":"other"}`,
	"GET /v1/nowhere",
}

// testdata/story.run is what it was answered; DIGAKIT_UPDATE=1 writes it anew.
func TestRecordedStory(t *testing.T) {
	if failed := recorded(t, "story", story); failed != "" {
		t.Error(failed)
	}
	replay(t, filepath.Join("testdata", "story.run"), len(story), mockserver.WithKeys(3))
}

// replay asks a run again, of a fresh mock and of one that runs and was started in the same
// way; all answers must be the same.
func replay(t *testing.T, path string, exchanges int, opts ...mockserver.Option) {
	t.Helper()
	file, err := os.Open(path)
	try(t, err)
	defer file.Close()
	run, err := recording.Read(file)
	try(t, err)
	fresh, err := mockserver.New(append([]mockserver.Option{mockserver.WithRun(run)}, opts...)...)
	try(t, err)
	running := mockserver.Start(t, opts...)
	for name, target := range map[string]recording.Target{
		"fresh":   {URL: "http://mock.test", Transport: fresh.Transport()},
		"running": {URL: running.URL(), Transport: http.DefaultTransport, Freeze: true},
	} {
		asked := 0
		try(t, run.Replay(t.Context(), target, func(i int, differences []recording.Difference) bool {
			asked++
			if len(differences) > 0 {
				t.Errorf("%s: %s %s: %v", name, run.Exchanges[i].Request.Method, run.Exchanges[i].Request.Path, differences)
			}
			return true
		}))
		if asked != exchanges {
			t.Errorf("%s: %d requests were sent again, not %d", name, asked, exchanges)
		}
	}
}

func TestRecordTellsTheFirstDifference(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DIGAKIT_UPDATE", "1")
	run := []string{"GET /v1/api_key/?limit=2", "GET /v1/api_key/?limit=1"}
	if failed := recorded(t, "deep/keys", run); failed != "" {
		t.Fatal(failed)
	}
	try(t, os.Unsetenv("DIGAKIT_UPDATE")) // t.Setenv puts it back
	for _, tc := range []struct {
		why, name string
		asks      []string
		opts      []mockserver.Option
		says      []string // nil: it passes
	}{
		{why: "the same", asks: run},
		{
			why: "another body", asks: run, opts: []mockserver.Option{mockserver.WithProfile(mockserver.Profile{PageFields: mockserver.PageFieldsAlways})},
			says: []string{"answer 1 of the run", "body at /current_page: expected null, got 1", "curl -i", "$DIGAKIT_KEY", "limit=2", "DIGAKIT_UPDATE=1"},
		},
		{
			why: "another status", asks: run, opts: []mockserver.Option{overriding(t, "list_api_keys_v1_api_key__get: {status: 403}")},
			says: []string{"answer 1 of the run", "status: expected 200, got 403"},
		},
		{why: "another request", asks: []string{run[0], "GET /v1/api_key/"}, says: []string{"request 2 of the run", "query: expected a text of 7 bytes, got nothing"}},
		{why: "another order", asks: []string{run[1], run[0]}, says: []string{"request 1 of the run"}},
		{why: "one more", asks: append(run[:2:2], run[0]), says: []string{"request 3 of the run", "expected nothing, got GET /v1/api_key/"}},
		{why: "one less", asks: run[:1], says: []string{"request 2 of the run", "expected GET /v1/api_key/, got nothing"}},
		{why: "there is no file", name: "other", asks: run, says: []string{"there is no", "other.run", "DIGAKIT_UPDATE=1"}},
	} {
		if tc.name == "" {
			tc.name = "deep/keys"
		}
		failed := recorded(t, tc.name, tc.asks, tc.opts...)
		if (failed != "") != (tc.says != nil) {
			t.Errorf("%s: %s", tc.why, failed)
		}
		for _, says := range tc.says {
			if !strings.Contains(failed, says) {
				t.Errorf("%s: without %q:\n%s", tc.why, says, failed)
			}
		}
		if strings.Contains(failed, mockserver.UnrestrictedKey) {
			t.Errorf("%s: a key is shown:\n%s", tc.why, failed)
		}
	}
}

func overriding(t *testing.T, text string) mockserver.Option {
	t.Helper()
	list, err := mockserver.ParseOverrides("overrides.yaml", []byte(text))
	try(t, err)
	return mockserver.WithOverrides(list...)
}

// A whole document's operations are recorded, and asked again.
func TestEveryOperationCanBeAskedAgain(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		path := filepath.Join(t.TempDir(), "run.ndjson")
		file, err := os.Create(path)
		try(t, err)
		again := newCaller(t, c.doc.JSON(), mockserver.WithRecording(file))
		sent := 0
		for _, l := range again.plan.Lines {
			if path, ok := again.paths(l); ok {
				again.send(l, path, nil, again.body(l))
				sent++
			}
		}
		try(t, file.Close())
		text, err := os.ReadFile(path)
		try(t, err)
		replay(t, path, strings.Count(string(text), "\n")-1, mockserver.WithDocument(c.doc), mockserver.WithKeys(20))
		if sent == 0 {
			t.Error("nothing was sent")
		}
	})
}

// A recording of a clock that runs, of requests that come at the same time, of answers that a
// fault breaks, and of a control API with a token, is asked again with the same answers.
func TestRecordingOfWhatComesTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.ndjson")
	file, err := os.Create(path)
	try(t, err)
	const token = "the-token-of-the-control-api"
	srv := mockserver.Start(t, mockserver.WithFrozenClock(time.Time{}), mockserver.WithRecording(file), mockserver.WithGuard(guard.Config{Addr: "localhost", Token: token}))
	ask := func(method, path, key, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		if resp, err := http.DefaultTransport.RoundTrip(r); err == nil { // or the fault has broken it
			_ = resp.Body.Close()
		}
	}
	ask("POST", "/_mock/projects/demo/faults", token, `{"match":{"query":{"limit":"3"}},"fault":"CONNECTION_RESET_BY_PEER"}`)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			ask("POST", "/_mock/projects/demo/api_keys", token, fmt.Sprintf(`{"name":"Key_%d"}`, i))
			ask("GET", "/v1/api_key/?limit="+fmt.Sprint(i), mockserver.UnrestrictedKey, "")
		})
	}
	all.Wait()
	try(t, file.Close())
	text, err := os.ReadFile(path)
	try(t, err)
	if strings.Contains(string(text), token) {
		t.Error("the token of the control API is in the recording")
	}
	run, err := recording.Read(bytes.NewReader(text))
	try(t, err)
	fresh, err := mockserver.New(mockserver.WithRun(run))
	try(t, err)
	broken := 0
	try(t, run.Replay(t.Context(), recording.Target{URL: "http://mock.test", Transport: fresh.Transport()}, func(i int, differences []recording.Difference) bool {
		if run.Exchanges[i].Response.Status == 0 {
			broken++
		}
		if len(differences) > 0 {
			t.Errorf("%s %s: %v", run.Exchanges[i].Request.Method, run.Exchanges[i].Request.Path, differences)
		}
		return true
	}))
	if len(run.Exchanges) < 17 || broken == 0 { // Go's client may ask again where a connection broke
		t.Errorf("%d exchanges were recorded, %d of them broken", len(run.Exchanges), broken)
	}
}
