package drift_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// revisions are edits of the Diga API's document, each with the one finding it
// must give and why that severity is right for somebody who ships a client.
func revisions() []revision {
	return []revision{
		// What there is to call.
		{"path removed", "calls fail", "error api-path-removed-without-deprecation", es(remove(path)), ""},
		{"path renamed", "the same operation elsewhere", "error api-path-renamed", es(move(path, "/paths/~1v2~1api_key~1")), ""},
		{"method changed", "the same operation, asked for otherwise", "error api-method-changed", es(move(get, path+"/post")), ""},
		{"method added", "the client lags behind", "warning endpoint-added", es(set(path+"/delete", `{"responses":{"204":{"description":"gone"}}}`)), ""},
		{"path added", "the client lags behind", "warning endpoint-added", es(set("/paths/~1v1~1calls~1", `{"get":{"responses":{"200":{"description":"calls"}}}}`)), ""},
		{"operationId changed", "the generated method is called otherwise", "error api-operation-id-changed", es(set(get+"/operationId", `"list"`)), ""},
		{"operationId removed", "the same", "error api-operation-id-removed", es(remove(get + "/operationId")), ""},
		{"tag added", "docs", "info api-tag-added", es(set(get+"/tags/-", `"Keys"`)), ""},
		{"tag removed", "docs", "info api-tag-removed", es(remove(get + "/tags")), ""},
		{"deprecated", "it works on", "info deprecated", es(set(get+"/deprecated", `true`)), ""},
		{"summary", "words", "info summary-changed", es(set(get+"/summary", `"List"`)), ""},
		{"description", "words", "info description-changed", es(set(get+"/description", `"Lists"`)), ""},
		{"version", "the vendor's own number", "info api-version-changed", es(set("/info/version", `"0.2.0"`)), ""},
		{"title of the API", "words", "info api-info-changed", es(set("/info/title", `"Diga"`)), ""},
		{"contact", "words", "info api-info-changed", es(set("/info/contact", `{"name":"x"}`)), ""},
		{"server URL", "calls go elsewhere", "warning server-url-changed", es(set("/servers/0/url", `"https://api2.diga.io"`)), ""},
		{"server description", "words", "info description-changed", es(set("/servers/0/description", `"Live"`)), ""},
		{"server added", "another door", "info server-added", es(set("/servers/-", `{"url":"https://eu.diga.io"}`)), ""},
		{"server of the operation", "this one is served elsewhere", "info server-added", es(set(get+"/servers", `[{"url":"https://keys.diga.io"}]`)), ""},
		{"tag described", "docs", "info api-info-changed", es(set("/tags", `[{"name":"API Keys","description":"keys"}]`)), ""},
		{"extension", "means what a tool makes of it", "info extension-changed", es(set(get+"/x-internal", `true`)), ""},
		{"external docs", "a link", "info external-docs-changed", es(set(get+"/externalDocs", `{"url":"https://docs.diga.io"}`)), ""},

		// Credentials.
		{"security dropped", "perhaps a mistake", "warning api-security-removed", es(set(get+"/security", `[]`)), ""},
		{"security optional", "the same", "warning api-security-removed", es(set(get+"/security/-", `{}`)), ""},
		{"another scheme", "old credentials are refused", "error api-security-changed", es(set("/components/securitySchemes/Key", `{"type":"apiKey","in":"header","name":"X-Key"}`), set(get+"/security", `[{"Key":[]}]`)), ""},
		{"a second scheme", "old credentials still work", "info api-security-alternative-added", es(set("/components/securitySchemes/Key", `{"type":"apiKey","in":"header","name":"X-Key"}`), set(get+"/security/-", `{"Key":[]}`)), ""},
		{"scheme redefined", "credentials are shown otherwise", "error api-security-scheme-changed", es(set(bearer+"/scheme", `"basic"`)), ""},
		{"scheme renamed", "the wire is the same", "info api-security-scheme-renamed", es(move(bearer, "/components/securitySchemes/Token"), set(get+"/security", `[{"Token":[]}]`)), ""},
		{"bearer format", "a hint", "info api-security-component-bearer-format-changed", es(set(bearer+"/bearerFormat", `"JWT"`)), ""},
		{"scope", "tokens need more", "error api-security-scope-added", es(set(get+"/security/0/CustomHTTPBearer", `["read"]`)), ""},

		// Parameters.
		{"default changed", "calls that leave it out get another page", "error request-parameter-default-value-changed", es(set(limit+"/schema/default", `20`)), ""},
		{"default removed", "nobody knows what leaving it out means", "error request-parameter-default-value-removed", es(remove(limit + "/schema/default")), ""},
		{"default added", "leaving it out means something now", "error request-parameter-default-value-added", es(set(get+"/parameters/2/schema/default", `1`)), ""},
		{"maximum lowered", "big pages are refused", "error request-parameter-max-decreased", es(set(limit+"/schema/maximum", `100`)), ""},
		{"maximum raised", "more is taken", "info request-parameter-max-increased", es(set(limit+"/schema/maximum", `2000`)), ""},
		{"maximum removed", "more is taken", "info request-parameter-max-unset", es(remove(limit + "/schema/maximum")), ""},
		{"minimum raised", "small pages are refused", "error request-parameter-min-increased", es(set(limit+"/schema/minimum", `10`)), ""},
		{"minimum lowered", "more is taken", "info request-parameter-min-decreased", es(set(limit+"/schema/minimum", `0`)), ""},
		{"exclusive minimum", "the bound itself is refused", "error request-parameter-exclusive-min-set", es(set(limit+"/schema/exclusiveMinimum", `5`)), ""},
		{"multipleOf", "other numbers are refused", "error request-parameter-multiple-of-added", es(set(limit+"/schema/multipleOf", `10`)), ""},
		{"minimum inside anyOf with null", "the form of nullable does not hide it", "error request-parameter-min-increased", es(set(get+"/parameters/2/schema/anyOf/0/minimum", `2`)), ""},
		{"enum value removed", "calls with it are refused", "error request-parameter-enum-value-removed", es(set(order+"/schema/enum", `["desc"]`)), ""},
		{"enum value added", "more is taken", "info request-parameter-enum-value-added", es(set(order+"/schema/enum", `["asc","desc","name"]`)), ""},
		{"enum removed", "more is taken", "info request-parameter-became-not-enum", es(remove(order + "/schema/enum")), ""},
		{"pattern", "other values are refused", "error request-parameter-pattern-added", es(set(order+"/schema/pattern", `"c$"`)), ""},
		{"null no longer taken", "calls with it are refused", "error request-parameter-became-not-nullable", es(set(get+"/parameters/0/schema", `{"type":"string","format":"uuid","title":"After"}`)), ""},
		{"null taken", "more is taken", "info request-parameter-became-nullable", es(set(limit+"/schema/type", `["integer","null"]`)), ""},
		{"type changed", "another Go type", "error request-parameter-type-changed", es(set(get+"/parameters/2/schema/anyOf/0", `{"type":"number","minimum":1}`)), ""},
		{"format lost", "another Go type, and any text is taken", "warning request-parameter-format-removed", es(remove(get + "/parameters/0/schema/anyOf/0/format")), ""},
		{"required", "calls without it are refused", "error request-parameter-became-required", es(set(order+"/required", `true`)), ""},
		{"parameter removed", "it is ignored", "error request-parameter-removed", es(remove(limit)), ""},
		{"parameter renamed", "it is ignored under the old name", "error request-parameter-renamed", es(set(limit+"/name", `"page_size"`), set(limit+"/schema/title", `"Page Size"`)), ""},
		{"parameter moved", "it is ignored in the old place", "error request-parameter-moved", es(set(order+"/in", `"header"`)), ""},
		{"optional parameter added", "the client lags behind", "warning new-optional-request-parameter", es(set(get+"/parameters/-", `{"name":"search","in":"query","schema":{"type":"string"}}`)), ""},
		{"required parameter added", "calls without it are refused", "error new-required-request-parameter", es(set(get+"/parameters/-", `{"name":"X-Project","in":"header","required":true,"schema":{"type":"string"}}`)), ""},
		{"style", "lists are written otherwise", "error request-parameter-serialization-changed", es(set(order+"/explode", `false`)), ""},
		{"parameter title", "words", "info title-changed", es(set(limit+"/schema/title", `"Size"`)), ""},
		{"parameter example", "words", "info example-changed", es(set(limit+"/example", `10`)), ""},

		// Responses.
		{"success status changed", "the client takes it for a failure", "error response-success-status-changed", es(move(ok, get+"/responses/206")), ""},
		{"success status added", "the client does not know it", "error response-success-status-added", es(set(get+"/responses/204", `{"description":"none"}`)), ""},
		{"error status removed", "a branch that never runs", "warning response-non-success-status-removed", es(remove(get + "/responses/422")), ""},
		{"error status added", "no type for it", "warning response-non-success-status-added", es(set(get+"/responses/429", `{"description":"slow down"}`)), ""},
		{"error example", "code that looks at error_code", "warning error-example-changed", es(set(refused+"/content/application~1json/example/error_code", `"FORBIDDEN"`)), ""},
		{"success example", "words", "info example-changed", es(set(ok+"/content/application~1json/example", `{"data":[],"has_more":false}`)), ""},
		{"response description", "words", "info description-changed", es(set(ok+"/description", `"OK"`)), ""},
		{"media type changed", "another decoder", "error response-media-type-changed", es(move(ok+"/content/application~1json", ok+"/content/application~1problem+json")), ""},
		{"media type added", "unless the client asks", "warning response-media-type-added", es(set(ok+"/content/text~1csv", `{"schema":{"type":"string"}}`)), ""},
		{"header added", "answers tell more", "info response-header-added", es(set(ok+"/headers", `{"X-Total":{"schema":{"type":"integer"}}}`)), ""},
		{"property removed", "a field is gone", "error response-required-property-removed", es(remove(key+"/properties/name"), set(key+"/required", `["id","created_date","last_four_digits","creator_id","restricted"]`)), ""},
		{"optional property removed", "a field is gone", "error response-optional-property-removed", es(remove(page + "/properties/total_pages")), ""},
		{"property renamed", "a field is gone", "error response-property-renamed", es(move(key+"/properties/restricted", key+"/properties/limited"), set(key+"/properties/limited/title", `"Limited"`), set(key+"/required", `["id","name","created_date","last_four_digits","creator_id","limited"]`)), ""},
		{"property added", "the client lags behind", "warning response-optional-property-added", es(set(key+"/properties/expires_at", `{"type":"string","format":"date-time"}`)), ""},
		{"required property added", "the client lags behind", "warning response-required-property-added", es(set(key+"/properties/kind", `{"type":"string"}`), set(key+"/required/-", `"kind"`)), ""},
		{"property nullable", "null where none came", "error response-property-became-nullable", es(set(key+"/properties/name/type", `["string","null"]`)), ""},
		{"property not nullable", "null no longer comes", "info response-property-became-not-nullable", es(set(page+"/properties/first_id", `{"type":"string","format":"uuid","title":"First Id"}`)), ""},
		{"property optional", "it may be missing", "error response-property-became-optional", es(set(page+"/required", `["data"]`)), ""},
		{"property required", "it is always there", "info response-property-became-required", es(set(page+"/required/-", `"first_id"`)), ""},
		{"property type", "another Go type", "error response-property-type-changed", es(set(key+"/properties/restricted/type", `"string"`)), ""},
		{"shared property type", "one finding for three statuses", "error response-property-type-changed", es(set(failure+"/properties/error_code/type", `"integer"`)), ""},
		{"format lost in a response", "another Go type", "warning response-property-format-removed", es(remove(key + "/properties/id/format")), ""},
		{"format changed", "another Go type", "error response-property-format-changed", es(set(key+"/properties/created_date/format", `"date"`)), ""},
		{"response default", "a missing status means something else", "error response-property-default-value-changed", es(set(failure+"/properties/status/default", `"failed"`)), ""},
		{"permission added", "a value the client does not know", "error response-property-enum-value-added", es(set(schemas+"/Permission/enum/-", `"agents.deploy"`)), ""},
		{"permission removed", "it no longer comes", "info response-property-enum-value-removed", es(remove(schemas + "/Permission/enum/60")), ""},
		{"limit of a response relaxed", "what was never that long", "warning response-property-max-length-unset", es(), ""},
		{"closed", "answers tell less", "info response-property-restricted", es(set(key+"/additionalProperties", `false`)), ""},
		{"property description", "words", "info description-changed", es(set(key+"/properties/name/description", `"Its name"`)), ""},
		{"property examples", "words", "info example-changed", es(set(failure+"/properties/error_code/examples/0", `"NO_PROJECT"`)), ""},
		{"schema title", "words", "info title-changed", es(set(key+"/title", `"APIKey"`)), ""},
		{"unknown keyword", "told, whatever it is", "info response-property-keyword-changed", es(set(key+"/$anchor", `"x"`)), ""},
		{"a union in place of a type", "what comes may be a number", "error response-property-list-of-types-widened", es(set(key+"/properties/name", `{"anyOf":[{"type":"string"},{"type":"integer"}],"title":"API Key Name","description":"The name of the API key"}`)), ""},
	}
}

