package fault_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/digakit/digakit/mockserver/fault"
)

var broken = []struct {
	name, why string
	spec      fault.Spec
	bytes     string // what arrives, as a pattern
	reset     bool   // reading ends with a reset, not with an end
	status    int    // 0: the client gets no response
	text      string // in the client's error
	is        error  // the client's error; nil: it has no name
}{
	{"empty", "not a byte comes", fault.Spec{Kind: fault.EmptyResponse}, `^$`, false, 0, "EOF", io.EOF},
	{"reset", "RST instead of FIN", fault.Spec{Kind: fault.ConnectionResetByPeer}, `^$`, true, 0, "connection reset by peer", syscall.ECONNRESET},
	{"random", "bytes that are no HTTP", fault.Spec{Kind: fault.RandomDataThenClose}, `^[\x80-\xff]{256}\r\n$`, false, 0, "malformed HTTP response", nil},
	{"malformed", "a good header, then no chunk", fault.Spec{Kind: fault.MalformedResponseChunk},
		`^HTTP/1\.1 200 OK\r\nContent-Type: application/json\r\nContract-Departure: fault fault-1: MALFORMED_RESPONSE_CHUNK\r\n` +
			`Transfer-Encoding: chunked\r\nX-Outer: yes\r\n\r\n[\x80-\xff]{256}\r\n$`, false, 200, "invalid byte in chunk length", nil},
	{"truncated", "half of what the header declares", fault.Spec{TruncateBodyAtFraction: new(0.5)},
		`^HTTP/1\.1 200 OK\r\n(?s:.*)Content-Length: 28\r\n(?s:.*)\r\n\r\n\{"data":\[\],"ha$`, false, 200, "unexpected EOF", io.ErrUnexpectedEOF},
	{"truncated to nothing", "a header alone", fault.Spec{TruncateBodyAtFraction: new(0.0)},
		`^HTTP/1\.1 200 OK\r\n(?s:.*)Content-Length: 28\r\n(?s:.*)\r\n\r\n$`, false, 200, "unexpected EOF", io.ErrUnexpectedEOF},
	{"truncated by a byte", "less than 1 is never all", fault.Spec{TruncateBodyAtFraction: new(0.9999999999999999)},
		`^HTTP/1\.1 200 OK\r\n(?s:.*)\r\n\r\n\{"data":\[\],"has_more":false$`, false, 200, "unexpected EOF", io.ErrUnexpectedEOF},
	{"own answer truncated", "half of it", fault.Spec{Status: 502, Body: json.RawMessage(`"12345678"`), TruncateBodyAtFraction: new(0.5)},
		`^HTTP/1\.1 502 Bad Gateway\r\n(?s:.*)Content-Length: 8\r\n(?s:.*)\r\n\r\n1234$`, false, 502, "unexpected EOF", io.ErrUnexpectedEOF},
	{"truncated and dribbled", "as slow, as short", fault.Spec{TruncateBodyAtFraction: new(0.5), ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 3}},
		`^HTTP/1\.1 200 OK\r\n(?s:.*)Content-Length: 28\r\n(?s:.*)\r\n\r\n\{"data":\[\],"ha$`, false, 200, "unexpected EOF", io.ErrUnexpectedEOF},
}

func TestBrokenConnectionsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, tc := range broken {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := raw(t, serve(t, tc.spec))
			if errors.Is(err, syscall.ECONNRESET) != tc.reset || (err != nil) != tc.reset {
				t.Errorf("%s: reading ended with %v; reset: want %v", tc.why, err, tc.reset)
			}
			// In a pattern, a byte beyond ASCII is a rune of the same number.
			var runes strings.Builder
			for i := range len(got) {
				runes.WriteRune(rune(got[i]))
			}
			if !regexp.MustCompile(tc.bytes).MatchString(runes.String()) {
				t.Errorf("%s: got %q, want %s", tc.why, got, tc.bytes)
			}
		})
	}
}

