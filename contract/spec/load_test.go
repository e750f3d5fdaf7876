package spec_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

const head31 = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"

// thing is a fragment with one operation.
const thing = head31 + `paths:
  /v1/things/:
    get:
      operationId: list_things
      responses:
        '200': {description: OK}
`

// usesA goes on with thing.
const usesA = "    post: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}\n"

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, file, content, at, message, remedy string }{
		{"empty", "nothing", "a.yaml", " \r\n", "", "the document is empty", "give an OpenAPI file"},
		{"binary", "an image", "a.md", "# x\n\x89PNG\x00\x01", ":2:1", "not text", "UTF-8"},
		{"zero bytes", "valid UTF-8 all the same", "a.yaml", "openapi: 3.1.0\n\x00", ":2:1", "not text", "uncompressed"},
		{"utf-16", "an editor's", "a.json", "\xff\xfe{\x00}\x00", "", "UTF-16", "save it as UTF-8"},
		{"html", "the page instead of its source", "a.json", "\n<!DOCTYPE html><html></html>", ":1:1", "HTML", "(.md)"},
		{"not openapi", "some JSON", "a.json", `{"name": "x"}`, ":1:1", "no `openapi` field", "OpenAPI 3.0 or 3.1"},
		{"a list", "no object", "a.json", `[]`, ":1:1", "is an object", "OpenAPI 3.0 or 3.1"},
		{"swagger", "the version before", "a.yaml", "# old\nswagger: '2.0'\npaths: {}\n", ":2:1", "OpenAPI 2", "convert"},
		{"4.0", "the version after", "a.yaml", "info: {}\nopenapi: 4.0.0\n", ":2:1", `"4.0.0" is not supported`, "publisher"},
		{"truncated json", "a broken download", "a.json", "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {\n", ":3:1", "ends in the middle", "fetch it again"},
		{"json syntax", "a typing error", "a.json", "{\n  \"openapi\": \"3.1.0\",\n  \"a\" 1\n}", ":3:1", "not valid JSON", "mend"},
		{"json value", "the line where it stands", "a.json", "{\n  \"openapi\": \"3.1.0\",\n  \"a\": [\n    \"\\u00zz\"\n]}", ":4:1", "hexadecimal character escape", "mend"},
		{"json and more", "two documents", "a.json", "{\"openapi\": \"3.1.0\"}\n{}\n", ":2:1", "something follows", "one JSON document"},
		{"duplicate key, json", "readers disagree", "a.json", "{\"openapi\": \"3.1.0\",\n\"info\": {},\n \"info\": {}}", ":3:2", `"info" stands twice, first at line 2`, "leave one"},
		{"duplicate key, yaml", "readers disagree", "a.yaml", "openapi: 3.1.0\ninfo:\n  title: a\n  title: b\n", ":4:3", `"title" stands twice, first at line 3`, "leave one"},
		{"tabs", "YAML has none", "a.yaml", "openapi: 3.1.0\ninfo:\n\ttitle: t\n", ":3:1", "neither JSON nor YAML", "spaces"},
		{"yaml syntax", "a colon too many", "a.yaml", "openapi: 3.1.0\ninfo: a: b\n", ":2:1", "neither JSON nor YAML", "mend"},
		{"two yaml documents", "which one", "a.yaml", thing + "---\nopenapi: 3.1.0\n", ":9:1", "second YAML document", "leave one"},
		{"bomb", "aliases of aliases", "a.yaml", "openapi: 3.1.0\n" + bomb(), ":", "aliases unfold to more than 100000", "$ref"},
		{"alias of itself", "no end", "a.yaml", "openapi: 3.1.0\nx: &a [*a]\n", ":2:", "deeper than 500", ""},
		{"deep", "nesting", "a.json", `{"openapi":"3.1.0","a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "}", ":1:", "deeper than 500", ""},
		{"many values", "memory", "a.json", "{\"openapi\": \"3.1.0\",\n\"x\": [1" + strings.Repeat(",1", 1_000_000) + "]}", ":2:", "more than 1000000 values", "split"},
		{"many values, yaml", "memory", "a.yaml", "openapi: 3.1.0\nx: [1" + strings.Repeat(",1", 1_000_000) + "]", ":2:", "more than 1000000 values", "split"},
		{"far too many values, yaml", "memory", "a.yaml", "openapi: 3.1.0\nx:\n" + strings.Repeat("- 1\n", 3_000_000), "", "more than 1000000 values", "split"},
		{"merge key", "of no object", "a.yaml", "openapi: 3.1.0\nx: &x 1\ny:\n  <<: *x\n", ":4:7", "names no object", "an alias of one"},
		{"huge number", "it would fill the memory", "a.json", "{\"openapi\": \"3.1.0\",\n\"x\": 1e999999999}", ":2:1", "beyond all bounds", "hold"},
		{"huge number, yaml", "it would fill the memory", "a.yaml", "openapi: 3.1.0\nx: 1e999999999\n", ":2:1", "beyond all bounds", "hold"},
		{"infinity", "no JSON number", "a.yaml", "openapi: 3.1.0\nx: .inf\n", ":2:1", "nothing JSON can hold", "quote"},
		{"dangling", "a pruned fragment", "a.yaml", thing + usesA + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n", ":12:9", `"#/components/schemas/B" leads nowhere`, "import the source that holds it"},
		{"circle", "to itself", "a.yaml", thing + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/A'}\n", ":11:9", "round in a circle", "let it end"},
		{"larger circle", "by two", "a.yaml", thing + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n", ":11:9", "round in a circle", "let it end"},
		{"circle through allOf", "it applies to the same value", "a.yaml", thing + "components:\n  schemas:\n    A: {allOf: [{type: object}, {$ref: '#/components/schemas/A'}]}\n", ":11:34", "round in a circle", "a property"},
		{"remote", "nothing is fetched", "a.yaml", thing + usesA + "components:\n  schemas:\n    A: {$ref: 'http://127.0.0.1/a.json'}\n", ":12:9", "external reference", "bundle"},
		{"file", "nothing is opened", "a.yaml", thing + usesA + "components:\n  schemas:\n    A: {$ref: 'b.json#/A'}\n", ":12:9", "external reference", "bundle"},
		{"page without fragment", "prose", "a.md", "# API keys\n\nYou can create keys.\n\n```bash\ncurl x\n```\n", ":1:1", "neither an OpenAPI document nor a docs page", "````yaml"},
		{"saved index", "no fragments", "llms.txt", "# Docs\n- [a](https://docs.example.com/a.md)\n", ":1:1", "neither", "give its address"},
		{"page cut short", "no end of the fence", "a.md", strings.TrimSuffix(page("get /v1/things/", thing), "````\n"), ":14:1", "never closed", "fetch it again"},
		{"wrong method", "heading and content disagree", "a.md", page("openapi.json post /v1/things/", thing), ":14:1", "says post \"/v1/things/\", but at line 19 it holds get \"/v1/things/\"", "publisher"},
		{"wrong route", "heading and content disagree", "a.md", page("openapi.json get /v1/things", thing), ":14:1", "says get \"/v1/things\", but", "publisher"},
		{"no operation", "heading and content disagree", "a.md", page("openapi.json get /v1/things/", head31+"paths: {}"), ":14:1", "holds no operation", "publisher"},
		{"heading, but no OpenAPI", "it says that it is one", "a.md", page("openapi.json get /v1/things/", "a: 1"), ":15:1", "no `openapi` field", ""},
		{"yaml syntax", "a brace too few: where it opens", "a.yaml", "openapi: 3.1.0\ninfo: {title: t\npaths: {}\n", ":2:1", "did not find expected ',' or '}'", "mend"},
		{"syntax in a page", "the page's line", "a.md", page("openapi.json get /v1/things/", "openapi: 3.1.0\na: b: c"), ":16:1", "neither JSON nor YAML", "mend"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := loadText(t, c.file, c.content)
			e, ok := errors.AsType[*spec.Error](err)
			if !ok {
				t.Fatalf("%s: %v", c.why, err)
			}
			_, at, _ := strings.Cut(e.Position.String(), c.file)
			if !strings.HasPrefix(at, c.at) || (c.at == "") != (at == "") {
				t.Errorf("the place is %q, not %q", at, c.at)
			}
			if !strings.Contains(e.Message, c.message) || !strings.Contains(e.HowToFix, c.remedy) {
				t.Errorf("%s: %v", c.why, err)
			}
			if errors.Is(err, spec.ErrUnreachable) {
				t.Error("it was reached")
			}
		})
	}
}

func TestLoadTakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, file, content string }{
		{"yaml", "", "a.yaml", thing},
		{"byte order mark", "Windows", "a.yaml", "\xef\xbb\xbf" + thing},
		{"CRLF", "Windows", "a.yaml", strings.ReplaceAll(thing, "\n", "\r\n")},
		{"no extension", "a download", "download", thing},
		{"page", "", "a.md", page("openapi.json get /v1/things/", thing)},
		{"page, CRLF", "Windows", "a.md", strings.ReplaceAll(page("openapi.json GET /v1/things/", thing), "\n", "\r\n")},
		{"page, byte order mark", "Windows", "a.txt", "\xef\xbb\xbf" + page("get /v1/things/", thing)},
		{"fence without heading", "it begins like a document", "a.md", "# T\n~~~\n" + thing + "~~~\n"},
		{"indented fence", "inside a component of the page", "a.mdx", "<Tab>\n    ```yaml get /v1/things/\n    " + strings.ReplaceAll(thing, "\n", "\n    ") + "\n    ```\n</Tab>\n"},
		{"front matter", "its openapi line is none of a document", "a.mdx", "---\ntitle: Things\nopenapi: get /v1/things/\n---\n" + page("get /v1/things/", thing)},
		{"the same twice", "merged with itself", "a.md", page("get /v1/things/", thing) + page("get /v1/things/", thing)},
		{"yaml flow style", "begins like JSON", "a.yaml", "{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {/v1/things/: {get: {operationId: list_things, responses: {'200': {description: OK}}}}}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := loadText(t, c.file, c.content)
			if err != nil {
				t.Fatalf("%s: %v", c.why, err)
			}
			want, err := spec.Parse([]byte(thing))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want.Canonical()), string(l.Document.Canonical())); diff != "" {
				t.Errorf("%s:\n%s", c.why, diff)
			}
			if len(l.Taken) == 0 || len(l.Warnings) != 0 {
				t.Errorf("taken %q, warned %v", l.Taken, l.Warnings)
			}
		})
	}
}

// endless is an input without an end; how much of it was read counts.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestLoadIsBounded(t *testing.T) {
	t.Parallel()
	in := &endless{}
	_, err := spec.Load(context.Background(), []string{"-"}, spec.Stdin(in), spec.MaxBytes(1<<20))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
	if in.read > 2<<20 {
		t.Errorf("read %d bytes", in.read)
	}
	_, err = spec.Load(context.Background(), []string{"-"}, spec.Stdin(&endless{}))
	if err == nil || !strings.Contains(err.Error(), "33554432 bytes") {
		t.Error(err)
	}
}

func TestLoadWrongUse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		sources    []string
		opts       []spec.LoadOption
	}{
		{"no source", "no source", nil, nil},
		{"no file", "no such file", []string{"nowhere.yaml"}, nil},
		{"a folder", "cannot be read", []string{"."}, nil},
		{"another scheme", "http or https", []string{"ftp://x/y"}, nil},
		{"a broken address", "https://host/path", []string{"https://user:hunter2@/"}, nil},
		{"a bad input", "input is broken", []string{"-"}, []spec.LoadOption{spec.Stdin(broken{})}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := spec.Load(context.Background(), c.sources, c.opts...)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Error(err)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := spec.Load(ctx, []string{"-"}, spec.Stdin(strings.NewReader(thing))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("input is broken") }

func FuzzPage(f *testing.F) {
	f.Add([]byte(page("openapi.json get /v1/things/", thing)))
	f.Add([]byte("```yaml get /a\nopenapi: 3.1.0\n```"))
	f.Add([]byte("~~~\nopenapi: 3.1.0\r\n~~~~\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := spec.Load(context.Background(), []string{"-"}, spec.Stdin(bytes.NewReader(data)), spec.MaxBytes(1<<20))
		if (l == nil) == (err == nil) {
			t.Fatal("neither a document nor an error")
		}
		if err != nil {
			e, ok := errors.AsType[*spec.Error](err)
			if ok && e.Position.Line > 1+bytes.Count(data, []byte("\n")) {
				t.Fatalf("a line the page does not have: %v", err)
			}
			return
		}
		canonical(t, l.Document)
	})
}

// canonical checks that a document's canonical form is one, and that every
// value has a place.
func canonical(t *testing.T, d *spec.Document) {
	t.Helper()
	first := d.Canonical()
	again, err := spec.Parse(first)
	if err != nil {
		t.Fatalf("%v:\n%s", err, first)
	}
	if !bytes.Equal(first, again.Canonical()) {
		t.Fatalf("canonical is not canonical:\n%s", first)
	}
	var walk func(pointer string)
	walk = func(pointer string) {
		if p, ok := d.Position(pointer); !ok || p.Line < 1 || p.Column < 1 {
			t.Fatalf("%q is at %v", pointer, p)
		}
		for _, key := range d.Keys(pointer) {
			walk(spec.Join(pointer, key))
		}
	}
	walk("")
}
