package sample_test

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// engine judges by the document itself, not by the view that values are made from.
type engine struct {
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

func newEngine(t *testing.T, doc *spec.Document) *engine {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("test:///doc", doc.Tree); err != nil {
		t.Fatal(err)
	}
	return &engine{compiler: c, compiled: map[string]*jsonschema.Schema{}}
}

func (e *engine) judge(pointer string, v any) error {
	s := e.compiled[pointer]
	if s == nil {
		fragment := ""
		for _, token := range strings.Split(pointer, "/")[1:] {
			fragment += "/" + url.PathEscape(token)
		}
		var err error
		if s, err = e.compiler.Compile("test:///doc#" + fragment); err != nil {
			return err
		}
		e.compiled[pointer] = s
	}
	return s.Validate(v)
}

func (e *engine) valid(s *spec.Schema, v any) bool { return e.judge(s.Pointer, v) == nil }

// Every schema of every document gets values, and each fits.
func TestValuesFitEverySchema(t *testing.T) {
	documents := map[string][]byte{"made up": spectest.Document(40)}
	for name, data := range documents {
		t.Run(name, func(t *testing.T) { fitEverySchema(t, data) })
	}
	t.Run("published", func(t *testing.T) {
		for name, data := range spectest.SharedFiles(t, "diga/*.json") {
			t.Run(name, func(t *testing.T) { fitEverySchema(t, data) })
		}
	})
}

func fitEverySchema(t *testing.T, data []byte) {
	doc, err := spec.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t, doc)
	maker := sample.New(1, e.valid)
	schemas := 0
	spec.WalkSchemas(doc.Tree, func(pointer string, place spec.Place, _ map[string]any) {
		if place != spec.Root && place != spec.Definition {
			return
		}
		schemas++
		for ordinal := range 6 {
			v, err := maker.Value(doc.Schema(pointer), sample.Place{Collection: "thing", Ordinal: ordinal})
			if err != nil {
				t.Errorf("%s: %v", pointer, err)
				return
			}
			if err := e.judge(pointer, v); err != nil {
				t.Errorf("%s: %v\n%v", pointer, err, v)
				return
			}
		}
	})
	if schemas == 0 {
		t.Error("no schema was looked at")
	}
}

