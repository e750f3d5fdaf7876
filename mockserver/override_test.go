package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/journal"
)

const boats = `{"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": {
  "/boats": {
    "get": {"operationId": "listBoats", "responses": {"200": {"description": "", "content": {"application/json": {
      "schema": {"type": "object", "required": ["data", "more"], "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}}, "more": {"type": "boolean"}, "next": {"anyOf": [{"type": "string"}, {"type": "null"}]}}},
      "examples": {"none": {"value": {"data": [], "more": false, "next": null}}}}}}}},
    "post": {"operationId": "createBoat", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}},
      "responses": {"201": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}},
        "409": {"description": "", "content": {"application/json": {"schema": {"type": "object", "required": ["why"], "properties": {"why": {"type": "string", "const": "taken"}}}}}}}}
  },
  "/boats/{id}": {
    "get": {"operationId": "readBoat", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}}, "404": {"description": ""}}},
    "delete": {"operationId": "deleteBoat", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "responses": {"204": {"description": ""}, "404": {"description": ""}}}
  }},
 "components": {"schemas": {"Boat": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "masts": {"type": "integer"}}}}}}`

func overridden(t *testing.T, yaml string) *mockserver.Server {
	t.Helper()
	list, err := mockserver.ParseOverrides("o.yaml", []byte(yaml))
	try(t, err)
	return mockserver.Start(t, mockserver.WithDocument(parsed(t, boats)), mockserver.WithOverrides(list...), mockserver.WithItems(3))
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, yaml   string
		method, path string
		prefer       string
		status       int
		body         string // that it holds
		basis        string // of the answer
		departure    string // that Contract-Departure holds; empty: there is none
	}{
		{name: "a patch", yaml: `listBoats: {patch: {more: true}}`, path: "/boats", status: 200, body: `"more":true`, basis: "override"},
		{name: "by method and path", yaml: `GET /boats: {patch: {more: true}}`, path: "/boats", status: 200, body: `"more":true`, basis: "override"},
		{name: "null where there may be null", yaml: `listBoats: {patch: {next: null}}`, path: "/boats", status: 200, body: `"next":null`, basis: "override"},
		{name: "null deletes", yaml: `listBoats: {patch: {more: null}}`, path: "/boats", status: 200, body: `"data"`, basis: "override", departure: "override: response body: must have the property"},
		{name: "an array is replaced", yaml: `listBoats: {patch: {data: [{id: a, name: Ark}]}}`, path: "/boats", status: 200, body: `"data":[{"id":"a","name":"Ark"}]`, basis: "override"},
		{name: "what breaks the document", yaml: `listBoats: {patch: {more: perhaps}}`, path: "/boats", status: 200, body: `"more":"perhaps"`, basis: "override", departure: "override: response body /more: must be a boolean"},
		{name: "an example", yaml: `listBoats: {example: none}`, path: "/boats", status: 200, body: `"data":[]`, basis: "override"},
		{name: "an example, patched", yaml: `listBoats: {example: none, patch: {next: b}}`, path: "/boats", status: 200, body: `"next":"b"`, basis: "override"},
		{name: "a documented status", yaml: `createBoat: {status: 409}`, method: "POST", path: "/boats", status: 409, body: `{"why":"taken"}`, basis: "override"},
		{name: "a status without a body", yaml: `deleteBoat: {status: 404}`, method: "DELETE", path: "/boats/x", status: 404, basis: "override"},
		{name: "an undocumented status", yaml: `listBoats: {status: 429}`, path: "/boats", status: 429, body: `"detail":"Too Many Requests"`, basis: "override", departure: "override: listBoats documents no 429"},
		{name: "the status that it has", yaml: `createBoat: {status: 201, patch: {name: Ark}}`, method: "POST", path: "/boats", status: 201, body: `"name":"Ark"`, basis: "override"},
		{name: "a refusal stays what it is", yaml: `readBoat: {patch: {name: Ark}}`, path: "/boats/x", status: 404},
		{name: "Prefer comes first", yaml: `listBoats: {status: 429}`, path: "/boats", prefer: "example=none", status: 200, body: `"data":[]`},
		{name: "another operation", yaml: `createBoat: {status: 409}`, path: "/boats", status: 200, body: `"data":[`, basis: "inferred"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := overridden(t, tc.yaml)
			header := http.Header{}
			if tc.prefer != "" {
				header.Set("Prefer", tc.prefer)
			}
			method := tc.method
			if method == "" {
				method = http.MethodGet
			}
			a := call(t, method, srv.URL()+tc.path, header)
			if a.status != tc.status || !strings.Contains(string(a.body), tc.body) {
				t.Errorf("answered %d %s, want %d with %s", a.status, a.body, tc.status, tc.body)
			}
			if got := a.header.Get("Mock-Basis"); got != tc.basis && tc.basis != "" {
				t.Errorf("Mock-Basis is %q, want %q", got, tc.basis)
			}
			got := a.header.Get("Contract-Departure")
			if (got == "") != (tc.departure == "") || !strings.HasPrefix(got, tc.departure) {
				t.Errorf("Contract-Departure is %q, want %q", got, tc.departure)
			}
			p, err := srv.Project("demo")
			try(t, err)
			entries := p.Requests(journal.Filter{})
			if len(entries) != 1 || entries[0].Departure != got || entries[0].Basis != tc.basis && tc.basis != "" {
				t.Errorf("the journal has %+v", entries)
			}
			for _, o := range p.Coverage().Operations {
				if o.Calls > 0 && tc.basis != "" && o.Bases[tc.basis] != 1 {
					t.Errorf("coverage has %v of %s", o.Bases, o.Operation)
				}
			}
		})
	}
}

