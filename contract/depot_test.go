package contract_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

// depot is a document of another API: nothing here may depend on Diga's.
func depot(t testing.TB, opts ...contract.Option) *contract.Validator {
	t.Helper()
	return compiled(t, depotDocument(t), opts...)
}

func depotDocument(t testing.TB) []byte {
	t.Helper()
	document, err := os.ReadFile("testdata/depot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// brief is what tables compare: kind, place and pointer.
func brief(list []contract.Violation) []string {
	var lines []string
	for _, v := range list {
		line := string(v.Kind) + " " + v.In
		if v.Name != "" {
			line += ":" + v.Name
		}
		if v.Pointer != "" {
			line += " " + v.Pointer
		}
		if v.Keyword != "" {
			line += " " + v.Keyword
		}
		lines = append(lines, line)
	}
	return lines
}

func route(t testing.TB, v *contract.Validator, method, path string) *contract.Operation {
	t.Helper()
	o, _, err := v.Route(method, path)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return o
}

func TestDepotResponseBodies(t *testing.T) {
	t.Parallel()
	v := depot(t)
	o := route(t, v, "GET", "/parcels/550e8400-e29b-41d4-a716-446655440000")
	for _, c := range []struct {
		name, why, body string
		want            []string
	}{
		{"box", "const, prefixItems, $ref inside allOf", `{"kind":"box","size":[1,2,"mm"]}`, nil},
		{"letter", "the other alternative", `{"kind":"letter","pages":2}`, nil},
		{"nested", "recursive references", `{"kind":"box","size":[1,2,"cm"],"inside":[{"kind":"letter"},{"kind":"box","size":[1,2,"mm"],"inside":[]}]}`, nil},
		{"discriminator chooses", "the error is the named branch's, not both branches'", `{"kind":"letter","pages":"two"}`,
			[]string{"invalid_body body /pages type"}},
		{"discriminator unknown", "one error, at the discriminator", `{"kind":"crate"}`,
			[]string{"invalid_body body /kind discriminator"}},
		{"prefixItems", "each position has its own schema", `{"kind":"box","size":[1,"2","in"]}`,
			[]string{"invalid_body body /size/1 type", "invalid_body body /size/2 enum"}},
		{"items false", "no items beyond the tuple", `{"kind":"box","size":[1,2,"mm",4]}`,
			[]string{"invalid_body body /size/3 items"}},
		{"if then", "a hazard needs a permit", `{"kind":"box","size":[1,2,"mm"],"hazard":true}`,
			[]string{"invalid_body body required"}},
		{"if not", "no hazard, no permit", `{"kind":"box","size":[1,2,"mm"],"hazard":false}`, nil},
		{"unevaluatedProperties", "sees through allOf and $ref", `{"kind":"box","size":[1,2,"mm"],"colour":"red"}`,
			[]string{"invalid_body body /colour unevaluatedProperties"}},
		{"deep", "errors inside recursion have the whole pointer", `{"kind":"box","size":[1,2,"mm"],"inside":[{"kind":"letter","pages":1.5}]}`,
			[]string{"invalid_body body /inside/0/pages type"}},
		{"writeOnly", "never in a response", `{"kind":"letter","pin":"1234"}`,
			[]string{"write_only body /pin writeOnly"}},
		{"propertyNames", "at the object whose name is wrong", `{"kind":"letter","tags":{"a":"x","B":"y"},"pages":1}`,
			[]string{"invalid_body body /tags propertyNames"}},
		{"int32", "format of integers", `{"kind":"letter","pages":2147483648}`, []string{"invalid_body body /pages format"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := v.Response(o, 200, jsonHeader(), []byte(c.body))
			if diff := cmp.Diff(c.want, brief(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s\n%v", c.why, diff, got)
			}
		})
	}
}

func TestDepotRequests(t *testing.T) {
	t.Parallel()
	v := depot(t)
	for _, c := range []struct {
		name, why, target string
		header            http.Header
		want              []string
	}{
		{"all well", "every style at once", "/parcels?state=new&state=sent&ids=1,2&sizes=1.5|2&filter[min]=3&filter[name]=x&weight=0.5&fragile=true&where=%7B%22city%22%3A%22Ulm%22%7D", nil, nil},
		{"exploded array", "every occurrence is an item", "/parcels?state=new&state=lost", nil, []string{"invalid_parameter query:state /1 enum"}},
		{"array items", "items keep the integer rule", "/parcels?ids=1,x,3", nil, []string{"invalid_parameter query:ids /1 type"}},
		{"array length", "the array is judged as one", "/parcels?ids=1,2,3,4", nil, []string{"invalid_parameter query:ids maxItems"}},
		{"pipes", "encoded pipes separate too", "/parcels?sizes=1%7Cx", nil, []string{"invalid_parameter query:sizes /1 type"}},
		{"deepObject", "properties are decoded by their own type", "/parcels?filter[min]=x", nil, []string{"invalid_parameter query:filter /min type"}},
		{"deepObject extra", "additionalProperties holds", "/parcels?filter[max]=1", nil, []string{"invalid_parameter query:filter /max additionalProperties"}},
		{"content", "a parameter can hold JSON", "/parcels?where=%7B%7D", nil, []string{"invalid_parameter query:where required"}},
		{"content broken", "which must be JSON", "/parcels?where=%7B", nil, []string{"malformed_parameter query:where"}},
		{"number", "exclusiveMinimum is exact", "/parcels?weight=0", nil, []string{"invalid_parameter query:weight exclusiveMinimum"}},
		{"null word", "type [boolean, null]: the word null is no boolean", "/parcels?fragile=null", nil, []string{"invalid_parameter query:fragile type"}},
		{"int32", "format of an integer parameter", "/parcels?count=2147483648", nil, []string{"invalid_parameter query:count format"}},
		{"header missing", "required, from the path item", "/parcels", http.Header{}, []string{"missing_parameter cookie:session required", "missing_parameter header:X-Depot required"}},
		{"header bad", "pattern", "/parcels", http.Header{"X-Depot": {"ulm"}, "Cookie": {"session=abcd"}}, []string{"invalid_parameter header:X-Depot pattern"}},
		{"cookie bad", "minLength", "/parcels", http.Header{"X-Depot": {"ULM"}, "Cookie": {"session=abc"}}, []string{"invalid_parameter cookie:session minLength"}},
		{"path", "uuid", "/parcels/1", nil, []string{"invalid_parameter path:id format"}},
		{"path with base", "a server's path may stand before", "/api/v3/parcels/550e8400-e29b-41d4-a716-446655440000", nil, nil},
		{"mixed segment", "two parameters in one segment", "/labels/a.b.gif", nil, []string{"invalid_parameter path:ext enum"}},
		{"concrete path wins", "newest is not an id", "/parcels/newest", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", c.target, nil)
			r.Header = http.Header{"X-Depot": {"ULM"}, "Cookie": {"session=abcd"}}
			if c.header != nil {
				r.Header = c.header
			}
			o := route(t, v, "GET", r.URL.EscapedPath())
			if diff := cmp.Diff(c.want, brief(v.Request(o, r, nil))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestDepotRequestBodies(t *testing.T) {
	t.Parallel()
	v := depot(t)
	o := route(t, v, "POST", "/parcels")
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, why, contentType, body string
		want                         []string
	}{
		{"json", "valid", "application/json", `{"kind":"letter","pin":"1"}`, nil},
		{"readOnly", "never in a request", "application/json", `{"kind":"letter","id":"550e8400-e29b-41d4-a716-446655440000"}`, []string{"read_only body /id readOnly"}},
		{"missing", "required", "", ``, []string{"missing_body body required"}},
		{"no content type", "a body needs one", "", `{}`, []string{"missing_content_type header:Content-Type content"}},
		{"other type", "not listed", "application/xml", `<a/>`, []string{"undocumented_content_type header:Content-Type content"}},
		{"form", "decoded by property types", form, "kind=letter&pages=3&tags=a&tags=b", nil},
		{"form bad", "same rules as JSON", form, "kind=box&pages=x", []string{"invalid_body body /kind const", "invalid_body body /pages type"}},
		{"form broken", "percent-encoding", form, "kind=%zz", []string{"malformed_body body:kind"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "/parcels", bytes.NewReader([]byte(c.body)))
			r.Header.Set("X-Depot", "ULM")
			if c.contentType != "" {
				r.Header.Set("Content-Type", c.contentType)
			}
			if diff := cmp.Diff(c.want, brief(v.Request(o, r, []byte(c.body)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestDepotStatusesHeadersAndMediaTypes(t *testing.T) {
	t.Parallel()
	v := depot(t)
	for _, c := range []struct {
		name, why, method, path string
		status                  int
		header                  http.Header
		body                    string
		want                    []string
	}{
		{"header missing", "required response header", "GET", "/parcels", 200, jsonHeader(), `[]`, []string{"missing_header header:X-Total required"}},
		{"header bad", "its schema", "GET", "/parcels", 200, http.Header{"Content-Type": {"application/json"}, "X-Total": {"-1"}}, `[]`, []string{"invalid_header header:X-Total minimum"}},
		{"text", "text bodies are strings", "GET", "/parcels", 200, http.Header{"Content-Type": {"text/csv; header=present"}, "X-Total": {"1"}}, "ID;", []string{"invalid_body body pattern"}},
		{"range", "4XX stands for 418", "GET", "/parcels", 418, http.Header{"Content-Type": {"application/problem+json"}}, `{}`, []string{"invalid_body body required"}},
		{"default", "stands for the rest; no content documented", "GET", "/parcels", 503, http.Header{}, ``, nil},
		{"default with body", "no content documented", "GET", "/parcels", 503, jsonHeader(), `{}`, []string{"unexpected_body body content"}},
		{"undocumented", "neither listed nor in a range", "DELETE", "/parcels/550e8400-e29b-41d4-a716-446655440000", 200, http.Header{}, ``, []string{"undocumented_status status responses"}},
		{"media range", "application/* covers vendor types", "GET", "/parcels/550e8400-e29b-41d4-a716-446655440000", 200, http.Header{"Content-Type": {"application/vnd.depot+json"}}, `{"kind":"letter"}`, nil},
		{"not the suffix", "application/json is not application/problem+json", "DELETE", "/parcels/550e8400-e29b-41d4-a716-446655440000", 500, jsonHeader(), `{}`, []string{"undocumented_content_type header:Content-Type content"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := route(t, v, c.method, c.path)
			if diff := cmp.Diff(c.want, brief(v.Response(o, c.status, c.header, []byte(c.body)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}
