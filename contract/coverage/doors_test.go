package coverage_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// walkQueries are asked of the mock with each of its keys.
func walkQueries() []string {
	return []string{
		"", "?limit=1", "?limit=1000", "?limit=0", "?limit=1001", "?limit=x", "?page=1", "?page=0", "?page=x", "?page=9", "?order=asc", "?order=desc",
		"?order=x", "?after=x", "?before=x",
	}
}

// transport answers from a handler, without a network.
type transport struct{ http.Handler }

func (h transport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func ask(t *testing.T, rt http.RoundTripper, query, key string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+listPath+query, nil)
	r.Header.Set("Authorization", "Bearer "+key)
	resp, err := rt.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// Both doors tell the same of the same traffic, and so does the mock of itself.
func TestDoorsCoverTheSame(t *testing.T) {
	t.Parallel()
	v, _ := diga(t)
	uncovered := coverage.New(v, coverage.UnsafeMethods(), coverage.ServerErrors())
	inServer, inClient := uncovered.Fresh(), uncovered.Fresh()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithKnownSecrets())
	if err != nil {
		t.Fatal(err)
	}
	server := v.Middleware(mock, contract.Observe(inServer.Record))
	client := v.Transport(transport{server}, contract.ObserveOnly(), contract.Observe(inClient.Record))
	for _, query := range walkQueries() {
		for _, key := range []string{mockserver.ReadOnlyKey, mockserver.NoAccessKey} {
			ask(t, client, query, key)
		}
	}
	demo, err := mock.Project("demo")
	if err != nil {
		t.Fatal(err)
	}
	got := inServer.Report()
	if diff := cmp.Diff(got, inClient.Report()); diff != "" {
		t.Errorf("coverage (-Middleware +Transport):\n%s", diff)
	}
	// What answers rest on is the mock's to know.
	if diff := cmp.Diff(got, demo.Coverage(), cmpopts.IgnoreFields(coverage.Operation{}, "Bases")); diff != "" {
		t.Errorf("coverage (-Middleware +mock):\n%s", diff)
	}
	want := coverage.Totals{
		Operations: coverage.Share{Covered: 1, Total: 1},
		Parameters: coverage.Share{Covered: 5, Total: 5},
		Boundaries: coverage.Share{Covered: 13, Total: 13},
		Statuses:   coverage.Share{Covered: 3, Total: 4}, // nobody asked for a 500
		Properties: coverage.Share{Covered: 19, Total: 22},
		Values:     got.Totals.Values,
	}
	if diff := cmp.Diff(want, got.Totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	if got.Totals.Values.Total != 72 || got.Totals.Values.Covered < 40 {
		t.Errorf("values: %+v", got.Totals.Values)
	}
}
