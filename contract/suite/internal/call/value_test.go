package call

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
)

// documentWith is a document whose only operation has one query parameter.
func documentWith(t interface{ Fatal(...any) }, version string, parameter map[string]any) []byte {
	parameter["name"], parameter["in"] = "p", "query"
	text, err := json.Marshal(map[string]any{
		"openapi": version, "info": map[string]any{"title": "t", "version": "1"},
		"paths": map[string]any{"/x": map[string]any{"get": map[string]any{
			"parameters": []any{parameter}, "responses": map[string]any{"200": map[string]any{"description": "OK"}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// made are the values made for a parameter, by class: what it may be, and what it may not.
type made struct{ Valid, Invalid map[string][]string }

// valuesOf makes values for the parameters of the first operation of a document, by name.
func valuesOf(document []byte) (map[string]made, error) {
	v, err := contract.New(document)
	if err != nil {
		return nil, err
	}
	d, all := New(v), map[string]made{}
	o := d.Operations[0]
	for _, p := range d.Parameters(o) {
		m := made{map[string][]string{}, map[string][]string{}}
		for _, one := range d.Values(o, p) {
			m.Valid[one.Class] = one.Texts
		}
		for _, one := range d.Invalid(o, p) {
			m.Invalid[one.Class] = one.Texts
		}
		all[p.Name] = m
	}
	return all, nil
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, version, schema string
		valid, invalid        map[string][]string
	}{
		{
			"integer with bounds", "3.1.0", `{"type":"integer","minimum":1,"maximum":1000}`,
			map[string][]string{"minimum": {"1"}, "next to the minimum": {"2"}, "maximum": {"1000"}, "next to the maximum": {"999"}},
			map[string][]string{
				"not a number": {"abc"}, "digits and letters": {"1a"}, "boolean for a number": {"true"}, "empty": {""}, "fraction": {"1.5"},
				"below the minimum": {"0"}, "far below the minimum": {"-9223372036854775809"}, "above the maximum": {"1001"},
				"far above the maximum": {"9223372036854775808"}, "a number of 40 digits": {"1000000000000000000000000000000000000000"},
			},
		},
		{
			"integer of 32 bits", "3.1.0", `{"type":"integer","format":"int32"}`,
			map[string][]string{
				"small number": {"1"}, "minimum": {"-2147483648"}, "next to the minimum": {"-2147483647"},
				"maximum": {"2147483647"}, "next to the maximum": {"2147483646"},
			},
			map[string][]string{"not a number": {"abc"}, "digits and letters": {"1a"}, "boolean for a number": {"true"}, "empty": {""}, "fraction": {"1.5"}},
		},
		{
			"null left out", "3.1.0", `{"anyOf":[{"type":"integer","minimum":1},{"type":"null"}]}`,
			map[string][]string{"minimum": {"1"}, "next to the minimum": {"2"}},
			map[string][]string{
				"not a number": {"abc"}, "digits and letters": {"1a"}, "boolean for a number": {"true"}, "empty": {""}, "fraction": {"1.5"},
				"below the minimum": {"0"}, "far below the minimum": {"-9223372036854775809"},
			},
		},
		{
			"exclusive bound of 3.0", "3.0.3", `{"type":"integer","minimum":0,"exclusiveMinimum":true,"maximum":2}`,
			map[string][]string{"next to the minimum": {"1"}, "maximum": {"2"}},
			map[string][]string{
				"not a number": {"abc"}, "digits and letters": {"1a"}, "boolean for a number": {"true"}, "empty": {""}, "fraction": {"0.5"},
				"below the minimum": {"-1"}, "the bound below": {"0"}, "far below the minimum": {"-9223372036854775809"}, "above the maximum": {"3"},
				"far above the maximum": {"9223372036854775808"}, "a number of 40 digits": {"1000000000000000000000000000000000000000"},
			},
		},
		{
			"enum and default", "3.1.0", `{"type":"string","enum":["asc","desc"],"default":"desc"}`,
			map[string][]string{"asc": {"asc"}, "desc": {"desc"}},
			map[string][]string{
				"not in the enum": {"digakit-not-in-enum"}, "enum in another case: ASC": {"ASC"}, "enum in another case: DESC": {"DESC"}, "empty": {""},
			},
		},
		{
			"an enum that has both cases", "3.1.0", `{"type":"string","enum":["a","A"]}`,
			map[string][]string{"a": {"a"}, "A": {"A"}},
			map[string][]string{"not in the enum": {"digakit-not-in-enum"}, "empty": {""}},
		},
		{"anything", "3.1.0", `{"type":"string"}`, map[string][]string{"a word": {"digakit"}}, map[string][]string{}},
		{"a schema that allows all", "3.1.0", `{}`, map[string][]string{}, map[string][]string{}},
		{
			"a schema that contains itself", "3.1.0", `{"type":"array","maxItems":1,"items":{"anyOf":[{"$ref":"#/paths/~1x/get/parameters/0/schema"},{"type":"boolean"}]}}`,
			map[string][]string{"one item": {"true"}},
			map[string][]string{"item not a boolean": {"maybe"}, "second item not a boolean": {"true", "maybe"}, "more than maxItems": {"true", "false"}},
		},
		{
			"a default that breaks its schema", "3.1.0", `{"type":"boolean","default":"perhaps"}`,
			map[string][]string{"true": {"true"}, "false": {"false"}},
			map[string][]string{"not a boolean": {"maybe"}, "number for a boolean": {"2"}, "empty": {""}},
		},
		{
			"allOf", "3.1.0", `{"allOf":[{"type":"integer"},{"minimum":5}],"maximum":6}`,
			map[string][]string{"minimum": {"5"}, "next to the minimum": {"6"}}, // which is the maximum
			map[string][]string{
				"not a number": {"abc"}, "digits and letters": {"1a"}, "boolean for a number": {"true"}, "empty": {""}, "fraction": {"5.5"},
				"below the minimum": {"4"}, "far below the minimum": {"-9223372036854775809"}, "above the maximum": {"7"},
				"far above the maximum": {"9223372036854775808"}, "a number of 40 digits": {"1000000000000000000000000000000000000000"},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var schema any
			if err := json.Unmarshal([]byte(tc.schema), &schema); err != nil {
				t.Fatal(err)
			}
			all, err := valuesOf(documentWith(t, tc.version, map[string]any{"schema": schema}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.valid, all["p"].Valid); diff != "" {
				t.Errorf("valid: %s", diff)
			}
			if diff := cmp.Diff(tc.invalid, all["p"].Invalid); diff != "" {
				t.Errorf("invalid: %s", diff)
			}
		})
	}
}

// TestIntegerValuesKeepToTheirBounds, whatever the bounds are.
func TestIntegerValuesKeepToTheirBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(-1000, 1000).Draw(t, "low")
		high := low + rapid.IntRange(0, 1000).Draw(t, "span")
		all, err := valuesOf(documentWith(t, "3.1.0", map[string]any{"schema": map[string]any{"type": "integer", "minimum": low, "maximum": high}}))
		if err != nil {
			t.Fatal(err)
		}
		for class, texts := range all["p"].Valid {
			var n int
			if _, err := fmt.Sscan(texts[0], &n); err != nil || n < low || n > high {
				t.Errorf("%s: %v is not from %d to %d", class, texts, low, high)
			}
		}
		if got := all["p"].Valid["minimum"]; !slices.Equal(got, []string{fmt.Sprint(low)}) {
			t.Errorf("minimum %v, want %d", got, low)
		}
		for class, want := range map[string]int{"below the minimum": low - 1, "above the maximum": high + 1} {
			if got := all["p"].Invalid[class]; !slices.Equal(got, []string{fmt.Sprint(want)}) {
				t.Errorf("%s %v, want %d", class, got, want)
			}
		}
	})
}

// documentOf is a document whose operations list items with an id and read one, by
// the paths of lists.
func documentOf(t *testing.T, lists ...string) *Document {
	t.Helper()
	id := map[string]any{"type": "string"}
	item := map[string]any{"type": "object", "required": []string{"id"}, "properties": map[string]any{
		"id": id, "contact": map[string]any{"type": "object", "properties": map[string]any{"id": id}},
	}}
	answer := func(schema map[string]any) map[string]any {
		return map[string]any{"200": map[string]any{"description": "OK", "content": map[string]any{"application/json": map[string]any{"schema": schema}}}}
	}
	list := map[string]any{"type": "object", "properties": map[string]any{"data": map[string]any{"type": "array", "items": item}}}
	paths := map[string]any{}
	for _, path := range lists {
		var parameters []any
		for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
			parameters = append(parameters, map[string]any{"name": m[1], "in": "path", "required": true, "schema": id})
		}
		if parameters == nil {
			parameters = []any{}
		}
		paths[path] = map[string]any{"get": map[string]any{"responses": answer(list), "parameters": parameters}}
		paths[path+"/{own_id}"] = map[string]any{"get": map[string]any{"responses": answer(item), "parameters": append(parameters, map[string]any{"name": "own_id", "in": "path", "required": true, "schema": id})}}
	}
	text, err := json.Marshal(map[string]any{"openapi": "3.1.0", "info": map[string]any{"title": "t", "version": "1"}, "paths": paths})
	if err != nil {
		t.Fatal(err)
	}
	v, err := contract.New(text)
	if err != nil {
		t.Fatal(err)
	}
	return New(v)
}

// at is the operation of a path, with the last of its parameters.
func (d *Document) at(path string) (*contract.Operation, *Parameter) {
	for _, o := range d.Operations {
		if o.Path == path {
			all := d.Parameters(o)
			return o, all[len(all)-1]
		}
	}
	return nil, nil
}

func TestIDsAreThoseOfTheItems(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, answer string
		want         []string
	}{
		{"an owner's id is no item's", `{"data": [{"contact": {"id": "c1"}, "id": "a"}, {"contact": {"id": "c2"}, "id": "b"}]}`, []string{"a", "b"}},
		{"an id that is a number", `{"data": [{"id": 7}]}`, []string{"7"}},
		{"no items", `{"data": []}`, nil},
	} {
		d := documentOf(t, "/calls")
		list, _ := d.at("/calls/{own_id}")
		for _, o := range d.Operations {
			if o.Path == "/calls" {
				d.Learn(o, []byte(tc.answer))
			}
		}
		var got []string
		for _, v := range d.Known(list, d.Parameters(list)[0]) {
			if !v.Guess {
				got = append(got, v.Texts[0])
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestAPathNamesAnItemOfTheListAbove(t *testing.T) {
	t.Parallel()
	d := documentOf(t, "/calls", "/calls/{own_id}/messages")
	below, parameter := d.at("/calls/{own_id}/messages")
	for path, answer := range map[string]string{"/calls": `{"data": [{"id": "call"}]}`, "/calls/{own_id}/messages": `{"data": [{"id": "message"}]}`} {
		for _, o := range d.Operations {
			if o.Path == path {
				d.Learn(o, []byte(answer))
			}
		}
	}
	if got := d.Known(below, parameter); len(got) == 0 || got[0].Texts[0] != "call" {
		t.Errorf("tried as the call are %v", got)
	}
}
