package fault_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/digakit/digakit/mockserver/fault"
)

// FuzzSpec: any data is a fault that works or a SpecError; nothing panics, a
// departure fits into a header, and a fault survives a snapshot.
func FuzzSpec(f *testing.F) {
	f.Add([]byte(everything), "limit=1")
	f.Add([]byte(`{"status":429,"retry_after":1,"times":2,"message":"\r\n\u0000"}`), "")
	f.Add([]byte(`{"match":{"query":{"limit":"1"}},"fault":"MALFORMED_RESPONSE_CHUNK","probability":0.9}`), "limit=1&limit=2")
	f.Add([]byte(`{"match":{"operation":"GET /v1/api_key/"},"truncateBodyAtFraction":0.3,"chunkedDribbleDelay":{"numberOfChunks":7,"totalDuration":3}}`), "")
	f.Add([]byte(`{"delayDistribution":{"type":"lognormal","median":80,"sigma":9,"maxValue":80},"body":"text"}`), "")
	f.Add([]byte(`{"status":403,"body":null,"delayDistribution":{"type":"uniform","upper":3}}`), "%")
	noWait := fault.WithSleep(func(_ context.Context, d time.Duration) error {
		if d < 0 || d > 2*fault.MaxDelay {
			panic(d)
		}
		return nil
	})
	f.Fuzz(func(t *testing.T, data []byte, query string) {
		var spec fault.Spec
		if json.Unmarshal(data, &spec) != nil {
			t.Skip("not even JSON")
		}
		set, op := diga(t, noWait)
		if _, err := set.Add(spec); err != nil {
			if err.Error() == "" || !utf8.ValidString(err.Error()) {
				t.Errorf("error %q", err)
			}
			return
		}
		values, _ := url.ParseQuery(query)
		next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) })
		for range 3 {
			d := set.Fire(fault.Request{Operation: op, Query: values})
			if d == nil {
				continue
			}
			for _, c := range d.Departure() {
				if c < ' ' || c > '~' {
					t.Errorf("departure %q", d.Departure())
				}
			}
			w := &memoryWriter{header: http.Header{}}
			if err := d.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, keysPath, nil), next); err != nil {
				t.Errorf("served %s with %v", data, err)
			}
			if w.status == 0 && w.err == nil {
				t.Errorf("%s: no answer and no broken connection", data)
			}
		}
		second, _ := diga(t)
		if err := second.Restore(set.Snapshot()); err != nil {
			t.Errorf("restoring: %v", err)
		}
	})
}
