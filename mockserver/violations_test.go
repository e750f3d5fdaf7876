package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

type prismViolation struct {
	Location []string
	Severity string
	Code     string
	Message  string
}

func TestRefusalsSayWhichRule(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	in := func(name string) []string { return []string{"request", "query", name} }
	id := newest(t, srv)
	for _, tc := range []struct {
		name, query string
		want        []prismViolation
	}{
		{"a bound", "?limit=0", []prismViolation{{in("limit"), "Error", "minimum", "must be >= 1"}}},
		{"two parameters", "?order=up&limit=x", []prismViolation{
			{in("limit"), "Error", "type", "must be an integer"}, {in("order"), "Error", "enum", `must be one of "asc", "desc"`},
		}},
		{"both cursors", "?after=" + id + "&before=" + id, []prismViolation{{in("before"), "Error", "both_cursors", errBoth}}},
		{"page with cursor", "?page=1&after=" + id, []prismViolation{
			{in("page"), "Error", "page_with_cursor", "Cannot specify 'page' together with 'before' or 'after'"},
		}},
		{"unknown cursor", "?before=" + uuid.Nil.String(), []prismViolation{
			{in("before"), "Error", "unknown_cursor", "Parameter 'before' must be the id of an API key of this project"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := call(t, http.MethodGet, srv.URL()+keysPath+tc.query, as(mockserver.ReadOnlyKey))
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("answered %d, want 422", a.status)
			}
			var got []prismViolation
			if err := json.Unmarshal([]byte(a.header.Get("sl-violations")), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("sl-violations (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("none where nothing is wrong", func(t *testing.T) {
		t.Parallel()
		for _, key := range []string{mockserver.ReadOnlyKey, mockserver.NoAccessKey, "nobody"} {
			a := call(t, http.MethodGet, srv.URL()+keysPath, as(key))
			if got := a.header.Values("sl-violations"); got != nil {
				t.Errorf("answered %d with sl-violations %q", a.status, got)
			}
		}
	})
}

// FastAPI's detail leads to the value, so that a form can mark its field.
func TestDetailLeadsToTheValue(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, string(spectest.Document(30)))))
	for _, tc := range []struct{ name, body, want string }{
		{"a property", `{"name": "Ada", "status": "sunk"}`, `"loc":["body","status"]`},
		{"an item of a list, by number", `{"name": "Ada", "status": "active", "tags": ["a", 1]}`, `"loc":["body","tags",1]`},
		{"the body itself, and no rule of its schema", `{"name":`, `"loc":["body"],"msg":"must be JSON, but ends before its value is complete","type":"malformed_body"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL()+"/v1/vessel/", strings.NewReader(tc.body))
			try(t, err)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
			resp, err := http.DefaultTransport.RoundTrip(r)
			try(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			try(t, err)
			if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(body), tc.want) {
				t.Errorf("answered %d %s, want %s", resp.StatusCode, body, tc.want)
			}
		})
	}
}

// FastAPI says where a value is missing: its loc ends in the name.
func TestDetailsNameWhatIsMissing(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{
		"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["na/me"],"properties":{"na/me":{},"list":{"type":"array","items":{"type":"object","required":["id"]}}}}}}},
		"responses":{"200":{"description":"d"},"422":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/HTTPValidationError"}}}}}}}},
		"components":{"schemas":{"HTTPValidationError":{"type":"object"}}}}`)))
	resp, err := srv.Client("").Post(srv.URL()+"/a", "application/json", strings.NewReader(`{"list":[{"id":1},{}]}`))
	try(t, err)
	defer resp.Body.Close()
	var got struct{ Detail []struct{ Loc []any } }
	try(t, json.NewDecoder(resp.Body).Decode(&got))
	want := [][]any{{"body", "na/me"}, {"body", "list", 1.0, "id"}}
	locs := [][]any{}
	for _, d := range got.Detail {
		locs = append(locs, d.Loc)
	}
	if diff := cmp.Diff(want, locs); diff != "" || resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d (-want +got):\n%s", resp.StatusCode, diff)
	}
}
