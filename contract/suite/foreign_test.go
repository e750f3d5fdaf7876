package suite_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// Documents of other vendors have what Diga's has not: the mock answers them as they
// say, and the suite finds nothing wrong with that.
func TestForeignDocumentsAreClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why, paths string
		profile    mockserver.Profile
	}{
		{"the id of a lamp is refused as that of a plug", `
  /lamps: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
  /lamps/{id}: {get: {parameters: [{$ref: '#/components/parameters/ID'}], responses: {'200': {$ref: '#/components/responses/Thing'}, '422': {description: d}}}}
  /plugs: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
  /plugs/{id}: {get: {parameters: [{$ref: '#/components/parameters/ID'}], responses: {'200': {$ref: '#/components/responses/Thing'}, '422': {description: d}}}}
`, mockserver.Profile{MissingItem: mockserver.MissingItemInvalid}},
		{"what identifies an item stands deeper in what is listed", `
  /lamps:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: starting_after, in: query, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {type: object, properties: {data: {$ref: '#/components/schemas/Thing'}}}}}}}}}}
  /lamps/{id}: {get: {parameters: [{$ref: '#/components/parameters/ID'}], responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {data: {$ref: '#/components/schemas/Thing'}}}}}}}}}
`, mockserver.Profile{}},
		{"a list without pages has no more items than it may", `
  /lamps:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, maxItems: 3, items: {$ref: '#/components/schemas/Thing'}}}}}}}
    post: {requestBody: {$ref: '#/components/requestBodies/Thing'}, responses: {'201': {$ref: '#/components/responses/Thing'}}}
`, mockserver.Profile{}},
		{"a filter asks for one of several objects in an item", `
  /lamps:
    get:
      parameters: [{name: owner_id, in: query, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {type: object, required: [id, owners], properties: {id: {type: string, format: uuid}, owners: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Thing'}}}}}}}}}
`, mockserver.Profile{}},
		{"what is read takes a body", `
  /lamps:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}
    post: {requestBody: {$ref: '#/components/requestBodies/Thing'}, responses: {'201': {$ref: '#/components/responses/Thing'}}}
  /lamps/{id}:
    parameters: [{$ref: '#/components/parameters/ID'}]
    get: {requestBody: {$ref: '#/components/requestBodies/Thing'}, responses: {'200': {$ref: '#/components/responses/Thing'}, default: {description: d}}}
    put: {requestBody: {$ref: '#/components/requestBodies/Thing'}, responses: {'200': {$ref: '#/components/responses/Thing'}, '404': {description: d}}}
    delete: {responses: {'204': {description: d}, '404': {description: d}}}
`, mockserver.Profile{}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			text := []byte("openapi: 3.1.0\ninfo: {title: Foreign, version: '1'}\npaths:" + tc.paths + `
components:
  parameters: {ID: {name: id, in: path, required: true, schema: {type: string, format: uuid}}}
  requestBodies: {Thing: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  responses: {Thing: {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  schemas: {Thing: {type: object, required: [id, name], properties: {id: {type: string, format: uuid}, name: {type: string}}}}
`)
			d, err := spec.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			srv := mockserver.Start(t, mockserver.WithDocument(d), mockserver.WithProfile(tc.profile), mockserver.WithoutJournal())
			r, err := suite.Check(t.Context(), suite.Target{
				URL: srv.URL(), Document: text, Key: mockserver.UnrestrictedKey, Lab: srv.Lab(), Writes: true, Disposable: true, Timeout: time.Minute,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				t.Errorf("%s: %s %s: %s", f.Check, f.Method, f.Path, f.Message)
			}
			if r.Summary.Passed == 0 {
				t.Error("nothing was checked")
			}
		})
	}
}

// What an action has ended is gone, whatever a server answers to its deletion.
func TestWhatIsGoneIsNotLeftBehind(t *testing.T) {
	t.Parallel()
	text := []byte(`openapi: 3.1.0
info: {title: Lamps, version: '1'}
paths:
  /lamps:
    post: {requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}, responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}}}
  /lamps/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}, '404': {description: d}}}
    delete: {responses: {'204': {description: d}, '422': {description: d}}}
components: {schemas: {Lamp: {type: object, required: [id, name], properties: {id: {type: string, format: uuid}, name: {type: string}}}}}
`)
	d, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(answered(func(r *http.Request, a *reply) {
		if r.Method == http.MethodDelete {
			a.status, a.body = http.StatusUnprocessableEntity, nil
		}
	})(mockserver.Start(t, mockserver.WithDocument(d), mockserver.WithoutJournal())))
	defer srv.Close()
	r, err := suite.Check(t.Context(), suite.Target{URL: srv.URL, Document: text, Key: mockserver.UnrestrictedKey, Writes: true, Rate: -1, Only: "positive_body_acceptance"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s", f.Check, f.Message)
	}
	if r.Summary.Passed == 0 {
		t.Error("nothing was checked")
	}
}

// What a run makes on a server that is not given to it whole it removes, and what was
// there before it leaves as it was: accepting an invitation of one's own makes a member
// that nothing names.
func TestARunLeavesAServerAsItWas(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("tries 136 operations")
	}
	document := spectest.Shared(t, "diga/openapi-2026-07-22.json")
	srv := profiled(t, document, nil)
	before := itemsOf(t, srv)
	r, err := suite.Check(t.Context(), suite.Target{URL: srv.URL(), Document: document, Key: mockserver.UnrestrictedKey, Writes: true, Rate: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s %s: %s", f.Check, f.Method, f.Path, f.Message)
	}
	if diff := cmp.Diff(string(before), string(itemsOf(t, srv))); diff != "" {
		t.Errorf("what is there (-before +after):\n%s", diff)
	}
}
