package fault_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/digakit/digakit/mockserver/fault"
)

// TestNetHTTPHidesABrokenPooledConnection shows what the package documentation
// warns of.
func TestNetHTTPHidesABrokenPooledConnection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		pool      bool
		arrived   int64
		err       error
	}{
		{"pooled", "the transport sends the request again; the caller sees nothing", true, 3, nil},
		{"fresh", "the transport gives up; the caller sees the reset", false, 2, syscall.ECONNRESET},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, fault.Spec{Kind: fault.ConnectionResetByPeer, Skip: 1, Times: 1})
			var arrived atomic.Int64
			handler := inject(t, set, op)
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				arrived.Add(1)
				handler.ServeHTTP(w, r)
			}))
			t.Cleanup(srv.Close)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: !tc.pool, MaxConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			get := func() error {
				resp, err := client.Get(srv.URL)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				_, err = io.Copy(io.Discard, resp.Body)
				return err
			}
			if err := get(); err != nil { // fills the pool
				t.Fatal(err)
			}
			if err := get(); !errors.Is(err, tc.err) {
				t.Errorf("%s: got %v, want %v", tc.why, err, tc.err)
			}
			if got := arrived.Load(); got != tc.arrived {
				t.Errorf("%s: %d requests arrived, want %d", tc.why, got, tc.arrived)
			}
			if f := set.List()[0]; f.Fired != 1 {
				t.Errorf("fired %d times, want once either way", f.Fired)
			}
		})
	}
}
