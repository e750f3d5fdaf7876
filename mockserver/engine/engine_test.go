package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/store"
)

// Each of these documents has another form of list, and items of its own.
const (
	thing  = `{"type":"object","required":["id","name"],"properties":{"id":{"type":"integer"},"name":{"type":"string"},"colour":{"enum":["red","blue"]},"created_at":{"type":"string","format":"date-time"}}}`
	byPage = `
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
        - {name: per_page, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 4}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}`
	byOffset = `
    get:
      parameters:
        - {name: offset, in: query, schema: {type: integer, minimum: 0, default: 0}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 4}}
        - {name: colour, in: query, schema: {enum: [red, blue]}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [items, total], properties: {items: {type: array, items: {$ref: '#/components/schemas/Thing'}}, total: {type: integer}}}}}}}`
	likeStripe = `
    get:
      parameters:
        - {name: starting_after, in: query, schema: {type: string}}
        - {name: ending_before, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 4}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [object, data, has_more, url], properties: {object: {const: list}, data: {type: array, items: {$ref: '#/components/schemas/Thing'}}, has_more: {type: boolean}, url: {type: string}}}}}}}`
	rest = `
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, colour: {enum: [red, blue]}}}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: d}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, colour: {enum: [red, blue]}}}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    delete: {responses: {'204': {description: d}}}
components: {schemas: {Thing: ` + thing + `}}
`
)

type api struct {
	t *testing.T
	e *engine.Engine
	s *store.Items
}

func newAPI(t *testing.T, list string, c engine.Config) *api {
	t.Helper()
	return apiOf(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /things:"+list+rest, c)
}

func apiOf(t *testing.T, document string, c engine.Config) *api {
	t.Helper()
	doc, err := spec.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	v, err := contract.For(doc)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	c.Fits = func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) }
	return &api{t, engine.New(doc, p, c), store.NewItems()}
}

// call returns the decoded answer, or the refusal.
func (a *api) call(method, path, query string, body any) (any, *engine.Refusal) {
	a.t.Helper()
	template, params := path, map[string]string{}
	if id, ok := strings.CutPrefix(path, "/things/"); ok {
		template, params["id"] = "/things/{id}", id
	}
	q, err := url.ParseQuery(query)
	if err != nil {
		a.t.Fatal(err)
	}
	resp, err := a.e.Answer(a.s, engine.Request{
		Line: a.e.Plan().Line(method, template), Path: params, Query: q, URL: &url.URL{Path: path, RawQuery: query},
		Body: body, Now: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC),
	})
	if refusal, ok := errors.AsType[*engine.Refusal](err); ok {
		return nil, refusal
	}
	if err != nil {
		a.t.Fatal(err)
	}
	if resp.Media == "" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(resp.Body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		a.t.Fatal(err)
	}
	return v, nil
}

func ids(v any) string {
	if envelope, ok := v.(map[string]any); ok {
		for _, name := range []string{"items", "data"} {
			if list, ok := envelope[name]; ok {
				v = list
			}
		}
	}
	list, _ := v.([]any)
	var all []string
	for _, one := range list {
		item, _ := one.(map[string]any)
		all = append(all, fmt.Sprint(item["id"]))
	}
	return strings.Join(all, " ")
}

