package fault_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/digakit/digakit/mockserver/fault"
)

// inProcess is a transport with no connection, as small as an Aborter allows.
type inProcess struct{ handler http.Handler }

type memoryWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
	err    error
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *memoryWriter) Abort(err error) {
	if w.err == nil {
		w.err = err
	}
}

// wrapped stands for the writers of middleware.
type wrapped struct{ inner http.ResponseWriter }

func (w wrapped) Header() http.Header            { return w.inner.Header() }
func (w wrapped) WriteHeader(status int)         { w.inner.WriteHeader(status) }
func (w wrapped) Write(p []byte) (int, error)    { return w.inner.Write(p) }
func (w wrapped) Unwrap() http.ResponseWriter    { return w.inner }
func (t inProcess) client() *http.Client         { return &http.Client{Transport: t} }
func (failing) Close() error                     { return nil }
func (f failing) Read([]byte) (n int, err error) { return 0, f.err }

type failing struct{ err error }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &memoryWriter{header: http.Header{}}
	t.handler.ServeHTTP(wrapped{w}, r)
	if w.err != nil && w.status == 0 {
		return nil, w.err
	}
	var body io.Reader = &w.body
	if w.err != nil {
		body = io.MultiReader(body, failing{w.err})
	}
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(body), Request: r}, nil
}

func TestAnAborterGivesTheClientTheErrorsOfTCP(t *testing.T) {
	t.Parallel()
	for _, tc := range broken {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, tc.spec)
			resp, err := inProcess{inject(t, set, op)}.client().Get("http://mock.test" + keysPath)
			if resp != nil && resp.Header.Get("Contract-Departure") == "" {
				t.Error("the headers are lost")
			}
			judge(t, resp, err, tc.status, tc.text, tc.is)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
			}
			if broken, ok := errors.AsType[*fault.ConnectionError](err); !ok || broken.FaultID != "fault-1" {
				t.Errorf("%v does not name the fault", err)
			}
		})
	}
}
