package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digakit/digakit/client"
)

// hurry makes retries over real connections take no time.
func hurry() client.Option { return client.WithBackoff(time.Nanosecond, time.Nanosecond) }

// hijack breaks the connection after sending raw bytes.
func hijack(w http.ResponseWriter, raw string) {
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = buffered.WriteString(raw)
	_ = buffered.Flush()
	_ = conn.Close()
}

func cutGzip() string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(emptyPage))
	_ = z.Close()
	half := b.String()[:b.Len()-6]
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(half), half)
}

func TestBrokenConnectionsAreRetried(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for _, test := range []struct{ name, why, raw string }{
		{"nothing sent", "a restart behind a balancer", ""},
		{"headers only", "", head},
		{"body cut, length known", "a 200 is no success before its last byte", head + "Content-Length: 28\r\n\r\n{\"data\":["},
		{"body cut, chunked", "the last chunk is missing", head + "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"data\":[\r\n"},
		{"body cut, compressed", "the length is right, the gzip stream is not", cutGzip()},
		{"not HTTP", "", "SSH-2.0-OpenSSH\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) <= 2 {
					hijack(w, test.raw)
					return
				}
				writePage(w, nil, false)
			}, hurry())
			if _, err := c.ListAPIKeys(t.Context(), nil); err != nil || requests.Load() != 3 {
				t.Errorf("%d requests, %v; want success with the third (%s)", requests.Load(), err, test.why)
			}
		})
	}
}

func TestBodyCutForGood(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		hijack(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"data\":[")
	}, hurry())
	_, err := c.ListAPIKeys(t.Context(), nil)
	want := "client: GET /v1/api_key/: answer of status 200 broke off after 9 bytes: unexpected EOF (after 4 attempts)"
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, client.ErrTransport) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestNotRetried(t *testing.T) {
	t.Parallel()
	dnsMiss := &net.DNSError{Err: "no such host", Name: "diga.test", IsNotFound: true}
	certificate := &tls.CertificateVerificationError{Err: errors.New("expired")}
	for _, test := range []struct {
		name, why string
		err       error
		want      int
	}{
		{"unknown host", "a typing mistake stays one", dnsMiss, 1},
		{"certificate", "asking again does not make it trusted", certificate, 1},
		{"resolver down", "passes", &net.DNSError{Err: "timeout", IsTimeout: true}, 4},
		{"refused", "a server that starts", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, 4},
		{"end of file", "an idle connection was closed", io.EOF, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			c := dial(t, "https://diga.test", hurry(), client.WithHTTPClient(&http.Client{
				Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					calls++
					return nil, test.err
				}),
			}))
			_, err := c.ListAPIKeys(t.Context(), nil)
			failed := (*client.Error)(nil)
			if !errors.As(err, &failed) || !errors.Is(err, test.err) || calls != test.want || failed.Attempts != test.want {
				t.Errorf("%d calls, %v; want %d (%s)", calls, err, test.want, test.why)
			}
		})
	}
}

func TestUntrustedCertificateIsNotRetried(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := dial(t, server.URL, hurry()).ListAPIKeys(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "certificate") || connections.Load() != 1 {
		t.Errorf("%d connections, %v; want 1 and the certificate's error", connections.Load(), err)
	}
}

func TestTransportErrorsDoNotShowTheKey(t *testing.T) {
	t.Parallel()
	// Such as a debugging transport may return.
	c := dial(t, "https://diga.test", noRetry(), client.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("failed: %v at https://u:pw@proxy", req.Header)
		}),
	}))
	_, err := c.ListAPIKeys(t.Context(), nil)
	for e := err; e != nil; {
		if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, "s3cr3t") || strings.Contains(text, "pw@") {
			t.Errorf("shown by %s", text)
		}
		many, ok := e.(interface{ Unwrap() []error })
		if !ok {
			break
		}
		e = many.Unwrap()[0]
	}
	if !strings.Contains(err.Error(), "[key]") {
		t.Errorf("%v", err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	requests := 0
	c := dial(t, "https://diga.test", inProcess(func(http.ResponseWriter, *http.Request) { requests++ }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.ListAPIKeys(ctx, nil); !errors.Is(err, context.Canceled) || requests != 0 {
		t.Errorf("%d requests, %v", requests, err)
	}
}

// A key of few letters is found in ordinary words; where it stands by itself it is the key.
func TestAShortKeyIsReplacedWhereItStandsByItself(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, message, want string }{
		{"a", "a bad agent: key=a, 'a' has failed at A", "[key] bad agent: key=[key], '[key]' has failed at A"},
		{"key", "the key of a keyboard, a monkey", "the [key] of a keyboard, a monkey"},
		{"+1", "a+1 is 1+1: +12 +1", "a[key] is 1[key]: +12 [key]"},
		{"<b>", "x<b>y &lt;b&gt;", "x[key]y [key]"},
		{"12345678", "in a word: a12345678b", "in a word: a[key]b"},
	} {
		c, err := client.New("https://diga.test", test.key, noRetry(), inProcess(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_ = json.NewEncoder(w).Encode(map[string]string{"status": "error", "error_code": "X", "message": test.message})
		}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.ListAPIKeys(t.Context(), nil)
		failed := (*client.Error)(nil)
		if !errors.As(err, &failed) || failed.Message != test.want {
			t.Errorf("key %q: %v, want %q", test.key, err, test.want)
		}
	}
}