func TestFormsOfLists(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why, list, query, want string
		says                   map[string]any // of the envelope
	}{
		{"the first page, of the default size", byPage, "", "10 9 8 7", nil},
		{"the third page", byPage, "page=3", "2 1", nil},
		{"a page behind the end", byPage, "page=9", "", nil},
		{"another size", byPage, "per_page=3&page=2", "7 6 5", nil},
		{"an offset", byOffset, "offset=8", "2 1", map[string]any{"total": json.Number("10")}},
		{"a filter counts what it lets through", byOffset, "colour=red&limit=50", "", map[string]any{"total": json.Number("5")}},
		{"a cursor", likeStripe, "starting_after=3", "2 1", map[string]any{"has_more": false, "object": "list"}},
		{"a cursor back", likeStripe, "ending_before=8", "10 9", map[string]any{"has_more": false}},
		{"more to come", likeStripe, "limit=2", "10 9", map[string]any{"has_more": true}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			v, refusal := newAPI(t, tc.list, engine.Config{Items: 10}).call("GET", "/things", tc.query, nil)
			if got := ids(v); refusal != nil || tc.want != "" && got != tc.want {
				t.Errorf("got %v, refused %v", v, refusal)
			}
			envelope, _ := v.(map[string]any)
			for name, want := range tc.says {
				if envelope[name] != want {
					t.Errorf("%s is %v, want %v", name, envelope[name], want)
				}
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why, method, path, query string
		config                   engine.Config
		status                   int
	}{
		{"an unknown item", "GET", "/things/77", "", engine.Config{Items: 3}, 404},
		{"deleting what is not there", "DELETE", "/things/77", "", engine.Config{Items: 3}, 404},
		{"both cursors", "GET", "/things", "starting_after=1&ending_before=2", engine.Config{Items: 3}, 422},
		{"an unknown cursor", "GET", "/things", "starting_after=77", engine.Config{Items: 3}, 422},
		{"an unknown cursor that finds nothing", "GET", "/things", "starting_after=77", engine.Config{Items: 3, EmptyUnknownCursor: true}, 0},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			_, refusal := newAPI(t, likeStripe, tc.config).call(tc.method, tc.path, tc.query, nil)
			if (refusal == nil) != (tc.status == 0) || refusal != nil && refusal.Status != tc.status {
				t.Errorf("refused %v, want %d", refusal, tc.status)
			}
		})
	}
}

func TestReplacingForgetsWhatIsNotSent(t *testing.T) {
	t.Parallel()
	a := newAPI(t, byPage, engine.Config{Items: 2})
	made, _ := a.call("POST", "/things", "", map[string]any{"name": "first", "colour": "blue", "id": json.Number("99")})
	item, _ := made.(map[string]any)
	if item["id"] == json.Number("99") || item["name"] != "first" || item["created_at"] != "2026-01-15T00:00:00.000000Z" {
		t.Errorf("made %v: the id and the date are the server's", item)
	}
	path := "/things/" + fmt.Sprint(item["id"])
	replaced, _ := a.call("PUT", path, "", map[string]any{"name": "second"})
	again, _ := replaced.(map[string]any)
	if again["name"] != "second" || again["id"] != item["id"] || again["created_at"] != item["created_at"] {
		t.Errorf("replaced is %v", again)
	}
	if _, refusal := a.call("DELETE", path, "", nil); refusal != nil {
		t.Error(refusal)
	}
	if _, refusal := a.call("GET", path, "", nil); refusal == nil || refusal.Status != 404 {
		t.Errorf("what is deleted is there: %v", refusal)
	}
}

// Each value that a filter's parameter lists finds something, also where the items' schema
// leaves the property open, and two of them together.
func TestFiltersFindWhatTheirParametersList(t *testing.T) {
	t.Parallel()
	a := apiOf(t, `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    get:
      parameters:
        - {name: level, in: query, schema: {anyOf: [{enum: [LOW, HIGH]}, {type: 'null'}]}}
        - {name: kind, in: query, schema: {enum: [a, b, c]}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {type: object, required: [id, level, kind], properties: {id: {type: integer}, level: {type: string}, kind: {type: string}}}}}}}}
`, engine.Config{Items: 30})
	for _, level := range []string{"LOW", "HIGH"} {
		for _, kind := range []string{"a", "b", "c"} {
			found, _ := a.call("GET", "/things", "level="+level+"&kind="+kind, nil)
			list, _ := found.([]any)
			if len(list) == 0 {
				t.Errorf("nothing is %s and %s", level, kind)
			}
			for _, one := range list {
				if item, _ := one.(map[string]any); item["level"] != level || item["kind"] != kind {
					t.Errorf("asked for %s and %s and got %v", level, kind, item)
				}
			}
		}
	}
}

