package spec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// loadAll loads a.yaml, b.yaml and so on of these contents, in that order.
func loadAll(t interface {
	Fatal(args ...any)
	TempDir() string
}, contents ...string,
) (*spec.Loaded, error) {
	dir := t.TempDir()
	var sources []string
	for i, content := range contents {
		path := filepath.Join(dir, string(rune('a'+i))+".yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, path)
	}
	return spec.Load(context.Background(), sources)
}

const (
	mergeA = head31 + `servers: [{url: 'https://a', description: A}]
security: []
tags: [{name: x, description: first}]
paths:
  /things/:
    summary: Things
    get: {operationId: a, security: [], responses: {'200': {$ref: '#/components/responses/R'}}}
components:
  responses:
    R: {description: r, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
  schemas:
    S: {type: integer, maximum: 10}
`
	mergeB = "openapi: 3.1.1\n" + `info: {version: '1', title: t}
tags: [{name: y}, {name: x, description: second}]
servers: [{url: 'https://b'}, {description: A, url: 'https://a'}]
paths:
  /things/:
    post: {operationId: b, security: [], responses: {'200': {$ref: '#/components/responses/R'}}}
  /others/:
    get: {operationId: c, security: [], responses: {'200': {description: OK}}}
components:
  responses:
    R: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}, description: "\x72"}
  schemas:
    S: {maximum: 10, type: integer}
    T: {type: string}
x-more: 1
`
)

func TestMerge(t *testing.T) {
	t.Parallel()
	l, err := loadAll(t, mergeA, mergeB)
	if err != nil {
		t.Fatal(err)
	}
	if l.Partial || len(l.Taken) != 2 {
		t.Errorf("partial %v, taken %q", l.Partial, l.Taken)
	}
	d := l.Document
	for pointer, want := range map[string][]string{
		"":                    {"openapi", "info", "servers", "security", "tags", "paths", "components", "x-more"},
		"/paths":              {"/things/", "/others/"},
		"/paths/~1things~1":   {"summary", "get", "post"},
		"/components/schemas": {"S", "T"},
	} {
		if diff := cmp.Diff(want, d.Keys(pointer)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pointer, diff)
		}
	}
	for pointer, want := range map[string]string{
		"/openapi": `"3.1.1"`,
		"/servers": `[{"url":"https://a","description":"A"},{"url":"https://b"}]`,
		"/tags":    `[{"name":"x","description":"first"},{"name":"y"}]`,
	} {
		if got := string(d.Raw(pointer)); got != want {
			t.Errorf("%s: %s", pointer, got)
		}
	}
	for pointer, want := range map[string]string{
		"/paths/~1things~1/get": "a.yaml:9:5", "/paths/~1things~1/post": "b.yaml:7:5", "/paths/~1others~1": "b.yaml:8:3",
		"/components/schemas/S": "a.yaml:14:5", "/components/schemas/T/type": "b.yaml:15:9", "/servers/1/url": "b.yaml:4:12", "/openapi": "b.yaml:1:1",
	} {
		got, ok := d.Position(pointer)
		if !ok || filepath.Base(got.String()) != want {
			t.Errorf("%s is at %v, not %s", pointer, got, want)
		}
	}
	var warned []string
	for _, w := range l.Warnings {
		message, _, _ := strings.Cut(w.Message, " that")
		warned = append(warned, w.Pointer+" "+message)
	}
	if diff := cmp.Diff([]string{`/tags/1 "x" of ` + "`tags` differs from"}, warned); diff != "" {
		t.Error(diff)
	}
	canonical(t, d)
}

