package fault_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/fault"
)

// TestMain keeps the tests off the network, loopback excepted.
func TestMain(m *testing.M) {
	http.DefaultTransport.(*http.Transport).DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("tests stay on loopback; %s is not", addr)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	os.Exit(m.Run())
}

const (
	listKeys = "list_api_keys_v1_api_key__get"
	keysPath = "/v1/api_key/"
	page     = `{"data":[],"has_more":false}` // fits the document's 200
)

func newValidator(t testing.TB, document []byte) *contract.Validator {
	t.Helper()
	v, err := contract.New(document)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// digaValidator is compiled once, as a server does.
var digaValidator = sync.OnceValues(func() (*contract.Validator, error) { return contract.New(spectest.Seed()) })

// diga returns an empty set for Diga's document, and its one operation.
func diga(t testing.TB, opts ...fault.Option) (*fault.Set, *contract.Operation) {
	t.Helper()
	v, err := digaValidator()
	if err != nil {
		t.Fatal(err)
	}
	return fault.NewSet(v, opts...), v.Operations()[0]
}

func add(t testing.TB, set *fault.Set, specs ...fault.Spec) {
	t.Helper()
	for _, spec := range specs {
		if _, err := set.Add(spec); err != nil {
			t.Fatal(err)
		}
	}
}

// inject answers with what the set says, and otherwise with a page.
func inject(t testing.TB, set *fault.Set, op *contract.Operation) http.Handler {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Next", "yes")
		_, _ = io.WriteString(w, page)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Outer", "yes")
		w.Header().Set("Content-Type", "text/x-outer")
		d := set.Fire(fault.Request{Operation: op, Query: r.URL.Query()})
		if d == nil {
			next.ServeHTTP(w, r)
			return
		}
		if d.Departure() != "" {
			w.Header().Set("Contract-Departure", d.Departure())
		}
		if err := d.Serve(w, r, next); err != nil && r.Context().Err() == nil {
			t.Errorf("serving: %v", err)
		}
	})
}

// serve puts a Diga server with these faults on a TCP port of loopback.
func serve(t testing.TB, specs ...fault.Spec) *httptest.Server {
	t.Helper()
	set, op := diga(t)
	add(t, set, specs...)
	srv := httptest.NewServer(inject(t, set, op))
	t.Cleanup(srv.Close)
	return srv
}

// raw returns every byte the server sends to one GET, and how reading ended.
func raw(t testing.TB, srv *httptest.Server) (string, error) {
	t.Helper()
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET "+keysPath+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	sent, err := io.ReadAll(bufio.NewReader(conn))
	return string(sent), err
}

// record calls the handler in process.
func record(t testing.TB, h http.Handler) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, keysPath, nil))
	return w.Result()
}

func bodyOf(t testing.TB, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
