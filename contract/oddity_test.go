package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// Templates of one shape are one path, method by method; what is literal goes
// before what is a parameter where it has the method.
func TestTemplatesOfOneShape(t *testing.T) {
	t.Parallel()
	operation := func(id, parameter string) string {
		return `{"operationId":"` + id + `","parameters":[{"name":"` + parameter + `","in":"path","required":true,"schema":{"type":"string","maxLength":6}}],"responses":{"200":{"description":"ok"}}}`
	}
	v := compiled(t, []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{
		"/a/{id}":{"get":`+operation("read", "id")+`,"put":`+operation("first", "id")+`},
		"/a/{x}":{"delete":`+operation("delete", "x")+`,"put":`+operation("second", "x")+`},
		"/a/import":{"post":{"operationId":"import","responses":{"200":{"description":"ok"}}}}}}`))
	for _, c := range []struct{ why, method, path, want, parameter string }{
		{"the first template has it", "GET", "/a/1", "read", "id"},
		{"the second has it", "DELETE", "/a/1", "delete", "x"},
		{"both have it: the first counts", "PUT", "/a/1", "first", "id"},
		{"the literal has it", "POST", "/a/import", "import", ""},
		{"the literal lacks the method", "GET", "/a/import", "read", "id"},
		{"so do literal and first template", "DELETE", "/a/import", "delete", "x"},
	} {
		o, params, err := v.Route(c.method, c.path)
		if err != nil || o.ID != c.want || c.parameter != "" && params[c.parameter] == "" {
			t.Errorf("%s: %v %v %v", c.why, o, params, err)
		}
	}
	_, _, err := v.Route("POST", "/a/1")
	if err == nil || !strings.Contains(err.Error(), "only DELETE, GET, PUT") {
		t.Errorf("a method that no template has: %v", err)
	}
	o, _, _ := v.Route("DELETE", "/a/1234567")
	expect(t, brief(v.Request(o, httptest.NewRequest("DELETE", "/a/1234567", nil), nil)), "invalid_parameter path:x maxLength")
}

// What a document leaves out or gets wrong is judged as its author means it.
func TestDocumentsAreJudgedAsMeant(t *testing.T) {
	t.Parallel()
	v := compiled(t, []byte(`openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /files/{id}:
    get: {operationId: undeclared, responses: {2xx: {description: OK}}}
  files:
    get:
      operationId: slash
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: b, in: body, schema: {type: integer}}, {name: q, in: query, style: matrix, schema: {type: integer}}]
      responses: {200: {description: OK, content: {application/json; charset=utf-8: {schema: {type: object}}}}}
  /patterns:
    get:
      operationId: patterns
      responses:
        200: {description: OK, content: {application/json: {schema: {properties: {price: {pattern: '^(?![.-]*$)-?\d*\.?\d*$'}, twice: {pattern: '^(a|b)\1$'}, none: {pattern: '('}, long: {pattern: '^(a+)+\1?(?=b)$'}}}}}}
  /formats:
    get:
      operationId: formats
      responses: {200: {description: OK, content: {application/json: {schema: {properties: {mail: {format: email}, address: {format: uri-template}}}}}}}
`))
	for _, c := range []struct {
		why, operation, path, contentType, body string
		want                                    []string
	}{
		{"an undeclared parameter is any text; 2xx is 2XX", "undeclared", "/files/x", "", "", nil},
		{"a path without a slash; parameters that no request can carry", "slash", "/files?q=1", "application/json", "{}", nil},
		{"JSON is UTF-8 and says so or not", "slash", "/files", "application/json; charset=UTF-8", "{}", nil},
		{"the style that fits, and its schema", "slash", "/files?q=x", "application/json", "{}", []string{"invalid_parameter query:q type"}},
		{"look-ahead matches", "patterns", "/patterns", "application/json", `{"price":"1.5","twice":"aa"}`, nil},
		{"look-ahead and back-reference refuse", "patterns", "/patterns", "application/json", `{"price":"-","twice":"ab"}`, []string{"invalid_body body /price pattern", "invalid_body body /twice pattern"}},
		{"nothing is judged by what is no pattern", "patterns", "/patterns", "application/json", `{"none":"x"}`, nil},
		{"trial ends in time", "patterns", "/patterns", "application/json", `{"long":"` + strings.Repeat("a", 60) + `"}`, []string{"invalid_body body /long pattern"}},
		{"an address without a name", "formats", "/formats", "application/json", `{"mail":"@b.c"}`, []string{"invalid_body body /mail format"}},
		{"operators of templates", "formats", "/formats", "application/json", `{"mail":"a@b.c","address":"/a{/b}{?c,d*}{#e:3}"}`, nil},
	} {
		o, _, err := v.Route("GET", strings.Split(c.path, "?")[0])
		if err != nil || o.ID != c.operation {
			t.Errorf("%s: %v %v", c.why, o, err)
			continue
		}
		header := http.Header{}
		if c.contentType != "" {
			header.Set("Content-Type", c.contentType)
		}
		got := append(brief(v.Request(o, httptest.NewRequest("GET", c.path, nil), nil)), brief(v.Response(o, 200, header, []byte(c.body)))...)
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, not %q", c.why, got, c.want)
		}
	}
}

// In 3.0 `nullable` has no effect without a type; servers send null all the
// same, where it stands beside a reference or a composition.
func TestNullableWithoutTypeIsMeant(t *testing.T) {
	t.Parallel()
	document := []byte(`openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                type: object
                properties:
                  any: {nullable: true, anyOf: [{type: string}, {$ref: '#/components/schemas/P'}]}
                  all: {nullable: true, allOf: [{$ref: '#/components/schemas/P'}]}
                  one: {nullable: true, oneOf: [{$ref: '#/components/schemas/P'}]}
                  ref: {nullable: true, $ref: '#/components/schemas/P'}
components:
  schemas:
    P: {type: object, properties: {id: {type: string}}}
`)
	judged := func(v *contract.Validator, body string) []string {
		return brief(v.Response(v.Operations()[0], 200, jsonHeader(), []byte(body)))
	}
	loose, strict := compiled(t, document), compiled(t, document, contract.Strict())
	const null, object = `{"any":null,"all":null,"one":null,"ref":null}`, `{"any":{"id":"1"},"all":{"id":"1"},"one":{"id":"1"},"ref":{"id":"1"}}`
	expect(t, judged(loose, null))
	expect(t, judged(loose, object))
	expect(t, judged(strict, object))
	for _, name := range []string{"any", "all", "one", "ref"} {
		if got := judged(strict, `{"`+name+`":null}`); len(got) == 0 {
			t.Errorf("null is taken as %s by Strict", name)
		}
		if got := judged(loose, `{"`+name+`":1}`); len(got) == 0 {
			t.Errorf("a number is taken as %s", name)
		}
	}
}

// What others publish compiles as it is.
func TestSharedDocumentsCompile(t *testing.T) {
	t.Parallel()
	for path, data := range spectest.SharedFiles(t, "cases/documents/*") {
		switch path {
		case "cases/documents/self-ref-allOf.json", "cases/documents/tabs.yaml", "cases/documents/unresolved-ref-used.json", "cases/documents/utf16.json":
			continue // refused by spec
		}
		if _, err := contract.New(data); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
