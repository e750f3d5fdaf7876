package coverage_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

const document = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"operationId":"a",
"parameters":[{"name":"limit","in":"query","schema":{"type":"integer"}},{"name":"X","in":"header","schema":{"type":"string"}}],
"responses":{"200":{"description":"d"},"4XX":{"description":"d"},"default":{"description":"d"}}},
"post":{"responses":{"204":{"description":"d"}}}}}}`

func operations(t *testing.T) []*contract.Operation {
	t.Helper()
	v, err := contract.New([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return v.Operations()
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	ops := operations(t)
	c := coverage.New(ops)
	get := ops[0]
	c.Record(get, "", http.StatusOK)
	c.Record(get, "limit=1&x=2", http.StatusNotFound) // 4XX
	c.Record(get, "%6Cimit=1", http.StatusBadGateway) // default; an escaped name
	c.Record(get, "%zz=1", 0)                         // no answer
	c.Record(operations(t)[0], "", http.StatusOK)     // of another validator
	want := coverage.Report{
		Covered: 5, Total: 7,
		Operations: []coverage.Operation{
			{
				Operation: "a", Method: "GET", Path: "/a", Calls: 4,
				Statuses:   []coverage.Item{{Name: "200", Count: 1}, {Name: "4XX", Count: 1}, {Name: "default", Count: 1}},
				Parameters: []coverage.Item{{Name: "limit", Count: 2}},
			},
			{
				Operation: "POST /a", Method: "POST", Path: "/a",
				Statuses: []coverage.Item{{Name: "204"}}, Parameters: []coverage.Item{},
			},
		},
	}
	if diff := cmp.Diff(want, c.Report()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	c.Reset()
	if r := c.Report(); r.Covered != 0 || r.Total != 7 {
		t.Errorf("after a reset %d of %d are covered", r.Covered, r.Total)
	}
}

func TestCoverageCountsEachOfManyAtOnce(t *testing.T) {
	t.Parallel()
	ops := operations(t)
	c := coverage.New(ops)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { c.Record(ops[0], "limit=1", http.StatusOK) })
	}
	wg.Wait()
	if got := c.Report().Operations[0]; got.Calls != 100 || got.Statuses[0].Count != 100 || got.Parameters[0].Count != 100 {
		t.Errorf("counted %+v", got)
	}
}
