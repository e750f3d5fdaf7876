package spec_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/spec"
)

// plain writes a node as JSON; a circle as "…".
func plain(n *spec.Node, above map[*spec.Node]bool) any {
	if v, ok := n.Scalar(); ok {
		return v
	}
	if above[n] {
		return "…"
	}
	above[n] = true
	defer delete(above, n)
	if n.IsArray() {
		list := []any{}
		for _, item := range n.Items() {
			list = append(list, plain(item, above))
		}
		return list
	}
	members := map[string]any{}
	for _, k := range n.Keys() {
		members[k] = plain(n.Member(k), above)
	}
	return members
}

func normalised(t *testing.T, document string) *spec.Node {
	t.Helper()
	d, err := spec.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return d.Normalise()
}

const parameterHead = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"parameters":[{"name":"q","in":"query","schema":%s}],"responses":{"200":{"description":"d"}}}}},` +
	`"components":{"schemas":{"B":{"type":"string","title":"B"},"R":{"type":"object","properties":{"r":{"$ref":"#/components/schemas/R"}}}}}}`

func TestNormaliseSchemas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, from, to string }{
		{"anyOf with null", "is the schema, and null", `{"anyOf":[{"type":"string","maxLength":3},{"type":"null"}],"title":"T"}`, `{"maxLength":3,"null":true,"title":"T","type":"string"}`},
		{"oneOf with null", "is that, too", `{"oneOf":[{"type":"null"},{"type":"string"}]}`, `{"null":true,"type":"string"}`},
		{"a type with null", "is that, too", `{"type":["string","null"]}`, `{"null":true,"type":"string"}`},
		{"oneOf of what takes null and null", "refuses null", `{"oneOf":[{"type":["string","null"]},{"type":"null"}]}`, `{"type":"string"}`},
		{"anyOf of what takes null and more", "null stands apart", `{"anyOf":[{"type":["string","null"],"maxLength":1},{"type":"boolean"}]}`, `{"anyOf":[{"type":"boolean"},{"maxLength":1,"type":"string"}],"null":true}`},
		{"a schema of any type or null", "takes null anyhow", `{"anyOf":[{"minLength":1},{"type":"null"}]}`, `{"minLength":1}`},
		{"allOf of what takes null and what does not", "refuses null", `{"allOf":[{"type":["string","null"]},{"type":"string"}]}`, `{"type":"string"}`},
		{"enum beside null", "null joins it", `{"anyOf":[{"type":"string","enum":["b"]},{"type":"null"}]}`, `{"enum":["b"],"null":true,"type":"string"}`},
		{"enum that lacks the null of its type", "refuses null", `{"type":["string","null"],"enum":["b"]}`, `{"enum":["b"],"type":"string"}`},
		{"enum with a null that its type lacks", "refuses null", `{"type":"string","enum":["b",null]}`, `{"enum":["b"],"type":"string"}`},
		{"two titles", "the outer counts", `{"anyOf":[{"$ref":"#/components/schemas/B"},{"type":"null"}],"title":"T"}`, `{"null":true,"title":"T","type":"string"}`},
		{"$ref with a title of its own", "the outer counts", `{"$ref":"#/components/schemas/B","title":"T"}`, `{"title":"T","type":"string"}`},
		{"$ref with a description", "joins what it refers to", `{"$ref":"#/components/schemas/B","description":"d"}`, `{"description":"d","title":"B","type":"string"}`},
		{"$ref with a constraint", "both hold", `{"$ref":"#/components/schemas/B","minLength":1}`, `{"minLength":1,"title":"B","type":"string"}`},
		{"allOf of two objects", "an object of both", `{"allOf":[{"type":"object","properties":{"a":{"type":"string"},"b":{"maxLength":9}},"required":["a"]},{"properties":{"b":{"maxLength":5}},"required":["b","a"]}]}`,
			`{"properties":{"a":{"type":"string"},"b":{"maxLength":5}},"required":["a","b"],"type":"object"}`},
		{"allOf with a closed object", "what it does not name is refused", `{"allOf":[{"properties":{"a":true},"additionalProperties":false},{"properties":{"a":{"type":"string"},"b":true}}]}`,
			`{"additionalProperties":false,"properties":{"a":{"type":"string"},"b":false}}`},
		{"allOf of bounds", "the tighter count", `{"allOf":[{"minimum":1,"maximum":9},{"minimum":2,"maximum":9.5}]}`, `{"maximum":9,"minimum":2}`},
		{"allOf of enums", "what both list", `{"allOf":[{"enum":["a","b"]},{"enum":["b","c"]}]}`, `{"enum":["b"]}`},
		{"allOf of two patterns", "both hold", `{"allOf":[{"type":"string","pattern":"a"},{"pattern":"b"}]}`, `{"pattern":["a","b"],"type":"string"}`},
		{"allOf of two conditions", "no one keyword says the same", `{"allOf":[{"type":"string","not":{"maxLength":1}},{"not":{"enum":["bc"]}}]}`, `{"allOf":[{"not":{"enum":["bc"]}},{"not":{"maxLength":1}}],"type":"string"}`},
		{"allOf with unevaluatedProperties in a part", "which sees its own part alone", `{"allOf":[{"properties":{"a":true},"unevaluatedProperties":false},{"properties":{"b":true}}]}`,
			`{"allOf":[{"properties":{"b":true}},{"properties":{"a":true},"unevaluatedProperties":false}]}`},
		{"unevaluatedProperties beside allOf", "sees all parts", `{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}`, `{"properties":{"a":true},"unevaluatedProperties":false}`},
		{"anyOf in anyOf", "is one", `{"anyOf":[{"anyOf":[{"type":"string"},{"type":"null"}]},{"type":"boolean"}]}`, `{"anyOf":[{"type":"string"},{"type":"boolean"}],"null":true}`},
		{"a list of types", "is anyOf of them", `{"type":["string","boolean"]}`, `{"anyOf":[{"type":"string"},{"type":"boolean"}]}`},
		{"integer or number", "an integer is a number", `{"type":["integer","number"]}`, `{"type":"number"}`},
		{"anyOf of integer and number", "the same", `{"anyOf":[{"type":"integer"},{"type":"number"}]}`, `{"type":"number"}`},
		{"allOf of one", "is that one", `{"allOf":[{"type":"string"}]}`, `{"type":"string"}`},
		{"anyOf twice the same", "is one", `{"anyOf":[{"type":"string"},{"type":"string"}]}`, `{"type":"string"}`},
		{"oneOf twice the same", "takes nothing, and stays", `{"oneOf":[{"type":"string"},{"type":"string"}]}`, `{"oneOf":[{"type":"string"},{"type":"string"}]}`},
		{"const", "is an enum", `{"const":1.0}`, `{"enum":[1]}`},
		{"defaults", "are gone", `{"type":["string"],"minLength":0,"deprecated":false}`, `{"type":"string"}`},
		{"definitions", "apply where they are referred to", `{"$defs":{"x":{"type":"boolean"}},"type":"string"}`, `{"type":"string"}`},
		{"empty", "takes all", `{}`, `true`},
		{"circle", "stays one", `{"$ref":"#/components/schemas/R"}`, `{"properties":{"r":"…"},"type":"object"}`},
		{"data", "is not looked into", `{"default":{"$ref":"#/components/schemas/B","anyOf":[1]}}`, `{"default":{"$ref":"#/components/schemas/B","anyOf":[1]}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := normalised(t, fmt.Sprintf(parameterHead, c.from)).Member("paths").Member("/a").Member("get").Member("parameters").Member("query q").Member("schema")
			got, err := json.Marshal(sorted(plain(n, map[*spec.Node]bool{})))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.to, string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

// sorted orders lists by their text: the normal form has an order of its own.
func sorted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = sorted(x)
		}
	case []any:
		key := func(x any) string {
			text, _ := json.Marshal(x) // made of JSON
			return fmt.Sprintf("%04d%s", len(text), text)
		}
		for i := range v {
			v[i] = sorted(v[i])
		}
		for i := range v {
			for j := i + 1; j < len(v); j++ {
				if key(v[j]) < key(v[i]) {
					v[i], v[j] = v[j], v[i]
				}
			}
		}
	}
	return v
}