func document(t *testing.T, schema string) *spec.Document {
	t.Helper()
	doc, err := spec.Parse([]byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"S":` + schema + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

const at = "/components/schemas/S"

func TestValuesOfHardSchemas(t *testing.T) {
	for _, c := range []struct{ why, schema string }{
		{"a union told apart by a constant that is not required", `{"oneOf":[
			{"type":"object","properties":{"kind":{"const":"a","default":"a"},"n":{"type":"integer"}}},
			{"type":"object","properties":{"kind":{"const":"b","default":"b"},"n":{"type":"integer"}}}],"discriminator":{"propertyName":"kind"}}`},
		{"branches of oneOf that overlap", `{"oneOf":[{"type":"integer","minimum":0},{"type":"integer","maximum":10}]}`},
		{"recursion through an optional property", `{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"next":{"$ref":"#/components/schemas/S"}}}`},
		{"recursion through a nullable property that is required", `{"type":"object","required":["next"],"properties":{"next":{"anyOf":[{"$ref":"#/components/schemas/S"},{"type":"null"}]}}}`},
		{"recursion through an array that is required", `{"type":"object","required":["children"],"properties":{"children":{"type":"array","items":{"$ref":"#/components/schemas/S"}}}}`},
		{"recursion through a map", `{"type":"object","additionalProperties":{"$ref":"#/components/schemas/S"}}`},
		{"recursion that one branch of a union ends", `{"oneOf":[{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/S"}},{"type":"string"}]}`},
		{"a pattern", `{"type":"string","pattern":"^[A-Z]{2}-\\d{3,5}$"}`},
		{"a pattern within lengths", `{"type":"string","pattern":"^[a-f0-9]+$","minLength":10,"maxLength":12}`},
		{"lengths alone", `{"type":"string","minLength":90,"maxLength":100}`},
		{"one character", `{"type":"string","maxLength":1}`},
		{"bounds with a step", `{"type":"integer","exclusiveMinimum":10,"maximum":40,"multipleOf":7}`},
		{"bounds beyond 64 bits", `{"type":"integer","minimum":99999999999999999999}`},
		{"a narrow range of fractions", `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.001}`},
		{"a negative range", `{"type":"number","maximum":-5}`},
		{"unique items of an enum", `{"type":"array","uniqueItems":true,"minItems":3,"items":{"enum":["a","b","c"]}}`},
		{"closed, with a union inside", `{"type":"object","additionalProperties":false,"required":["v"],"properties":{"v":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}`},
		{"the least number of properties of a map", `{"type":"object","minProperties":3,"additionalProperties":{"type":"integer"}}`},
		{"the most properties", `{"type":"object","maxProperties":1,"properties":{"a":{"type":"string"},"b":{"type":"string"}}}`},
		{"a required property that is not described", `{"type":"object","required":["x"]}`},
		{"parts of allOf", `{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}},{"properties":{"a":{"maxLength":3},"b":{"type":"integer"}},"required":["b"]}]}`},
		{"nothing said", `{}`},
		{"everything allowed", `true`},
		{"null alone", `{"type":"null"}`},
		{"a tuple", `{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"items":false,"minItems":2}`},
		{"something forbidden", `{"type":"integer","minimum":1,"maximum":4,"not":{"enum":[1,2,3]}}`},
		{"an item that must be there", `{"type":"array","items":{"type":"string"},"contains":{"const":"admin"}}`},
		{"several items that must be there", `{"type":"array","items":{"type":"integer"},"contains":{"minimum":1000},"minContains":3,"maxItems":4}`},
		{"an item that must be there, of a property alone", `{"type":"object","required":["v"],"properties":{"v":{"type":"array","contains":{"type":"object","required":["id"],"properties":{"id":{"const":7}}}}}}`},
		{"an item that may be there", `{"type":"array","items":{"enum":["a","b"]},"contains":{"const":"c"},"minContains":0}`},
		{"an item behind a tuple", `{"type":"array","prefixItems":[{"type":"integer"}],"items":{"type":"string"},"contains":{"const":"x"}}`},
		{"what must be, if", `{"type":"object","required":["country"],"properties":{"country":{"enum":["US","NL"]},"code":{"type":"string"}},
			"if":{"properties":{"country":{"const":"US"}}},"then":{"required":["code"],"properties":{"code":{"pattern":"^[0-9]{5}$"}}},
			"else":{"required":["code"],"properties":{"code":{"pattern":"^[0-9]{4} [A-Z]{2}$"}}}}`},
		{"what must be, if, and nothing else", `{"type":"object","required":["kind"],"properties":{"kind":{"enum":["a","b"]}},"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["n"],"properties":{"n":{"type":"integer","minimum":5}}}}`},
		{"what must not be", `{"type":"integer","minimum":1,"maximum":9,"if":{"minimum":5},"then":false}`},
		{"two ifs of allOf", `{"type":"object","required":["k"],"properties":{"k":{"enum":["a","b","c"]}},"allOf":[
			{"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["x"],"properties":{"x":{"const":1}}}},
			{"if":{"properties":{"k":{"const":"b"}}},"then":{"required":["y"],"properties":{"y":{"const":2}}}}]}`},
		{"an if within branches", `{"oneOf":[{"type":"string"},{"type":"object","required":["a"],"properties":{"a":{"type":"boolean"}},"if":{"properties":{"a":{"const":true}}},"then":{"required":["b"],"properties":{"b":{"const":"given"}}}}]}`},
		{"an enum of several types", `{"enum":["a",1,null,true]}`},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := document(t, c.schema)
			e := newEngine(t, doc)
			for ordinal := range 20 {
				v, err := sample.New(7, e.valid).Value(doc.Schema(at), sample.Place{Collection: "c", Ordinal: ordinal})
				if err != nil {
					t.Fatal(err)
				}
				if err := e.judge(at, v); err != nil {
					t.Fatalf("%v\n%v", v, err)
				}
			}
		})
	}
}

