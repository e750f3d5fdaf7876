package contract_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

func TestNewRefusesWhatItCannotCompile(t *testing.T) {
	t.Parallel()
	schema := func(s string) string {
		return `"200":{"description":"ok","content":{"application/json":{"schema":` + s + `}}}`
	}
	for _, c := range []struct {
		name, why string
		document  []byte
		want      []string // parts of the error
	}{
		{"empty", "no document", nil, []string{"empty"}},
		{"no OpenAPI", "some other JSON", []byte(`{"a":1}`), []string{"openapi"}},
		{"old", "Swagger", []byte(`{"openapi":"2.0"}`), []string{"not supported"}},
		{"two at once", "all are reported", doc31("", schema(`{"type":"widget"}`)+`,"201":{"description":"x","content":{"application/json":{"schema":{"minItems":-1}}}}`),
			[]string{"responses/200", "responses/201"}},
		{"keyword", "minimum must be a number", doc31("", schema(`{"minimum":"one"}`)), []string{"minimum"}},
		{"type", "no such type", doc31("", schema(`{"type":"widget"}`)), []string{"type"}},
		{"dangling", "leads nowhere", doc31("", schema(`{"$ref":"#/components/schemas/No"}`)), []string{"No"}},
		{"remote", "nothing is fetched", doc31("", schema(`{"$ref":"https://example.com/s.json"}`)), []string{"external"}},
		{"file", "nor read", doc31("", schema(`{"$ref":"/etc/passwd"}`)), []string{"external"}},
		{"media type", "not one", doc31("", `"200":{"description":"ok","content":{"json; =":{}}}`), []string{"media type"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := contract.New(c.document)
			if err == nil {
				t.Fatalf("%s: compiled", c.why)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%s: %q is missing from: %v", c.why, part, err)
				}
			}
			if !strings.HasPrefix(err.Error(), "contract: ") {
				t.Errorf("no prefix: %v", err)
			}
		})
	}
}

