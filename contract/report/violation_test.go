package report_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

const document = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"operationId":"a",
"parameters":[{"name":"limit","in":"query","schema":{"type":"integer"}}],
"responses":{"200":{"description":"d","headers":{"X-A":{"required":true,"schema":{"type":"integer"}}},"content":{"application/json":{"schema":{
"type":"array","items":{"type":"object","required":["id"]}}}}}}}}}}`

func TestViolationNamesItsCheck(t *testing.T) {
	t.Parallel()
	v, err := contract.New([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	json := http.Header{"Content-Type": {"application/json"}, "X-A": {"1"}}
	for _, tc := range []struct {
		name   string
		target string
		status int
		header http.Header
		body   string
		want   map[string]int // check to count
	}{
		{"a status nobody documents", "/a", 418, nil, "", map[string]int{"status_code_conformance": 1}},
		{"a media type", "/a", 200, http.Header{"Content-Type": {"text/html"}, "X-A": {"1"}}, "<p>", map[string]int{"content_type_conformance": 1}},
		{"a header", "/a", 200, http.Header{"Content-Type": {"application/json"}}, "[]", map[string]int{"response_headers_conformance": 1}},
		{"each item of an array is one finding", "/a", 200, json, "[{},{},{}]", map[string]int{"response_schema_conformance": 3}},
		{"a request", "/a?limit=x", 200, json, "[]", map[string]int{"request_conformance": 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := v.Operations()[0]
			r := httptest.NewRequest(http.MethodGet, tc.target, nil)
			x := contract.Exchange{Operation: o, Request: r, Status: tc.status}
			x.Violations = append(v.Request(o, r, nil), v.Response(o, tc.status, tc.header, []byte(tc.body))...)
			got := map[string]int{}
			made := report.New("verify")
			for _, violation := range x.Violations {
				made.Add(report.Violation(x, violation))
			}
			for _, f := range made.Findings {
				got[f.Check] = f.Count
				if f.Operation != "a" || f.Path != "/a" || f.Message == "" || f.Explanation == "" || f.HowToFix == "" {
					t.Errorf("something is missing in %+v", f)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingPropertiesAreToldApart(t *testing.T) {
	t.Parallel()
	r := report.New("verify")
	for _, name := range []string{"id", "name", "id"} {
		r.Add(report.Violation(contract.Exchange{}, contract.Violation{
			Side: contract.SideResponse, Kind: contract.KindInvalidBody, In: "body", Keyword: "required", Message: "must have the property " + name,
		}))
	}
	if len(r.Findings) != 2 || r.Findings[0].Count != 2 {
		t.Errorf("found %+v; want one for each property", r.Findings)
	}
}

func TestViolationOutsideOfTheDocument(t *testing.T) {
	t.Parallel()
	v, err := contract.New([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	var got report.Finding
	h := v.Middleware(http.NotFoundHandler(), contract.Observe(func(x contract.Exchange) { got = report.Violation(x, x.Violations[0]) }))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, "/b", nil))
	if got.Check != "undocumented_endpoint" || got.Method != "PUT" || got.Path != "/b" {
		t.Errorf("got %+v", got)
	}
}
