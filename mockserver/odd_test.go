package mockserver_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/store"
)

// odd is a document of what other vendors do otherwise than Diga.
const odd = `
openapi: 3.1.0
info: {title: Odd, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: kind, in: query, schema: {type: array, items: {enum: [cat, dog]}}}
      responses:
        '200': {description: d, headers: {X-Total: {required: true, schema: {type: integer}}}, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}
        default: {$ref: '#/components/responses/Problem'}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: d, headers: {Location: {required: true, schema: {type: string, format: uri}}}}, '422': {description: nothing is said}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, '404': {description: nothing is said}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, 4XX: {$ref: '#/components/responses/Problem'}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: d}, '404': {description: d, content: {text/plain: {schema: {type: string, pattern: '^Pet [0-9]+ not found$'}}}}}
    delete:
      responses: {'204': {description: d}, '404': {description: d, content: {application/problem+json: {schema: {type: object, required: [type, title, status], properties: {type: {type: string, format: uri-reference}, title: {type: string}, status: {type: integer}}}}}}}
  /users:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  /topics:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Topic'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Topic'}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Topic'}}}}, '409': {$ref: '#/components/responses/Problem'}}
  /topics/{name}: {get: {parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Topic'}}}}}}}
  /runs:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Run'}}}}}}}
    post: {responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Run'}}}}}}
  /runs/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^run[a-z]{6}$'}}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Run'}}}}}}}
  /crates:
    get:
      parameters: [{name: page_size, in: query, schema: {type: integer, default: 10}}, {name: page_token, in: query, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {result: {type: array, items: {$ref: '#/components/schemas/Topic'}}, metadata: {type: object, properties: {prev: {type: string, format: uri}, next: {type: string, format: uri}}}}}}}}}
  /wagons:
    get:
      parameters:
        - {name: after, in: query, schema: {type: string, format: uuid}}
        - {name: kind, in: query, schema: {type: string}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [data, has_more], properties: {data: {type: array, items: {$ref: '#/components/schemas/Wagon'}}, first_id: {type: string, format: uuid}, last_id: {type: string, format: uuid}, has_more: {type: boolean}}}}}}}
  /signs: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, maxItems: 3, minItems: 3, items: {$ref: '#/components/schemas/Sign'}}}}}}}}
  /signs/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Sign'}}}}}}}
  /berths: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, maxItems: 4, minItems: 4, items: {$ref: '#/components/schemas/Berth'}}}}}}}}
  /berths/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}}}}
  /taps:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Tap'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tap'}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Tap'}}}}}
  /taps/{address}: {get: {parameters: [{name: address, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Tap'}}}}}}}
  /leases: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Lease'}}}}}}}}
  /emptied: {delete: {responses: {'204': {description: d, content: {application/json: {schema: {type: object}}}}}}}
  /found: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {results: {type: array, items: {not: {type: object}}}}}}}}}}}
  /only: {get: {parameters: [{name: limit, in: query, schema: {type: integer}}], responses: {default: {$ref: '#/components/responses/Problem'}}}}
  /silent: {get: {responses: {}}}
  /moved: {get: {responses: {'302': {description: d, headers: {Location: {required: true, schema: {type: string, format: uri}}}}}}}
  /never: {get: {responses: {'410': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}}}}
  /ranged: {get: {responses: {2XX: {description: d, content: {text/plain: {schema: {enum: [fine]}}}}}}}
  /echo:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {said: {}}}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [said], properties: {said: {type: string}}}}}}}
components:
  responses:
    Problem: {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Error: {type: object, additionalProperties: false, required: [code, message], properties: {code: {type: integer}, message: {type: string}}}
    User: {type: object, required: [name, password], properties: {name: {type: string}, password: {type: string, writeOnly: true}}}
    Topic: {type: object, required: [name], properties: {name: {type: string}, partitions: {type: integer}, pet_id: {type: string}}}
    Run: # its date has a form that is not the clock's, and its input branches within a branch
      type: object
      required: [id, created_at, input]
      properties:
        id: {type: string}
        created_at: {type: string, readOnly: true, pattern: '^[a-z]+$'}
        input: {anyOf: [{$ref: '#/components/schemas/Positional'}, {$ref: '#/components/schemas/Named'}]}
    Positional:
      allOf:
        - {type: object, properties: {value: {type: string}}}
        - {type: object, required: [type], properties: {type: {enum: [positional]}, hint: {type: string}}, anyOf: [{required: [hint]}, {required: [value]}]}
    Named:
      allOf:
        - {type: object, properties: {value: {type: string}}}
        - {type: object, required: [type, name], properties: {type: {enum: [named]}, name: {type: string}}}
    Reference: {type: object, required: [id, type], properties: {id: {type: integer}, type: {type: string}, kind: {type: string}}}
    PetReference: {allOf: [{$ref: '#/components/schemas/Reference'}, {type: object, properties: {type: {enum: [pet_reference]}, kind: {enum: [reference]}}}]}
    Lease: {type: object, required: [id, pet], properties: {id: {type: integer}, pet: {$ref: '#/components/schemas/PetReference'}}}
    Sign: {type: object, required: [id], properties: {id: {enum: [stop, yield, no entry], type: string}}}
    Berth: {type: object, required: [id], properties: {id: {type: integer, minimum: 1, maximum: 4}}}
    Wagon: {type: object, required: [id, kind], properties: {id: {type: string, format: uuid}, kind: {type: string}}}
    Tap: {type: object, additionalProperties: false, required: [open], properties: {open: {type: boolean}}}
    Pet: {type: object, required: [id, kind], properties: {id: {type: integer}, kind: {enum: [cat, dog]}}}
`

