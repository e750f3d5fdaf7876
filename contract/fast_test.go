package contract_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// The fast path may say "surely valid" only of what the engine calls valid.
// Schemas and values are drawn from the same small world, so that they meet.
func TestFastPathNeverOverrulesTheEngine(t *testing.T) {
	t.Parallel()
	sure, drawn := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		schema := drawSchema(t, 3)
		text, err := json.Marshal(schema)
		if err != nil {
			t.Fatal(err)
		}
		strict := rapid.Bool().Draw(t, "strict")
		opts := []contract.Option{contract.Memory(0)}
		if strict {
			opts = append(opts, contract.Strict())
		}
		v, err := contract.New(doc31("", `"200":{"description":"ok","content":{"application/json":{"schema":`+string(text)+`}}}`), opts...)
		if err != nil {
			t.Skip(err)
		}
		o := v.Operations()[0]
		for range 20 {
			body := drawJSON(t, 3)
			fast, known := contract.Surely(v, o, 200, "application/json", body)
			slow := contract.ByEngine(v, o, 200, "application/json", body)
			if drawn++; fast {
				sure++
			}
			if fast && slow != nil {
				t.Fatalf("strict %v: surely valid, but %v\nschema %s\nbody %s", strict, slow, text, body)
			}
			if fast && !known {
				t.Fatal("sure without knowing the schema")
			}
			if diff := cmp.Diff(slow, v.Response(o, 200, jsonHeader(), []byte(body))); diff != "" && body != "" {
				t.Fatalf("the whole differs from the engine:\n%s", diff)
			}
		}
	})
	if sure < drawn/50 {
		t.Errorf("only %d of %d values were surely valid: the test says little", sure, drawn)
	}
}

func drawSchema(t *rapid.T, depth int) any {
	kinds := []string{"string", "integer", "number", "boolean", "null", "enum", "const", "true", "format", "pattern"}
	if depth > 0 {
		kinds = append(kinds, "array", "object", "object", "anyOf", "allOf", "free", "oneOf", "unevaluated")
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "true":
		return true
	case "enum":
		return map[string]any{"enum": rapid.SliceOfN(rapid.SampledFrom([]any{"a", "b", nil, true, 1, "é"}), 1, 4).Draw(t, "enum")}
	case "const":
		return map[string]any{"const": rapid.SampledFrom([]any{"a", nil, false, 1}).Draw(t, "const")}
	case "format":
		return map[string]any{"type": "string", "format": rapid.SampledFrom([]string{"uuid", "date", "email", "ipv4", "regex", "unknown"}).Draw(t, "format")}
	case "pattern":
		return map[string]any{"pattern": rapid.SampledFrom([]string{"^a", "b$", "^.{2}$"}).Draw(t, "pattern")}
	case "array":
		return map[string]any{"type": "array", "items": drawSchema(t, depth-1), "maxItems": rapid.IntRange(0, 3).Draw(t, "max"), "minItems": rapid.IntRange(0, 1).Draw(t, "min")}
	case "anyOf", "allOf", "oneOf":
		return map[string]any{kind: []any{drawSchema(t, depth-1), drawSchema(t, depth-1)}}
	case "free":
		return map[string]any{"required": []string{"a"}}
	case "object", "unevaluated":
		schema := map[string]any{"properties": map[string]any{"a": drawSchema(t, depth-1), "b": drawSchema(t, depth-1)}}
		if rapid.Bool().Draw(t, "required") {
			schema["required"] = []string{"b", "c"}[:rapid.IntRange(1, 2).Draw(t, "n")]
		}
		if kind == "unevaluated" {
			schema["unevaluatedProperties"] = false
		} else if rapid.Bool().Draw(t, "closed") {
			schema["additionalProperties"] = rapid.SampledFrom([]any{false, true, map[string]any{"type": "string"}}).Draw(t, "additional")
		}
		return schema
	case "string":
		return map[string]any{"type": "string", "minLength": rapid.IntRange(0, 2).Draw(t, "min"), "maxLength": rapid.IntRange(0, 3).Draw(t, "max")}
	case "integer", "number":
		return map[string]any{"type": []string{kind, "null"}, "minimum": rapid.SampledFrom([]any{-1, 0, 0.5, json.Number("99999999999999999999")}).Draw(t, "min"), "maximum": 5}
	default:
		return map[string]any{"type": kind}
	}
}

