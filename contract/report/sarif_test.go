package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/report"
)

// sarifSchema is the one that OASIS published; see testdata/README.md.
func sarifSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSARIFFollowsThePublishedSchema(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for name, r := range samples() {
		text := written(t, r, report.SARIF)
		if err := validate(schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		// The schema is not one that allows everything.
		if err := validate(schema, strings.Replace(text, `"runs"`, `"run"`, 1)); err == nil {
			t.Errorf("%s without runs is valid", name)
		}
	}
}

func validate(schema *jsonschema.Schema, text string) error {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}
