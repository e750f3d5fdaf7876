package suite_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/engine"
)

// tellingDocument is the API of seed 000 with what else tells alternatives apart: a list that a
// filter can empty, items that can be made, named by others and deleted.
func tellingDocument(t *testing.T) []byte {
	t.Helper()
	const more = `{
		"/v1/agent/": {
			"get": {"operationId": "listAgents", "parameters": [
				{"name": "after", "in": "query", "schema": {"type": "string", "format": "uuid"}}, {"name": "before", "in": "query", "schema": {"type": "string", "format": "uuid"}},
				{"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}}, {"name": "search", "in": "query", "schema": {"type": "string"}},
				{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}}],
				"responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"type": "object", "required": ["data", "has_more"], "properties": {
					"data": {"type": "array", "items": {"$ref": "#/components/schemas/Agent"}}, "has_more": {"type": "boolean"},
					"current_page": {"type": ["integer", "null"]}, "total_pages": {"type": ["integer", "null"]}}}}}}, "422": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}},
			"post": {"operationId": "createAgent", "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}}},
				"responses": {"201": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Agent"}}}}, "422": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}}},
		"/v1/agent/{agent_id}": {
			"get": {"operationId": "readAgent", "parameters": [{"name": "agent_id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
				"responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Agent"}}}}, "422": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}},
			"delete": {"operationId": "deleteAgent", "parameters": [{"name": "agent_id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
				"responses": {"204": {"description": "d"}, "404": {"$ref": "#/components/responses/Refused"}, "409": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}}},
		"/v1/phone": {
			"get": {"operationId": "listPhones", "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Phone"}}}}}, "403": {"$ref": "#/components/responses/Refused"}}},
			"post": {"operationId": "createPhone", "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "agent_id": {"type": ["string", "null"], "format": "uuid"}}}}}},
				"responses": {"201": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Phone"}}}}, "422": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}}},
		"/v1/phone/{phone_id}": {
			"delete": {"operationId": "deletePhone", "parameters": [{"name": "phone_id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
				"responses": {"204": {"description": "d"}, "404": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}}}}}`
	const components = `{
		"schemas": {
			"Agent": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"}}},
			"Phone": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "agent_id": {"type": ["string", "null"], "format": "uuid"}}}},
		"responses": {"Refused": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponseSchema"}}}}}}`
	var document, paths, parts map[string]any
	for text, into := range map[string]*map[string]any{string(spectest.Seed()): &document, more: &paths, components: &parts} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	own := document["paths"].(map[string]any)
	listed := own["/v1/api_key/"].(map[string]any)["get"].(map[string]any)
	for _, item := range paths {
		for _, operation := range item.(map[string]any) {
			operation.(map[string]any)["security"] = listed["security"]
		}
	}
	maps.Copy(own, paths)
	of := document["components"].(map[string]any)
	maps.Copy(of["schemas"].(map[string]any), parts["schemas"].(map[string]any))
	of["responses"] = parts["responses"]
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// pairwise are profiles in which any two alternatives of any two lines stand together.
func pairwise() []map[string]string {
	var lines []mockserver.Behaviour
	for _, b := range mockserver.Behaviours() {
		if len(b.Alternatives) > 0 {
			lines = append(lines, b)
		}
	}
	type pair [4]string
	of := func(a, x, b, y string) pair {
		return pair{min(a, b), map[bool]string{true: x, false: y}[a < b], max(a, b), map[bool]string{true: y, false: x}[a < b]}
	}
	missing := map[pair]bool{}
	for i, a := range lines {
		for _, b := range lines[i+1:] {
			for _, x := range a.Alternatives {
				for _, y := range b.Alternatives {
					missing[of(a.ID, x, b.ID, y)] = true
				}
			}
		}
	}
	var profiles []map[string]string
	for n := 0; len(missing) > 0; n++ {
		p := map[string]string{}
		for i := range lines {
			line := lines[(i+n)%len(lines)]
			best, most := "", -1
			for _, x := range line.Alternatives {
				gain := 0
				for id, y := range p {
					if missing[of(line.ID, x, id, y)] {
						gain++
					}
				}
				if i == 0 { // what is missing most often begins
					for pair := range missing {
						if pair[0] == line.ID && pair[1] == x || pair[2] == line.ID && pair[3] == x {
							gain++
						}
					}
				}
				if gain > most {
					best, most = x, gain
				}
			}
			p[line.ID] = best
		}
		for a, x := range p {
			for b, y := range p {
				delete(missing, of(a, x, b, y))
			}
		}
		profiles = append(profiles, p)
	}
	return profiles
}

func profiled(t *testing.T, document []byte, lines map[string]string, opts ...mockserver.Option) *mockserver.Server {
	t.Helper()
	var text strings.Builder
	for id, alternative := range lines {
		if alternative == "" {
			continue
		}
		fmt.Fprintf(&text, "%s: %s\n", id, alternative)
	}
	profile, err := mockserver.ParseProfile("profile.yaml", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	d, err := spec.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	return mockserver.Start(t, append(opts, mockserver.WithDocument(d), mockserver.WithProfile(profile))...)
}

// The profile that a calibration shows is the one that the mock runs with, under every
// combination of two alternatives, and what was made for it is gone.
func TestCalibration(t *testing.T) {
	t.Parallel()
	calibrates(t, tellingDocument(t), sample(pairwise()), "")
}

func TestCalibrationOfTheWholeAPI(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts mocks of 136 operations")
	}
	// No item that one can make names another that is deleted with a 409.
	calibrates(t, spectest.Shared(t, "diga/openapi-2026-07-22.json"), pairwise(), "in_use")
}

func calibrates(t *testing.T, document []byte, profiles []map[string]string, open string) {
	t.Helper()
	for i, want := range profiles {
		if open != "" {
			want[open] = ""
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			srv := profiled(t, document, want)
			before := itemsOf(t, srv)
			lines, left, err := suite.Calibrate(t.Context(), suite.Target{URL: srv.URL(), Document: document, Key: mockserver.UnrestrictedKey, Writes: true})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, l := range lines {
				got[l.ID] = l.Alternative
				if l.Evidence == "" {
					t.Errorf("%s has no evidence", l.ID)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-run with +shown):\n%s%+v", diff, lines)
			}
			if after := itemsOf(t, srv); !bytes.Equal(before, after) || len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

// itemsOf are the items of the mock's project, a line each.
func itemsOf(t *testing.T, srv *mockserver.Server) []byte {
	t.Helper()
	demo, err := srv.Project("demo")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, c := range demo.Collections() {
		all, _, err := demo.Collection(c.Name).List(engine.Search{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range all {
			names = append(names, fmt.Sprintf("%s %s %s", c.Name, item.ID, item.Value))
		}
	}
	slices.Sort(names)
	return []byte(strings.Join(names, "\n"))
}

// Without writes, and where there is nothing to see, lines stay open and say why; only
// reads are sent.
func TestCalibrationThatCannotTell(t *testing.T) {
	t.Parallel()
	document := tellingDocument(t)
	srv := profiled(t, document, nil, mockserver.WithItems(0))
	sent := &methods{}
	lines, _, err := suite.Calibrate(t.Context(), suite.Target{URL: srv.URL(), Document: document, Key: mockserver.UnrestrictedKey, Transport: sent})
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, l := range lines {
		if l.Alternative == "" {
			open[l.ID] = true
		}
		if l.Evidence == "" {
			t.Errorf("%s says nothing", l.ID)
		}
	}
	for _, id := range []string{"deleted_cursor", "in_use"} {
		if !open[id] {
			t.Errorf("%s cannot be told by reading", id)
		}
	}
	if other := slices.DeleteFunc(sent.seen, func(m string) bool { return m == http.MethodGet }); len(other) > 0 || len(open) == len(lines) {
		t.Errorf("sent %v; %+v", other, lines)
	}
}

// methods notes what is sent.
type methods struct{ seen []string }

func (m *methods) RoundTrip(r *http.Request) (*http.Response, error) {
	m.seen = append(m.seen, r.Method)
	return http.DefaultTransport.RoundTrip(r)
}