func TestImpossibleSchemasAreNamed(t *testing.T) {
	for _, c := range []struct{ why, schema, place string }{
		{"an object that contains itself for ever", `{"type":"object","required":["next"],"properties":{"next":{"$ref":"#/components/schemas/S"}}}`, at},
		{"a required property that may not be", `{"type":"object","required":["x"],"properties":{"x":false}}`, at + "/properties/x"},
		{"no number in the bounds", `{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":4}`, at},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := document(t, c.schema)
			_, err := sample.New(1, newEngine(t, doc).valid).Value(doc.Schema(at), sample.Place{})
			if !errors.Is(err, sample.ErrImpossible) || !strings.Contains(err.Error(), c.place) {
				t.Errorf("got %v, want ErrImpossible at %s", err, c.place)
			}
		})
	}
}

// Cases of cases are bounded: sixty of them would be 2^60.
func TestManyIfs(t *testing.T) {
	values, rules := []string{}, []string{}
	for i := range 60 {
		values = append(values, fmt.Sprintf(`"c%d"`, i))
		rules = append(rules, fmt.Sprintf(`{"if":{"properties":{"k":{"const":"c%d"}}},"then":{"required":["v"],"properties":{"v":{"const":%d}}}}`, i, i))
	}
	doc := document(t, `{"type":"object","required":["k"],"properties":{"k":{"enum":[`+strings.Join(values, ",")+`]}},"allOf":[`+strings.Join(rules, ",")+`]}`)
	e := newEngine(t, doc)
	for ordinal := range 5 {
		v, err := sample.New(7, e.valid).Value(doc.Schema(at), sample.Place{Collection: "c", Ordinal: ordinal})
		if err != nil || e.judge(at, v) != nil {
			t.Errorf("%v: %v", v, err)
		}
	}
}

// The same seed makes the same; a new property moves no other value.
func TestValuesAreRepeatable(t *testing.T) {
	before := document(t, `{"type":"object","properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"},"size":{"type":"integer"}}}`)
	after := document(t, `{"type":"object","properties":{"colour":{"type":"string"},"id":{"type":"string","format":"uuid"},"name":{"type":"string"},"on":{"type":"boolean"},"size":{"type":"integer"}}}`)
	for ordinal := range 10 {
		place := sample.Place{Collection: "agent", Ordinal: ordinal}
		a := value(t, before, 3, place)
		if again := value(t, before, 3, place); !reflect.DeepEqual(a, again) {
			t.Errorf("the same place got %v, then %v", a, again)
		}
		b := value(t, after, 3, place)
		for name, v := range a {
			if !reflect.DeepEqual(b[name], v) {
				t.Errorf("%s moved from %v to %v", name, v, b[name])
			}
		}
		if other := value(t, before, 4, place); reflect.DeepEqual(a, other) {
			t.Errorf("another seed gave the same: %v", a)
		}
	}
}

func value(t *testing.T, doc *spec.Document, seed uint64, place sample.Place) map[string]any {
	t.Helper()
	v, err := sample.New(seed, nil).Value(doc.Schema(at), place)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := v.(map[string]any)
	return m
}

// Two filters at once find some, too: properties with as many values do not go together.
func TestChoicesAreIndependent(t *testing.T) {
	doc := document(t, `{"type":"object","required":["mode","on"],"properties":{"mode":{"enum":["free","path"]},"on":{"type":"boolean"}}}`)
	seen := map[string]int{}
	for ordinal := range 26 {
		v := value(t, doc, 1, sample.Place{Collection: "agent", Ordinal: ordinal})
		seen[fmt.Sprint(v["mode"], v["on"])]++
	}
	if len(seen) != 4 {
		t.Errorf("of four combinations, 26 values have %v", seen)
	}
}

