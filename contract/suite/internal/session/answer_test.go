package session

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A key that is sent in the query comes back where a redirect leads, and nowhere else.
func TestDisclosed(t *testing.T) {
	t.Parallel()
	s := &Session{Target: Target{Key: "key-in-use-0001"}}
	for _, tc := range []struct {
		why, sent string
		status    int
		location  string
		body      string
		disclosed bool
	}{
		{"a redirect that keeps the query", "/boats?api_key=key-in-use-0001", 307, "/boats/?api_key=key-in-use-0001", "", false},
		{"its page, too", "/boats?api_key=key-in-use-0001", 301, "/boats/", `<a href="/boats/?api_key=key-in-use-0001">`, false},
		{"a redirect that adds it", "/boats", 307, "/boats/?api_key=key-in-use-0001", "", true},
		{"an answer that is no redirect", "/boats?api_key=key-in-use-0001", 404, "", "no /boats?api_key=key-in-use-0001", true},
		{"nothing", "/boats?api_key=key-in-use-0001", 404, "", "no /boats", false},
	} {
		a := &Answer{Request: httptest.NewRequestWithContext(t.Context(), http.MethodGet, tc.sent, http.NoBody), Status: tc.status, Body: []byte(tc.body), Header: http.Header{"Location": {tc.location}}}
		if name, _ := s.disclosed(a); (name != "") != tc.disclosed {
			t.Errorf("%s: told %q", tc.why, name)
		}
	}
}