func drawJSON(t *rapid.T, depth int) string {
	leaves := []string{`"a"`, `"b"`, `"ab"`, `"é"`, `"\u0061"`, `"\ud800"`, `""`, `null`, `true`, `false`, `0`, `1`, `-1`, `5`, `5.0`, `1e0`, `0.5`, `99999999999999999999`,
		`4.99999999999999999999`, `5.00000000000000000001`, `-1.00000000000000000001`, `4e-999`, `1e1001`,
		`"550e8400-e29b-41d4-a716-446655440000"`, `"2024-02-29"`, `"1.2.3.4"`, `"a@b.example"`, `01`, `tru`, `"`, ``}
	if depth == 0 {
		return rapid.SampledFrom(leaves[:23]).Draw(t, "leaf")
	}
	space := rapid.SampledFrom([]string{"", "", " ", "\n"}).Draw(t, "space")
	switch rapid.IntRange(0, 5).Draw(t, "form") {
	case 0:
		return space + rapid.SampledFrom(leaves).Draw(t, "leaf") + space
	case 1, 2:
		var items []string
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			items = append(items, drawJSON(t, depth-1))
		}
		return "[" + space + strings.Join(items, ","+space) + "]" + space
	default:
		var members []string
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			members = append(members, rapid.SampledFrom([]string{`"a"`, `"b"`, `"b"`, `"c"`, `"\u0061"`}).Draw(t, "key")+space+":"+drawJSON(t, depth-1))
		}
		return "{" + strings.Join(members, ",") + space + "}"
	}
}

// Decimals strictly between bounds are surely valid: a latitude must not cost a page the
// fast path. Those that a float64 rounds to a bound are left to the engine.
func TestFastPathKnowsDecimalsBetweenBounds(t *testing.T) {
	t.Parallel()
	v, err := contract.New(doc31("", `"200":{"description":"ok","content":{"application/json":{"schema":{"type":"number","minimum":-90,"maximum":90}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{
		"41.38": true, "-89.999": true, "9e1": false, "1.5e1": true, "12": true, "90": true,
		"90.1": false, "-90.0000000000000000001": false, "89.9999999999999999999": false, "1e-2000": false,
	} {
		if sure, _ := contract.Surely(v, v.Operations()[0], 200, "application/json", body); sure != want {
			t.Errorf("%s is surely valid: %v, want %v", body, sure, want)
		}
	}
}

// Diga's own schemas are inside the fast path: the speed depends on it.
func TestDigaIsFast(t *testing.T) {
	t.Parallel()
	for _, v := range []*contract.Validator{diga(t), diga(t, contract.Strict())} {
		for _, body := range [][]byte{page(1, 50), page(1, 0)} {
			if sure, known := contract.Surely(v, list(t, v), 200, "application/json", string(body)); !sure || !known {
				t.Errorf("a plain page is not surely valid (schema inside the fast path: %v)", known)
			}
		}
	}
}

// FuzzFast holds the fast path against the engine on mutated pages.
func FuzzFast(f *testing.F) {
	f.Add(string(page(1, 1)), 200)
	f.Add(problem, 403)
	f.Add(`{"data":[],"has_more":true,"has_more":false}`, 200)
	plain := diga(f)
	strict, err := contract.New(spectest.Seed(), contract.Strict())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string, status int) {
		if status != 200 {
			status = 403
		}
		for _, v := range []*contract.Validator{plain, strict} {
			sure, _ := contract.Surely(v, list(t, v), status, "application/json", body)
			if !sure {
				continue
			}
			if !json.Valid([]byte(body)) {
				t.Fatal("surely valid, but not JSON")
			}
			// Surely is asked of valid UTF-8 only; the engine would object first.
			if got := contract.ByEngine(v, list(t, v), status, "application/json", strings.ToValidUTF8(body, "x")); got != nil {
				t.Fatalf("surely valid, but %v", got)
			}
		}
	})
}
