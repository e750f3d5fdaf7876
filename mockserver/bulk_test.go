package mockserver_test

import (
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

const harbour = `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /captains:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Captain'}}}}}}}
  /captains/{captain_id}:
    parameters: [{name: captain_id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Captain'}}}}}}
  /docks:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Dock'}}}}}}}
  /docks/{dock_id}:
    parameters: [{name: dock_id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Dock'}}}}}}
  /docks/{dock_id}/ships:
    parameters: [{name: dock_id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Ship'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [ships], properties: {
        ships: {type: array, items: {type: object, required: [name], properties: {name: {type: string}, captain_id: {type: integer}}}}, flag: {type: string}}}}}}
      responses:
        '201': {description: d, content: {application/json: {schema: {type: object, required: [made], properties: {made: {type: array, items: {$ref: '#/components/schemas/Ship'}}}}}}}
        '404': {description: d, content: {application/json: {schema: {type: object}, example: {code: CAPTAIN_NOT_FOUND}}}}
    patch:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [changes], properties: {
        changes: {type: array, items: {type: object, required: [ship_id], properties: {ship_id: {type: integer}, name: {type: string}, flag: {type: string}, captain_id: {type: integer}}}}}}}}}
      responses:
        '200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Ship'}}}}}
        '404': {description: d, content: {application/json: {schema: {type: object}, example: {code: CAPTAIN_NOT_FOUND}}}}
  /docks/{dock_id}/ships/{ship_id}:
    parameters:
      - {name: dock_id, in: path, required: true, schema: {type: integer}}
      - {name: ship_id, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Ship'}}}}}}
components:
  schemas:
    Captain: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}
    Dock: {type: object, required: [id, ship_count], properties: {id: {type: integer}, ship_count: {type: integer}}}
    Ship: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}, flag: {type: string}, captain: {anyOf: [{$ref: '#/components/schemas/Captain'}, {type: 'null'}]}}}
`

// Several items are made, or changed, each as it was sent and with what they share; one
// that is refused is the end of all.
func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()
	a := mockserver.Start(t, mockserver.WithItems(3), mockserver.WithDocument(parsed(t, harbour)))
	shown := func(path string) string { return strings.TrimSpace(send(a, "GET", path, "")) }
	const one, two = `{"id":1,"name":`, `{"id":2,"name":`
	for _, step := range []struct{ why, method, body, want, ships, dock string }{
		{"each is made as it was sent, and with what they share", "POST", `{"flag":"es","ships":[{"name":"Ariel","captain_id":1},{"name":"Beagle"}]}`, "201 ", `"name":"Beagle","flag":"es","captain":null "name":"Ariel","flag":"es","captain":` + one, `"ship_count":2`},
		{"one that names nobody is the end of all", "POST", `{"ships":[{"name":"Cutty Sark","captain_id":1},{"name":"Discovery","captain_id":77}]}`, `404 {"code":"CAPTAIN_NOT_FOUND"}`, "", ""},
		{"each is changed as it was sent, one after the other", "PATCH", `{"changes":[{"ship_id":4,"name":"Ariel II"},{"ship_id":77,"name":"none"},{"ship_id":5,"captain_id":2},{"ship_id":4,"flag":"pt"}]}`, "200 ", `"name":"Beagle","flag":"es","captain":` + two + ` "name":"Ariel II","flag":"pt","captain":` + one, ""},
		{"one that names nobody is the end of all", "PATCH", `{"changes":[{"ship_id":4,"name":"Ariel III"},{"ship_id":5,"captain_id":77}]}`, `404 {"code":"CAPTAIN_NOT_FOUND"}`, "", ""},
	} {
		ships, dock := shown("/docks/1/ships"), shown("/docks/1")
		if got := send(a, step.method, "/docks/1/ships", step.body); !strings.HasPrefix(got, step.want) {
			t.Errorf("%s: answered %s, want %s", step.why, got, step.want)
		}
		got := shown("/docks/1/ships")
		for part := range strings.SplitSeq(step.ships, " \"") {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %s has no %s", step.why, got, part)
			}
		}
		if step.ships == "" && (got != ships || shown("/docks/1") != dock) {
			t.Errorf("%s: %s of %s became %s of %s", step.why, ships, dock, got, shown("/docks/1"))
		}
		if !strings.Contains(shown("/docks/1"), step.dock) {
			t.Errorf("%s: the dock is %s, want %s", step.why, shown("/docks/1"), step.dock)
		}
	}
}
