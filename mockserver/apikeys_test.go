package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

const (
	keysPath = "/v1/api_key/"
	errBoth  = "Cannot specify both 'before' and 'after' parameters"
)

// answer is what came back for one request.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call sends one request and follows no redirect.
func call(t *testing.T, method, url string, header http.Header) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

func as(key string) http.Header {
	return http.Header{"Authorization": {"Bearer " + key}}
}

func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("body %q: %v", a.body, err)
	}
	return v
}

// list returns a page, which must be a 200.
// keyPage is gen.APIKeyPage with all its fields, of which revisions of the document
// before 2026 generate not all.
type keyPage struct {
	CurrentPage nullable.Nullable[int]       `json:"current_page,omitempty"`
	Data        []gen.APIKey                 `json:"data"`
	FirstID     nullable.Nullable[uuid.UUID] `json:"first_id,omitempty"`
	HasMore     bool                         `json:"has_more"`
	LastID      nullable.Nullable[uuid.UUID] `json:"last_id,omitempty"`
	TotalPages  nullable.Nullable[int]       `json:"total_pages,omitempty"`
}

func list(t *testing.T, srv *mockserver.Server, query string) keyPage {
	t.Helper()
	a := call(t, http.MethodGet, srv.URL()+keysPath+query, as(mockserver.UnrestrictedKey))
	if a.status != http.StatusOK {
		t.Fatalf("GET %s%s answered %d: %s", keysPath, query, a.status, a.body)
	}
	return decode[keyPage](t, a)
}

func names(p keyPage) []string {
	out := make([]string, len(p.Data))
	for i, k := range p.Data {
		out[i] = k.Name
	}
	return out
}

// wantError fails t unless a is an error in the documented envelope.
func wantError(t *testing.T, a answer, status int, code, message string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status is %d, want %d: %s", a.status, status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("content type is %q, want application/json", got)
	}
	want := map[string]any{"status": "error", "error_code": code, "message": message}
	if diff := cmp.Diff(want, decode[map[string]any](t, a)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestListAPIKeysDefaults(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	got := list(t, srv, "")
	if len(got.Data) != 50 || !got.HasMore {
		t.Errorf("got %d keys, has_more %t; want 50, true", len(got.Data), got.HasMore)
	}
	for i, k := range got.Data[1:] {
		if !k.CreatedDate.Before(got.Data[i].CreatedDate) {
			t.Errorf("key %d is not older than the one before: newest come first", i+1)
		}
	}
	if got.FirstID.MustGet() != got.Data[0].ID || got.LastID.MustGet() != got.Data[49].ID {
		t.Error("first_id and last_id are not those of the data")
	}
	if !got.CurrentPage.IsNull() || !got.TotalPages.IsNull() {
		t.Error("current_page and total_pages are not null without page")
	}
}

func TestListAPIKeysPages(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(5))
	all := list(t, srv, "?order=asc")
	n := names(all)
	cursor := func(i int) string { return all.Data[i].ID.String() }
	for _, tc := range []struct {
		name, why, query string
		want             []string
		more             bool
	}{
		{"limit", "has_more tells of items behind the page", "?order=asc&limit=2", n[:2], true},
		{"limit of all", "nothing is behind the last item", "?order=asc&limit=5", n, false},
		{"newest first", "desc is the default", "?limit=1", n[4:], true},
		{"after", "the items that follow, the cursor left out", "?order=asc&limit=2&after=" + cursor(1), n[2:4], true},
		{"after the last", "nothing follows", "?order=asc&after=" + cursor(4), []string{}, false},
		{"after, newest first", "following means older", "?limit=2&after=" + cursor(2), []string{n[1], n[0]}, false},
		{"before", "the adjacent page, in the same order", "?order=asc&limit=2&before=" + cursor(4), n[2:4], true},
		{"before, at the start", "has_more looks ahead of the page", "?order=asc&limit=2&before=" + cursor(2), n[:2], false},
		{"before the first", "nothing comes before", "?order=asc&before=" + cursor(0), []string{}, false},
		{"page 1", "pages are counted from 1", "?order=asc&limit=2&page=1", n[:2], true},
		{"page 3", "the last page may be short", "?order=asc&limit=2&page=3", n[4:], false},
		{"past the last page", "empty, not an error", "?order=asc&limit=2&page=4", []string{}, false},
		{"any page number", "no overflow", "?limit=1000&page=9223372036854775807", []string{}, false},
		{"upper-case cursor", "hex digits have no case (RFC 9562)", "?order=asc&after=" + strings.ToUpper(cursor(3)), n[4:], false},
		{"repeated", "the last value counts", "?order=desc&limit=1&limit=2&order=asc", n[:2], true},
		{"unknown parameter", "ignored", "?order=asc&limit=2&colour=red", n[:2], true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := list(t, srv, tc.query)
			if diff := cmp.Diff(tc.want, names(got)); diff != "" {
				t.Errorf("%s: keys (-want +got):\n%s", tc.why, diff)
			}
			if got.HasMore != tc.more {
				t.Errorf("%s: has_more is %t, want %t", tc.why, got.HasMore, tc.more)
			}
		})
	}
}

func TestListAPIKeysPageNumbers(t *testing.T) {
	t.Parallel()
	got := list(t, mockserver.Start(t, mockserver.WithKeys(5)), "?limit=2&page=3")
	if got.CurrentPage.MustGet() != 3 || got.TotalPages.MustGet() != 3 {
		t.Errorf("page %d of %d, want 3 of 3", got.CurrentPage.MustGet(), got.TotalPages.MustGet())
	}
}

// A demo project without keys has none with a known secret either.
func TestListAPIKeysWithoutAnyKey(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(0))
	a := call(t, http.MethodGet, srv.URL()+keysPath, as(mockserver.UnrestrictedKey))
	wantError(t, a, http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Invalid API key")
}

