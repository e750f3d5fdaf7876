package guard_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

func TestCheckHost(t *testing.T) {
	t.Parallel()
	h, err := guard.CheckHost("127.0.0.1:4011", []string{"proxy"}, http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		host, why string
		status    int
	}{
		{"127.0.0.1:4011", "its own address", 404},
		{"localhost", "any port", 404},
		{"proxy:4011", "allowed", 404},
		{"evil.example", "a name of somebody else's", 403},
		{"", "no browser sends none", 403},
	} {
		// CORS preflights are next's to answer.
		r := httptest.NewRequest(http.MethodOptions, "/_mock/projects", nil)
		r.Header.Set("Origin", "http://evil.example")
		r.Header.Set("Access-Control-Request-Method", "GET")
		r.Host = tc.host
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != tc.status {
			t.Errorf("%q (%s): %d, want %d", tc.host, tc.why, rec.Code, tc.status)
		}
	}
	if _, err := guard.CheckHost("nonsense/", []string{"*", "http://x/"}, nil); err == nil || strings.Count(err.Error(), "guard: ") != 3 {
		t.Errorf("not all three mistakes are told: %v", err)
	}
}
