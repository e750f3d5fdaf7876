package guard_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

// Request targets, as on the wire, that lead to the control API or try to.
var controlTargets = []struct {
	target  string
	control bool
}{
	{"/_mock", true},
	{"/_mock/", true},
	{"/_mock/projects", true},
	{"/_mock?x=/", true},
	{"/%5Fmock/projects", true},
	{"/%5fmock%2fprojects", true},
	{"/_mock%2Fprojects", true},
	{"/_%6Dock/", true},
	{"/_mock//projects", true},
	{"/_mock/../v1/api_key/", true},
	{"/_mock/./projects", true},
	{"http://127.0.0.1:4010/_mock/projects", true}, // as to a proxy
	{"//_mock/projects", false},
	{"///_mock/projects", false},
	{"/%2F_mock/projects", false},
	{"/./_mock/projects", false},
	{"/x/../_mock/projects", false},
	{"/v1/api_key/../../_mock/projects", false},
	{"/x/%2e%2e/_mock/projects", false},
	{"/_MOCK/projects", false},
	{"/_Mock/projects", false},
	{"/_mocks/", false},
	{"/_mock;x/projects", false},
	{"/_mock%00/projects", false},
	{"/_mock%252Fprojects", false},
	{"/%255Fmock/projects", false},
	{"/_mock%5Cprojects", false},
	{`/_mock\projects`, false},
	{"/\uff3fmock/projects", false},
	{"/ _mock/projects", false},
	{"/v1/api_key/?x=/_mock/", false},
	{"/v1/_mock/projects", false},
	{"/", false},
	{"http://127.0.0.1:4010", false},
}

func TestIsControl(t *testing.T) {
	t.Parallel()
	for _, tt := range controlTargets {
		t.Run(tt.target, func(t *testing.T) {
			t.Parallel()
			line := "GET " + tt.target + " HTTP/1.1\r\nHost: 127.0.0.1:4010\r\n\r\n"
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(line)))
			if err != nil {
				t.Skip("no server takes it:", err)
			}
			if got := guard.IsControl(r); got != tt.control {
				t.Errorf("got %t, want %t", got, tt.control)
			}
		})
	}
}

// TestNoSpellingReachesControlUnguarded sends each target over a connection to a
// server that routes as IsControl tells it, from a foreign page.
func TestNoSpellingReachesControlUnguarded(t *testing.T) {
	t.Parallel()
	mux := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if guard.IsControl(r) {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	server := httptest.NewServer(newGuard(t, guard.Config{}).Wrap(mux))
	t.Cleanup(server.Close)
	for _, tt := range controlTargets {
		for origin, want := range map[string]int{"http://" + server.Listener.Addr().String(): http.StatusTeapot, "https://evil.example": http.StatusForbidden} {
			if !tt.control {
				want = http.StatusOK
			}
			if got := status(t, server, tt.target, origin); got != want && got != http.StatusBadRequest {
				t.Errorf("%s from %s: status %d, want %d", tt.target, origin, got, want)
			}
		}
	}
}

// status sends target as it stands, but for the port, and returns the answer's status.
func status(t *testing.T, server *httptest.Server, target, origin string) int {
	t.Helper()
	addr := server.Listener.Addr().String()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	target = strings.ReplaceAll(target, "127.0.0.1:4010", addr)
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Length: 0\r\n\r\n", target, addr, origin)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
