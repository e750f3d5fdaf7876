package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

func TestPrefix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, prefix, path string
		serve              bool // the profile's trailing_slash
		status             int
		location           string
	}{
		{name: "below it", prefix: "/api", path: "/api/v1/api_key/?limit=1", status: 200},
		{name: "with a final slash", prefix: "/api/", path: "/api/v1/api_key/", status: 200},
		{name: "of two segments", prefix: "/a/b", path: "/a/b/v1/api_key/", status: 200},
		{name: "a redirect stays below it", prefix: "/api", path: "/api/v1/api_key?limit=1", status: 307, location: "/api/v1/api_key/?limit=1"},
		{name: "needless percent-encoding", prefix: "/api", path: "/api/v1/api%5Fkey/", status: 200},
		{name: "without a redirect", prefix: "/api", path: "/api/v1/api_key", serve: true, status: 200},
		{name: "beside it", prefix: "/api", path: "/v1/api_key/", status: 404},
		{name: "a longer segment", prefix: "/api", path: "/apis/v1/api_key/", status: 404},
		{name: "the prefix alone", prefix: "/api", path: "/api", status: 404},
		{name: "twice", prefix: "/api", path: "/api/api/v1/api_key/", status: 404},
		{name: "a slash too many leads to no other host", prefix: "/api", path: "/api//v1/api_key", status: 404},
		{name: "none", path: "/v1/api_key/", status: 200},
		{name: "the control API stays", prefix: "/api", path: "/_mock/health", status: 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			profile := mockserver.Profile{}
			if tc.serve {
				profile.TrailingSlash = mockserver.TrailingSlashServe
			}
			srv := mockserver.Start(t, mockserver.WithPrefix(tc.prefix), mockserver.WithProfile(profile))
			a := call(t, http.MethodGet, srv.URL()+tc.path, as(mockserver.ReadOnlyKey))
			if a.status != tc.status || a.header.Get("Location") != tc.location {
				t.Errorf("%s answered %d to %q, want %d to %q", tc.path, a.status, a.header.Get("Location"), tc.status, tc.location)
			}
		})
	}
	for _, bad := range []string{"api", "//api", "/api/../x", "/a b", "/a?b", "/_mock", "/_mock/api", "/é"} {
		if _, err := mockserver.New(mockserver.WithPrefix(bad)); err == nil || !strings.Contains(err.Error(), "/api") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Addresses in answers lead to where they can be followed.
func TestPrefixInAddresses(t *testing.T) {
	t.Parallel()
	const document = `{"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": {"/boats": {"get": {
  "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}, {"name": "per_page", "in": "query", "schema": {"type": "integer", "default": 2}}],
  "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "required": ["data", "next"], "properties": {
    "data": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}, "next": {"type": "string", "format": "uri-reference"}}}}}}}}}}}`
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, document)), mockserver.WithPrefix("/api"))
	first := decode[struct{ Next string }](t, call(t, http.MethodGet, srv.URL()+"/api/boats", http.Header{}))
	if a := call(t, http.MethodGet, srv.URL()+first.Next, http.Header{}); a.status != http.StatusOK || !strings.HasPrefix(first.Next, "/api/boats?") {
		t.Errorf("next is %q, and answers %d", first.Next, a.status)
	}
}
