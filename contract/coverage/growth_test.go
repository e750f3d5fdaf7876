package coverage_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// mesh is a document whose schemas all refer to all: there are more paths through
// them than could ever be written down.
func mesh(operations, schemas int) string {
	var paths, components []string
	for i := range operations {
		paths = append(paths, fmt.Sprintf(`"/a%d":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/S%d"}}}}}}}`, i, i%schemas))
	}
	for i := range schemas {
		var properties []string
		for j := range schemas {
			properties = append(properties, fmt.Sprintf(`"p%d":{"$ref":"#/components/schemas/S%d"}`, j, j))
		}
		components = append(components, fmt.Sprintf(`"S%d":{"properties":{%s}}`, i, strings.Join(properties, ",")))
	}
	return document("{"+strings.Join(paths, ",")+"}", "{"+strings.Join(components, ",")+"}")
}

// TestPlansGrowWithTheDocument counts what is made, as the document has it and not as
// there are paths through its schemas.
func TestPlansGrowWithTheDocument(t *testing.T) {
	t.Parallel()
	const schemas = 10
	for _, operations := range []int{10, 100, 1000} {
		v := validator(t, mesh(operations, schemas))
		c := coverage.New(v)
		if kinds, bodies, counters := coverage.Made(c); kinds != 0 || bodies != schemas || counters != 0 {
			t.Errorf("New made %d kinds, %d bodies and %d counters for %d operations; want none, %d and none", kinds, bodies, counters, operations, schemas)
		}
		for i, o := range v.Operations() {
			c.Record(contract.Exchange{Operation: o, Status: http.StatusOK, Body: []byte(`{"p1":{"p2":{}}}`)})
			if kinds, _, counters := coverage.Made(c); kinds > schemas || counters > 5000*(i+1) {
				t.Fatalf("%d kinds and %d counters after %d bodies", kinds, counters, i+1)
			}
			if i == schemas {
				break
			}
		}
	}
	c := coverage.New(validator(t, string(spectest.Document(136))))
	if kinds, bodies, counters := coverage.Made(c); kinds != 0 || counters != 0 || bodies > 3*136 {
		t.Errorf("New made %d kinds, %d bodies and %d counters for an ordinary document", kinds, bodies, counters)
	}
}

// BenchmarkNew takes a tenth more for a tenth more of the document.
func BenchmarkNew(b *testing.B) {
	run := func(name, document string) {
		v := validator(b, document)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				coverage.New(v)
			}
		})
	}
	for _, operations := range []int{50, 500} {
		run(fmt.Sprintf("mesh of %d", operations), mesh(operations, 8))
		run(fmt.Sprintf("ordinary of %d", operations), string(spectest.Document(operations)))
	}
}

// TestMeshOfOthers reads a small document that took 4 seconds and 71 MB.
func TestMeshOfOthers(t *testing.T) {
	t.Parallel()
	c := coverage.New(validator(t, string(spectest.Shared(t, "cases/real/mesh8x50.json"))))
	if kinds, bodies, counters := coverage.Made(c); kinds != 0 || bodies != 1 || counters != 0 {
		t.Errorf("New made %d kinds, %d bodies and %d counters; want one body that all 50 operations share", kinds, bodies, counters)
	}
}