// judge holds what a client got against what it should get.
func judge(t *testing.T, resp *http.Response, err error, status int, text string, is error) {
	t.Helper()
	if err == nil {
		if resp.StatusCode != status {
			t.Errorf("got status %d, want %d", resp.StatusCode, status)
		}
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	} else if status != 0 {
		t.Errorf("got %v, want status %d first", err, status)
	}
	if err == nil || !strings.Contains(err.Error(), text) || (is != nil && !errors.Is(err, is)) {
		t.Errorf("got error %v, want %q, which is %v", err, text, is)
	}
}

func TestBrokenConnectionsAsNetHTTPSeesThem(t *testing.T) {
	t.Parallel()
	for _, tc := range broken {
		for _, secure := range []bool{false, true} {
			t.Run(tc.name+map[bool]string{true: " over TLS"}[secure], func(t *testing.T) {
				t.Parallel()
				set, op := diga(t)
				add(t, set, tc.spec)
				srv := httptest.NewUnstartedServer(inject(t, set, op))
				if secure {
					srv.StartTLS()
				} else {
					srv.Start()
				}
				t.Cleanup(srv.Close)
				resp, err := srv.Client().Get(srv.URL)
				judge(t, resp, err, tc.status, tc.text, tc.is)
			})
		}
	}
}

func TestBrokenStreamsOverHTTP2(t *testing.T) {
	t.Parallel()
	for _, tc := range broken {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			tc.spec.Times = 1
			add(t, set, tc.spec)
			srv := httptest.NewUnstartedServer(inject(t, set, op))
			srv.EnableHTTP2 = true
			srv.StartTLS()
			t.Cleanup(srv.Close)
			text := tc.text
			if tc.spec.Kind != "" {
				text = "stream error"
			}
			resp, err := srv.Client().Get(srv.URL)
			judge(t, resp, err, tc.status, text, nil)
			resp, err = srv.Client().Get(srv.URL)
			if err != nil {
				t.Fatalf("the connection did not outlive the stream: %v", err)
			}
			if resp.ProtoMajor != 2 || bodyOf(t, resp) != page {
				t.Errorf("afterwards: %s", resp.Proto)
			}
		})
	}
}

func TestABodyThatWasSentDoesNotTurnTheEndIntoAReset(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.EmptyResponse, fault.RandomDataThenClose, fault.MalformedResponseChunk} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			srv := serve(t, fault.Spec{Kind: kind})
			resp, err := srv.Client().Post(srv.URL, "text/plain", strings.NewReader(strings.Repeat("a", 1<<19)))
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if err == nil || errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestGarbageFollowsTheSeed(t *testing.T) {
	t.Parallel()
	garbage := func(seed uint64) string {
		got, err := raw(t, serve(t, fault.Spec{Kind: fault.RandomDataThenClose, Seed: seed}))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if first, again := garbage(1), garbage(1); first != again {
		t.Error("one seed, two kinds of garbage")
	}
	if garbage(1) == garbage(2) {
		t.Error("two seeds, one kind of garbage")
	}
}

func TestHEADOfATruncatedAnswerIsWhole(t *testing.T) {
	t.Parallel()
	srv := serve(t, fault.Spec{TruncateBodyAtFraction: new(0.5)})
	resp, err := srv.Client().Head(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(t, resp); resp.ContentLength != int64(len(page)) || body != "" {
		t.Errorf("got length %d and %q", resp.ContentLength, body)
	}
	if resp, err = (inProcess{srv.Config.Handler}).client().Head("http://mock.test" + keysPath); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Errorf("in process: %v", err)
	}
}

// noHijack hides the connection, as HTTP/2 does.
type noHijack struct{ http.ResponseWriter }

func TestWithoutAConnectionTheHandlerIsAborted(t *testing.T) {
	t.Parallel()
	for _, kind := range fault.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, fault.Spec{Kind: kind})
			defer func() {
				if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // a panic's value
					t.Errorf("panic with %v, want ErrAbortHandler", p)
				}
			}()
			inject(t, set, op).ServeHTTP(noHijack{httptest.NewRecorder()}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, keysPath, nil))
			t.Error("returned as if it had answered")
		})
	}
}
