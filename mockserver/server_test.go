package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

func TestWrongPathsAndMethods(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	t.Run("unknown path", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/", "/v1/", "/v2/api_key/", "/v1/api_key/x", "//example.com/v1/api_key", "/v1//api_key/"} {
			a := call(t, http.MethodGet, srv.URL()+path, as(mockserver.UnrestrictedKey))
			wantError(t, a, http.StatusNotFound, "NOT_FOUND", "Not Found")
		}
	})
	t.Run("undocumented method", func(t *testing.T) {
		t.Parallel()
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			a := call(t, method, srv.URL()+keysPath, http.Header{})
			wantError(t, a, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Method Not Allowed")
			if allow := a.header.Get("Allow"); !strings.Contains(allow, http.MethodGet) {
				t.Errorf("%s: Allow is %q, which does not name GET", method, allow)
			}
		}
	})
	t.Run("HEAD", func(t *testing.T) {
		t.Parallel()
		a := call(t, http.MethodHead, srv.URL()+keysPath, http.Header{})
		if a.status != http.StatusMethodNotAllowed || len(a.body) != 0 {
			t.Errorf("answered %d with %d bytes; want 405 with none", a.status, len(a.body))
		}
	})
	t.Run("no final slash", func(t *testing.T) {
		t.Parallel()
		a := call(t, http.MethodGet, srv.URL()+"/v1/api_key?limit=2&order=asc", http.Header{})
		if got := a.header.Get("Location"); a.status != http.StatusTemporaryRedirect || got != "/v1/api_key/?limit=2&order=asc" {
			t.Errorf("answered %d with Location %q; want 307 to the documented path, query kept", a.status, got)
		}
	})
}

func TestNewReportsAllBadOptions(t *testing.T) {
	t.Parallel()
	_, err := mockserver.New(mockserver.WithKeys(-1), mockserver.WithKeys(1_000_001))
	if err == nil || !strings.Contains(err.Error(), "-1") || !strings.Contains(err.Error(), "1000001") {
		t.Errorf("error is %v; want one that names both numbers", err)
	}
}

func TestClientSendsTheKeyToThisServerAlone(t *testing.T) {
	t.Parallel()
	srv, other := mockserver.Start(t), mockserver.Start(t)
	for _, tc := range []struct {
		url  string
		want int
	}{{srv.URL(), http.StatusOK}, {other.URL(), http.StatusForbidden}} {
		resp, err := srv.Client(mockserver.ReadOnlyKey).Get(tc.url + keysPath)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != tc.want {
			t.Errorf("%s answered %d, want %d", tc.url, resp.StatusCode, tc.want)
		}
	}
}
