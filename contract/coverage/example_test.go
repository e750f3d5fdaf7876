package coverage_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// A client's tests say what of the API they exercise.
func Example() {
	covered := ask3(func(resp *http.Response) { _, _ = io.Copy(io.Discard, resp.Body) })
	report := covered.Report()
	fmt.Printf("%d of %d calls counted, boundaries %s, statuses %s\n",
		report.Operations[0].Counted, report.Operations[0].Calls, report.Totals.Boundaries, report.Totals.Statuses)
	// Output: 3 of 3 calls counted, boundaries 4/13, statuses 2/3
}

// Wrong: a body that is not read to its end is not judged, and so does not count.
func Example_unread() {
	covered := ask3(func(*http.Response) {})
	report := covered.Report()
	fmt.Println(report.Operations[0].Counted, "of", report.Operations[0].Calls, "calls counted; nothing exercised:", report.Empty())
	// Output: 0 of 3 calls counted; nothing exercised: true
}

// ask3 asks the mock three times, counting what that covers.
func ask3(read func(*http.Response)) *coverage.Coverage {
	v, err := contract.New(spectest.Seed())
	if err != nil {
		panic(err)
	}
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()))
	if err != nil {
		panic(err)
	}
	covered := coverage.New(v)
	client := &http.Client{Transport: v.Transport(mock.Transport(), contract.ObserveOnly(), contract.Observe(covered.Record))}
	for _, query := range []string{"", "?limit=1000", "?limit=1001"} {
		r, _ := http.NewRequest(http.MethodGet, "http://mock.test/v1/api_key/"+query, nil)
		r.Header.Set("Authorization", "Bearer "+mockserver.ReadOnlyKey)
		resp, err := client.Do(r)
		if err != nil {
			panic(err)
		}
		read(resp)
		_ = resp.Body.Close()
	}
	return covered
}

// What is missing is told in words.
func ExampleOperation_Missing() {
	v, err := contract.New([]byte(`{"openapi":"3.1.0","info":{"title":"Pets","version":"1"},"paths":{"/pets":{"get":{
		"parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":100}}],
		"responses":{"200":{"description":"OK"},"422":{"description":"Refused"},"500":{"description":"Error"}}}}}}`))
	if err != nil {
		panic(err)
	}
	covered := coverage.New(v)
	op, _, _ := v.Route(http.MethodGet, "/pets")
	r, _ := http.NewRequest(http.MethodGet, "http://pets.test/pets?limit=100", nil)
	covered.Record(contract.Exchange{Operation: op, Request: r, Status: http.StatusOK})

	report := covered.Report()
	for _, line := range report.Operations[0].Missing() {
		fmt.Println(line)
	}
	// Output:
	// boundaries: limit: above maximum 100, not an integer
	// statuses: 422
}
