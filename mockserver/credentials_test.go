package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	const (
		missing = "Not authenticated"
		unknown = "Invalid API key"
		denied  = "Missing required permissions"
	)
	for _, tc := range []struct {
		name, why string
		header    []string
		message   string // empty: let in
	}{
		{"unrestricted", "has every permission", []string{"Bearer " + mockserver.UnrestrictedKey}, ""},
		{"api_keys.view", "is what listing needs", []string{"Bearer " + mockserver.ReadOnlyKey}, ""},
		{"calls.view", "is another permission", []string{"Bearer " + mockserver.NoAccessKey}, denied},
		{"lower-case scheme", "schemes have no case (RFC 9110)", []string{"bearer " + mockserver.ReadOnlyKey}, ""},
		{"several spaces", "1*SP may follow the scheme (RFC 9110)", []string{"Bearer   " + mockserver.ReadOnlyKey}, ""},
		{"none", "a key is needed", nil, missing},
		{"empty", "is no credential", []string{""}, missing},
		{"scheme alone", "is no credential", []string{"Bearer"}, missing},
		{"scheme and space", "is no credential", []string{"Bearer "}, missing},
		{"another scheme", "only bearer is documented", []string{"Basic " + mockserver.UnrestrictedKey}, missing},
		{"no scheme", "the key alone is not a credential", []string{mockserver.UnrestrictedKey}, missing},
		{"two headers", "which one counts is not defined", []string{"Bearer " + mockserver.UnrestrictedKey, "Bearer x"}, missing},
		{"unknown key", "no key has this secret", []string{"Bearer nobody"}, unknown},
		{"upper-case key", "secrets have a case", []string{"Bearer DIGA-MOCK-UNRESTRICTED-0001"}, unknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"Authorization": tc.header}
			ok := call(t, http.MethodGet, srv.URL()+keysPath, header)
			bad := call(t, http.MethodGet, srv.URL()+keysPath+"?limit=0", header)
			if tc.message == "" {
				if ok.status != http.StatusOK || bad.status != http.StatusUnprocessableEntity {
					t.Errorf("%s: answered %d, and %d to limit=0; want 200 and 422", tc.why, ok.status, bad.status)
				}
				return
			}
			t.Log(tc.why)
			wantError(t, ok, http.StatusForbidden, "INTERNAL_SERVER_ERROR", tc.message)
			// The refusal comes first: no rule of a parameter is told.
			wantError(t, bad, http.StatusForbidden, "INTERNAL_SERVER_ERROR", tc.message)
		})
	}
}

