package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// Whatever the document: there is a line for each operation, it says why, what it
// names exists, and the plan is the same each time.
func checkPlan(t fataler, document *spec.Document) {
	p, err := plan.New(document)
	if err != nil {
		t.Fatalf("%v", err)
	}
	collections := map[string]*plan.Collection{}
	for _, c := range p.Collections {
		if c.Name == "" || collections[c.Name] != nil {
			t.Fatalf("collection %q of %s has no name of its own", c.Name, c.Path)
		}
		collections[c.Name] = c
	}
	exists := func(l *plan.Line, what, name string) {
		if name != "" && collections[name] == nil {
			t.Fatalf("%s: %s %q does not exist", l.Name(), what, name)
		}
	}
	for _, l := range p.Lines {
		if l.Reason == "" || l.Rule == "" || l.Answer.Status < 0 {
			t.Fatalf("%s: reason %q, rule %q", l.Name(), l.Reason, l.Rule)
		}
		if (l.Kind == plan.Sampled) != (l.Collection == "") || (l.Kind == plan.List) != (l.List != nil) {
			t.Fatalf("%s is %s of %q, list: %v", l.Name(), l.Kind, l.Collection, l.List != nil)
		}
		exists(l, "collection", l.Collection)
		exists(l, "source", l.Source)
		exists(l, "answer of", l.Answer.Of)
		for _, one := range l.Parameters {
			exists(l, one.Name, one.Collection)
		}
		if l.Item != "" && !strings.Contains(l.Path, "{"+l.Item+"}") {
			t.Fatalf("%s: no parameter %s", l.Name(), l.Item)
		}
	}
	for _, c := range p.Collections {
		for _, l := range c.Links {
			if collections[l.Collection] == nil {
				t.Fatalf("%s: %s leads to %q", c.Name, l.Property, l.Collection)
			}
		}
	}
	again, _ := plan.New(document)
	if diff := cmp.Diff(p, again); diff != "" {
		t.Fatalf("another plan the second time:\n%s", diff)
	}
	if _, err := json.Marshal(p); err != nil {
		t.Fatalf("%v", err)
	}
}

type fataler interface {
	Fatalf(format string, args ...any)
}

func TestGeneratedDocuments(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 20, 136} {
		document, err := spec.Parse(spectest.Document(n))
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, document)
	}
}

func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"diga/*.json", "cases/documents/*.json", "cases/real/*.yaml", "cases/drift/*.json"} {
		for name, data := range spectest.SharedFiles(t, pattern) {
			document, err := spec.Parse(data)
			if err != nil {
				continue // what cannot be read has its own tests
			}
			t.Run(name, func(t *testing.T) { checkPlan(t, document) })
		}
	}
}

func TestAnyDocument(t *testing.T) {
	t.Parallel()
	segments := []string{"pets", "pet", "v1", "search", "{id}", "{pet_id}", "{petId}", "me", "bulk-delete", "copy", "a-b", "{x}.{y}", "-", "order"}
	properties := []string{"id", "pet_id", "petIds", "name", "data", "items", "pet", "created_at", "next", "total", "_", "ids", "order"}
	rapid.Check(t, func(rt *rapid.T) {
		schema := rapid.Deferred(func() *rapid.Generator[any] { return schemaGenerator(properties, 2) })
		paths := map[string]any{}
		for range rapid.IntRange(1, 8).Draw(rt, "paths") {
			path := "/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(segments), 1, 4).Draw(rt, "path"), "/")
			item := map[string]any{}
			for _, method := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"get", "put", "post", "patch", "delete"}), 1, 5, rapid.ID).Draw(rt, "methods") {
				o := map[string]any{"responses": map[string]any{
					rapid.SampledFrom([]string{"200", "201", "204", "2XX", "default", "404"}).Draw(rt, "status"): map[string]any{"description": "", "content": map[string]any{"application/json": map[string]any{"schema": schema.Draw(rt, "answer")}}},
				}}
				if rapid.Bool().Draw(rt, "sends") {
					o["requestBody"] = map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": schema.Draw(rt, "body")}}}
				}
				for i, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"limit", "after", "order", "q", "pet_id", "start_x", "to"}), 0, 3, rapid.ID).Draw(rt, "query") {
					list, _ := o["parameters"].([]any)
					o["parameters"] = append(list, map[string]any{"name": name, "in": "query", "schema": schema.Draw(rt, fmt.Sprint("parameter", i))})
				}
				item[method] = o
			}
			paths[path] = item
		}
		data, err := json.Marshal(map[string]any{"openapi": "3.1.0", "info": map[string]any{"title": "", "version": ""}, "paths": paths})
		if err != nil {
			rt.Fatal(err)
		}
		document, err := spec.Parse(data)
		if err != nil {
			rt.Skip(err)
		}
		checkPlan(rt, document)
	})
}

func schemaGenerator(properties []string, depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		inner := func() any {
			if depth == 0 {
				return true
			}
			return schemaGenerator(properties, depth-1).Draw(t, "inner")
		}
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return map[string]any{}
		case 1:
			return map[string]any{"type": "array", "items": inner()}
		case 2:
			return map[string]any{"oneOf": []any{inner(), inner()}}
		case 3:
			return map[string]any{"type": rapid.SampledFrom([]string{"string", "integer", "boolean", "null"}).Draw(t, "type")}
		default:
			named := map[string]any{}
			for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(properties), 0, 4, rapid.ID).Draw(t, "names") {
				named[name] = inner()
			}
			return map[string]any{"type": "object", "properties": named}
		}
	})
}