func TestListAPIKeysShowsNulls(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(1))
	a := call(t, http.MethodGet, srv.URL()+keysPath+"?page=2", as(mockserver.UnrestrictedKey))
	want := map[string]any{
		"data": []any{}, "first_id": nil, "last_id": nil, "has_more": false, "current_page": 2.0, "total_pages": 1.0,
	}
	if diff := cmp.Diff(want, decode[map[string]any](t, a)); diff != "" {
		t.Errorf("a page without items (-want +got):\n%s", diff)
	}
	a = call(t, http.MethodGet, srv.URL()+keysPath, as(mockserver.UnrestrictedKey))
	key := decode[struct{ Data []map[string]any }](t, a).Data[0]
	if v, present := key["permissions"]; !present || v != nil {
		t.Errorf("permissions of an unrestricted key are %v, present %t; want null", v, present)
	}
}

func TestListAPIKeysRefusesParameters(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	id, unknown := list(t, srv, "?limit=1").Data[0].ID.String(), uuid.UUID{1}.String()
	for _, tc := range []struct{ name, query, message string }{
		{"both cursors", "?after=" + id + "&before=" + id, errBoth},
		{"page with after", "?page=1&after=" + id, "Cannot specify 'page' together with 'before' or 'after'"},
		{"unknown cursor", "?after=" + unknown, "Parameter 'after' must be the id of an API key of this project"},
		{"limit below", "?limit=0", "Parameter 'limit' must be >= 1"},
		{"limit above", "?limit=1001", "Parameter 'limit' must be <= 1000"},
		{"limit empty", "?limit=", "Parameter 'limit' must be an integer"},
		{"limit no number", "?limit=abc", "Parameter 'limit' must be an integer"},
		{"limit signed", "?limit=%2B5", "Parameter 'limit' must be an integer"},
		{"limit exponent", "?limit=1e2", "Parameter 'limit' must be an integer"},
		{"limit other digits", "?limit=%D9%A3", "Parameter 'limit' must be an integer"},
		{"limit the last bad", "?limit=5&limit=0", "Parameter 'limit' must be >= 1"},
		{"page zero", "?page=0", "Parameter 'page' must be >= 1"},
		{"page null", "?page=null", "Parameter 'page' must be an integer"},
		{"page huge", "?page=9223372036854775808", "Parameter 'page' must fit in 64 bits: no format says so, but no receiver can be expected to hold more"},
		{"order", "?order=ASC", "Parameter 'order' must be one of \"asc\", \"desc\""},
		{"cursor empty", "?after=", "Parameter 'after' must match format uuid"},
		{"cursor short", "?before=123", "Parameter 'before' must match format uuid"},
		{"cursor without hyphens", "?after=" + strings.ReplaceAll(id, "-", ""), "Parameter 'after' must match format uuid"},
		{"cursor in braces", "?after={" + id + "}", "Parameter 'after' must match format uuid"},
		{"broken escape", "?limit=%zz", "Parameter 'limit' must be percent-encoded UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := call(t, http.MethodGet, srv.URL()+keysPath+tc.query, as(mockserver.UnrestrictedKey))
			wantError(t, a, http.StatusUnprocessableEntity, "INVALID_PAGINATION_PARAMETERS", tc.message)
		})
	}
}

// Every bounded parameter at, just inside and just outside each bound.
func TestListAPIKeysBounds(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithKeys(1001))
	for query, items := range map[string]int{ // -1: refused
		"limit=-1": -1, "limit=0": -1, "limit=1": 1, "limit=2": 2, "limit=999": 999, "limit=1000": 1000, "limit=1001": -1,
		"page=-1": -1, "page=0": -1, "page=1": 50, "page=2": 50, "page=21": 1, "page=22": 0,
		"page=9223372036854775806": 0, "page=9223372036854775807": 0, "page=9223372036854775808": -1,
		"order=as": -1, "order=asc": 50, "order=desc": 50, "order=descx": -1, "order=": -1,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			if items < 0 {
				wantStatus(t, srv, "?"+query, http.StatusUnprocessableEntity)
				return
			}
			if got := len(list(t, srv, "?"+query).Data); got != items {
				t.Errorf("got %d keys, want %d", got, items)
			}
		})
	}
}

func TestCursorsOfAnotherProjectAreUnknown(t *testing.T) {
	t.Parallel()
	projects, err := seed.Parse("test", []byte(`
projects:
  - {name: ours, keys: [{name: a, secret: ours-0001}, {name: b}]}
  - {name: theirs, keys: [{name: a, secret: theirs-0001}, {name: b}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithWorld(projects))
	ask := func(key, query string) answer { return call(t, http.MethodGet, srv.URL()+keysPath+query, as(key)) }
	first := decode[keyPage](t, ask("theirs-0001", "?limit=1")).FirstID.MustGet().String()
	if a := ask("theirs-0001", "?after="+first); a.status != http.StatusOK {
		t.Errorf("their own cursor is answered %d", a.status)
	}
	wantError(t, ask("ours-0001", "?after="+first), http.StatusUnprocessableEntity, "INVALID_PAGINATION_PARAMETERS",
		"Parameter 'after' must be the id of an API key of this project")
}

func TestListAPIKeysNeverShowsASecret(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	a := call(t, http.MethodGet, srv.URL()+keysPath+"?limit=1000", as(mockserver.UnrestrictedKey))
	for _, secret := range []string{mockserver.UnrestrictedKey, mockserver.ReadOnlyKey, mockserver.NoAccessKey} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("the answer holds the secret that ends in %s", secret[len(secret)-4:])
		}
	}
}