// What was answered is answered again until anything changes, and to nobody else.
func TestAnswersAreMadeAnewWhenItemsChange(t *testing.T) {
	t.Parallel()
	a := newAPI(t, byOffset, engine.Config{Items: 3})
	answer := func(of *store.Items, query string) *byte {
		t.Helper()
		resp, err := a.e.Answer(of, engine.Request{Line: a.e.Plan().Line("GET", "/things"), Query: url.Values{}, URL: &url.URL{Path: "/things", RawQuery: query}})
		if err != nil || len(resp.Body) == 0 {
			t.Fatal(resp, err)
		}
		return &resp.Body[0]
	}
	answer(a.s, "") // makes the items
	first := answer(a.s, "")
	if answer(a.s, "") != first {
		t.Error("the same request is answered anew although nothing has changed")
	}
	if answer(a.s, "x=1") == first || answer(store.NewItems(), "") == first {
		t.Error("another query, or other items, is given the answer of the first")
	}
	for _, change := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/things", map[string]any{"name": "fourth"}},
		{"PUT", "/things/1", map[string]any{"name": "other"}},
		{"DELETE", "/things/1", nil},
	} {
		before := answer(a.s, "")
		if _, refusal := a.call(change.method, change.path, "", change.body); refusal != nil {
			t.Fatal(refusal)
		}
		if answer(a.s, "") == before {
			t.Errorf("after %s %s the answer is still that of before", change.method, change.path)
		}
	}
}

// Writers at once lose nothing, and readers meanwhile see whole pages.
func TestParallelWriters(t *testing.T) {
	t.Parallel()
	a := newAPI(t, byOffset, engine.Config{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 25 {
				if _, refusal := a.call("POST", "/things", "", map[string]any{"name": "n"}); refusal != nil {
					t.Error(refusal)
				}
				if _, refusal := a.call("GET", "/things", "limit=50", nil); refusal != nil {
					t.Error(refusal)
				}
			}
		})
	}
	all.Wait()
	v, _ := a.call("GET", "/things", "limit=1", nil)
	if envelope, _ := v.(map[string]any); envelope["total"] != json.Number("200") {
		t.Errorf("200 were made, there are %v", envelope["total"])
	}
}

// What is made names items that are there, also where the one that was sent is not
// and the operation documents no answer for that.
func TestMadeItemsNameItemsThatAreThere(t *testing.T) {
	a := apiOf(t, `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /owners:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Owner'}}}}}}}
  /owners/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}}
  /things:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [owner_id], properties: {owner_id: {type: string, format: uuid}}}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
components:
  schemas:
    Owner: {type: object, required: [id, name], properties: {id: {type: string, format: uuid}, name: {type: string}}}
    Thing: {type: object, required: [id, owner], properties: {id: {type: string, format: uuid}, owner: {$ref: '#/components/schemas/Owner'}}}
`, engine.Config{Items: 3})
	owners, _ := a.call("GET", "/owners", "", nil)
	for _, sent := range []string{"11111111-1111-4111-8111-111111111111", strings.Split(ids(owners), " ")[0]} {
		made, refusal := a.call("POST", "/things", "", map[string]any{"owner_id": sent})
		if refusal != nil {
			t.Fatal(refusal)
		}
		owner, _ := made.(map[string]any)["owner"].(map[string]any)
		if id, _ := owner["id"].(string); !strings.Contains(ids(owners), id) || id == "" {
			t.Errorf("of the owner %s it is %v, and there are %s", sent, owner, ids(owners))
		}
	}
}

