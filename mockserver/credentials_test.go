package mockserver_test

import (
	"net/http"
	"testing"

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