func TestNewReportsBadOptionsTogether(t *testing.T) {
	t.Parallel()
	_, err := contract.New(spectest.Seed(), contract.MaxBody(0), contract.Memory(-1))
	want := "contract: MaxBody(0): must be at least 1\ncontract: Memory(-1): must not be negative"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestOperationsShowTheDocument(t *testing.T) {
	t.Parallel()
	o := list(t, diga(t))
	if o.ID != "list_api_keys_v1_api_key__get" || o.Method != "GET" || o.Path != "/v1/api_key/" {
		t.Errorf("%+v", o)
	}
	var parameters, responses []string
	for _, p := range o.Parameters {
		parameters = append(parameters, p.In+" "+p.Name)
	}
	for _, r := range o.Responses {
		line := r.Status
		for _, m := range r.Content {
			line += " " + m.Name
			for _, e := range m.Examples {
				line += " " + string(e.Value)
			}
		}
		responses = append(responses, line)
	}
	if diff := cmp.Diff([]string{"query after", "query before", "query page", "query limit", "query order"}, parameters); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"200 application/json",
		`403 application/json {"status":"error","error_code":"INTERNAL_SERVER_ERROR","message":"Missing required permissions"}`,
		`422 application/json {"status":"error","error_code":"INVALID_PAGINATION_PARAMETERS","message":"Cannot specify both 'before' and 'after' parameters"}`,
		`500 application/json {"status":"error","error_code":"INTERNAL_SERVER_ERROR","message":"Error: Internal Server Error"}`,
	}, responses); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]contract.SecurityRequirement{{{Name: "CustomHTTPBearer", Type: "http", Scheme: "bearer"}}}, o.Security); diff != "" {
		t.Error(diff)
	}
	if got := string(o.Parameters[3].Schema); got != `{"type":"integer","maximum":1000,"minimum":1,"default":50,"title":"Limit"}` {
		t.Error(got)
	}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	v := depot(t)
	var names []string
	for _, o := range v.Operations() {
		names = append(names, o.Name())
	}
	if diff := cmp.Diff([]string{"listParcels", "addParcel", "getParcel", "DELETE /parcels/{id}", "newestParcel", "label"}, names); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		name, why, method, path string
		want                    string
		params                  map[string]string
		allow                   []string
	}{
		{"plain", "no parameters", "GET", "/parcels", "listParcels", nil, nil},
		{"slash", "paths match to the slash", "GET", "/parcels/", "", nil, nil},
		{"parameter", "decoded", "GET", "/parcels/a%20b", "getParcel", map[string]string{"id": "a b"}, nil},
		{"encoded slash", "is part of the value", "GET", "/parcels/a%2Fb", "getParcel", map[string]string{"id": "a/b"}, nil},
		{"encoded letter", "is the letter", "GET", "/p%61rcels", "listParcels", nil, nil},
		{"bad encoding", "left for the judge", "GET", "/parcels/%zz", "getParcel", map[string]string{"id": "%zz"}, nil},
		{"concrete first", "newest is concrete", "GET", "/parcels/newest", "newestParcel", nil, nil},
		{"concrete lacks the method", "the template has it", "DELETE", "/parcels/newest", "DELETE /parcels/{id}", map[string]string{"id": "newest"}, nil},
		{"mixed", "two in a segment", "GET", "/labels/a.b.pdf", "label", map[string]string{"name": "a.b", "ext": "pdf"}, nil},
		{"base", "path of the server", "GET", "/api/v3/parcels", "listParcels", nil, nil},
		{"method", "all methods of the path", "PUT", "/parcels/1", "", nil, []string{"DELETE", "GET"}},
		{"head", "not implied", "HEAD", "/parcels", "", nil, []string{"GET", "POST"}},
		{"lower case method", "methods are case-sensitive", "get", "/parcels", "", nil, []string{"GET", "POST"}},
		{"unknown", "no path", "GET", "/nope", "", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, params, err := v.Route(c.method, c.path)
			var routing *contract.RouteError
			switch {
			case c.want != "" && (err != nil || o.Name() != c.want):
				t.Fatalf("%s: %v, %v", c.why, o, err)
			case c.want == "" && (!errors.As(err, &routing) || !slices.Equal(routing.Allow, c.allow)):
				t.Fatalf("%s: %v", c.why, err)
			}
			if diff := cmp.Diff(c.params, params); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNewLooksAtWhatIsUsed(t *testing.T) {
	t.Parallel()
	const odd = `"components":{"schemas":{"Odd":{"type":"widget"},"Pet":{"properties":{"odd":{"$ref":"#/components/schemas/Odd"}}}}}`
	for _, c := range []struct{ name, why, schema, want string }{
		{"nothing uses it", "what is wrong with it harms nobody", `{}`, ""},
		{"used through references", "something will be judged by it", `{"items":{"$ref":"#/components/schemas/Pet"}}`, "/components/schemas/Odd"},
	} {
		document := bytes.Replace(doc31("", `"200":{"description":"d","content":{"application/json":{"schema":`+c.schema+`}}}`), []byte(`"paths"`), []byte(odd+`,"paths"`), 1)
		_, err := contract.New(document)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v: %s", c.name, err, c.why)
		}
	}
}

func TestSchemasAreCompiledWhenJudgedBy(t *testing.T) {
	t.Parallel()
	// Only compiling finds that a dynamic reference leads nowhere.
	const nowhere = `{"properties":{"a":{"$dynamicRef":"#nowhere"}}}`
	v := compiled(t, doc31("", `"200":{"description":"d","content":{"application/json":{"schema":{"type":"string"}}}},
"201":{"description":"d","content":{"application/json":{"schema":`+nowhere+`}}}`))
	o := v.Operations()[0]
	expect(t, brief(v.Response(o, 200, jsonHeader(), []byte(`1`))), "invalid_body body type")
	expect(t, brief(v.Response(o, 201, jsonHeader(), []byte(`{}`))), "cannot_judge body")
	if errs := v.CompileAll(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "/responses/201/content/application~1json/schema") {
		t.Errorf("CompileAll tells %v, not of the one schema that does not compile", errs)
	}
	if errs := diga(t).CompileAll(); errs != nil {
		t.Error(errs)
	}
}

func TestFirstJudgementsAtTheSameTime(t *testing.T) {
	t.Parallel()
	v := depot(t, contract.Strict())
	o := route(t, v, "GET", "/parcels/a")
	want := v.Response(o, 200, jsonHeader(), []byte(`{"kind":"letter","pages":"x"}`))
	if len(want) == 0 {
		t.Fatal("nothing is wrong with what is judged")
	}
	for range 4 {
		v := depot(t, contract.Strict())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for _, o := range v.Operations() {
					got := v.Response(o, 200, jsonHeader(), []byte(`{"kind":"letter","pages":"x"}`))
					if o.ID == "getParcel" && !cmp.Equal(want, got) {
						t.Errorf("judged first by several at once: %s", cmp.Diff(want, got))
					}
				}
			})
		}
		all.Wait()
	}
}

// TestDigaIsCompiled compiles the whole of the documents that a vendor publishes.
func TestDigaIsCompiled(t *testing.T) {
	t.Parallel()
	for name, data := range spectest.SharedFiles(t, "diga/*.json") {
		v, err := contract.New(data, contract.Strict())
		if err != nil {
			t.Fatal(name, err)
		}
		if errs := v.CompileAll(); errs != nil {
			t.Errorf("%s: %v", name, errs)
		}
	}
}
