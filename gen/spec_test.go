package gen_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/digakit/digakit/gen"
)

func TestOpenAPIIsThePublishedDocument(t *testing.T) {
	t.Parallel()
	published, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(gen.OpenAPI(), published) {
		t.Error("gen.OpenAPI() differs from openapi.json: run `make generate`")
	}
}

func TestOpenAPIReturnsACopy(t *testing.T) {
	t.Parallel()
	gen.OpenAPI()[0] = 'x'
	if gen.OpenAPI()[0] != '{' {
		t.Error("a caller's write reached the embedded document")
	}
}