// Whatever the document says of an answer, the mock gives it: a 500 is for documents
// that nothing fits.
func TestOddDocumentsAreAnsweredAsTheySay(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, odd)))
	for _, tc := range []struct {
		why, method, path, body string
		status                  int
		holds                   string // in the body; empty: there is none
		header, departure       string
	}{
		{"a header that must be there", "GET", "/pets", "", 200, `"kind":`, "X-Total", ""},
		{"an array is given by repeating", "GET", "/pets?kind=cat&kind=dog&limit=9", "", 200, `"dog"`, "", ""},
		{"no array: the last value counts", "GET", "/pets?limit=x&limit=3", "", 200, `"id":`, "", ""},
		{"refused in the default's shape", "GET", "/pets?limit=x", "", 422, `"message":"Parameter 'limit' must be an integer"`, "", ""},
		{"refused in a range's shape", "PUT", "/pets/777", `{"id":777,"kind":"cat"}`, 404, `"code":404`, "", ""},
		{"refused without a word", "GET", "/pets/777", "", 404, "", "", ""},
		{"refused without a word, a body", "POST", "/pets", "[]", 422, "", "", ""},
		{"refused in plain text", "PATCH", "/pets/777", "{}", 404, "Pet 777 not found", "", ""},
		{"refused by a problem document", "DELETE", "/pets/777", "", 404, `"status":404`, "", ""},
		{"refused as it is not documented", "GET", "/pets/x", "", 422, `"detail":"`, "", "GET /pets/{id} documents no 422"},
		{"created without content", "POST", "/pets", `{"id":1000,"kind":"cat"}`, 201, "", "Location", ""},
		{"required to be sent, and never answered", "POST", "/users", `{"name":"Ada","password":"open"}`, 201, `{"name":"Ada"}`, "", ""},
		{"a name that clients choose", "POST", "/topics", `{"name":"mine"}`, 201, `"name":"mine"`, "", ""},
		{"a link to items told apart by numbers is no text", "GET", "/topics", "", 200, `"pet_id":"`, "", ""},
		{"branches within a branch", "GET", "/runs", "", 200, `"type":"named"`, "", ""},
		{"a date that is not the clock's", "POST", "/runs", "", 201, `"id":"run`, "", ""},
		{"an address is whole where its format is, and left out where there is none", "GET", "/crates?page_size=9", "", 200, `"metadata":{"next":"http://mock.test/crates?page_size=9&page_token=`, "", ""},
		{"an id of an empty page that is no null is left out", "GET", "/wagons?kind=nobody", "", 200, `{"data":[],"has_more":false}`, "", ""},
		{"as many items as there are ids", "GET", "/signs", "", 200, `"id":"stop"`, "", ""},
		{"as many items as there are numbers", "GET", "/berths", "", 200, `"id":4`, "", ""},
		{"no body in HTTP, whatever is documented", "DELETE", "/emptied", "", 204, "", "", ""},
		{"a reference to an item has its own kind, by one of the parts it is made of", "GET", "/leases", "", 200, `"kind":"reference"`, "", ""},
		{"items that are no objects", "GET", "/found", "", 200, `"results":[`, "", ""},
		{"refused in the shape of all answers", "GET", "/only?limit=x", "", 422, `"message":"Parameter 'limit' must be an integer"`, "", ""},
		{"no answer at all", "GET", "/silent", "", 204, "", "", "GET /silent documents no answer"},
		{"no success but a redirect", "GET", "/moved", "", 302, "", "Location", ""},
		{"no success at all", "GET", "/never", "", 410, `"code":`, "", ""},
		{"plain text, of a range", "GET", "/ranged", "", 200, "fine", "", ""},
		{"what is sent and does not fit is not repeated", "POST", "/echo", `{"said":[1]}`, 200, `"said":"`, "", ""},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), tc.method, "http://mock.test"+tc.path, strings.NewReader(tc.body))
			try(t, err)
			r.Header = as(mockserver.UnrestrictedKey)
			if tc.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			resp, err := srv.Transport().RoundTrip(r)
			try(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			try(t, err)
			if resp.StatusCode != tc.status || !strings.Contains(string(body), tc.holds) || tc.holds == "" && len(body) > 0 {
				t.Errorf("answered %d %s", resp.StatusCode, body)
			}
			if tc.header != "" && resp.Header.Get(tc.header) == "" {
				t.Errorf("no %s in %v", tc.header, resp.Header)
			}
			if departure := resp.Header.Get("Contract-Departure"); departure != tc.departure {
				t.Errorf("departs: %q", departure)
			}
		})
	}
}

