package spec_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

const (
	info  = "info: {title: t, version: '1'}\n"
	ok200 = "responses: {'200': {description: OK}}"
)

// one is a document of one schema.
func one(head, schema string) string {
	return head + "paths: {}\ncomponents: {schemas: {B: {type: string}, A: " + schema + "}}\n"
}

func TestWhatPeoplePublishIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, why, document string
		want                []string // line, rule, part of the message
	}{
		{"one shape", "one path with two templates", head31 + "paths:\n  /a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {}}], " + ok200 + "}}\n" +
			"  /a/{x}: {delete: {parameters: [{name: x, in: path, required: true, schema: {}}], " + ok200 + "}}\n", []string{`5 paths-of-one-shape "/a/{id}" at line 4`}},
		{"operationId twice", "generated names are made of it", head31 + "paths:\n  /a: {get: {operationId: a, " + ok200 + "}}\n  /b: {get: {operationId: a, " + ok200 + "}}\n", []string{`5 operation-id-twice operationId "a" stands twice, first at line 4`}},
		{"path parameter undeclared", "by any operation of the path", head31 + "paths:\n  /a/{id}:\n    get: {" + ok200 + "}\n    put: {" + ok200 + "}\n", []string{"5 path-parameter-undeclared the path has {id}", "6 path-parameter-undeclared"}},
		{"declared by the path item, by a reference", "it counts for all", head31 + "paths:\n  /a/{id}:\n    parameters: [{$ref: '#/components/parameters/P'}]\n    get: {" + ok200 + "}\ncomponents: {parameters: {P: {name: id, in: path, required: true, schema: {}}}}\n", nil},
		{"path parameter that no path has", "no request can carry it", head31 + "paths:\n  /a:\n    get: {parameters: [{name: id, in: path, required: true, schema: {}}], " + ok200 + "}\n", []string{"5 path-parameter-unknown the path has no {id}"}},
		{"path parameter not required", "a path without it is another path", head31 + "paths:\n  /a/{id}:\n    get: {parameters: [{name: id, in: path, schema: {}}], " + ok200 + "}\n", []string{"5 path-parameter-required"}},
		{"unknown format", "an annotation", one(head31, "{type: string, format: phone}"), []string{`4 unknown-format format "phone"`}},
		{"known formats", "of the registry and JSON Schema", one(head31, "{type: integer, format: int64, not: {format: uri-template}}"), nil},
		{"siblings of 3.0", "ignored there, but words are harmless", one(head30, "{properties: {a: {$ref: '#/components/schemas/B', description: d, maxLength: 1}}}"), []string{"4 reference-sibling `maxLength` beside `$ref`"}},
		{"siblings of 3.1", "they apply", one(head31, "{properties: {a: {$ref: '#/components/schemas/B', maxLength: 1}}}"), nil},
		{"empty schemas", "anything is what they say", one(head31, "{properties: {a: {}, b: true}, items: {}}"), nil},
		{"GET with a body", "HTTP gives it no meaning", head31 + "paths:\n  /a:\n    get: {requestBody: {content: {text/plain: {}}}, " + ok200 + "}\n", []string{"5 body-without-meaning the body of a GET"}},
		{"DELETE with a body", "the same", head30 + "paths:\n  /a:\n    delete: {requestBody: {content: {text/plain: {}}}, " + ok200 + "}\n", []string{"5 body-without-meaning the body of a DELETE"}},
		{"discriminator", "its property need not be required", one(head31, "{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {b: '#/components/schemas/B', B: B}}}"), nil},
		{"discriminator to nowhere", "a hint that helps nobody", one(head31, "{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {c: '#/components/schemas/C'}}}"), []string{"4 discriminator"}},
		{"long names", "there is no limit", head31 + "paths:\n  /a:\n    get: {operationId: " + strings.Repeat("a", 190) + ", " + ok200 + "}\ncomponents: {schemas: {" + strings.Repeat("B", 190) + ": {type: string}}}\n", nil},
		{"odd component names", "generators trip over them", head31 + "paths: {}\ncomponents: {schemas: {'Page[A]': {type: string}}}\n", []string{"4 component-name"}},
		{"recursion", "through a property", one(head31, "{properties: {next: {$ref: '#/components/schemas/A'}, all: {items: {$ref: '#/components/schemas/A'}}}}"), nil},
		{"nullable beside a reference", "authors mean it", one(head30, "{properties: {a: {nullable: true, $ref: '#/components/schemas/B'}}}"), []string{"4 nullable `nullable` without a `type`"}},
		{"nullable beside nothing", "it has no effect and nobody is misled", one(head30, "{nullable: true}"), nil},
		{"3.2", "read as 3.1", "openapi: 3.2.0\n" + info + "paths: {}\n", []string{"1 newer-version OpenAPI 3.2.0 is read as 3.1"}},
		{"versions as numbers", "YAML's doing", "openapi: 3.1\ninfo: {title: t, version: 1.0}\npaths: {}\n", []string{"1 wrong-form", "2 wrong-form `version` is text, and this is none: it is read as the text \"1.0\""}},
		{"merge keys", "YAML 1.1", head31 + "x-answers: &all\n  '500': {description: No}\npaths:\n  /a:\n    get:\n      responses: {<<: *all, 200: {description: OK}}\n", nil},
		{"path items by reference", "of 3.1", head31 + "paths: {/a: {$ref: '#/components/pathItems/P'}}\ncomponents: {pathItems: {P: {get: {" + ok200 + "}}}}\n", nil},
		{"$schema of another draft", "read as 2020-12", one(head31, "{$schema: 'http://json-schema.org/draft-07/schema#', type: string}"), []string{"4 other-dialect"}},
		{"dialect of another draft", "the same for all", "openapi: 3.1.0\n" + info + "jsonSchemaDialect: https://json-schema.org/draft/2019-09/schema\npaths: {}\n", []string{"3 other-dialect"}},
		{"dialect of OpenAPI", "the default", "openapi: 3.1.0\n" + info + "jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base\npaths: {}\n", nil},
		{"anchors and ids", "JSON Schema's own names for places", one(head31, "{$id: 'https://example.com/a', $defs: {x: {$anchor: x, type: string}}, properties: {a: {$ref: '#x'}, b: {$ref: 'https://example.com/a#/$defs/x'}}}"), nil},
		{"root reference", "no schema", one(head31, "{properties: {a: {$ref: '#'}}}"), []string{`4 reference-to-other-kind "#" is the document object, and a schema belongs here: any value is taken`}},
		{"other kind", "read as what belongs there", head31 + "paths:\n  /a:\n    get: {responses: {'200': {$ref: '#/components/requestBodies/R'}}}\ncomponents: {requestBodies: {R: {description: r, content: {}}}}\n", []string{"5 reference-to-other-kind"}},
		{"broken reference that nothing uses", "nobody is hurt", one(head31, "{properties: {a: {$ref: '#/components/schemas/No'}, b: {$ref: 'https://example.com/x'}}}"), []string{"4 broken-reference the reference \"#/components/schemas/No\" leads nowhere; nothing uses it", "4 broken-reference the external reference"}},
		{"path with a query", "no path has one", head31 + "paths:\n  /a?b=c: {get: {" + ok200 + "}}\n  /a#b: {get: {" + ok200 + "}}\n", []string{"4 path-query", "5 path-query"}},
		{"path without a slash", "it is meant", head31 + "paths:\n  a: {get: {" + ok200 + "}}\n", []string{"4 path-slash"}},
		{"lone brace", "read as itself", head31 + "paths:\n  '/a/{b': {get: {" + ok200 + "}}\n", []string{"4 path-braces"}},
		{"one name twice in a path", "the last counts", head31 + "paths:\n  '/a/{b}/c/{b}': {get: {parameters: [{name: b, in: path, required: true, schema: {}}], " + ok200 + "}}\n", []string{"4 path-braces the parameter \"b\" stands twice"}},
		{"pattern", "ECMA 262 has look-around and back-references", one(head31, `{pattern: '^(?!x)(a)\1$', patternProperties: {'(?<=a)b': {}}}`), nil},
		{"pattern that is none", "nothing can be judged by it", one(head31, "{pattern: '(', patternProperties: {'[': {}}}"), []string{`4 pattern no engine for regular expressions understands the pattern "("`, `4 pattern no engine`}},
		// Beyond the list.
		{"empty lists for objects", "PHP writes them", head31 + "paths: {}\ncomponents: {schemas: {A: {properties: [], allOf: {}}}, responses: []}\n", []string{"4 wrong-form `properties` is an object", "4 wrong-form `allOf` is a list", "4 wrong-form `responses` is an object"}},
		{"no alternatives", "generators leave them behind", one(head31, "{type: string, anyOf: [], enum: []}"), []string{"4 no-alternatives `anyOf` lists nothing"}},
		{"no schemas", "indented too deep, or a type alone", one(head31, "{properties: {a: string, required: [a]}}"), []string{"4 wrong-form `a` is no schema", "4 wrong-form `required` is no schema"}},
		{"examples by name in a schema", "they are a list there", one(head31, "{type: string, examples: {a: {value: 1}}}"), []string{"4 wrong-form `examples` of a schema is a list"}},
		{"callbacks", "their path items are read", head31 + "paths: {}\ncomponents: {callbacks: {C: {'{$url}': {post: {" + ok200 + ", parameters: [{name: q, in: nowhere, schema: {}}]}}}}}\n", []string{"4 parameter-place"}},
		{"null for nothing", "YAML writes it", head31 + "paths:\n  /a:\ncomponents:\n  schemas:\ntags:\n", []string{"4 wrong-form `/a` is an object", "6 wrong-form `schemas`", "7 wrong-form `tags` is a list"}},
		{"null description", "not there", head31 + "paths:\n  /a: {get: {summary: null, responses: {'200': {description: }}}}\n", []string{"4 wrong-form `summary` is null", "4 wrong-form `description` is null"}},
		{"numbers in quotes", "meant as numbers", one(head31, "{type: string, maxLength: '5'}"), []string{"4 wrong-form `maxLength` does not have the form it should: it is read as 5"}},
		{"flags in quotes", "meant as flags", one(head30, "{type: string, nullable: 'true'}"), []string{"4 wrong-form `nullable`"}},
		{"types of other languages", "their meaning is plain", one(head31, "{properties: {a: {type: String}, b: {type: int}, c: {type: any}, d: {type: file}}}"),
			[]string{`4 unknown-type "String" is no type: it is read as string`, `4 unknown-type "int"`, `4 unknown-type "any"`, `4 unknown-type "file" is no type: it is read as string of format binary`}},
		{"required twice", "once is enough", one(head31, "{required: [a, b, a]}"), []string{`4 required-twice "a" stands twice`}},
		{"required as a flag", "it names nothing", one(head30, "{properties: {a: {type: string, required: true}}}"), []string{"4 required-flag"}},
		{"body as a parameter", "OpenAPI 2", head31 + "paths:\n  /a: {post: {parameters: [{name: b, in: body, schema: {}}], " + ok200 + "}}\n", []string{`4 parameter-place no parameter stands in "body"`}},
		{"style of another place", "the default is taken", head31 + "paths:\n  /a: {get: {parameters: [{name: b, in: query, style: matrix, schema: {}}], " + ok200 + "}}\n", []string{`4 parameter-style style "matrix"`}},
		{"parameter twice", "the last is taken", head31 + "paths:\n  /a: {get: {parameters: [{name: b, in: query, schema: {}}, {name: b, in: query, schema: {}}], " + ok200 + "}}\n", []string{`4 parameter-twice`}},
		{"parameter without a schema", "any value", head31 + "paths:\n  /a: {get: {parameters: [{name: b, in: query}], " + ok200 + "}}\n", []string{"4 missing-field a parameter must have a schema"}},
		{"statuses", "ranges in either case, nothing else", head31 + "paths:\n  /a: {get: {responses: {2xx: {description: OK}, default: {description: d}, OK: {description: o}}}}\n", []string{`4 status "OK" is no status`}},
		{"misspelt field", "nothing reads it", head31 + "paths:\n  /a: {post: {requestbody: {}, " + ok200 + "}}\n", []string{`4 unknown-field an operation has no field "requestbody"`}},
		{"words of 3.1 in 3.0", "read so", head30 + "paths: {}\nwebhooks: {a: {post: {" + ok200 + "}}}\n", []string{"4 newer-field `webhooks`"}},
		{"swagger type of a scheme", "any credential", head31 + "paths: {}\ncomponents: {securitySchemes: {B: {type: basic}}}\n", []string{`4 security-scheme "basic"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := spec.Parse([]byte(c.document))
			if err != nil {
				t.Fatalf("%s: %v", c.why, err)
			}
			expectWarnings(t, c.why, d.Warnings(), c.want)
			if _, err := d.T(); err != nil {
				t.Errorf("kin-openapi does not load it: %v", err)
			}
			canonical(t, d)
		})
	}
}

func expectWarnings(t *testing.T, why string, got []spec.Warning, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v", why, got)
	}
	for i, w := range got {
		parts := strings.SplitN(want[i]+" ", " ", 3)
		at := "line " + parts[0] + ","
		if !strings.HasPrefix(w.Position.String(), at) || w.Rule != parts[1] || !strings.Contains(w.Message, strings.TrimSpace(parts[2])) || w.HowToFix == "" {
			t.Errorf("%s:\n%s\nis not\n%v (%s)", why, want[i], w, w.Rule)
		}
	}
}

// What is mended reads, in the tree, as its author means it.
func TestTheTreeIsMended(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, head, from, to string }{
		{"nullable reference", "null is another alternative", head30, `{$ref: "#/components/schemas/B", nullable: true, description: d}`,
			`{"anyOf":[{"$ref":"#/components/schemas/B"},{"type":"null"}]}`},
		{"nullable composition", "the words stay outside", head30, `{nullable: true, description: d, allOf: [{$ref: "#/components/schemas/B"}]}`,
			`{"anyOf":[{"allOf":[{"$ref":"#/components/schemas/B"}]},{"type":"null"}],"description":"d"}`},
		{"nullable list of types", "of the other version", head30, `{type: [string], nullable: true}`, `{"type":["string","null"]}`},
		{"flag of 3.0 in 3.1", "read as 3.0 has it", head31, `{minimum: 1, exclusiveMinimum: true}`, `{"exclusiveMinimum":1}`},
		{"number of 3.1 in 3.0", "read as 3.1 has it", head30, `{exclusiveMinimum: 1}`, `{"exclusiveMinimum":1}`},
		{"file", "bytes", head30, `{type: file}`, `{"format":"binary","type":"string"}`},
		{"required flag", "gone", head30, `{type: string, required: true}`, `{"type":"string"}`},
		{"anchor", "a place like any other", head31, `{$defs: {"x y": {$anchor: z, type: string}}, $ref: "#z"}`,
			`{"$defs":{"x y":{"$anchor":"z","type":"string"}},"$ref":"#/components/schemas/A/$defs/x%20y"}`},
		{"wrong kind", "any value", head31, `{properties: {a: {$ref: "#/info"}}}`, `{"properties":{"a":{}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := spec.Parse([]byte(one(c.head, c.from)))
			if err != nil {
				t.Fatal(err)
			}
			v, _ := d.Lookup("/components/schemas/A")
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.to, string(text)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

// A schema that the tree holds one level deeper keeps its places, and what
// refers into it.
func TestMovedSchemasKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(head30 + `paths: {}
components:
  schemas:
    A:
      nullable: true
      allOf:
        - properties:
            b:
              nullable: true
              oneOf:
                - {type: string, default: 1}
    C: {$ref: '#/components/schemas/A/allOf/0/properties/b/oneOf/0'}
`))
	if err != nil {
		t.Fatal(err)
	}
	const deep = "/components/schemas/A/anyOf/0/allOf/0/properties/b/anyOf/0/oneOf/0"
	if at, ok := d.Position(deep + "/type"); !ok || at.Line != 13 {
		t.Errorf("%s is at %v", deep, at)
	}
	if at, _, err := d.Resolve("/components/schemas/C"); err != nil || at != deep {
		t.Errorf("C is %s: %v", at, err)
	}
	warnings := d.Examples()
	if len(warnings) != 1 || warnings[0].Pointer != "/components/schemas/A/allOf/0/properties/b/oneOf/0/default" {
		t.Errorf("a default that breaks its schema is told as %v", warnings)
	}
}

// All that has no meaning is told in one run, in our own words.
func TestAllFaultsAreTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, document string
		want           []string
	}{
		{"references", head31 + "paths:\n  /a: {get: {responses: {'200': {$ref: '#/no'}, '201': {$ref: 'a.yaml'}}}}\n  /b: 7\n",
			[]string{`line 5, column 3: ` + "`/b` must be an object", `line 4, column 34: the reference "#/no" leads nowhere`, `the external reference "a.yaml"`}},
		{"keys", head31 + "info: {}\npaths: {}\npaths: {}\n", []string{`key "info" stands twice`, `key "paths" stands twice`}},
		{"keys of JSON", `{"openapi":"3.1.0","paths":{},"paths":{},"openapi":"3.1.0"}`, []string{`key "paths" stands twice`, `key "openapi" stands twice`}},
		{"one circle", one(head31, "{allOf: [{$ref: '#/components/schemas/C'}]}, C: {allOf: [{$ref: '#/components/schemas/A'}]}"), []string{"goes round in a circle"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := spec.Parse([]byte(c.document))
			if err == nil {
				t.Fatal("read")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("not told: %s\n%v", want, err)
				}
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) != len(c.want) {
				t.Errorf("%d faults told, not %d: %v", len(lines), len(c.want), err)
			}
		})
	}
	many := head31 + "paths:\n  /a: {get: {responses: {"
	for status := 200; status < 230; status++ {
		many += strconv.Itoa(status) + ": {$ref: '#/no'}, "
	}
	if _, err := spec.Parse([]byte(many + "}}}\n")); err == nil || !strings.Contains(err.Error(), "and 10 faults more") {
		t.Errorf("what is too much is not counted: %v", err)
	}
}

func TestEqualWarningsAreGrouped(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(one(head31, "{properties: {a: {format: phone}, b: {format: phone}, c: {format: fax}}}")))
	if err != nil {
		t.Fatal(err)
	}
	grouped := spec.Grouped(d.Warnings())
	if len(grouped) != 2 || grouped[0].Times != 2 || grouped[1].Times != 1 {
		t.Fatal(grouped)
	}
	if text := grouped[0].String(); !strings.HasPrefix(text, "2 times, first at line 4, column ") {
		t.Error(text)
	}
	if text := grouped[1].String(); !strings.HasPrefix(text, "line 4, column ") {
		t.Error(text)
	}
}