func TestNormaliseOperations(t *testing.T) {
	t.Parallel()
	n := normalised(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"security":[{"K":[]},{}],
		"paths":{"/a/{x}/{y}":{"parameters":[{"name":"y","in":"path","required":true,"schema":{"type":"string"}},{"name":"x","in":"path","required":true,"schema":{"type":"string"}},
		{"name":"q","in":"query","schema":{"type":"string"}}],
		"get":{"parameters":[{"name":"q","in":"query","required":false,"style":"form","explode":true,"schema":{"type":"boolean"}},{"name":"X-A","in":"header","schema":{"type":"string"}}],
		"responses":{"200":{"$ref":"#/components/responses/Ok"}}},
		"put":{"security":[],"responses":{"200":{"description":"d","headers":{"ETag":{"schema":{"type":"string"}}}}}}}},
		"components":{"responses":{"Ok":{"description":"ok"},"Unused":{"description":"u"}},"securitySchemes":{"K":{"type":"http","scheme":"basic"}}}}`)
	want := `{"info":{"title":"t","version":"1"},"paths":{"/a/{1}/{2}":{` +
		`"get":{"parameters":{"header x-a":{"schema":{"type":"string"}},"path 1":{"schema":{"type":"string"}},"path 2":{"schema":{"type":"string"}},"query q":{"schema":{"type":"boolean"}}},` +
		`"responses":{"200":{"description":"ok"}},"security":{"":{},"K":{"K":{"scheme":{"scheme":"basic","type":"http"}}}}},` +
		`"put":{"parameters":{"path 1":{"schema":{"type":"string"}},"path 2":{"schema":{"type":"string"}},"query q":{"schema":{"type":"string"}}},` +
		`"responses":{"200":{"description":"d","headers":{"etag":{"schema":{"type":"string"}}}}}}}}}`
	got, err := json.Marshal(sorted(plain(n, map[*spec.Node]bool{})))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	item := n.Member("paths").Member("/a/{1}/{2}")
	p := item.Member("get").Member("parameters").Member("path 1")
	if item.Name() != "/a/{x}/{y}" || p.Name() != "x" || p.Member("schema").Parameter() != "path x" || p.Pointer() != "/paths/~1a~1{x}~1{y}/parameters/1" {
		t.Errorf("%q %q %q %q", item.Name(), p.Name(), p.Member("schema").Parameter(), p.Pointer())
	}
	if at := item.Member("get").Member("responses").Member("200").Pointer(); at != "/components/responses/Ok" {
		t.Errorf("the response stands at %s", at)
	}
}

func TestEqualCircles(t *testing.T) {
	t.Parallel()
	circle := func(names []string, leaf string) *spec.Node {
		var schemas []string
		for i, name := range names {
			schemas = append(schemas, fmt.Sprintf(`%q:{"type":"object","properties":{"next":{"$ref":"#/components/schemas/%s"},"leaf":{"type":%q}}}`, name, names[(i+1)%len(names)], leaf))
		}
		return normalised(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"d","content":{"a/b":{"schema":{"$ref":"#/components/schemas/`+
			names[0]+`"}}}}}}}},"components":{"schemas":{`+strings.Join(schemas, ",")+`}}}`)
	}
	one := circle([]string{"A"}, "string")
	for _, c := range []struct {
		name  string
		other *spec.Node
		want  bool
	}{
		{"itself", one, true},
		{"under another name", circle([]string{"B"}, "string"), true},
		{"three times round is once round", circle([]string{"A", "B", "C"}, "string"), true},
		{"with another leaf", circle([]string{"A"}, "integer"), false},
		{"with another leaf far off", circle([]string{"A", "B", "C"}, "integer"), false},
	} {
		if got := spec.Equal(one, c.other); got != c.want {
			t.Errorf("a circle and %s: %v", c.name, got)
		}
	}
	if spec.Equal(one, nil) || !spec.Equal(nil, nil) {
		t.Error("nil equals nil alone")
	}
}

