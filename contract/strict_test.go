package contract_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

func TestStrictUndeclaredProperties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, why, schema, body string
		want                    []string
	}{
		{"declared", "nothing to say", `{"properties":{"a":{}}}`, `{"a":1}`, nil},
		{"undeclared", "reported at the property", `{"properties":{"a":{}}}`, `{"a":1,"b":2}`, []string{"undeclared_property body /b unevaluatedProperties"}},
		{"inside items", "any depth", `{"type":"array","items":{"properties":{"a":{"properties":{"b":{}}}}}}`, `[{"a":{"c":1}}]`, []string{"undeclared_property body /0/a/c unevaluatedProperties"}},
		{"free-form", "an object that declares nothing stays free", `{"properties":{"a":{"type":"object"}}}`, `{"a":{"any":1}}`, nil},
		{"opened", "additionalProperties: true says so", `{"properties":{"a":{}},"additionalProperties":true}`, `{"b":1}`, nil},
		{"opened by schema", "a schema for the rest says so", `{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}`, `{"b":1}`, nil},
		{"opened in a branch", "of allOf", `{"allOf":[{"properties":{"a":{}},"additionalProperties":true}]}`, `{"b":1}`, nil},
		{"allOf", "both branches declare", `{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}`, `{"a":1,"b":2}`, nil},
		{"anyOf, matching branch", "declares", `{"anyOf":[{"required":["a"],"properties":{"a":{}}},{"required":["b"],"properties":{"b":{}}}]}`, `{"b":1}`, nil},
		{"oneOf, other branch", "a property of the branch that does not match is undeclared",
			`{"oneOf":[{"required":["a"],"properties":{"a":{}}},{"required":["b"],"properties":{"b":{},"c":{}}}]}`, `{"a":1,"c":2}`, []string{"undeclared_property body /c unevaluatedProperties"}},
		{"required only", "does not declare", `{"properties":{"a":{}},"required":["b"]}`, `{"b":1}`, []string{"undeclared_property body /b unevaluatedProperties"}},
		{"pattern", "declares", `{"patternProperties":{"^x":{}}}`, `{"x1":1,"y":2}`, []string{"undeclared_property body /y unevaluatedProperties"}},
		{"then", "declares when it applies", `{"properties":{"a":{}},"if":{"required":["a"]},"then":{"properties":{"b":{}}}}`, `{"a":1,"b":2}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := compiled(t, doc31("", `"200":{"description":"ok","content":{"application/json":{"schema":`+c.schema+`}}}`), contract.Strict())
			if diff := cmp.Diff(c.want, brief(v.Response(v.Operations()[0], 200, jsonHeader(), []byte(c.body)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
			loose := compiled(t, doc31("", `"200":{"description":"ok","content":{"application/json":{"schema":`+c.schema+`}}}`))
			expect(t, brief(loose.Response(loose.Operations()[0], 200, jsonHeader(), []byte(c.body))))
		})
	}
}

func TestStrictHeaders(t *testing.T) {
	t.Parallel()
	v := depot(t, contract.Strict())
	o := route(t, v, "GET", "/parcels")
	header := http.Header{"Content-Type": {"application/json"}, "X-Total": {"0"}, "Vary": {"Origin"},
		"Access-Control-Allow-Origin": {"*"}, "X-Other": {"1"}}
	expect(t, brief(v.Response(o, 200, header, []byte("[]"))), "undeclared_header header:X-Other headers")
}

func TestViolationAsJSON(t *testing.T) {
	t.Parallel()
	v := diga(t)
	got, err := json.Marshal(v.Response(list(t, v), 403, jsonHeader(), []byte(`{"error_code":1,"message":"m"}`)))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"side":"response","kind":"invalid_body","operation":"list_api_keys_v1_api_key__get","status":403,"in":"body","pointer":"/error_code",` +
		`"keyword":"type","message":"must be a string","how_to_fix":"make the server keep the rule, or correct the document"}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestViolationsAreBounded(t *testing.T) {
	t.Parallel()
	v := compiled(t, doc31("", `"200":{"description":"ok","content":{"application/json":{"schema":{"type":"array","items":{"type":"string"}}}}}`))
	body, _ := json.Marshal(make([]int, 1000))
	got := v.Response(v.Operations()[0], 200, jsonHeader(), body)
	if len(got) != 101 || got[100].Kind != contract.KindMoreViolations || got[100].Message != "900 more violations are not listed" {
		t.Errorf("%d violations, the last %v", len(got), got[len(got)-1])
	}
}
