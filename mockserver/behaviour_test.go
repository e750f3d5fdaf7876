package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/store"
)

// behaviourTests show each alternative of each adjustable behaviour in an
// answer. TestEveryAlternativeIsShown fails when one is missing.
var behaviourTests = []struct {
	id, alternative string
	show            func(*testing.T, *mockserver.Server)
	document        string // empty: Diga's
}{
	{"page_with_cursor", "reject", func(t *testing.T, srv *mockserver.Server) {
		wantStatus(t, srv, "?page=1&after="+newest(t, srv), http.StatusUnprocessableEntity)
	}, ""},
	{"page_with_cursor", "page_wins", func(t *testing.T, srv *mockserver.Server) {
		sameAnswer(t, srv, "?limit=2&page=2&after="+newest(t, srv), "?limit=2&page=2")
		// Two cursors stay what the spec documents.
		wantStatus(t, srv, "?page=1&after="+newest(t, srv)+"&before="+newest(t, srv), http.StatusUnprocessableEntity)
	}, ""},
	{"page_with_cursor", "cursor_wins", func(t *testing.T, srv *mockserver.Server) {
		sameAnswer(t, srv, "?limit=2&page=2&after="+newest(t, srv), "?limit=2&after="+newest(t, srv))
	}, ""},
	{"page_fields", "page_mode_only", func(t *testing.T, srv *mockserver.Server) {
		if got := list(t, srv, ""); !got.CurrentPage.IsNull() || !got.TotalPages.IsNull() {
			t.Error("they are filled without page")
		}
	}, ""},
	{"page_fields", "always", func(t *testing.T, srv *mockserver.Server) {
		for query, want := range map[string]int{
			"?limit=2": 1, "?limit=2&after=" + list(t, srv, "?limit=4").LastID.MustGet().String(): 3, "?limit=2&page=9": 9,
			"?limit=2&order=asc&after=" + newest(t, srv): 3,
		} {
			got := list(t, srv, query)
			if got.CurrentPage.MustGet() != want || got.TotalPages.MustGet() != 3 {
				t.Errorf("%s: page %d of %d, want %d of 3", query, got.CurrentPage.MustGet(), got.TotalPages.MustGet(), want)
			}
		}
	}, ""},
	{"unknown_cursor", "reject", func(t *testing.T, srv *mockserver.Server) {
		wantStatus(t, srv, "?after="+uuid.Nil.String(), http.StatusUnprocessableEntity)
	}, ""},
	{"unknown_cursor", "empty", func(t *testing.T, srv *mockserver.Server) {
		if got := list(t, srv, "?after="+uuid.Nil.String()); len(got.Data) != 0 || got.HasMore || !got.FirstID.IsNull() {
			t.Errorf("got %+v, want no data", got)
		}
	}, ""},
	{"deleted_cursor", "as_unknown", func(t *testing.T, srv *mockserver.Server) {
		wantStatus(t, srv, "?after="+deleteNewest(t, srv), http.StatusUnprocessableEntity)
	}, ""},
	{"deleted_cursor", "resume", func(t *testing.T, srv *mockserver.Server) {
		sameAnswer(t, srv, "?limit=2&after="+deleteNewest(t, srv), "?limit=2")
	}, ""},
	{"empty_list", "zero", func(t *testing.T, srv *mockserver.Server) { wantTotalOfEmpty(t, srv, 0) }, ""},
	{"empty_list", "one", func(t *testing.T, srv *mockserver.Server) { wantTotalOfEmpty(t, srv, 1) }, ""},
	{"unauthenticated", "forbidden", func(t *testing.T, srv *mockserver.Server) {
		wantError(t, call(t, http.MethodGet, srv.URL()+keysPath, http.Header{}), http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Not authenticated")
	}, ""},
	{"unauthenticated", "unauthorized", func(t *testing.T, srv *mockserver.Server) {
		for message, header := range map[string]http.Header{"Not authenticated": {}, "Invalid API key": as("nobody")} {
			a := call(t, http.MethodGet, srv.URL()+keysPath, header)
			wantError(t, a, http.StatusUnauthorized, "INTERNAL_SERVER_ERROR", message)
			if got := a.header.Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("WWW-Authenticate is %q, want Bearer", got)
			}
			if a.header.Get("Contract-Departure") == "" {
				t.Error("the answer is outside the spec, but does not say so")
			}
		}
		denied := call(t, http.MethodGet, srv.URL()+keysPath, as(mockserver.NoAccessKey))
		wantError(t, denied, http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Missing required permissions")
		if denied.header.Get("Contract-Departure") != "" {
			t.Error("the documented 403 is marked as a departure")
		}
	}, ""},
	{"unrestricted_permissions", "null", func(t *testing.T, srv *mockserver.Server) { wantUnrestricted(t, srv, nil) }, ""},
	{"unrestricted_permissions", "empty", func(t *testing.T, srv *mockserver.Server) { wantUnrestricted(t, srv, []any{}) }, ""},
	{"trailing_slash", "redirect", func(t *testing.T, srv *mockserver.Server) {
		a := call(t, http.MethodGet, srv.URL()+"/v1/api_key?limit=2", http.Header{})
		if a.status != http.StatusTemporaryRedirect || a.header.Get("Location") != "/v1/api_key/?limit=2" {
			t.Errorf("answered %d to %q", a.status, a.header.Get("Location"))
		}
	}, ""},
	{"trailing_slash", "serve", func(t *testing.T, srv *mockserver.Server) {
		slashed := call(t, http.MethodGet, srv.URL()+"/v1/api_key/?limit=2", as(mockserver.ReadOnlyKey))
		a := call(t, http.MethodGet, srv.URL()+"/v1/api_key?limit=2", as(mockserver.ReadOnlyKey))
		if diff := cmp.Diff(slashed.body, a.body); a.status != http.StatusOK || diff != "" || a.header.Get("Contract-Departure") != "" {
			t.Errorf("answered %d (-with the slash +without):\n%s", a.status, diff)
		}
		wantError(t, call(t, http.MethodGet, srv.URL()+"/v1/api_key?limit=0", as(mockserver.ReadOnlyKey)), http.StatusUnprocessableEntity, "INVALID_PAGINATION_PARAMETERS", "Parameter 'limit' must be >= 1")
	}, ""},
	{"trailing_slash", "not_found", func(t *testing.T, srv *mockserver.Server) {
		wantError(t, call(t, http.MethodGet, srv.URL()+"/v1/api_key", http.Header{}), http.StatusNotFound, "NOT_FOUND", "Not Found")
	}, ""},
	{"missing_item", "not_found", func(t *testing.T, srv *mockserver.Server) {
		for path, departs := range map[string]bool{"/boats/99": true, "/harbours/99": false} {
			a := call(t, http.MethodDelete, srv.URL()+path, http.Header{})
			if a.status != http.StatusNotFound || (a.header.Get("Contract-Departure") != "") != departs {
				t.Errorf("%s answered %d, departing %q", path, a.status, a.header.Get("Contract-Departure"))
			}
		}
	}, fleet},
	{"missing_item", "invalid", func(t *testing.T, srv *mockserver.Server) {
		if a := call(t, http.MethodDelete, srv.URL()+"/harbours/99", http.Header{}); a.status != http.StatusNotFound {
			t.Errorf("where 404 is documented it answered %d", a.status)
		}
		a := call(t, http.MethodGet, srv.URL()+"/boats/99", http.Header{})
		want := map[string]any{"detail": []any{map[string]any{"loc": []any{"path", "boat_id"}, "msg": "Boat 99 not found", "type": "missing_item"}}}
		if diff := cmp.Diff(want, decode[map[string]any](t, a)); a.status != http.StatusUnprocessableEntity || diff != "" || a.header.Get("Contract-Departure") != "" {
			t.Errorf("answered %d, departing %q (-want +got):\n%s", a.status, a.header.Get("Contract-Departure"), diff)
		}
	}, fleet},
	{"in_use", "cascade", func(t *testing.T, srv *mockserver.Server) {
		before := named(t, srv)
		a := call(t, http.MethodDelete, srv.URL()+"/harbours/1", http.Header{})
		if after := named(t, srv); a.status != http.StatusNoContent || before < 3 || after != 0 {
			t.Errorf("answered %d; boats named it %d times before and %d after", a.status, before, after)
		}
	}, fleet},
	{"in_use", "refuse", func(t *testing.T, srv *mockserver.Server) {
		before := named(t, srv)
		a := call(t, http.MethodDelete, srv.URL()+"/harbours/1", http.Header{})
		if after := named(t, srv); a.status != http.StatusConflict || string(a.body) != "{\"why\":\"IN_USE\"}\n" || before == 0 || before != after {
			t.Errorf("answered %d %s; boats named it %d times before and %d after", a.status, a.body, before, after)
		}
		if a := call(t, http.MethodDelete, srv.URL()+"/boats/1", http.Header{}); a.status != http.StatusNoContent {
			t.Errorf("where no 409 is documented it answered %d", a.status)
		}
	}, fleet},
	{"repeated_parameter", "last", func(t *testing.T, srv *mockserver.Server) {
		sameAnswer(t, srv, "?limit=0&x=1&limit=2", "?limit=2")
	}, ""},
	{"repeated_parameter", "first", func(t *testing.T, srv *mockserver.Server) {
		sameAnswer(t, srv, "?limit=2&x=1&limit=0", "?limit=2")
	}, ""},
	{"repeated_parameter", "reject", func(t *testing.T, srv *mockserver.Server) {
		a := call(t, http.MethodGet, srv.URL()+keysPath+"?limit=2&limit=2", as(mockserver.ReadOnlyKey))
		wantError(t, a, http.StatusUnprocessableEntity, "INVALID_PAGINATION_PARAMETERS", "Parameter 'limit' must be given once")
		wantStatus(t, srv, "?x=1&x=2", http.StatusOK) // nobody declares x
	}, ""},
}

// fleet has harbours, which boats name and documents 409 to delete, and boats whose
// 404 is documented nowhere.
const fleet = `{"openapi":"3.1.0","info":{"title":"Fleet","version":"1"},"paths":{
  "/harbours":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Harbour"}}}}}}}},
  "/harbours/{harbour_id}":{"parameters":[{"name":"harbour_id","in":"path","required":true,"schema":{"type":"integer"}}],
    "delete":{"responses":{"204":{"description":""},"404":{"description":""},"409":{"description":"","content":{"application/json":{"schema":{"type":"object"},"example":{"why":"IN_USE"}}}}}}},
  "/boats":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Boat"}}}}}}}},
  "/boats/{boat_id}":{"parameters":[{"name":"boat_id","in":"path","required":true,"schema":{"type":"integer"}}],
    "get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Boat"}}}},
      "422":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/HTTPValidationError"}}}}}},
    "delete":{"responses":{"204":{"description":""}}}}},
  "components":{"schemas":{
    "Harbour":{"type":"object","required":["id","name"],"properties":{"id":{"type":"integer"},"name":{"type":"string"}}},
    "HTTPValidationError":{"type":"object","required":["detail"],"properties":{"detail":{"type":"array","items":{"type":"object","required":["loc","msg","type"],"properties":{"loc":{"type":"array","items":{"type":["string","integer"]}},"msg":{"type":"string"},"type":{"type":"string"}}}}}},
    "Boat":{"type":"object","required":["id","harbour_id","harbour_ids","trips"],"properties":{"id":{"type":"integer"},
      "harbour_id":{"type":["integer","null"]},"harbour_ids":{"type":"array","minItems":0,"items":{"type":"integer"}},
      "trips":{"type":"array","items":{"type":"object","required":["harbour_id"],"properties":{"harbour_id":{"type":"integer"}}}}}}}}}`

// named are the places in which boats name the harbour 1.
func named(t *testing.T, srv *mockserver.Server) (places int) {
	t.Helper()
	type trip struct {
		Harbour *int `json:"harbour_id"`
	}
	for _, boat := range decode[[]struct {
		trip
		Harbours []int `json:"harbour_ids"`
		Trips    []trip
	}](t, call(t, http.MethodGet, srv.URL()+"/boats", http.Header{})) {
		for _, one := range append(boat.Trips, boat.trip) {
			if one.Harbour != nil && *one.Harbour == 1 {
				places++
			}
		}
		for _, id := range boat.Harbours {
			if id == 1 {
				places++
			}
		}
	}
	return places
}

func TestBehaviours(t *testing.T) {
	t.Parallel()
	for _, tc := range behaviourTests {
		t.Run(tc.id+"/"+tc.alternative, func(t *testing.T) {
			t.Parallel()
			profile, err := mockserver.ParseProfile("test", []byte(tc.id+": "+tc.alternative))
			if err != nil {
				t.Fatal(err)
			}
			options := []mockserver.Option{mockserver.WithKeys(5), mockserver.WithItems(5), mockserver.WithProfile(profile)}
			if tc.document != "" {
				options = append(options, mockserver.WithDocument(parsed(t, tc.document)))
			}
			srv := mockserver.Start(t, options...)
			tc.show(t, srv)
			if n := srv.BadResponses(); n > 0 {
				t.Errorf("%d answers broke the contract", n)
			}
		})
	}
}

func TestEveryAlternativeIsShown(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, tc := range behaviourTests {
		shown[tc.id+"/"+tc.alternative] = true
	}
	for _, b := range mockserver.Behaviours() {
		for _, alternative := range b.Alternatives {
			if !shown[b.ID+"/"+alternative] {
				t.Errorf("no test shows %s: %s", b.ID, alternative)
			}
		}
	}
}

func TestNewRefusesAnUnknownAlternative(t *testing.T) {
	t.Parallel()
	if _, err := mockserver.New(mockserver.WithProfile(mockserver.Profile{PageFields: "sometimes"})); err == nil {
		t.Error("no error")
	}
}

func wantStatus(t *testing.T, srv *mockserver.Server, query string, status int) {
	t.Helper()
	if a := call(t, http.MethodGet, srv.URL()+keysPath+query, as(mockserver.ReadOnlyKey)); a.status != status {
		t.Errorf("%s answered %d, want %d: %s", query, a.status, status, a.body)
	}
}

func sameAnswer(t *testing.T, srv *mockserver.Server, a, b string) {
	t.Helper()
	if diff := cmp.Diff(list(t, srv, a), list(t, srv, b)); diff != "" {
		t.Errorf("%s does not answer like %s:\n%s", a, b, diff)
	}
}

func newest(t *testing.T, srv *mockserver.Server) string {
	t.Helper()
	return list(t, srv, "?limit=1").Data[0].ID.String()
}

func demoOf(t *testing.T, srv *mockserver.Server) *store.Project {
	t.Helper()
	p, ok := srv.Store().Project("demo")
	if !ok {
		t.Fatal("no project demo")
	}
	return p
}

func deleteNewest(t *testing.T, srv *mockserver.Server) string {
	t.Helper()
	id := newest(t, srv)
	if err := demoOf(t, srv).DeleteKey(uuid.MustParse(id)); err != nil {
		t.Fatal(err)
	}
	return id
}

// wantTotalOfEmpty looks past the credentials: over HTTP a project always has at
// least the key that asks.
func wantTotalOfEmpty(t *testing.T, srv *mockserver.Server, total int) {
	t.Helper()
	body := mockserver.ListOfEmpty(srv)
	want := map[string]any{
		"data": []any{}, "first_id": nil, "last_id": nil, "has_more": false, "current_page": 1.0, "total_pages": float64(total),
	}
	if diff := cmp.Diff(want, decode[map[string]any](t, answer{body: body})); diff != "" {
		t.Errorf("an empty list (-want +got):\n%s", diff)
	}
}

func wantUnrestricted(t *testing.T, srv *mockserver.Server, want any) {
	t.Helper()
	a := call(t, http.MethodGet, srv.URL()+keysPath+"?order=asc&limit=1", as(mockserver.ReadOnlyKey))
	key := decode[struct{ Data []map[string]any }](t, a).Data[0]
	got, present := key["permissions"]
	if diff := cmp.Diff(want, got); diff != "" || !present || key["restricted"] != false {
		t.Errorf("permissions of an unrestricted key (-want +got):\n%s", diff)
	}
}
