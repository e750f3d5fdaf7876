package spec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

const head30 = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"

func schema30(t *testing.T, yaml string) string {
	t.Helper()
	d, err := spec.Parse([]byte(head30 + "paths: {}\ncomponents: {schemas: {B: {type: string}, A: " + yaml + "}}"))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := d.Lookup("/components/schemas/A")
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLift(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, from, to string }{
		{"nullable", "joins the type", `{type: string, nullable: true}`, `{"type":["string","null"]}`},
		{"not nullable", "goes", `{type: string, nullable: false}`, `{"type":"string"}`},
		{"nullable, no type", "does nothing (3.0.3)", `{nullable: true, enum: [a]}`, `{"enum":["a"]}`},
		{"nullable inside", "every level", `{type: array, items: {type: object, properties: {p: {type: integer, nullable: true}}}}`,
			`{"items":{"properties":{"p":{"type":["integer","null"]}},"type":"object"},"type":"array"}`},
		{"exclusive", "the flag becomes the bound", `{minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}`, `{"exclusiveMinimum":1,"maximum":9}`},
		{"exclusive alone", "means nothing", `{exclusiveMaximum: true}`, `{}`},
		{"digits", "numbers are kept to the digit", `{minimum: 9223372036854775807}`, `{"minimum":9223372036854775807}`},
		{"example", "joins examples", `{type: string, example: x}`, `{"examples":["x"],"type":"string"}`},
		{"$ref", "its siblings were ignored in 3.0", `{type: object, properties: {p: {$ref: "#/components/schemas/B", description: d}}}`,
			`{"properties":{"p":{"$ref":"#/components/schemas/B"}},"type":"object"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.to, schema30(t, c.from)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, document, want string }{
		{"empty", "nothing", " \n", "spec: the document is empty"},
		{"text", "neither JSON nor YAML", "a: b: c", "line 1, column 1: neither JSON nor YAML"},
		{"list", "no object", "[1]", "an OpenAPI document is an object"},
		{"duplicate key", "readers disagree", `{"openapi":"3.1.0","openapi":"3.0.0"}`, "stands twice"},
		{"4.0", "not yet", `{"openapi":"4.0.0"}`, "not supported"},
		{"no version", "no OpenAPI", `{"swagger":"2.0"}`, "no `openapi` field"},
		{"remote", "nothing is fetched", head30 + `paths: {/a: {$ref: "https://example.com/a.yaml"}}`, "external"},
		{"bomb", "aliases of aliases", bomb(), "too large"},
		{"deep", "nesting", strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600), "deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := spec.Parse([]byte(c.document))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.why, err)
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 9; i++ {
		at, before := string(rune('0'+i)), string(rune('0'+i-1))
		b.WriteString("a" + at + ": &a" + at + " [" + strings.Repeat("*a"+before+",", 9) + "*a" + before + "]\n")
	}
	return b.String()
}

func TestYAMLIsJSON(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(`# a comment
openapi: 3.1.0
info: {title: "t", version: 1.0.0}
paths:
  /b:
    get:
      responses:
        200: {description: "yes"}
        default: {description: 2024-01-01}
  /a: {}
x-number: 0x10
x-long: 12345678901234567890.5
x-alias: [&n null, *n, yes, true]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"openapi":"3.1.0","info":{"title":"t","version":"1.0.0"},"paths":{"/b":{"get":{"responses":{"200":{"description":"yes"},"default":{"description":"2024-01-01"}}}},"/a":{}},` +
		`"x-number":16,"x-long":12345678901234567890.5,"x-alias":[null,null,"yes",true]}`
	if diff := cmp.Diff(want, string(d.JSON())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/b", "/a"}, d.Keys("/paths")); diff != "" {
		t.Error(diff)
	}
	if got := string(d.Raw("/paths/~1b/get/responses/200")); got != `{"description":"yes"}` {
		t.Error(got)
	}
	if got := d.Raw("/x-alias/9"); got != nil {
		t.Errorf("%s", got)
	}
	if kin, err := d.T(); err != nil || kin.Paths.Value("/b") == nil || d.Version != "3.1.0" {
		t.Errorf("kin-openapi's view is empty: %v", err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(head30 + `paths: {}
components:
  responses:
    A: {$ref: "#/components/responses/B"}
    B: {description: b}
x-c: {$ref: "#/x-d/a%20~1%25"}
x-d: {a /%: {description: c}}
`))
	if err != nil {
		t.Fatal(err)
	}
	at, obj, err := d.Resolve("/components/responses/A")
	if err != nil || at != "/components/responses/B" || obj["description"] != "b" {
		t.Errorf("%s %v %v", at, obj, err)
	}
	if at, _, err := d.Resolve("/x-c"); err != nil || at != "/x-d/a ~1%" {
		t.Errorf("%s %v", at, err)
	}
	if _, _, err := d.Resolve("/nowhere"); err == nil {
		t.Error("resolved nothing")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head30 + "paths: {}"))
	f.Add([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := spec.Parse(data)
		if (d == nil) == (err == nil) {
			t.Fatal("neither a document nor an error")
		}
		if d != nil {
			canonical(t, d)
		}
	})
}