// TestEqualityRemembers asks one Equality about a circle after it has been told
// apart from another: what was assumed on the way must not stick.
func TestEqualityRemembers(t *testing.T) {
	t.Parallel()
	of := func(leaf string) *spec.Node {
		return normalised(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"d","content":{"a/b":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},
			"components":{"schemas":{"A":{"type":"object","properties":{"b":{"$ref":"#/components/schemas/B"},"z":{"type":"`+leaf+`"}}},"B":{"type":"object","properties":{"a":{"$ref":"#/components/schemas/A"}}}}}}`)
	}
	schema := func(n *spec.Node) *spec.Node {
		return n.Member("paths").Member("/a").Member("get").Member("responses").Member("200").Member("content").Member("a/b").Member("schema")
	}
	a, b := schema(of("string")), schema(of("integer"))
	var e spec.Equality
	for range 3 {
		for _, k := range []string{"b", ""} {
			x, y := a, b
			if k != "" {
				x, y = a.Member("properties").Member(k), b.Member("properties").Member(k)
			}
			if e.Equal(x, y) {
				t.Errorf("%q: equal, with another leaf inside", k)
			}
		}
	}
}

// TestNumbersAreCompared writes a number in several ways.
func TestNumbersAreCompared(t *testing.T) {
	t.Parallel()
	of := func(n string) *spec.Node {
		return normalised(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"x-n":`+n+`}`).Member("x-n")
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?`)
		x, y := text.Draw(rt, "x"), text.Draw(rt, "y")
		a, okA := new(big.Rat).SetString(x)
		b, okB := new(big.Rat).SetString(y)
		if !okA || !okB {
			rt.Fatal("no numbers")
		}
		if got := spec.Equal(of(x), of(y)); got != (a.Cmp(b) == 0) {
			rt.Errorf("%s and %s: equal is %v", x, y, got)
		}
		v, _ := of(x).Scalar()
		n, _ := v.(json.Number)
		if back, ok := new(big.Rat).SetString(string(n)); !ok || back.Cmp(a) != 0 || !json.Valid([]byte(n)) {
			rt.Errorf("%s is written %s", x, n)
		}
		moved := new(big.Rat).Mul(a, big.NewRat(1, 1)).FloatString(120)
		if !spec.Equal(of(x), of(moved)) {
			rt.Errorf("%s and %s differ", x, moved)
		}
	})
	if v, _ := of("1e999").Scalar(); v != json.Number("1e999") {
		t.Errorf("a huge number is written %v", v)
	}
	if v, _ := of("12345678901234567890123").Scalar(); v != json.Number("12345678901234567890123") {
		t.Errorf("a long number is written %v", v)
	}
}
