package spec_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	const schemas = "paths: {}\ncomponents:\n  schemas:\n"
	const body = `paths:
  /a:
    get:
      parameters:
        - {name: p, in: query, schema: {type: integer}, example: x}
        - {name: q, in: query, schema: {type: integer}, examples: {good: {value: 1}, bad: {$ref: '#/components/examples/E'}}}
      responses:
        '200':
          description: OK
          headers: {H: {schema: {type: integer}, example: []}}
          content:
            application/vnd.x+json; v=1: {schema: {$ref: '#/components/schemas/S'}, example: {a: 'no'}}
            text/csv: {schema: {$ref: '#/components/schemas/S'}, example: 'a,b'}
components:
  schemas:
    S: {type: object, required: [a, id], properties: {a: {type: integer}, id: {type: string, readOnly: true}}}
  examples:
    E: {value: 1.5}
`
	for _, c := range []struct {
		name, why, document string
		want                []string // place, pointer, what the message contains
	}{
		{"none", "all is well", head31 + schemas + "    A: {type: [string, 'null'], default: null, examples: [a], example: b, maxLength: 1}\n", nil},
		{"nullable in 3.1", "it has no meaning there", head31 + schemas + "    A: {type: string, nullable: true}\n    B: {properties: {nullable: {type: string}}}\n",
			[]string{"6:23 /components/schemas/A/nullable `nullable` means nothing"}},
		{"nullable in 3.0", "it is that version's word", head30 + schemas + "    A: {type: string, nullable: true, example: null, default: null}\n", nil},
		{"default", "breaks its schema", head31 + schemas + "    A:\n      type: integer\n      minimum: 5\n      default: 4\n",
			[]string{"9:7 /components/schemas/A/default default breaks its own schema at /components/schemas/A: `minimum`"}},
		{"example in 3.0", "the lift moves it, the place stays", head30 + schemas + "    A: {type: integer, minimum: 5, exclusiveMinimum: true, example: 5}\n",
			[]string{"6:60 /components/schemas/A/example example breaks its own schema at /components/schemas/A: `exclusiveMinimum`"}},
		{"examples", "each by itself", head31 + schemas + "    A: {type: string, format: uuid, examples: [7b0d4d5c-2d1f-4a57-8f0e-1b8f3f2f8a11, x, 1]}\n",
			[]string{"6:86 /components/schemas/A/examples/1 example breaks its own schema at /components/schemas/A: `format`",
				"6:89 /components/schemas/A/examples/2 example breaks its own schema at /components/schemas/A: `type`"}},
		{"inside", "the place of the value", head31 + schemas + "    A:\n      properties: {b: {items: {type: string}}}\n      example:\n        b:\n          - a\n          - 1\n          - 2\n",
			[]string{"11:13 /components/schemas/A/example/b/1 example breaks its own schema at /components/schemas/A: `type` and 1 more"}},
		{"alternatives", "what was tried is not told", head31 + schemas + "    A: {anyOf: [{type: string}, {type: 'null'}], default: 1}\n",
			[]string{"6:50 /components/schemas/A/default default breaks its own schema at /components/schemas/A: `anyOf`"}},
		{"through a reference", "the referenced schema counts", head31 + schemas + "    A: {$ref: '#/components/schemas/B', default: 1}\n    B: {type: string}\n",
			[]string{"6:41 /components/schemas/A/default default breaks its own schema at /components/schemas/A: `type`"}},
		{"no schema", "it does not compile", head31 + schemas + "    A: {type: string, maxLength: few, default: x}\n",
			[]string{"6:23 /components/schemas/A/maxLength no valid schema: `type` of its rules"}},
		{"parameters, headers, bodies", "JSON alone, and what either side sends", head31 + body, []string{
			"7:57 /paths/~1a/get/parameters/0/example example breaks its own schema at /paths/~1a/get/parameters/0/schema: `type`",
			"12:50 /paths/~1a/get/responses/200/headers/H/example example breaks its own schema",
			"14:95 /paths/~1a/get/responses/200/content/application~1vnd.x+json; v=1/example/a example breaks its own schema",
			"20:9 /components/examples/E/value example \"bad\" breaks its own schema at /paths/~1a/get/parameters/1/schema: `type`"}},
		{"not a schema", "and only that one is not judged by", head31 + schemas + "    A: {type: integer, multipleOf: 0, default: x}\n    B: {type: string, default: 1}\n", []string{
			"6:24 /components/schemas/A/multipleOf no valid schema: `exclusiveMinimum` of its rules",
			"7:23 /components/schemas/B/default default breaks its own schema at /components/schemas/B: `type`"}},
		{"odd names", "slashes, tildes and percent signs", head31 + schemas + "    A.b-c: {type: object, properties: {'a/~%b': {$ref: '#/components/schemas/A.b-c/properties/x%20y'}, x y: {type: integer}}, default: {a/~%b: s}}\n", []string{
			"6:137 /components/schemas/A.b-c/default/a~1~0%b default breaks its own schema at /components/schemas/A.b-c: `type`"}},
		{"variables of servers", "their default is no schema's", head31 + "servers: [{url: 'https://{h}', variables: {h: {default: a, enum: [a]}}}]\npaths: {}\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := loadText(t, "a.yaml", c.document)
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Warnings) != len(c.want) {
				t.Fatalf("%s: %v", c.why, l.Warnings)
			}
			for i, w := range l.Warnings {
				_, place, _ := strings.Cut(w.Position.String(), "a.yaml:")
				got := place + " " + w.Pointer + " " + w.Message
				if !strings.HasPrefix(got, c.want[i]) || w.HowToFix == "" {
					t.Errorf("%s (-want +got):\n%s", c.why, cmp.Diff(c.want[i], got))
				}
			}
		})
	}
}

func TestThePublishedDocumentHasNoWarnings(t *testing.T) {
	t.Parallel()
	l, err := loadText(t, "openapi.json", string(spectest.Seed()))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Warnings) > 0 || l.Partial {
		t.Error(l.Warnings, l.Partial)
	}
}

// Alternatives of alternatives would keep the engine busy for hours.
func TestExamplesAreBounded(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)
	for name, document := range map[string]string{
		"recursive": head31 + "paths: {}\ncomponents:\n  schemas:\n    A:\n      anyOf:\n        - {properties: {a: {$ref: '#/components/schemas/A'}}, required: [b]}\n" +
			"        - {properties: {a: {$ref: '#/components/schemas/A'}}, required: [c]}\n      example: " + deep + "\n",
		"nested": nestedAlternatives(40),
	} {
		l, err := loadText(t, "a.yaml", document)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0].Message, "cannot be judged") {
			t.Errorf("%s: %v", name, l.Warnings)
		}
	}
}

func nestedAlternatives(n int) string {
	var b strings.Builder
	b.WriteString(head31 + "paths: {}\ncomponents:\n  schemas:\n    A0: {type: string}\n")
	for i := 1; i <= n; i++ {
		at, below := string(rune('A'))+strconv.Itoa(i), string(rune('A'))+strconv.Itoa(i-1)
		b.WriteString("    " + at + ": {allOf: [{$ref: '#/components/schemas/" + below + "'}, {$ref: '#/components/schemas/" + below + "'}]")
		if i == n {
			b.WriteString(", default: x")
		}
		b.WriteString("}\n")
	}
	return b.String()
}