func TestMergeConflicts(t *testing.T) {
	t.Parallel()
	const secured = head31 + "paths: {/a: {get: {responses: {'200': {description: OK}}}}}\n"
	for _, c := range []struct{ name, why, a, b, at, other, message string }{
		{"component", "the same name, another meaning", mergeA, strings.Replace(mergeB, "{maximum: 10,", "{maximum: 11,", 1),
			"b.yaml:14:9", "a.yaml:14:24", "/components/schemas/S differs"},
		{"component with more", "one says more", mergeA, strings.Replace(mergeB, "type: integer}", "type: integer, minimum: 1}", 1),
			"b.yaml:14:37", "a.yaml:14:5", "/components/schemas/S differs"},
		{"operation", "the same path and method", mergeA, strings.Replace(mergeB, "post: {operationId: b", "get: {operationId: b", 1),
			"b.yaml:7:11", "a.yaml:9:11", "/paths/~1things~1/get differs"},
		{"version", "other schemas", mergeA, strings.Replace(mergeB, "3.1.1", "3.0.3", 1), "b.yaml:1:1", "a.yaml:1:1", "3.1.0 and 3.0.3"},
		{"parameters of a path", "they hold for each method", mergeA, strings.Replace(mergeB, "    post:", "    parameters: []\n    post:", 1),
			"b.yaml:7:5", "a.yaml:7:3", "in one source alone"},
		{"parameters of a path, first", "they hold for each method", strings.Replace(mergeA, "    get:", "    parameters: []\n    get:", 1), mergeB,
			"b.yaml:6:3", "a.yaml:9:5", "in one source alone"},
		{"security", "it holds for each operation without its own", secured + "security: [{k: []}]\n", secured, "b.yaml:1:1", "a.yaml:4:1", "relies on `security`"},
		{"dialect", "another language", secured + "jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base'\n",
			secured + "jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema'\n", "b.yaml:4:1", "a.yaml:4:1", "jsonSchemaDialect differs"},
		{"null path", "nothing is not an operation", secured, head31 + "paths: {/a: }\n", "b.yaml:3:9", "a.yaml:3:9", "/paths/~1a differs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := loadAll(t, c.a, c.b)
			e, ok := errors.AsType[*spec.Error](err)
			if !ok {
				t.Fatalf("%s: %v", c.why, err)
			}
			if filepath.Base(e.Position.String()) != c.at || !strings.HasSuffix(e.Message, c.other) || !strings.Contains(e.Message, c.message) || e.HowToFix == "" {
				t.Errorf("%s: %v", c.why, err)
			}
		})
	}
}

// Cut into pages of one operation each, with the components these need or with
// more, a document is the same again when it is merged, whatever the order.
func TestMergeMendsWhatWasCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "operations")
		var whole, pages strings.Builder
		whole.WriteString(head31 + "paths:\n")
		components := "components:\n  schemas:\n"
		for i := range n {
			components += fmt.Sprintf("    S%d: {type: string, maxLength: %d}\n", i, i)
		}
		item := func(i int) string {
			return fmt.Sprintf("  /a%d:\n    get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S%d'}}}}}}\n", i, i)
		}
		for _, i := range rapid.Permutation(indexes(n)).Draw(t, "order") {
			own := "components:\n  schemas:\n"
			for j := range n {
				if j == i || rapid.Bool().Draw(t, "more") {
					own += fmt.Sprintf("    S%d: {maxLength: %d, type: string}\n", j, j)
				}
			}
			fmt.Fprintf(&pages, "```yaml api.json get /a%d\n%spaths:\n%s%s```\n\n", i, head31, item(i), own)
		}
		for i := range n {
			whole.WriteString(item(i))
		}
		whole.WriteString(components)
		l, err := spec.Load(context.Background(), []string{"-"}, spec.Stdin(strings.NewReader(pages.String())))
		if err != nil {
			t.Fatal(err)
		}
		want, err := spec.Parse([]byte(whole.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Tree, l.Document.Tree); diff != "" {
			t.Fatal(diff)
		}
	})
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestMergeWithItself(t *testing.T) {
	t.Parallel()
	l, err := loadAll(t, string(spectest.Seed()), asYAML(t, spectest.Seed()), strings.ReplaceAll(string(spectest.Seed()), "Redacted", `\u0052edacted`))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(l.Document.Canonical(), spectest.Seed()) || len(l.Warnings) > 0 {
		t.Errorf("%s\n%v", l.Document.Canonical(), l.Warnings)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(mergeA), []byte(mergeB))
	f.Add([]byte(mergeA), []byte(mergeA))
	f.Add([]byte(head31+"paths: {/a: }"), []byte(head31+"paths: []\nservers: 1\ntags: {}"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		l, err := loadAll(t, string(a), string(b))
		if (l == nil) == (err == nil) {
			t.Fatal("neither a document nor an error")
		}
		if err != nil {
			return
		}
		canonical(t, l.Document)
		if !json.Valid(l.Document.JSON()) {
			t.Fatalf("no JSON: %s", l.Document.JSON())
		}
	})
}
