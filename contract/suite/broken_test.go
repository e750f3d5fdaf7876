package suite_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// serve puts a handler around a mock and checks it.
func serve(t *testing.T, around func(http.Handler) http.Handler, change func(*suite.Target)) (*report.Report, error) {
	t.Helper()
	mock, err := mockserver.New(mockserver.WithoutJournal())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(around(mock))
	t.Cleanup(srv.Close)
	to := suite.Target{URL: srv.URL, Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey}
	if change != nil {
		change(&to)
	}
	return suite.Check(t.Context(), to)
}

// failed lists the checks with findings of a severity of at least warning.
func failed(r *report.Report) []string {
	var ids []string
	for _, f := range r.Findings {
		if f.Severity.AtLeast(report.Warning) && !slices.Contains(ids, f.Check) {
			ids = append(ids, f.Check)
		}
	}
	slices.Sort(ids)
	return ids
}

// broken is a server with a defect, and the check that names it.
type broken struct {
	name   string
	around func(http.Handler) http.Handler
	check  string   // must find it
	also   []string // may see it too
}

func TestBrokenServersFail(t *testing.T) {
	t.Parallel()
	for _, tc := range brokenCredentials {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := serve(t, tc.around, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := failed(r)
			if !slices.Contains(got, tc.check) {
				t.Errorf("found by %v, not by %s", got, tc.check)
			}
			for _, id := range got {
				if id != tc.check && !slices.Contains(tc.also, id) {
					t.Errorf("%s cries too", id)
				}
			}
		})
	}
}

var brokenCredentials = []broken{{
	name: "takes everyone",
	around: func(mock http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
			mock.ServeHTTP(w, r)
		})
	},
	check: "ignored_auth",
	also:  []string{"insufficient_permission"},
}}