// Credentials that the server is given: with another document no others are accepted,
// with Diga's they open what an unrestricted key of demo does.
func TestGivenCredentials(t *testing.T) {
	t.Parallel()
	guarded := func(scheme string) string {
		return `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{
			"/a":{"get":{"security":[{"k":[]}],"responses":{"200":{"description":"d"}}}},
			"/open":{"get":{"responses":{"200":{"description":"d"}}}}},
			"components":{"securitySchemes":{"k":` + scheme + `}}}`
	}
	const (
		bearer = `{"type":"http","scheme":"bearer"}`
		basic  = `{"type":"http","scheme":"basic"}`
		header = `{"type":"apiKey","in":"header","name":"X-Key"}`
		query  = `{"type":"apiKey","in":"query","name":"key"}`
		cookie = `{"type":"apiKey","in":"cookie","name":"sid"}`
		oauth  = `{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"https://a.test","scopes":{}}}}`
		diga   = ""
	)
	for _, tc := range []struct {
		name, scheme, path string
		header             http.Header
		message            string // empty: let in
	}{
		{"a bearer token", bearer, "/a", as("right"), ""},
		{"the second of them", bearer, "/a", as("other"), ""},
		{"another token", bearer, "/a", as("wrong"), "Invalid API key"},
		{"in capitals", bearer, "/a", as("RIGHT"), "Invalid API key"},
		{"the demo project's key", bearer, "/a", as(mockserver.UnrestrictedKey), "Invalid API key"},
		{"none", bearer, "/a", http.Header{}, "Not authenticated"},
		{"where none is needed", bearer, "/open", http.Header{}, ""},
		{"basic", basic, "/a", http.Header{"Authorization": {"Basic YWRhOmxvdmU="}}, ""},                                // ada:love
		{"a key as the user", basic, "/a", http.Header{"Authorization": {"Basic cmlnaHQ6"}}, ""},                        // right:
		{"part of a key as the user", basic, "/a", http.Header{"Authorization": {"Basic YWRhOg=="}}, "Invalid API key"}, // ada:
		{"another password", basic, "/a", http.Header{"Authorization": {"Basic YWRhOmhhdGU="}}, "Invalid API key"},
		{"a bearer token for basic", basic, "/a", as("right"), "Invalid API key"},
		{"a header", header, "/a", http.Header{"X-Key": {"right"}}, ""},
		{"another header", header, "/a", http.Header{"X-Key": {"wrong"}}, "Invalid API key"},
		{"a parameter", query, "/a?key=right", http.Header{}, ""},
		{"another parameter", query, "/a?key=wrong", http.Header{}, "Invalid API key"},
		{"a cookie", cookie, "/a", http.Header{"Cookie": {"sid=right"}}, ""},
		{"another cookie", cookie, "/a", http.Header{"Cookie": {"sid=wrong"}}, "Invalid API key"},
		{"an access token", oauth, "/a", as("right"), ""},
		{"Diga's document", diga, keysPath, as("right"), ""},
		{"Diga's document, a well-known key", diga, keysPath, as(mockserver.ReadOnlyKey), ""},
		{"Diga's document, another", diga, keysPath, as("wrong"), "Invalid API key"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			options := []mockserver.Option{mockserver.WithCredentials("right", "other", "ada:love")}
			if tc.scheme != diga {
				options = append(options, mockserver.WithDocument(parsed(t, guarded(tc.scheme))))
			}
			srv := mockserver.Start(t, options...)
			a := call(t, http.MethodGet, srv.URL()+tc.path, tc.header)
			if tc.message == "" && a.status != http.StatusOK {
				t.Errorf("answered %d %s", a.status, a.body)
			}
			switch {
			case tc.message == "":
			case tc.scheme == diga:
				wantError(t, a, http.StatusForbidden, "INTERNAL_SERVER_ERROR", tc.message)
			default:
				wantProblem(t, a, http.StatusForbidden, tc.message)
			}
		})
	}
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, guarded(bearer))), mockserver.WithCredentials("right"))
	own, err := srv.CreateProject("mine", 1)
	try(t, err)
	if a := call(t, http.MethodGet, srv.URL()+"/a", as(own.AdminKey)); a.status != http.StatusOK {
		t.Errorf("the key of a project of one's own is answered %d", a.status)
	}
	for _, bad := range []string{"", "a\nb"} {
		if _, err := mockserver.New(mockserver.WithCredentials(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// wantProblem wants a refusal that no document has a shape for, and none of Diga's words.
func wantProblem(t *testing.T, a answer, status int, detail string) {
	t.Helper()
	want := map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": float64(status), "detail": detail}
	var got map[string]any
	if err := json.Unmarshal(a.body, &got); err != nil || a.status != status || !cmp.Equal(got, want) || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %d %s %s, want %v", a.status, a.header.Get("Content-Type"), a.body, want)
	}
}

// What another vendor's document has no refusal for is refused in the shape of those that it
// has, else by a problem document: never in Diga's words.
func TestAnotherDocumentIsNotRefusedInDigasWords(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"security":[{"k":[]}],"paths":{
		"/a":{"get":{"parameters":[{"name":"n","in":"query","schema":{"type":"integer"}}],"responses":{"200":{"description":"d"}}}},
		"/own":{"get":{"parameters":[{"name":"n","in":"query","schema":{"type":"integer"}}],"responses":{"200":{"description":"d"},
			"429":{"description":"d","content":{"application/json":{"schema":{"type":"object","required":["fault"],"properties":{"fault":{"type":"object","required":["message"],"properties":{"message":{"type":"string"}}},"message":{"type":"string"},"code":{"type":"string"}}}}}}}}}},
		"components":{"securitySchemes":{"k":{"type":"http","scheme":"bearer"}}}}`)))
	for _, tc := range []struct {
		method, path, key string
		status            int
		detail            string // empty: in the document's own shape
	}{
		{"GET", "/a", "", 403, "Not authenticated"},
		{"GET", "/a?n=x", "any", 422, "Parameter 'n' must be an integer"},
		{"GET", "/own", "", 403, ""},
		{"GET", "/own?n=x", "any", 422, ""},
		{"PUT", "/a", "any", 405, "Method Not Allowed"},
		{"GET", "/b", "any", 404, "Not Found"},
	} {
		header := http.Header{}
		if tc.key != "" {
			header = as(tc.key)
		}
		a := call(t, tc.method, srv.URL()+tc.path, header)
		if tc.detail != "" {
			wantProblem(t, a, tc.status, tc.detail)
			continue
		}
		var got struct{ Code, Message string }
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != tc.status || got.Code == "" || got.Message == "" || strings.Contains(string(a.body), "INTERNAL") || strings.Contains(string(a.body), "PAGINATION") {
			t.Errorf("%s %s answered %d %s, want the document's own shape", tc.method, tc.path, a.status, a.body)
		}
	}
}