// Of what nothing in it names there are as many as of anything else, and more can be made.
func TestItemsThatThePathAloneNames(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, odd)))
	taps, err := srv.Project("demo")
	try(t, err)
	for range 3 {
		resp, err := srv.Client("").Post(srv.URL()+"/taps", "application/json", strings.NewReader(`{"open":true}`))
		try(t, err)
		if try(t, resp.Body.Close()); resp.StatusCode != http.StatusCreated {
			t.Errorf("made: %d", resp.StatusCode)
		}
	}
	all, total, err := taps.Collection("taps").List(engine.Search{Limit: 100})
	try(t, err)
	if total != 25+3 {
		t.Errorf("%d taps, want 28", total)
	}
	for _, one := range all {
		if a := call(t, http.MethodGet, srv.URL()+"/taps/"+url.PathEscape(one.ID), as(mockserver.UnrestrictedKey)); a.status != http.StatusOK {
			t.Errorf("%q is answered %d %s", one.ID, a.status, a.body)
		}
	}
}

// Whoever asks is led to the host that was asked, by a page from memory, too.
func TestPagesLeadToTheHostThatWasAsked(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, odd)))
	for _, host := range []string{"127.0.0.1:4010", "localhost:4010", "127.0.0.1:4010"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/crates?page_size=9", http.NoBody)
		try(t, err)
		resp, err := srv.Transport().RoundTrip(r)
		try(t, err)
		body, err := io.ReadAll(resp.Body)
		try(t, errors.Join(err, resp.Body.Close()))
		if !strings.Contains(string(body), `"next":"http://`+host+`/crates?`) {
			t.Errorf("%s leads elsewhere: %s", host, body)
		}
	}
}

// Where clients choose what an item is called, it is read by that, and there is one.
func TestAChosenNameIsTaken(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, odd)))
	for _, tc := range []struct {
		why, method, path, body string
		status                  int
		holds                   string
	}{
		{"made", "POST", "/topics", `{"name":"mine","partitions":3}`, 201, `"partitions":3`},
		{"read by it", "GET", "/topics/mine", "", 200, `"partitions":3`},
		{"taken", "POST", "/topics", `{"name":"mine","partitions":4}`, 409, "is there already"},
		{"as it was", "GET", "/topics/mine", "", 200, `"partitions":3`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tc.method, "http://mock.test"+tc.path, strings.NewReader(tc.body))
		try(t, err)
		r.Header = as(mockserver.UnrestrictedKey)
		r.Header.Set("Content-Type", "application/json")
		resp, err := srv.Transport().RoundTrip(r)
		try(t, err)
		body, err := io.ReadAll(resp.Body)
		try(t, err)
		try(t, resp.Body.Close())
		if resp.StatusCode != tc.status || !strings.Contains(string(body), tc.holds) {
			t.Errorf("%s: answered %d %s", tc.why, resp.StatusCode, body)
		}
	}
}

// A server that holds as much as it may refuses what is new, and goes on.
func TestAFullServerRefuses(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, odd)), mockserver.WithKeys(0))
	for name, keys := range map[string]int{"a": store.MaxProjectKeys, "b": store.MaxProjectKeys, "c": store.MaxProjectKeys} {
		if _, err := srv.CreateProject(name, keys); err != nil && !errors.Is(err, store.ErrTooMany) {
			t.Fatal(err)
		}
	}
	for n := store.MaxProjectKeys / 2; n > 0; n /= 2 { // what is left
		for {
			if _, err := srv.CreateProject("", n); err != nil {
				break
			}
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock.test/topics", strings.NewReader(`{"name":"one more"}`))
	try(t, err)
	r.Header = as(mockserver.UnrestrictedKey)
	r.Header.Set("Content-Type", "application/json")
	resp, err := srv.Transport().RoundTrip(r)
	try(t, err)
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusConflict || !strings.Contains(string(body), "holds 3000000") {
		t.Errorf("answered %d %s", resp.StatusCode, body)
	}
}