// Enums and booleans take all their values over a few ordinals, nullable ones null
// as well, so that a filter on any of them finds some and leaves some.
func TestChoicesVary(t *testing.T) {
	doc := document(t, `{"type":"object","required":["status","on","end"],"properties":{
		"status":{"enum":["a","b","c"]},"on":{"type":"boolean"},"end":{"anyOf":[{"type":"string"},{"type":"null"}]}}}`)
	seen := map[string]bool{}
	for ordinal := range 10 {
		for name, v := range value(t, doc, 1, sample.Place{Collection: "c", Ordinal: ordinal}) {
			if name == "end" {
				v = v == nil
			}
			seen[fmt.Sprint(name, " ", v)] = true
		}
	}
	for _, want := range []string{"status a", "status b", "status c", "on true", "on false", "end true", "end false"} {
		if !seen[want] {
			t.Errorf("%s was never made", want)
		}
	}
}

// An array has the same thing twice only where there are not enough others.
func TestItemsOfArraysDiffer(t *testing.T) {
	t.Parallel()
	doc := document(t, `{"type":"object","required":["one","two","four"],"properties":{
		"one":{"type":"array","items":{"const":"a"}},
		"two":{"type":"array","items":{"enum":["a","b"]}},
		"four":{"type":"array","minItems":4,"items":{"enum":["a","b"]}}}}`)
	for i := range 20 {
		object := value(t, doc, 1, sample.Place{Collection: "c", Ordinal: i})
		for name, want := range map[string]bool{"one": true, "two": true, "four": false} {
			list, _ := object[name].([]any)
			seen := map[any]bool{}
			for _, item := range list {
				seen[item] = true
			}
			if differ := len(seen) == len(list); differ != want || len(list) == 0 {
				t.Errorf("%s is %v", name, list)
			}
		}
	}
}

func TestDatesAndDurationsFit(t *testing.T) {
	doc := document(t, `{"type":"object","properties":{"created_at":{"type":"string","format":"date-time"},
		"start_time":{"type":"string","format":"date-time"},"end_time":{"type":"string","format":"date-time"},
		"duration":{"type":"integer"},"duration_ms":{"type":"integer"},"expires_at":{"type":"string","format":"date-time"}}}`)
	for ordinal := range 10 {
		v := value(t, doc, 1, sample.Place{Collection: "call", Ordinal: ordinal})
		created, start, end, expires := date(t, v["created_at"]), date(t, v["start_time"]), date(t, v["end_time"]), date(t, v["expires_at"])
		if start.Before(created) || end.Before(start) || expires.Before(end) {
			t.Errorf("out of order: %v", v)
		}
		if lasted := fmt.Sprint(int(end.Sub(start).Seconds())); fmt.Sprint(v["duration"]) != lasted || fmt.Sprint(v["duration_ms"]) != lasted+"000" {
			t.Errorf("duration %v and %v of %s s", v["duration"], v["duration_ms"], lasted)
		}
	}
}

func date(t *testing.T, v any) time.Time {
	t.Helper()
	d, err := time.Parse(time.RFC3339, fmt.Sprint(v))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What is sent has no property that is readOnly, what is answered none that is
// writeOnly; the least has what is required, and what tells branches apart.
func TestPlacesOfARequest(t *testing.T) {
	doc := document(t, `{"type":"object","required":["id","name","secret"],"properties":{
		"id":{"type":"string","readOnly":true},"name":{"type":"string"},"secret":{"type":"string","writeOnly":true},
		"note":{"type":["string","null"]},"kind":{"const":"a"}}}`)
	for _, c := range []struct {
		place sample.Place
		want  string
	}{
		{sample.Place{}, "[id kind name note]"},
		{sample.Place{Request: true}, "[kind name note secret]"},
		{sample.Place{Request: true, Least: true}, "[kind name secret]"},
	} {
		for ordinal := range 20 {
			c.place.Ordinal = ordinal
			v := value(t, doc, 1, c.place)
			if got := fmt.Sprint(slices.Sorted(maps.Keys(v))); got != c.want {
				t.Errorf("%+v: got %s, want %s", c.place, got, c.want)
			}
			if c.place.Request && !c.place.Least && v["note"] == nil {
				t.Errorf("%+v: null without need", c.place)
			}
		}
	}
}