// An item that is made past the API is new, as one that a client makes.
func TestWhatIsPutIsUpdatedWhenItIsCreated(t *testing.T) {
	a := apiOf(t, `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, created_at, updated_at]
      properties:
        id: {type: integer}
        created_at: {type: string, format: date-time}
        updated_at: {type: string, format: date-time}
`, engine.Config{Items: 3})
	now := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name    string
		partial map[string]any
		want    string
	}{
		{"made up", nil, "2026-01-15T00:00:00.000000Z"},
		{"given", map[string]any{"updated_at": "2026-02-01T00:00:00Z"}, "2026-02-01T00:00:00Z"},
	} {
		item, err := a.e.Put(store.NewItems(), "things", tc.partial, now)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(item.Value), `"updated_at":"`+tc.want+`"`) {
			t.Errorf("%s: %s", tc.name, item.Value)
		}
	}
}

// The name of a collection can have a slash, which cuts a path of the control API in two.
func TestACutNameIsAnsweredWithTheWholeOne(t *testing.T) {
	a := apiOf(t, `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /shop/book:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}}}}
  /shop/book/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}}
components: {schemas: {Book: {type: object, required: [id], properties: {id: {type: integer}}}}}
`, engine.Config{Items: 1})
	const hint = "in a path, shop.book names shop/book"
	if _, _, err := a.e.Items(a.s, "shop", engine.Search{}); !errors.Is(err, engine.ErrNoCollection) || !strings.Contains(err.Error(), hint) {
		t.Errorf("shop: %v", err)
	}
	if _, _, err := a.e.Items(a.s, "book", engine.Search{}); !errors.Is(err, engine.ErrNoCollection) || strings.Contains(err.Error(), hint) {
		t.Errorf("book: %v", err)
	}
	if _, _, err := a.e.Items(a.s, "shop.book", engine.Search{}); err != nil {
		t.Errorf("shop.book: %v", err)
	}
}

// A document without collections is told of as such, not by an empty list of their names.
func TestAnyCollectionIsUnknownWhereThereIsNone(t *testing.T) {
	a := apiOf(t, `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /hours: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {monday: {type: string}}}}}}}}}
`, engine.Config{Items: 1})
	if _, _, err := a.e.Items(a.s, "agent", engine.Search{}); !errors.Is(err, engine.ErrNoCollection) || !strings.Contains(err.Error(), "the document served has none") {
		t.Errorf("agent: %v", err)
	}
}

// DELETE of a list that says of no items removes all of them, of the parent that the path
// names if it names one.
func TestAListIsCleared(t *testing.T) {
	t.Parallel()
	list := func(of string) string {
		return "\n    get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: " + of + "}}}}}}\n    delete: {responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [deleted], properties: {deleted: {type: integer}}}}}}}}"
	}
	a := newAPI(t, list("{$ref: '#/components/schemas/Thing'}"), engine.Config{Items: 7})
	got, refusal := a.call("DELETE", "/things", "", nil)
	if all, _ := a.call("GET", "/things", "", nil); refusal != nil || fmt.Sprint(got) != "map[deleted:7]" || ids(all) != "" {
		t.Errorf("clearing 7 things answers %v, %v and leaves %s", got, refusal, ids(all))
	}
	b := apiOf(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /boxes: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: "+thing+"}}}}}}}\n  /boxes/{box_id}/pins:"+list(thing), engine.Config{Items: 3})
	pins := func(method, box string) string {
		resp, err := b.e.Answer(b.s, engine.Request{Line: b.e.Plan().Line(method, "/boxes/{box_id}/pins"), Path: map[string]string{"box_id": box}, URL: &url.URL{}})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(resp.Body))
	}
	if pins("GET", "1") == "[]" || pins("GET", "2") == "[]" || pins("DELETE", "1") != `{"deleted":3}` || pins("GET", "1") != "[]" || pins("GET", "2") == "[]" {
		t.Errorf("clearing the pins of box 1 leaves it %s, and box 2 %s", pins("GET", "1"), pins("GET", "2"))
	}
}