type revision struct {
	name, why, want string
	edits           []edit
	also            string
}

func es(edits ...edit) []edit { return edits }

func TestRevisions(t *testing.T) {
	t.Parallel()
	base := edited(t)
	for _, r := range revisions() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			from, edits := base, r.edits
			if len(edits) == 0 {
				from = edited(t, set(key+"/properties/name/maxLength", `100`))
			}
			rep := compared(t, from, edited(t, edits...))
			want := []string{r.want}
			if r.also != "" {
				want = append(want, r.also)
			}
			if diff := cmp.Diff(want, found(rep, false)); diff != "" {
				t.Errorf("%s (-want +got):\n%s\n%s", r.why, diff, strings.Join(found(rep, true), "\n"))
			}
			for _, f := range rep.Findings {
				if f.Message == "" || f.Explanation == "" || f.HowToFix == "" || f.Base == nil || f.Revision == nil {
					t.Errorf("incomplete: %+v", f)
				}
			}
		})
	}
}

// TestBodies edits an operation that sends a body.
func TestBodies(t *testing.T) {
	t.Parallel()
	body := path + "/post/requestBody"
	schema := schemas + "/NewKey"
	base := edited(t, withCreate()...)
	for _, r := range []revision{
		{"property required", "bodies without it are refused", "error request-property-became-required", es(set(schema+"/required/-", `"note"`)), ""},
		{"property optional", "more is taken", "info request-property-became-optional", es(remove(schema + "/required")), ""},
		{"required property added", "bodies without it are refused", "error new-required-request-property", es(set(schema+"/properties/kind", `{"type":"boolean"}`), set(schema+"/required/-", `"kind"`)), ""},
		{"required read-only property added", "it is not sent", "warning new-optional-request-property", es(set(schema+"/properties/kind", `{"type":"boolean","readOnly":true}`), set(schema+"/required/-", `"kind"`)), ""},
		{"optional property added", "the client lags behind", "warning new-optional-request-property", es(set(schema+"/properties/kind", `{"type":"boolean"}`)), ""},
		{"property removed", "it is ignored", "error request-property-removed", es(remove(schema + "/properties/note")), ""},
		{"property renamed", "it is ignored under the old name", "error request-property-renamed", es(move(schema+"/properties/note", schema+"/properties/remark")), ""},
		{"length lowered", "long names are refused", "error request-property-max-length-decreased", es(set(schema+"/properties/name/maxLength", `50`)), ""},
		{"not nullable", "null is refused", "error request-property-became-not-nullable", es(set(schema+"/properties/note/type", `"string"`)), ""},
		{"read-only", "what is sent is ignored", "error request-property-became-read-only", es(set(schema+"/properties/note/readOnly", `true`)), ""},
		{"closed", "other properties are refused", "error request-property-restricted", es(set(schema+"/additionalProperties", `false`)), ""},
		{"branch removed", "numbers are refused", "error request-property-list-of-types-narrowed", es(remove(schema + "/properties/scope/anyOf/1")), ""},
		{"branch added", "more is taken", "info request-property-list-of-types-widened", es(set(schema+"/properties/scope/anyOf/-", `{"type":"boolean"}`)), ""},
		{"branch changed", "numbers below are refused", "error request-property-min-set", es(set(schema+"/properties/scope/anyOf/1/minimum", `1`)), ""},
		{"branch taking null", "null is taken", "info request-property-became-nullable", es(set(schema+"/properties/scope/anyOf/-", `{"type":"null"}`)), ""},
		{"condition", "bodies are refused that were not", "error request-property-if-added", es(set(schema+"/if", `{"required":["note"]}`)), ""},
		{"body optional", "it may be left out", "info request-body-became-optional", es(remove(body + "/required")), ""},
		{"body removed", "it is ignored", "error request-body-removed", es(remove(body)), ""},
		{"media type", "another encoder", "error request-body-media-type-changed", es(move(body+"/content/application~1json", body+"/content/application~1x-www-form-urlencoded")), ""},
		{"media type added", "more is taken", "info request-body-media-type-added", es(set(body+"/content/application~1yaml", `{}`)), ""},
		{"required header removed", "the client reads it", "error required-response-header-removed", es(remove(path + "/post/responses/201/headers")), ""},
		{"header optional", "it may be missing", "error response-header-became-optional", es(remove(path + "/post/responses/201/headers/Location/required")), ""},
		{"header type", "another type", "warning response-header-format-removed", es(remove(path + "/post/responses/201/headers/Location/schema/format")), ""},
		{"encoding", "parts are written otherwise", "error request-body-serialization-changed", es(set(body+"/content/application~1json/encoding", `{"note":{"contentType":"text/plain"}}`)), ""},
		{"a property deep in a recursion", "told once, however deep it goes", "error request-property-type-changed", es(set(schema+"/properties/name/type", `"array"`)), ""},
		{"operation removed", "calls fail", "error api-removed-without-deprecation", es(remove(path + "/post")), ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			rep := compared(t, base, edited(t, slices.Concat(withCreate(), r.edits)...))
			if diff := cmp.Diff([]string{r.want}, found(rep, false)); diff != "" {
				t.Errorf("%s (-want +got):\n%s\n%s", r.why, diff, strings.Join(found(rep, true), "\n"))
			}
		})
	}
}
