package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// published writes the document we are built on: as a docs page that shows it
// in the way the vendor's pages do, and as it is.
func published(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: published PAGE DOCUMENT")
	}
	var document yaml.Node
	ts.Check(yaml.Unmarshal(spectest.Seed(), &document))
	unquote(&document)
	page := bytes.NewBufferString("> ## Documentation Index\n\n# List\n\n## OpenAPI\n\n````yaml /openapi.json get /v1/api_key/\n")
	e := yaml.NewEncoder(page)
	e.SetIndent(2)
	ts.Check(e.Encode(&document))
	page.WriteString("````\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), page.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), spectest.Seed(), 0o600))
}

// unquote turns JSON's style into YAML's own.
func unquote(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		unquote(c)
	}
}

func TestSpecImportExitCodes(t *testing.T) {
	t.Parallel()
	good := filepath.Join(t.TempDir(), "good.json")
	if err := os.WriteFile(good, spectest.Seed(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, source string
		want         int
	}{
		{"good", good, exitOK},
		{"no file", good + ".not", exitUsage},
		{"no spec", os.Args[0], exitUsage},
		{"nobody there", "http://127.0.0.1:1/openapi.json", exitUnreachable},
		{"no address", "gopher://127.0.0.1/", exitUsage},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if got := run(context.Background(), []string{"spec", "import", c.source, "-o", "-"}, &stdout, &stderr); got != c.want {
				t.Errorf("exit code %d, not %d: %s", got, c.want, stderr.String())
			}
			if (stdout.Len() > 0) != (c.want == exitOK) {
				t.Errorf("on stdout: %s", stdout.String())
			}
		})
	}
}
