package suite_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

var _ suite.Lab = (*mockserver.Lab)(nil)

// target is what a test checks: a mock of its own with its lab.
func target(srv *mockserver.Server) suite.Target {
	return suite.Target{
		URL: srv.URL(), Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey,
		Lab: srv.Lab(),
	}
}

func TestMockPasses(t *testing.T) {
	t.Parallel()
	suite.Run(t, target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))))
}

func TestCheckSaysTheSame(t *testing.T) {
	t.Parallel()
	r, err := suite.Check(t.Context(), target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s", f.Check, f.Message)
	}
	if r.Summary.Passed == 0 {
		t.Error("nothing passed")
	}
	for _, c := range r.Checks {
		for _, reason := range c.Reasons {
			if strings.Contains(reason, "no value is known") {
				t.Errorf("%s guesses where something is known: %s", c.ID, reason)
			}
		}
	}
}

// TestMockPassesHoweverItIsAsked: every way to ask is a way of its own to cry wolf.
func TestMockPassesHoweverItIsAsked(t *testing.T) {
	t.Parallel()
	for _, unsafe := range []bool{false, true} {
		for _, lab := range []bool{false, true} {
			for _, keys := range sample([]int{4, 3, 137}) { // the well-known keys are the first three
				t.Run(fmt.Sprintf("unsafe=%v/lab=%v/keys=%d", unsafe, lab, keys), func(t *testing.T) {
					t.Parallel()
					srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithKeys(keys))
					to := target(srv)
					to.Unsafe = unsafe
					if !lab {
						to.Lab = nil
					}
					suite.Run(t, to)
					if n := srv.BadResponses(); n > 0 {
						t.Errorf("%d answers of the mock broke the contract", n)
					}
				})
			}
		}
	}
}

func TestHeadersOfTheTargetAreNoCredentials(t *testing.T) {
	t.Parallel()
	to := target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())))
	to.Header = http.Header{"Authorization": {"Bearer " + mockserver.UnrestrictedKey}, "X-Trace": {"1"}}
	r, err := suite.Check(t.Context(), to)
	if err != nil || len(r.Findings) > 0 {
		t.Errorf("%v, %v", err, failed(r))
	}
}

// TestWhatChangesDataIsToldOf: an operation that is not called must not look as
// if it was fine.
func TestWhatChangesDataIsToldOf(t *testing.T) {
	t.Parallel()
	for _, c := range (library{}).check(t).Checks {
		if c.ID == "positive_data_acceptance" && c.Operation == "add_book" && c.Passed == 0 && c.Skipped == 1 && strings.HasPrefix(c.Reasons[0], "POST changes data") {
			return
		}
	}
	t.Error("add_book was not called, and nobody says so")
}

func TestDroppedConnectionsAreNotRetriedAway(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	r, err := serve(t, instead(func(*http.Request) *reply {
		if requests.Add(1)%40 == 0 {
			panic(http.ErrAbortHandler)
		}
		return nil
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := failed(r); !slices.Equal(got, []string{"response_completeness"}) || len(r.Notes) != 1 {
		t.Errorf("found by %v, notes %q", got, r.Notes)
	}
}

// TestRedirectToPlainHTTP: what leads away from https gives the key away.
func TestRedirectToPlainHTTP(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewTLSServer(redirects(func(r *http.Request) string { return "http://" + r.Host + r.URL.Path + "/?" + r.URL.RawQuery })(mock))
	t.Cleanup(srv.Close)
	r, err := suite.Check(t.Context(), suite.Target{
		URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, Transport: srv.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Check != "slash_redirect" || r.Findings[0].Case != "scheme" {
		t.Errorf("findings %+v", r.Findings)
	}
}

// TestDeletedMeanwhile: an id that was there and is gone is no finding.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
	demo, err := srv.Project("demo")
	if err != nil {
		t.Fatal(err)
	}
	to := target(srv)
	to.Only = "positive_data_acceptance"
	var gone bool
	to.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
		if id := r.URL.Query().Get("after"); id != "" && !gone {
			gone = true
			if err := demo.DeleteKey(uuid.MustParse(id)); err != nil {
				t.Error(err)
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	r, err := suite.Check(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if !gone || len(r.Findings) > 0 || !slices.Contains(r.Checks[0].Reasons, "what after named was deleted meanwhile") {
		t.Errorf("findings %v, skipped because %q", failed(r), r.Checks[0].Reasons)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCoverageCounts(t *testing.T) {
	t.Parallel()
	validator, err := contract.New(spectest.Seed())
	if err != nil {
		t.Fatal(err)
	}
	to := target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())))
	to.Coverage = coverage.New(validator)
	if _, err := suite.Check(t.Context(), to); !errors.Is(err, suite.ErrTarget) {
		t.Errorf("without the validator: %v", err)
	}
	to.Validator = validator
	r, err := suite.Check(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if r.Coverage == nil || len(r.Coverage.Operations) != 1 || r.Coverage.Operations[0].Calls < 300 {
		t.Errorf("coverage %+v", r.Coverage)
	}
}

// TestFailuresAreToldApart: a server that fails over two parameters has two
// defects; one that fails over everything does not have hundreds.
func TestFailuresAreToldApart(t *testing.T) {
	t.Parallel()
	r, err := serve(t, failsOver(func(query string) bool {
		return strings.HasPrefix(query, "page=99999999") || strings.HasPrefix(query, "limit=%") || strings.HasPrefix(query, "after=\xff")
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]string{}
	for _, f := range r.Findings {
		messages[f.Case] = f.Message
		if f.Case == "after" && !strings.HasSuffix(f.Curl, `/v1/api_key/?after=$(printf '\377')"`) {
			t.Error(f.Curl)
		}
	}
	if diff := cmp.Diff(map[string]string{
		"after": "the server answered 500 to after: byte that is no UTF-8, not encoded",
		"limit": "the server answered 500 to limit: byte that is no UTF-8",
		"page":  "the server answered 500 to page: 8 kB of digits",
	}, messages); diff != "" {
		t.Error(diff)
	}
	everything, err := serve(t, answered(func(r *http.Request, a *reply) {
		if a.status == http.StatusUnprocessableEntity {
			*a = *envelope(http.StatusInternalServerError)
		}
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(everything.Findings); n < 2 || n > 10 {
		t.Errorf("%d findings: %v", n, failed(everything))
	}
}

// TestPagesBehindTheEndMayBeRefused: with 3 keys there is no second page.
func TestPagesBehindTheEndMayBeRefused(t *testing.T) {
	t.Parallel()
	for _, keys := range []int{3, 4} {
		mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal(), mockserver.WithKeys(keys))
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(refuses(func(q url.Values) bool { return q.Has("page") && q.Get("page") != "1" })(mock))
		t.Cleanup(srv.Close)
		r, err := suite.Check(t.Context(), suite.Target{
			URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, Only: "positive_data_acceptance",
		})
		if err != nil || len(r.Findings) > 0 || r.Summary.Passed < 50 {
			t.Errorf("%v, %v, %d cases passed", err, failed(r), r.Summary.Passed)
		}
	}
}
