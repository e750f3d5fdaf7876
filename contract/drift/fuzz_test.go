package drift_test

import (
	"context"
	"testing"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/spec"
)

// FuzzCompare compares whatever is a document with itself and with the API's:
// itself it equals, and no comparison fails.
func FuzzCompare(f *testing.F) {
	// Small ones: `go test` takes long to make an interesting large one smaller.
	f.Add([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/v1/api_key/":{"get":{"parameters":[{"name":"limit","in":"query","schema":{"anyOf":[{"type":"integer"},{"type":"null"}]}}],"responses":{"200":{"description":"d"}}}}}}`))
	f.Add([]byte(`{"openapi":"3.0.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"default":{"description":"d","content":{"a/b":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},"components":{"schemas":{"A":{"oneOf":[{"$ref":"#/components/schemas/A"},{"not":{}}]}}}}`))
	base, err := spec.Parse(edited(f, withCreate()...))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := spec.Parse(data)
		if err != nil {
			return
		}
		again, err := spec.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		r, err := drift.Compare(context.Background(), d, again)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range r.Findings {
			t.Errorf("drifts from itself: %s: %s", found.Check, found.Message)
		}
		if _, err := drift.Compare(context.Background(), base, d); err != nil {
			t.Fatal(err)
		}
	})
}
