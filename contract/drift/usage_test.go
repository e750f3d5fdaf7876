package drift_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// record is the coverage of what a caller's tests asked of the mock, through the
// JSON that a file of it holds.
func record(t *testing.T, document *spec.Document, targets ...string) *coverage.Report {
	t.Helper()
	v, err := contract.For(document)
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithKnownSecrets())
	if err != nil {
		t.Fatal(err)
	}
	covered := coverage.New(v)
	client := &http.Client{Transport: v.Transport(mock.Transport(), contract.ObserveOnly(), contract.Observe(covered.Record))}
	for _, target := range targets {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://mock.test"+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	seen := covered.Report()
	data, err := json.Marshal(map[string]any{"tool": "verify", "coverage": seen})
	if err != nil {
		t.Fatal(err)
	}
	read, err := coverage.ParseReport(data)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// A change says how many of the recorded calls it concerns.
func TestUsage(t *testing.T) {
	t.Parallel()
	seed := spectest.Seed()
	asked := record(t, parsed(t, seed), "/v1/api_key/", "/v1/api_key/?limit=3", "/v1/api_key/?limit=2", "/v1/api_key/?limit=0")
	for _, c := range []struct {
		name, why, check string
		edit             edit
		want             report.Usage
	}{
		{"the path", "each call", "api-path-renamed", move(path, "/paths/~1elsewhere"), report.Usage{Calls: 4, Message: "breaks 4 calls you make"}},
		{"a parameter that was sent", "those that sent it, the refused one too", "request-parameter-removed", remove(limit), report.Usage{Calls: 3, Message: "breaks 3 calls you make"}},
		{"another default", "those that left it out", "request-parameter-default-value-changed", set(limit+"/schema/default", "20"), report.Usage{Calls: 1, Message: "breaks 1 call you make"}},
		{"a parameter that was not sent", "no call has it", "request-parameter-removed", remove(order), report.Usage{Message: "breaks no call you make: of 4 calls, none sent or received this"}},
		{"a property that was received", "the calls answered 200", "response-required-property-removed", remove(schemas + "/RedactedApiKeyResponseSchema/properties/last_four_digits"),
			report.Usage{Calls: 3, Message: "breaks 3 calls you make, by what you received"}},
		{"an answer that never came", "nobody was refused so", "response-non-success-status-removed", remove(refused),
			report.Usage{Message: "concerns no call you make: of 4 calls, none sent or received this"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := compared(t, seed, edited(t, c.edit), drift.Usage(asked))
			i := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.Check == c.check })
			if i < 0 {
				t.Fatalf("%s is not found: %q", c.check, found(r, true))
			}
			if got := r.Findings[i].Usage; got == nil || *got != c.want {
				t.Errorf("%s: got %+v, want %+v", c.why, got, c.want)
			}
		})
	}
}

// In documents of others, what is called stands before what is not, among those as grave.
func TestUsageRanksRevisions(t *testing.T) {
	t.Parallel()
	base := parsed(t, spectest.Shared(t, "diga/openapi-2026-04-07.json"))
	revision := parsed(t, spectest.Shared(t, "diga/openapi-2026-07-22.json"))
	seen := record(t, base, "/v1/call/?limit=3", "/v1/call/", "/v1/call/?limit=2", "/v1/agent/")
	r, err := drift.Compare(context.Background(), base, revision, drift.Usage(seen))
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]int{}
	last, severity := int64(1<<40), report.None
	for _, f := range r.Findings {
		rank := int64(0)
		if f.Usage != nil {
			messages[f.Usage.Message]++
			if rank = f.Usage.Calls; rank == 0 {
				rank = -1
			}
		}
		if severity == f.Severity && rank > last {
			t.Errorf("%s %s (%+v) stands behind one of fewer calls", f.Check, f.Pointer, f.Usage)
		}
		last, severity = rank, f.Severity
	}
	for _, want := range []string{"breaks 3 calls you make, by what you received", "breaks 1 call you make, by what you received", "you never call this"} {
		if messages[want] == 0 {
			t.Errorf("nothing says %q: %v", want, messages)
		}
	}
	// The status of a call, which all three received, may now be another.
	if f := r.Findings[0]; !strings.Contains(f.Pointer, "Call") || f.Usage.Calls != 3 {
		t.Errorf("first stands %s at %s, %+v", f.Check, f.Pointer, f.Usage)
	}
	// A recording of another API is refused: it would say of everything that nobody calls it.
	other := record(t, parsed(t, spectest.Seed()), "/v1/api_key/")
	other.Operations[0].Path = "/elsewhere"
	if _, err := drift.Compare(context.Background(), base, revision, drift.Usage(other)); err == nil || !strings.Contains(err.Error(), "holds no call") {
		t.Errorf("another API's recording: %v", err)
	}
}
