package suite_test

import (
	"net/http"
	"strings"

	"github.com/digakit/digakit/mockserver"
)

var brokenCredentials = []broken{
	{
		name: "takes everyone", around: asked(unlock),
		check: "ignored_auth", cases: []string{"no credential", "unknown key", "wrong scheme", "scheme alone"}, also: []string{"insufficient_permission"},
	},
	{
		name: "takes who brings no credential",
		around: asked(func(r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"no credential", "empty header"},
	},
	{
		name: "takes any key it does not know",
		around: asked(func(r *http.Request) {
			if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") && bearer(r) != mockserver.NoAccessKey {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"unknown key"},
	},
	{
		name: "compares the beginning of keys",
		around: asked(func(r *http.Request) {
			if strings.HasPrefix(bearer(r), mockserver.UnrestrictedKey[:16]) {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key, last character changed", "real key, cut by one", "real key, one character more"},
	},
	{
		name: "compares keys without regard to case",
		around: asked(func(r *http.Request) {
			if strings.EqualFold(bearer(r), mockserver.UnrestrictedKey) {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key, in another case"},
	},
	{
		name: "compares the end of keys",
		around: asked(func(r *http.Request) {
			if key := mockserver.UnrestrictedKey; len(bearer(r)) > 8 && strings.HasSuffix(key, bearer(r)) {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key, first character missing"},
	},
	{
		name: "takes the key with any scheme",
		around: asked(func(r *http.Request) {
			if strings.HasSuffix(r.Header.Get("Authorization"), " "+mockserver.UnrestrictedKey) {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key with another scheme"},
	},
	{
		name: "takes the key from another header",
		around: asked(func(r *http.Request) {
			if r.Header.Get("X-Api-Key") == mockserver.UnrestrictedKey {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key in another header"},
	},
	{
		name: "takes the key from the query",
		around: asked(func(r *http.Request) {
			if r.URL.Query().Get("api_key") == mockserver.UnrestrictedKey {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"real key in the query"},
	},
	{
		name: "takes an empty token for a session of its own",
		around: asked(func(r *http.Request) {
			if strings.TrimSpace(r.Header.Get("Authorization")) == "Bearer" {
				unlock(r)
			}
		}),
		check: "ignored_auth", cases: []string{"empty bearer token"},
	},
	{
		name: "knows the scheme in one case alone",
		around: asked(func(r *http.Request) {
			if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
				r.Header.Del("Authorization")
			}
		}),
		check: "auth_scheme_case", cases: []string{"bearer", "BEARER"},
	},
	{
		name: "lets a key in that lacks the permission",
		around: asked(func(r *http.Request) {
			if bearer(r) == mockserver.NoAccessKey {
				unlock(r)
			}
		}),
		check: "insufficient_permission",
	},
	{
		name: "takes a lack of permission for a mistake in the request",
		around: instead(func(r *http.Request) *reply {
			if bearer(r) == mockserver.NoAccessKey {
				return envelope(http.StatusUnprocessableEntity)
			}
			return nil
		}),
		check: "insufficient_permission",
	},
	{
		name: "answers 401, which is not documented, without a key",
		around: instead(func(r *http.Request) *reply {
			if r.Header.Get("Authorization") == "" {
				return envelope(http.StatusUnauthorized)
			}
			return nil
		}),
		check: "status_code_conformance",
	},
	{
		name: "fails over a token that is no text",
		around: instead(func(r *http.Request) *reply {
			if strings.Contains(r.Header.Get("Authorization"), "\xff") {
				return envelope(http.StatusInternalServerError)
			}
			return nil
		}),
		check: "not_a_server_error",
	},
	{
		name: "fails over a scheme without a token",
		around: instead(func(r *http.Request) *reply {
			if r.Header.Get("Authorization") == "Bearer" {
				return envelope(http.StatusInternalServerError)
			}
			return nil
		}),
		check: "not_a_server_error",
	},
}
