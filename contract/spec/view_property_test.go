package spec_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/spec"
)

// drawn makes a schema of what the view merges, as text.
func drawn(t *rapid.T, depth int) string {
	var members []string
	maybe := func(key string, values ...string) {
		if rapid.IntRange(0, 3).Draw(t, key) == 0 {
			members = append(members, `"`+key+`":`+rapid.SampledFrom(values).Draw(t, key+" is"))
		}
	}
	maybe("type", `"string"`, `"integer"`, `"number"`, `"null"`, `"object"`, `["string","null"]`, `["integer","boolean","null"]`, `["number","object"]`)
	maybe("enum", `["a","bb"]`, `[1,2.0,null]`, `[1.0,"a",true]`, `[null]`)
	maybe("const", `"a"`, `1`, `null`)
	maybe("minimum", `0`, `1`)
	maybe("exclusiveMaximum", `2`, `1.5`)
	maybe("maxLength", `0`, `1`)
	maybe("required", `["a"]`, `["a","b"]`)
	maybe("additionalProperties", `false`, `{"type":"string"}`)
	if depth > 0 {
		branches := func() string {
			list := make([]string, rapid.IntRange(1, 3).Draw(t, "branches"))
			for i := range list {
				list[i] = drawn(t, depth-1)
			}
			return "[" + strings.Join(list, ",") + "]"
		}
		for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
			if rapid.IntRange(0, 3).Draw(t, keyword) == 0 {
				members = append(members, `"`+keyword+`":`+branches())
			}
		}
		if rapid.IntRange(0, 2).Draw(t, "properties") == 0 {
			members = append(members, `"properties":{"a":`+drawn(t, depth-1)+`}`)
		}
		if rapid.IntRange(0, 4).Draw(t, "$ref") == 0 {
			members = append(members, `"$ref":"#/components/schemas/Other"`)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// admits tells whether a value keeps to what a view says of it.
func admits(s *spec.Schema, v any) bool {
	if s.Never || v == nil {
		return !s.Never && (s.Nullable || s.Types == nil)
	}
	same := func(w any) bool {
		x, isNumber := v.(json.Number)
		y, also := w.(json.Number)
		if isNumber && also {
			a, _ := new(big.Rat).SetString(string(x))
			b, _ := new(big.Rat).SetString(string(y))
			return a.Cmp(b) == 0
		}
		return !isNumber && !also && v == w
	}
	is := func(names ...string) bool {
		return s.Types == nil || slices.ContainsFunc(names, func(name string) bool { return slices.Contains(s.Types, name) })
	}
	if _, isObject := v.(map[string]any); !isObject && s.Enum != nil && !slices.ContainsFunc(s.Enum, same) {
		return false
	}
	switch v := v.(type) {
	case string:
		return is("string") && (s.MaxLength < 0 || utf8.RuneCountInString(v) <= s.MaxLength)
	case bool:
		return is("boolean")
	case json.Number:
		n, _ := new(big.Rat).SetString(string(v))
		if n.IsInt() && !is("integer", "number") || !n.IsInt() && !is("number") {
			return false
		}
		return (s.Minimum == nil || n.Cmp(s.Minimum.Rat()) >= 0) && (s.Maximum == nil || n.Cmp(s.Maximum.Rat()) < 0)
	case map[string]any:
		for _, name := range s.Required {
			if _, there := v[name]; !there {
				return false
			}
		}
		for name, inner := range v {
			if p := s.Property(name); p != nil && !admits(p, inner) || p == nil && s.Additional() != nil && !admits(s.Additional(), inner) {
				return false
			}
		}
		return is("object") && s.Enum == nil
	}
	return false
}

// TestViewPromisesNoLess draws schemas and holds the view to the engine: what fits the
// schema keeps to all that the view says, and to one of its forms.
func TestViewPromisesNoLess(t *testing.T) {
	t.Parallel()
	values := []any{
		nil, true, json.Number("0"), json.Number("1"), json.Number("1.5"), json.Number("2"), "", "a", "bb", map[string]any{},
		map[string]any{"a": "a"}, map[string]any{"a": json.Number("1"), "b": "bb"}, map[string]any{"b": nil},
	}
	rapid.Check(t, func(t *rapid.T) {
		schema := drawn(t, 2)
		text := `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{"Other":` + drawn(t, 0) + `,"A":` + schema + `}}}`
		d, err := spec.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		const at = "/components/schemas/A"
		engine, err := d.Compiler(func(string, spec.Place, map[string]any) {}).Compile(spec.Address(at))
		if err != nil {
			t.Fatal(err)
		}
		s := d.Schema(at)
		for _, v := range values {
			fits := engine.Validate(v) == nil
			if fits && (!admits(s, v) || v != nil && !slices.ContainsFunc(s.Forms(), func(form *spec.Schema) bool { return admits(form, v) })) {
				t.Fatalf("%s\nadmits %v, and the view says it does not: %s", text, v, told(s, 1))
			}
			if v == nil && s.Nullable && !fits {
				t.Fatalf("%s\nrefuses null, and the view says it does not: %s", text, told(s, 1))
			}
		}
	})
}
