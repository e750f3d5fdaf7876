package suite_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// recorder writes down what is sent.
type recorder struct {
	base  http.RoundTripper
	lines []string
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.lines = append(r.lines, request.Method+" "+request.URL.RequestURI()+" "+request.Header.Get("Authorization")+" "+request.Header.Get("X-Api-Key"))
	return r.base.RoundTrip(request)
}

// TestSameRequestsInEveryRun: a finding must be there again in the next run.
func TestSameRequestsInEveryRun(t *testing.T) {
	t.Parallel()
	var runs [2][]string
	for i := range runs {
		mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
		if err != nil {
			t.Fatal(err)
		}
		sent := &recorder{base: mock.Transport()}
		if _, err := suite.Check(t.Context(), suite.Target{
			URL: "http://127.0.0.1:4010", Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey,
			Unsafe: true, Transport: sent, Assume: map[string]string{"repeated_parameter": "last", "no_trailing_slash": "redirect"},
		}); err != nil {
			t.Fatal(err)
		}
		runs[i] = sent.lines
	}
	if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
		t.Error(diff)
	}
	if len(runs[0]) < 300 {
		t.Errorf("%d requests", len(runs[0]))
	}
}

// TestRateIsKept: 20 requests at 100 a second take 190 ms at least.
func TestRateIsKept(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
	to := target(srv)
	to.Rate, to.Only = 100, "ignored_auth"
	sent := &recorder{base: http.DefaultTransport}
	to.Transport = sent
	began := time.Now()
	if _, err := suite.Check(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	took, least := time.Since(began), time.Duration(len(sent.lines)-1)*10*time.Millisecond
	if took < least || len(sent.lines) < 15 {
		t.Errorf("%d requests in %v, want at least %v", len(sent.lines), took, least)
	}
}
