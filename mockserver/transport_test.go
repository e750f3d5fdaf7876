package mockserver_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/fault"
)

func ask(t *testing.T, rt http.RoundTripper, method, path, key string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://diga.test"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = as(key)
	return (&http.Client{Transport: rt}).Do(r)
}

// In process the answers are those that come over a connection.
func TestTransportAnswersLikeAConnection(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, tc := range []struct{ method, path, key string }{
		{"GET", keysPath + "?limit=1000", mockserver.ReadOnlyKey},
		{"GET", keysPath + "?limit=0", mockserver.ReadOnlyKey},
		{"GET", keysPath, mockserver.NoAccessKey},
		{"GET", "/v1/api_key?limit=2", mockserver.ReadOnlyKey},
		{"GET", "/nowhere", ""},
		{"HEAD", keysPath, mockserver.ReadOnlyKey},
		{"POST", keysPath, mockserver.ReadOnlyKey},
	} {
		t.Run(tc.method+tc.path, func(t *testing.T) {
			t.Parallel()
			type seen struct {
				Status, Type, Allow, Violations string
				Length                          int64
				Body                            string
			}
			look := func(resp *http.Response, err error) seen {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err != nil {
					t.Fatal(err)
				}
				h := resp.Header
				return seen{resp.Status, h.Get("Content-Type"), h.Get("Allow"), h.Get("Sl-Violations"), resp.ContentLength, string(body)}
			}
			r, err := http.NewRequestWithContext(t.Context(), tc.method, srv.URL()+tc.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = as(tc.key)
			want := look(http.DefaultClient.Do(r))
			if diff := cmp.Diff(want, look(ask(t, srv.Transport(), tc.method, tc.path, tc.key))); diff != "" {
				t.Errorf("in process (-connection +transport):\n%s", diff)
			}
		})
	}
}

func TestTransportInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, err := mockserver.New(mockserver.WithLatency(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		resp, err := ask(t, srv.Transport(), http.MethodGet, keysPath, mockserver.ReadOnlyKey)
		if err != nil || resp.StatusCode != http.StatusOK || time.Since(start) != time.Minute {
			t.Errorf("got %v, %v after %s; want 200 after a minute", resp, err, time.Since(start))
		}
		resp.Body.Close()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://diga.test"+keysPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := srv.Transport().RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a client that gave up got %v", err)
		}
	})
}

// What a handler does to its answer reaches the client as over a connection.
func TestTransportStreamsAndBreaks(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("x"), 200<<10)
	for _, tc := range []struct {
		name, why string
		answer    raw
		want      error // of reading the body
	}{
		{"a long body", "comes whole", func(w http.ResponseWriter) { _, _ = w.Write(long) }, nil},
		{"a short one", "ends unexpectedly", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("x"))
		}, io.ErrUnexpectedEOF},
		{"broken off", "ends unexpectedly", func(w http.ResponseWriter) {
			_, _ = w.Write([]byte("x"))
			panic(http.ErrAbortHandler)
		}, io.ErrUnexpectedEOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rt := mockserver.InProcess(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { tc.answer(w) }))
			resp, err := ask(t, rt, http.MethodGet, "/", "")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if _, err := io.ReadAll(resp.Body); !errors.Is(err, tc.want) {
				t.Errorf("%s: reading gave %v, want %v", tc.why, err, tc.want)
			}
		})
	}
	t.Run("flushed", func(t *testing.T) {
		t.Parallel()
		left := make(chan struct{})
		rt := mockserver.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("first"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			close(left)
		}))
		resp, err := ask(t, rt, http.MethodGet, "/", "")
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 5)
		if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" {
			t.Errorf("read %q, %v before the handler has ended", first, err)
		}
		resp.Body.Close()
		<-left // closing the body told the handler
	})
}

// An exchange that was broken off before its answer began has none, however soon the handler
// is done afterwards.
func TestNothingIsAnsweredBehindAnAbort(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken off")
	in := mockserver.InProcess(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.(fault.Aborter).Abort(broken) }))
	for range 2000 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://mock.test/", http.NoBody)
		try(t, err)
		if resp, err := in.RoundTrip(r); !errors.Is(err, broken) {
			t.Fatalf("answered %v, %v", resp, err)
		}
	}
}
