package client_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/digakit/digakit/client"
)

// key stands in for a secret in all tests: no text may hold it.
const key = "diga-test-s3cr3t/\"<key>\"-0001"

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

// newClient is a client of handler, over a real connection.
func newClient(t *testing.T, handler http.HandlerFunc, opts ...client.Option) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return dial(t, server.URL, opts...)
}

func dial(t interface {
	Helper()
	Fatal(...any)
}, url string, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(url, key, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// roundTripper makes a function a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// inProcess answers without any connection, which a synctest bubble needs: a
// goroutine that waits for a socket would stop its clock.
func inProcess(handler http.HandlerFunc) client.Option {
	return client.WithHTTPClient(&http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		recorder := httptest.NewRecorder()
		handler(recorder, req)
		return recorder.Result(), nil
	})})
}

// answering sends the same response to everything.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil // no sniffing: empty means absent
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// emptyPage is the smallest body that the specification allows for a 200.
const emptyPage = `{"data":[],"has_more":false}`

// noRetry is for tests that count on one attempt.
func noRetry() client.Option { return client.WithMaxAttempts(1) }
