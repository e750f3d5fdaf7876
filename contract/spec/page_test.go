package spec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// pageHead is how the documentation's pages begin: a banner, a title, prose.
const pageHead = "> ## Index\n> Everything is listed at https://docs.example.com/llms.txt\n\n# Things\n\n> What there is\n\n"

// page puts a fragment into a docs page.
func page(heading, fragment string) string {
	return pageHead + "```bash\ncurl https://api.example.com\n```\n\n## OpenAPI\n\n````yaml " + heading + "\n" + fragment + "\n````\n"
}

// asYAML writes a JSON document as YAML, keys in their order.
func asYAML(t *testing.T, document []byte) string {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal(document, &node); err != nil {
		t.Fatal(err)
	}
	var block func(n *yaml.Node)
	block = func(n *yaml.Node) {
		n.Style = 0
		for _, c := range n.Content {
			block(c)
		}
	}
	block(&node)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// loadText loads one source from a file of that name.
func loadText(t *testing.T, name, content string) (*spec.Loaded, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return spec.Load(context.Background(), []string{path})
}

func TestPageGivesThePublishedDocument(t *testing.T) {
	t.Parallel()
	l, err := loadText(t, "page.md", page("/api-reference/openapi.json get /v1/api_key/", asYAML(t, spectest.Seed())))
	if err != nil {
		t.Fatal(err)
	}
	if !l.Partial {
		t.Error("a docs page is not the whole API")
	}
	if got := l.Document.Canonical(); !bytes.Equal(got, spectest.Seed()) {
		t.Errorf("not openapi.json byte for byte:\n%s", got)
	}
	at, ok := l.Document.Position("/openapi")
	if !ok || at.Line != 15 || at.Column != 1 || filepath.Base(at.Source) != "page.md" {
		t.Errorf("the line of the page is wanted, not %v", at)
	}
	if len(l.Taken) != 1 || !strings.HasSuffix(l.Taken[0], "page.md:14: get /v1/api_key/ with 5 components, a fragment of /api-reference/openapi.json") {
		t.Errorf("taken: %q", l.Taken)
	}
	if len(l.Left) != 2 || !strings.HasSuffix(l.Left[1], "1 fence without OpenAPI") {
		t.Errorf("left: %q", l.Left)
	}
}

func TestCanonicalIsCanonical(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(`{"openapi":"3.1.0","paths":{},"info":{"version":"1","title":"\u00e9é😀\u007f\/<&>\n"},"x-n":[1.10,1e400,-0,[],{}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "openapi": "3.1.0",
  "paths": {},
  "info": {
    "version": "1",
    "title": "\u00e9\u00e9\ud83d\ude00\u007f/<&>\n"
  },
  "x-n": [
    1.10,
    1e400,
    -0,
    [],
    {}
  ]
}
`
	if got := string(d.Canonical()); got != want {
		t.Errorf("%s", got)
	}
	if !json.Valid(d.JSON()) {
		t.Error("no JSON")
	}
}
