package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/server"
)

// What is set past the API is what the API shows, through both doors.
func TestCollectionsCanBeSet(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, string(spectest.Document(30)))), mockserver.WithItems(3))
	api := controlOf(t, srv)
	p, err := srv.Project("demo")
	try(t, err)

	collections, err := api.ListCollectionsWithResponse(t.Context(), "demo")
	ok(t, collections, err)
	name := collections.JSON200.Collections[0].Name
	for _, c := range collections.JSON200.Collections {
		if c.Path == "/v1/vessel/" {
			name = c.Name
			if c.Items != 3 {
				t.Errorf("%s begins with %d items, want 3", c.Name, c.Items)
			}
		}
	}
	made, err := p.Collection(name).Create(map[string]any{"name": "By hand"})
	try(t, err)
	if a := call(t, http.MethodGet, srv.URL()+"/v1/vessel/", as(mockserver.UnrestrictedKey)); !strings.Contains(string(a.body), "By hand") {
		t.Errorf("what is made in Go is not listed: %s", a.body)
	}
	shot, err := p.Snapshot()
	try(t, err)

	changed, err := api.UpdateItemWithResponse(t.Context(), "demo", name, made.ID, control.UpdateItemJSONRequestBody{"name": "Renamed"})
	ok(t, changed, err)
	if a := call(t, http.MethodGet, srv.URL()+"/v1/vessel/"+made.ID, as(mockserver.UnrestrictedKey)); !strings.Contains(string(a.body), "Renamed") {
		t.Errorf("what is changed over HTTP is not read: %s", a.body)
	}
	search := "RENAMED"
	found, err := api.ListItemsWithResponse(t.Context(), "demo", name, &control.ListItemsParams{Search: &search})
	ok(t, found, err)
	if items := found.JSON200.Items; len(items) != 1 || items[0].ID != made.ID {
		t.Errorf("the search finds %v", items)
	}
	gone, err := api.DeleteItemWithResponse(t.Context(), "demo", name, made.ID)
	ok(t, gone, err)
	if a := call(t, http.MethodGet, srv.URL()+"/v1/vessel/"+made.ID, as(mockserver.UnrestrictedKey)); a.status != http.StatusNotFound {
		t.Errorf("what is deleted is answered %d", a.status)
	}

	// A snapshot is data: it goes through JSON and back.
	text, err := json.Marshal(shot)
	try(t, err)
	var read server.Snapshot
	try(t, json.Unmarshal(text, &read))
	try(t, p.Restore(read))
	item, err := p.Collection(name).Get(made.ID)
	try(t, err)
	if string(item.Value) != string(made.Value) {
		t.Errorf("restored is %s, want %s", item.Value, made.Value)
	}
	try(t, p.Reset())
	if _, err := p.Collection(name).Get(made.ID); err == nil {
		t.Error("a reset keeps what was made")
	}
	planned, err := api.GetPlanWithResponse(t.Context())
	ok(t, planned, err)
	if !strings.Contains(string(planned.Body), `"kind":"list"`) {
		t.Errorf("the plan is %.200s", planned.Body)
	}
}

func TestCollectionsRefuseWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, string(spectest.Document(30)))))
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"a collection that is not there", http.MethodGet, "submarine", "", http.StatusNotFound, "vessel"},
		{"an item that is not there", http.MethodGet, "vessel/nobody", "", http.StatusNotFound, "nobody"},
		{"a value of another type", http.MethodPost, "vessel", `{"name": 7}`, http.StatusUnprocessableEntity, `"/name"`},
		{"the rule of a value that does not fit", http.MethodPost, "vessel", `{"name": 7}`, http.StatusUnprocessableEntity, "must be a string"},
		{"a property that no item has", http.MethodPost, "vessel", `{"wings": 2}`, http.StatusUnprocessableEntity, `"/wings"`},
		{"no object", http.MethodPost, "vessel", `[]`, http.StatusUnprocessableEntity, "body"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), tc.method, srv.URL()+"/_mock/projects/demo/collections/"+tc.path, strings.NewReader(tc.body))
			try(t, err)
			if tc.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			resp, err := http.DefaultTransport.RoundTrip(r)
			try(t, err)
			defer resp.Body.Close()
			var body json.RawMessage
			try(t, json.NewDecoder(resp.Body).Decode(&body))
			if resp.StatusCode != tc.status || !strings.Contains(string(body), tc.says) {
				t.Errorf("answered %d %s", resp.StatusCode, body)
			}
		})
	}
}

// What is set keeps its digits, also those that no float64 has.
func TestCollectionsKeepTheDigitsOfNumbers(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/things":{"get":{"responses":{"200":{"description":"d",
		"content":{"application/json":{"schema":{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"n":{"type":"integer"}}}}}}}}}}}}`)))
	for method, path := range map[string]string{http.MethodPost: "", http.MethodPatch: "/mine"} {
		p, err := srv.Project("demo")
		try(t, err)
		_, err = p.Collection("things").Create(map[string]any{"id": "mine"})
		try(t, err)
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL()+"/_mock/projects/demo/collections/things"+path, strings.NewReader(`{"n":12345678901234567891}`))
		try(t, err)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(r)
		try(t, err)
		body, err := io.ReadAll(resp.Body)
		try(t, err)
		try(t, resp.Body.Close())
		if resp.StatusCode >= 300 || !strings.Contains(string(body), `"n":12345678901234567891`) {
			t.Errorf("%s answered %d %s", method, resp.StatusCode, body)
		}
		try(t, p.Reset())
	}
}