// A patch leaves an operation's effect, an answer in its place has none; what is set
// later counts from the next request on, and a mistake changes nothing.
func TestOverridesAndEffects(t *testing.T) {
	t.Parallel()
	srv := overridden(t, "createBoat: {patch: {name: Ark}}")
	count := func() int {
		return strings.Count(string(call(t, http.MethodGet, srv.URL()+"/boats", http.Header{}).body), `"id"`)
	}
	before := count()
	call(t, http.MethodPost, srv.URL()+"/boats", http.Header{})
	if got := count(); got != before+1 {
		t.Errorf("with a patch, %d became %d", before, got)
	}
	try(t, srv.SetOverrides(mockserver.Override{Operation: "createBoat", Status: http.StatusConflict}))
	if err := srv.SetOverrides(mockserver.Override{Operation: "sinkBoat"}); err == nil {
		t.Error("an operation that the document does not have: no error")
	}
	if a := call(t, http.MethodPost, srv.URL()+"/boats", http.Header{}); a.status != http.StatusConflict || count() != before+1 {
		t.Errorf("a fixed status answered %d, and there are %d of %d", a.status, count(), before+1)
	}
	try(t, srv.SetOverrides())
	if a := call(t, http.MethodPost, srv.URL()+"/boats", http.Header{}); a.status != http.StatusCreated || count() != before+2 {
		t.Errorf("without overrides it answered %d, and there are %d of %d", a.status, count(), before+2)
	}
}

func TestOverridesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, yaml, want string }{
		{"no YAML", "{", "o.yaml:1:"},
		{"a list", "- listBoats", "o.yaml:1:1: the file is a mapping"},
		{"no answer", "listBoats:", "o.yaml:1:1: listBoats has no answer; write patch, status or example"},
		{"an unknown field", "listBoats:\n  stauts: 404", "o.yaml:2:3: there is no field stauts; write patch, status or example"},
		{"a status of text", "listBoats:\n  status: gone", "o.yaml:2:3: status is no status of an answer; write 200 to 599"},
		{"a status below", "listBoats:\n  status: 100", "o.yaml:2:3: status is no"},
		{"an example of a number", "listBoats:\n  example: 4", "o.yaml:2:3: example is no name"},
		{"all at once", "a: 1\nb: {x: 1}", "o.yaml:2:5: there is no field x"},
		{"twice", "listBoats: {status: 200}\nlistBoats: {status: 404}", "o.yaml:2:1"},
		{"an unknown operation", "\nsinkBoat: {status: 404}", "o.yaml:2:1: the document has no operation sinkBoat: write an operationId, or METHOD and path"},
		{"by both names", "GET /boats: {status: 200}\nlistBoats: {status: 200}", "has an override already; leave one of them out"},
		{"an unknown example", "listBoats:\n  example: nil", "o.yaml:2:3: listBoats documents no example nil for 200: it has none for 200"},
		{"a patch of nothing", "deleteBoat:\n  patch: {a: 1}", "o.yaml:2:3: deleteBoat: an answer 204 has no body"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			list, err := mockserver.ParseOverrides("o.yaml", []byte(tc.yaml))
			if err == nil {
				_, err = mockserver.New(mockserver.WithDocument(parsed(t, boats)), mockserver.WithOverrides(list...))
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %q", err, tc.want)
			}
		})
	}
	if list, err := mockserver.ParseOverrides("o.yaml", []byte("# nothing yet\n")); err != nil || len(list) != 0 {
		t.Errorf("comments alone give %v, %v", list, err)
	}
}
