package mockserver_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
)

func TestPrefer(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	envelope := func(code, message string) map[string]any {
		return map[string]any{"status": "error", "error_code": code, "message": message}
	}
	for _, tc := range []struct {
		name, why string
		prefer    []string
		query     string
		key       string
		status    int
		body      map[string]any // nil: a page
		applied   string
		departure bool
	}{
		{name: "none", why: "the mock's own answer", status: 200},
		{name: "code of success", why: "is what the mock answers anyway", prefer: []string{"code=200"}, status: 200, applied: "code=200"},
		{
			name: "documented code", why: "its documented example", prefer: []string{"code=403"},
			status: 403, body: envelope("INTERNAL_SERVER_ERROR", "Missing required permissions"), applied: "code=403",
		},
		{
			name: "server error", why: "its documented example", prefer: []string{"code=500"},
			status: 500, body: envelope("INTERNAL_SERVER_ERROR", "Error: Internal Server Error"), applied: "code=500",
		},
		{
			name: "the first counts", why: "RFC 7240, section 2", prefer: []string{`Code="500"; x=y, code=403`, "code=422"},
			status: 500, body: envelope("INTERNAL_SERVER_ERROR", "Error: Internal Server Error"), applied: "code=500",
		},
		{name: "others are ignored", why: "RFC 7240, section 2", prefer: []string{"respond-async, wait=5, dynamic=true"}, status: 200},
		{
			name: "undocumented code", why: "Prism answers 404", prefer: []string{"code=418"}, status: 404, departure: true,
			body: envelope("NOT_FOUND", "Requested status code 418 is not defined in the document."),
		},
		{
			name: "unknown example", why: "Prism answers 404", prefer: []string{"example=spare"}, status: 404, departure: true,
			body: envelope("NOT_FOUND", "The document has no example of the name that Prefer asks for."),
		},
		{
			name: "unknown example of a code", why: "Prism answers 500", prefer: []string{"code=403, example=spare"}, status: 500,
			body: envelope("UNKNOWN", "The document has no example of the name that Prefer asks for."),
		},
		{
			name: "bad code", why: "is not answered with something else", prefer: []string{"code=40"}, status: 422,
			body: envelope("INVALID_PAGINATION_PARAMETERS", "Header 'Prefer' must have a code of three digits, such as code=403"),
		},
		{
			name: "empty example", why: "names none", prefer: []string{"example="}, status: 422,
			body: envelope("INVALID_PAGINATION_PARAMETERS", "Header 'Prefer' must name an example, such as example=NAME"),
		},
		{
			name: "validation comes first", why: "a preference hides no mistake", prefer: []string{"code=200"}, query: "?limit=0", status: 422,
			body: envelope("INVALID_PAGINATION_PARAMETERS", "Parameter 'limit' must be >= 1"),
		},
		{
			name: "credentials come first", why: "a preference opens no door", prefer: []string{"code=500"}, key: "nobody", status: 403,
			body: envelope("INTERNAL_SERVER_ERROR", "Invalid API key"),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key := tc.key
			if key == "" {
				key = mockserver.ReadOnlyKey
			}
			header := as(key)
			header["Prefer"] = tc.prefer
			a := call(t, http.MethodGet, srv.URL()+keysPath+tc.query, header)
			if a.status != tc.status {
				t.Errorf("%s: answered %d, want %d: %s", tc.why, a.status, tc.status, a.body)
			}
			if tc.body != nil {
				if diff := cmp.Diff(tc.body, decode[map[string]any](t, a)); diff != "" {
					t.Errorf("%s: body (-want +got):\n%s", tc.why, diff)
				}
			}
			if got := a.header.Get("Preference-Applied"); got != tc.applied {
				t.Errorf("Preference-Applied is %q, want %q", got, tc.applied)
			}
			if got := a.header.Get("Contract-Departure") != ""; got != tc.departure {
				t.Errorf("marked as departure: %t, want %t", got, tc.departure)
			}
			if v := a.header.Get("sl-violations"); (v != "") != (tc.status == 422) || v != "" && !json.Valid([]byte(v)) {
				t.Errorf("sl-violations is %q", v)
			}
		})
	}
	if n := srv.BadResponses(); n > 0 {
		t.Errorf("%d answers broke the contract", n)
	}
}
