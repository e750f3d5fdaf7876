package spec_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// components reads a document that has nothing but schemas.
func components(tb testing.TB, version, schemas string) *spec.Document {
	tb.Helper()
	d, err := spec.Parse([]byte("openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {" + schemas + "}}"))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// told writes in one line what a view says, down to the properties and items.
func told(s *spec.Schema, depth int) string {
	if s == nil {
		return "nil"
	}
	if s.Never {
		return "never"
	}
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	types := "any"
	if s.Types != nil {
		types = strings.Join(s.Types, "|")
	}
	if s.Nullable {
		types = strings.TrimPrefix(types+"|null", "|")
	}
	if s.Name != "" {
		types = s.Name + ":" + types
	}
	say("%s", types)
	if s.Enum != nil {
		text, _ := json.Marshal(s.Enum)
		say("%s", text)
	}
	for _, b := range []struct {
		bound *spec.Bound
		sign  string
	}{{s.Minimum, ">"}, {s.Maximum, "<"}} {
		if b.bound != nil {
			say("%s", b.sign+map[bool]string{false: "="}[b.bound.Exclusive]+string(b.bound.Number))
		}
	}
	if s.MultipleOf != "" {
		say("*%s", s.MultipleOf)
	}
	for _, size := range []struct {
		name     string
		min, max int
	}{{"length", s.MinLength, s.MaxLength}, {"items", s.MinItems, s.MaxItems}, {"members", s.MinProperties, s.MaxProperties}} {
		if size.min != 0 || size.max != -1 {
			say("%s %d..%d", size.name, size.min, size.max)
		}
	}
	for _, p := range s.Patterns {
		say("/%s/", p)
	}
	for name, set := range map[string]bool{"readOnly": s.ReadOnly, "writeOnly": s.WriteOnly, "unique": s.UniqueItems, "deprecated": s.Deprecated} {
		if set {
			say("%s", name)
		}
	}
	for _, text := range []string{s.Format, s.Title, s.Description} {
		if text != "" {
			say("%q", text)
		}
	}
	if s.Default != nil {
		say("default %v", *s.Default)
	}
	if s.Examples != nil {
		say("examples %v", s.Examples)
	}
	if depth > 0 {
		inner := func(s *spec.Schema) string { return told(s, depth-1) }
		for _, p := range s.Properties() {
			say("%s", p.Name+map[bool]string{true: "!"}[p.Required]+"("+inner(p.Schema)+")")
		}
		for _, p := range s.PatternProperties() {
			say("/%s/(%s)", p.Name, inner(p.Schema))
		}
		if a := s.Additional(); a != nil {
			say("additional(%s)", inner(a))
		}
		for _, p := range s.PrefixItems() {
			say("first(%s)", inner(p))
		}
		if s.Items() != nil {
			say("items(%s)", inner(s.Items()))
		}
		for _, a := range s.Alternatives() {
			say("or(%s)", inner(a))
		}
		for _, c := range s.Conditional() {
			say("maybe(%s)", inner(c))
		}
	}
	return strings.Join(all, " ")
}

const pets = `Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}},
Kind: {type: string, enum: [cat, dog], description: of animals},
Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}, `

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, schema, want string }{
		{"plain", "keywords as they stand", `{type: integer, minimum: 1, exclusiveMaximum: 10, multipleOf: 2, default: 4, format: int32}`, `A:integer >=1 <10 *2 "int32" default 4`},
		{"nothing", "{} allows everything", `{}`, `A:any`},
		{"false", "nothing fits", `false`, `never`},
		{"text", "lengths and pattern", `{type: string, minLength: 1, maxLength: 3.0, pattern: a}`, `A:string length 1..3 /a/`},
		{"order", "properties as the document has them", `{required: [a], properties: {b: {type: string}, a: {type: boolean}}}`, `A:any b(string) a!(boolean)`},
		{"types", "null is apart", `{type: [string, 'null']}`, `A:string|null`},
		{"values", "the types of the values", `{enum: [a, 1, null]}`, `A:string|number|null ["a",1,null]`},
		{"const", "an enum of one", `{const: x}`, `A:string ["x"]`},
		{"values without null", "the enum refuses it", `{type: [string, 'null'], enum: [a]}`, `A:string ["a"]`},
		{"reference", "another name for the same", `{$ref: '#/components/schemas/Pet'}`, `Pet:object id!(integer) name(string)`},
		{"siblings", "3.1 applies them, own words first", `{$ref: '#/components/schemas/Kind', description: d, readOnly: true, enum: [dog, cow]}`, `A:string ["dog"] readOnly "d"`},
		{
			"parts", "required united, a property of two parts is both", `{allOf: [{$ref: '#/components/schemas/Pet'}, {required: [name], properties: {name: {minLength: 2}, x: {}}}]}`,
			`A:object id!(integer) name!(string length 2..-1) x(any)`,
		},
		{"bounds", "the tighter, the exclusive of equals", `{allOf: [{minimum: 1, maximum: 5}, {minimum: 0.5, exclusiveMaximum: 5.0}]}`, `A:any >=1 <5.0`},
		{"types of parts", "an integer is a number", `{allOf: [{type: [number, string]}, {type: [integer, boolean]}]}`, `A:integer`},
		{"parts that exclude each other", "nothing fits", `{allOf: [{type: string}, {type: integer}]}`, `never`},
		{"values of parts", "numbers are equal by value", `{allOf: [{enum: [1, 2]}, {enum: [1.0, 3]}]}`, `A:number [1]`},
		{"or null", "no alternatives", `{anyOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}`, `A:object|null id!(integer) name(string)`},
		{"or null, but not", "what stands beside refuses null", `{type: string, anyOf: [{minLength: 1}, {type: 'null'}]}`, `A:string length 1..-1`},
		{"anything or null", "the document names null", `{anyOf: [{$ref: '#/components/schemas/Tree'}, {type: 'null'}], type: [object, 'null']}`, `A:object|null children(array)`},
		{"null alone", "no other type", `{type: 'null'}`, `A:null`},
		{"one of null twice", "both match", `{oneOf: [{type: [string, 'null']}, {type: 'null'}]}`, `A:string`},
		{"read-only or null", "null may be sent", `{anyOf: [{type: string, readOnly: true}, {type: 'null'}]}`, `A:string|null`},
		{
			"alternatives", "each with what stands beside them", `{description: d, anyOf: [{type: integer}, {$ref: '#/components/schemas/Kind'}], maxLength: 5}`,
			`A:integer|string length 0..5 "d" or(integer length 0..5 "d") or(Kind:string ["cat","dog"] length 0..5 "of animals")`,
		},
		{"values of alternatives", "what they allow together", `{oneOf: [{const: a}, {const: b}, {type: 'null'}]}`, `A:string|null ["a","b"] or(string ["a"]) or(string ["b"])`},
		{"alternatives within", "none has its own", `{anyOf: [{type: string}, {anyOf: [{type: integer}, {type: boolean}]}]}`, `A:string|integer|boolean or(string) or(integer) or(boolean)`},
		{
			"alternatives twice", "each with each that it can go with", `{anyOf: [{type: string}, {type: integer}], oneOf: [{type: string, minLength: 1}, {minimum: 1}]}`,
			`A:string|integer or(string length 1..-1) or(string >=1) or(integer >=1)`,
		},
		{"rest", "also of properties that another part names", `{allOf: [{properties: {a: {}}, additionalProperties: {type: string}}, {properties: {b: {maxLength: 2}}}]}`, `A:any a(any) b(string length 0..2) additional(string)`},
		{"no rest", "what another part names cannot be there", `{allOf: [{properties: {a: {}}, additionalProperties: false}, {properties: {b: {}}}]}`, `A:any a(any) b(never) additional(never)`},
		{"patterns", "beside the named", `{patternProperties: {^x: {type: string}}}`, `A:any /^x/(string)`},
		{"items", "of parts, and first ones", `{allOf: [{prefixItems: [{type: string}]}, {items: {maxLength: 2}}], minItems: 1, uniqueItems: true}`, `A:any items 1..-1 unique first(string length 0..2) items(length 0..2)`},
		{"conditions", "each by itself", `{if: {}, then: {properties: {a: {}}}, else: {maxLength: 1}, dependentSchemas: {x: {minLength: 1}}}`, `A:any maybe(any) maybe(any length 0..1) maybe(any length 1..-1)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := components(t, "3.1.0", pets+"A: "+c.schema)
			want := strings.ReplaceAll(c.want, "items(length", "items(any length")
			if diff := cmp.Diff(want, told(d.Schema("/components/schemas/A"), 1)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestSchemaOf30(t *testing.T) {
	t.Parallel()
	d := components(t, "3.0.3", pets+`A: {type: integer, nullable: true, minimum: 1, exclusiveMinimum: true, example: 2}, B: {type: object, properties: {p: {$ref: '#/components/schemas/Kind', description: ignored}}}`)
	for pointer, want := range map[string]string{
		"/components/schemas/A": "A:integer|null >1 examples [2]",
		"/components/schemas/B": `B:object p(Kind:string ["cat","dog"] "of animals")`,
	} {
		if got := told(d.Schema(pointer), 1); got != want {
			t.Errorf("%s is %s, want %s: 3.0 is read as what it means in 3.1", pointer, got, want)
		}
	}
}

func TestSchemaIsTheSame(t *testing.T) {
	t.Parallel()
	d := components(t, "3.1.0", pets+`A: {properties: {tree: {$ref: '#/components/schemas/Tree'}, same: {$ref: '#/components/schemas/Tree'}}}`)
	for _, pointer := range []string{"/nothing", "/info/title", "/components/schemas/A/properties/none", "/components/schemas/Kind/enum/0"} {
		if s := d.Schema(pointer); s != nil {
			t.Errorf("a schema at %s, where none stands", pointer)
		}
	}
	tree := d.Schema("/components/schemas/Tree")
	got := make([]*spec.Schema, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = d.Schema("/components/schemas/A").Property("tree") })
	}
	all.Wait()
	for _, s := range append(got, d.Schema("/components/schemas/A").Property("same"), tree.Property("children").Items()) {
		if s != tree {
			t.Fatalf("a reference to Tree leads to %s, not to the same view as Tree", s.Pointer)
		}
	}
}

func TestDiscriminator(t *testing.T) {
	t.Parallel()
	branches := `Dog: {type: object, properties: {kind: {const: dog}, bark: {}}}, Cat: {type: object, properties: {kind: {type: string}}}, `
	for _, c := range []struct{ name, why, schema, want string }{
		{"none", "the document names none", `{oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}`, ""},
		{
			"values", "a const of the property that need not be there, else the component", `{oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind}}`,
			"kind dog=Dog Cat=Cat",
		},
		{
			"mapping", "as the document maps, by name or pointer", `{anyOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}, {type: 'null'}], discriminator: {propertyName: kind, mapping: {d: Dog, e: '#/components/schemas/Dog'}}}`,
			"kind d=Dog e=Dog Cat=Cat",
		},
		{"inline", "by the values of the property", `{oneOf: [{properties: {kind: {enum: [a, b]}}}, {properties: {kind: {const: c}}}], discriminator: {propertyName: kind}}`, "kind a= b= c="},
	} {
		got := ""
		if d := components(t, "3.1.0", branches+"A: "+c.schema).Schema("/components/schemas/A").Discriminator(); d != nil {
			got = d.Property
			for _, one := range d.Cases {
				got += " " + one.Value + "=" + one.Schema.Name
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q: %s", c.name, got, c.want, c.why)
		}
	}
}

// TestSchemasOfDiga holds the view of every schema of a large document against what
// stands there.
func TestSchemasOfDiga(t *testing.T) {
	t.Parallel()
	for name, data := range spectest.SharedFiles(t, "diga/*.json") {
		d, err := spec.Parse(data)
		if err != nil {
			t.Fatal(name, err)
		}
		schemas := 0
		spec.WalkSchemas(d.Tree, func(pointer string, _ spec.Place, schema map[string]any) {
			schemas++
			s := d.Schema(pointer)
			if s.Never || slices.ContainsFunc(s.Alternatives(), func(a *spec.Schema) bool { return len(a.Alternatives()) > 0 }) {
				t.Errorf("%s: %s: nothing fits, or an alternative has alternatives", name, pointer)
			}
			properties, _ := schema["properties"].(map[string]any)
			for property := range properties {
				if p := s.Property(property); p == nil || p.Never {
					t.Errorf("%s: %s lacks %s", name, pointer, property)
				}
			}
			for _, required := range s.Required {
				if s.Property(required) == nil && s.Name != "" && len(s.Alternatives()) == 0 {
					t.Errorf("%s: %s requires %s and has none", name, pointer, required)
				}
			}
		})
		if schemas < 500 {
			t.Errorf("%s: only %d schemas were looked at", name, schemas)
		}
	}
}
