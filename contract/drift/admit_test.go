package drift_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAdmitted compares small schemas in what is sent and in what is answered:
// what counts is which values they admit, and a pointer leads to what changed.
func TestAdmitted(t *testing.T) {
	t.Parallel()
	const (
		named    = `"Kind":{"type":"string","title":"Kind","description":"which","enum":["a","b"]}`
		boat     = `{"type":"object","properties":{"hull":{"const":"boat"},"name":{"type":"string"}}}`
		raft     = `{"type":"object","properties":{"hull":{"const":"raft"},"name":{"type":"string"}}}`
		raftLogs = `{"type":"object","properties":{"hull":{"const":"raft"},"name":{"type":"string"},"logs":{"type":"integer"}}}`
	)
	for _, c := range []struct {
		name, why      string
		base, revision string // schemas; after a bar the components
		sent, answered string
	}{
		{
			"words beside a reference", "told where they are said",
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind"}}}|` + named,
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind","description":"what kind"}}}|` + named,
			`info description-changed: description of property k of the request body changed from "which" to "what kind"`,
			`info description-changed: description of property k of response 200 changed from "which" to "what kind"`,
		},
		{
			"a component that is referred to with words", "the component changed",
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind","title":"K"}}}|` + named,
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind","title":"K"}}}|` + strings.Replace(named, `"b"]`, `"b","c"]`, 1),
			`info request-property-enum-value-added: schema Kind gained the value "c"`,
			`error response-property-enum-value-added: schema Kind gained the value "c"`,
		},
		{
			"a property of a shared part", "the part changed, and the pointer leads there",
			`{"allOf":[{"$ref":"#/components/schemas/Base"},{"properties":{"x":{"type":"string"}}}]}|"Base":{"type":"object","properties":{"y":{"type":"string"}}}`,
			`{"allOf":[{"$ref":"#/components/schemas/Base"},{"properties":{"x":{"type":"string"}}}]}|"Base":{"type":"object","properties":{"y":{"type":"string"},"z":{"type":"string"}}}`,
			`warning new-optional-request-property: property z of schema Base was added`,
			`warning response-optional-property-added: property z of schema Base was added`,
		},
		{
			"a null that goes", "told at what is used, not at the component that is the same",
			`{"type":"object","properties":{"k":{"anyOf":[{"$ref":"#/components/schemas/Kind"},{"type":"null"}]}}}|` + named,
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind"}}}|` + named,
			`error request-property-became-not-nullable: property k of the request body may no longer be null`,
			`info response-property-became-not-nullable: property k of response 200 may no longer be null`,
		},
		{
			"a null that comes", "the same, the other way round",
			`{"type":"object","properties":{"k":{"$ref":"#/components/schemas/Kind"}}}|` + named,
			`{"type":"object","properties":{"k":{"anyOf":[{"$ref":"#/components/schemas/Kind"},{"type":"null"}]}}}|` + named,
			`info request-property-became-nullable: property k of the request body may now be null`,
			`error response-property-became-nullable: property k of response 200 may now be null`,
		},
		{
			"read-only and narrower", "callers never send it",
			`{"type":"object","properties":{"id":{"type":"string","readOnly":true}}}`,
			`{"type":"object","properties":{"id":{"type":"string","readOnly":true,"maxLength":8}},"required":["id"]}`,
			`info other-changed: property id of the request body changed, and is not sent here`,
			"info response-property-became-required: property id of response 200 is now required\n" +
				`info response-property-max-length-set: maxLength of property id of response 200 was added: 8`,
		},
		{
			"read-only and gone", "callers never sent it",
			`{"type":"object","properties":{"id":{"type":"string","readOnly":true}}}`, `{"type":"object"}`,
			`info other-changed: property id of the request body was removed`,
			`error response-optional-property-removed: property id of response 200 was removed`,
		},
		{
			"read-only no more, and required", "callers must send it now",
			`{"type":"object","properties":{"id":{"type":"string","readOnly":true}},"required":["id"]}`,
			`{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}`,
			"error request-property-became-required: property id of the request body is now required\n" +
				`info request-property-became-not-read-only: readOnly of property id of the request body was removed: true`,
			`info response-property-became-not-read-only: readOnly of property id of response 200 was removed: true`,
		},
		{
			"write-only and wider", "answers never hold it",
			`{"type":"object","properties":{"p":{"type":"string","writeOnly":true,"maxLength":8}},"required":["p"]}`,
			`{"type":"object","properties":{"p":{"type":"string","writeOnly":true}}}`,
			"info request-property-became-optional: property p of the request body is no longer required\n" +
				`info request-property-max-length-unset: maxLength of property p of the request body was removed: 8`,
			`info other-changed: property p of response 200 changed, and is not sent here`,
		},
		{
			"int32 without bounds", "greater numbers are refused",
			`{"type":"integer"}`, `{"type":"integer","format":"int32"}`,
			`error request-body-format-added: format of the request body was added: "int32"`,
			`warning response-body-generated-type-changed: format of response 200 was added: "int32": no value is concerned, but the type a generator makes of it`,
		},
		{
			"int32 to int64", "more is taken, and more may come",
			`{"type":"integer","format":"int32"}`, `{"type":"integer","format":"int64"}`,
			`warning request-body-generated-type-changed: format of the request body changed from "int32" to "int64": no value is concerned, but the type a generator makes of it`,
			`error response-body-format-changed: format of response 200 changed from "int32" to "int64"`,
		},
		{
			"the type of an object said", "its properties say it",
			`{"properties":{"a":{"type":"string"}}}`, `{"type":"object","properties":{"a":{"type":"string"}}}`,
			`info request-body-type-added: type of the request body changed from any to object`,
			`info response-body-type-added: type of response 200 changed from any to object`,
		},
		{
			"the type of listed values said", "they say it",
			`{"enum":[1,2]}`, `{"type":"number","enum":[1,2]}`,
			`info request-body-type-added: type of the request body changed from any to number`,
			`info response-body-type-added: type of response 200 changed from any to number`,
		},
		{
			"a type in place of any", "nothing else said it",
			`{"title":"T"}`, `{"title":"T","type":"object"}`,
			`error request-body-type-changed: type of the request body changed from any to object`,
			`error response-body-type-changed: type of response 200 changed from any to object`,
		},
		{
			"branches without a name", "told apart by the value of one property",
			`{"oneOf":[` + boat + `,` + raft + `]}`, `{"oneOf":[` + raftLogs + `,` + boat + `]}`,
			`warning new-optional-request-property: property logs of the request body was added`,
			`warning response-optional-property-added: property logs of response 200 was added`,
		},
		{
			"a branch more", "told by what it has",
			`{"oneOf":[` + boat + `,{"type":"array","items":{"type":"string"}}]}`, `{"oneOf":[{"type":"array","items":{"type":"string"}},` + raft + `,` + boat + `]}`,
			`info request-body-one-of-added: oneOf of the request body gained an object of hull, name`,
			`error response-body-one-of-added: oneOf of response 200 gained an object of hull, name`,
		},
		{
			"a choice in place of a schema", "the schema is one of its branches",
			boat, `{"oneOf":[` + boat + `,` + raft + `]}`,
			`info request-body-one-of-added: oneOf of the request body gained an object of hull, name`,
			`error response-body-one-of-added: oneOf of response 200 gained an object of hull, name`,
		},
		{
			"anyOf for oneOf", "what fits two branches was refused",
			`{"oneOf":[` + boat + `,` + raft + `]}`, `{"anyOf":[` + boat + `,` + raft + `]}`,
			`warning request-body-composition-changed: oneOf of the request body is now anyOf`,
			`warning response-body-composition-changed: oneOf of response 200 is now anyOf`,
		},
		{
			"a mapping of the discriminator", "the branch is told, and what it is called",
			`{"oneOf":[` + boat + `,` + raft + `],"discriminator":{"propertyName":"hull"}}`, `{"oneOf":[` + boat + `,` + raft + `],"discriminator":{"propertyName":"hull","mapping":{"boat":"#/components/schemas/B"}}}|"B":` + boat,
			`info request-body-discriminator-mapping-added: what boat stands for in the discriminator of the request body was added: "#/components/schemas/B"`,
			`info response-body-discriminator-mapping-added: what boat stands for in the discriminator of response 200 was added: "#/components/schemas/B"`,
		},
		{
			"a second pattern", "both must match",
			`{"type":"string","pattern":"a"}`, `{"allOf":[{"type":"string","pattern":"a"},{"pattern":"b"}]}`,
			`error request-body-pattern-changed: pattern of the request body changed from "a" to ["a", "b"]`,
			`warning response-body-pattern-changed: pattern of response 200 changed from "a" to ["a", "b"]`,
		},
		{
			"a second condition", "the first still holds",
			`{"type":"string","not":{"maxLength":3}}`, `{"allOf":[{"type":"string","not":{"maxLength":3}},{"not":{"minLength":9}}]}`,
			`error request-body-all-of-added: allOf of the request body gained not`,
			`info response-body-all-of-added: allOf of response 200 gained not`,
		},
		{
			"what is forbidden", "less is taken",
			`{"type":"string"}`, `{"type":"string","not":{"maxLength":3}}`,
			`error request-body-restricted: not of the request body was added: an object of maxLength`,
			`info response-body-restricted: not of response 200 was added: an object of maxLength`,
		},
		{
			"another component", "the one that was there is as it was",
			`{"$ref":"#/components/schemas/Kind"}|` + named + `,"Sort":{"type":"string","title":"Kind","description":"which","enum":["a"]}`,
			`{"$ref":"#/components/schemas/Sort"}|` + named + `,"Sort":{"type":"string","title":"Kind","description":"which","enum":["a"]}`,
			`error request-property-enum-value-removed: schema Kind lost the value "b" (in its place Sort is used)`,
			`info response-property-enum-value-removed: schema Kind lost the value "b" (in its place Sort is used)`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for operation, want := range map[string]string{
				`"requestBody":{"content":{"application/json":{"schema":%s}}},"responses":{"204":{"description":"d"}}`: c.sent,
				`"responses":{"200":{"description":"d","content":{"application/json":{"schema":%s}}}}`:                 c.answered,
			} {
				document := func(of string) []byte {
					schema, components, _ := strings.Cut(of, "|")
					return []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{` + fmt.Sprintf(operation, schema) + `}}},"components":{"schemas":{` + components + `}}}`)
				}
				if diff := cmp.Diff(want, strings.Join(found(compared(t, document(c.base), document(c.revision)), true), "\n")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", c.why, diff)
				}
			}
		})
	}
}

// TestBodiesAsWritten compares how bodies are written, credentials and statuses.
func TestBodiesAsWritten(t *testing.T) {
	t.Parallel()
	const answer = `"responses":{"204":{"description":"d"}}`
	body := func(media, more string) string {
		return `"requestBody":{"content":{"` + media + `":{"schema":{"type":"object","properties":{"a":{"type":"string"}}}` + more + `}}},` + answer
	}
	made := func(status, kind string) string {
		return `"responses":{"` + status + `":{"description":"d","content":{"application/json":{"schema":{"type":"object","properties":{"a":{"type":"` + kind + `"}}}}}}}`
	}
	for _, c := range []struct{ name, why, base, revision, want string }{
		{"charset", "JSON is UTF-8", body("application/json", ""), body(`application/json; charset=\"UTF-8\"`, ""), `info request-body-charset-changed: media type application/json of the request body is now written application/json; charset="UTF-8"`},
		{"another charset", "bytes are read otherwise", body("text/plain", ""), body("text/plain; charset=iso-8859-1", ""), `error request-body-media-type-changed: media type of the request body changed from text/plain to text/plain;charset=iso-8859-1`},
		{"encoding of a part", "it is written otherwise", body("multipart/form-data", `,"encoding":{"a":{"contentType":"text/csv"}}`), body("multipart/form-data", `,"encoding":{"a":{"contentType":"text/tab-separated-values"}}`),
			`error request-body-serialization-changed: encoding of a in the request body changed from an object of contentType to an object of contentType`},
		{"another status with another body", "both are told", made("200", "string"), made("201", "integer"),
			"error response-property-type-changed: type of property a of response 200 changed from string to integer\nerror response-success-status-changed: status 200 is now 201"},
		{"a status without a body", "the status tells it", made("200", "string"), answer, "error response-success-status-changed: status 200 is now 204"},
		{"schemes renamed", "each once, whatever uses them", `"security":[{"K":[],"L":[]}],` + answer, `"security":[{"M":[],"L":[]}],` + answer, "info api-security-scheme-renamed: security scheme K is now called M (in 2 operations: GET /a, POST /a)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			document := func(operation string) []byte {
				also := operation
				if !strings.Contains(operation, "security") {
					also = answer
				}
				return []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{` + operation + `},"get":{` + also + `}}},"components":{"securitySchemes":{` +
					`"K":{"type":"apiKey","in":"header","name":"X-K"},"M":{"type":"apiKey","in":"header","name":"X-K"},"L":{"type":"http","scheme":"basic"}}}}`)
			}
			if diff := cmp.Diff(c.want, strings.Join(found(compared(t, document(c.base), document(c.revision)), true), "\n")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}
