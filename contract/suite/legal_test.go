package suite_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// legal is a server that differs from the mock and keeps to the document.
type legal struct {
	name   string
	why    string // it is legal
	around around
	target func(*suite.Target) // changes what is checked; nil: nothing
}

func TestLegalVariationsPass(t *testing.T) {
	t.Parallel()
	for _, tc := range sample(legalVariations) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := serve(t, tc.around, tc.target)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				if f.Severity.AtLeast(report.Warning) {
					t.Errorf("%s: %s\n%s\nlegal, because %s", f.Check, f.Message, f.Curl, tc.why)
				}
			}
			if r.Summary.Passed < 300 {
				t.Errorf("%d cases passed: the server was hardly looked at", r.Summary.Passed)
			}
		})
	}
}

func TestServerBehindAPrefixPasses(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.StripPrefix("/api", answered(func(r *http.Request, a *reply) {
		if location := a.header.Get("Location"); location != "" {
			a.header.Set("Location", "/api"+location)
		}
	})(mock)))
	t.Cleanup(srv.Close)
	r, err := suite.Check(t.Context(), suite.Target{
		URL: srv.URL + "/api/", Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s\n%s", f.Check, f.Message, f.Curl)
	}
	if r.Summary.Passed < 300 {
		t.Errorf("%d cases passed", r.Summary.Passed)
	}
}
