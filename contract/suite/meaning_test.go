package suite_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

const posts = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{
	"/a":{"post":{"operationId":"make_a","responses":{"201":{"description":"made"}}}},
	"/b":{"post":{"operationId":"make_b","responses":{"201":{"description":"made"}}}}}}`

// TestAPassMeansSomething: refusals of what the document does not have are no success.
func TestAPassMeansSomething(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			w.WriteHeader(http.StatusInternalServerError)
		case r.URL.Path == "/a" || r.URL.Path == "/b":
			w.Header().Set("Allow", "POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(srv.Close)
	r, err := suite.Check(t.Context(), suite.Target{URL: srv.URL, Document: []byte(posts)})
	if err != nil {
		t.Fatal(err)
	}
	if got := failed(r); !slices.Equal(got, []string{"nothing_succeeded"}) || len(r.NotChecked) != 2 || !strings.Contains(r.NotChecked[0].Reason, "--writes") {
		t.Errorf("found by %v, not checked %+v", got, r.NotChecked)
	}
}

// TestUndocumentedRefusals: documents leave out 401, 403 and 404; whoever sends one says
// so or rests on an assumption. Other statuses are findings as ever.
func TestUndocumentedRefusals(t *testing.T) {
	t.Parallel()
	refused := func(status int, declared bool) around {
		return answered(func(r *http.Request, a *reply) {
			if r.URL.Query().Has("after") {
				*a = *envelope(status)
				if declared {
					a.header.Set("Contract-Departure", "a test")
				}
			}
		})
	}
	for _, tc := range []struct {
		name     string
		around   around
		severity report.Severity // of status_code_conformance; empty: no finding
		rests    string
	}{
		{"an undocumented 404", refused(http.StatusNotFound, false), report.Warning, "missing_item"},
		{"an undocumented 401 to the key", refused(http.StatusUnauthorized, false), report.Warning, "forbidden"},
		{"a 404 that is declared", refused(http.StatusNotFound, true), "", ""},
		{"an undocumented 409", refused(http.StatusConflict, false), report.Error, ""},
		{"a success that is declared", answered(func(r *http.Request, a *reply) {
			if r.URL.Query().Has("after") {
				a.status = http.StatusCreated
				a.header.Set("Contract-Departure", "a test")
			}
		}), report.Error, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := serve(t, tc.around, func(to *suite.Target) { to.Only = "[ps]*" })
			if err != nil {
				t.Fatal(err)
			}
			var got report.Finding
			for _, f := range r.Findings {
				if f.Check == "status_code_conformance" {
					got = f
				}
			}
			if got.Severity != tc.severity || got.Assumption != tc.rests {
				t.Errorf("severity %q, assumption %q; want %q, %q", got.Severity, got.Assumption, tc.severity, tc.rests)
			}
		})
	}
}

// TestPermissionsOneByOne: a restricted key does what it may and nothing else.
func TestPermissionsOneByOne(t *testing.T) {
	t.Parallel()
	wellKnown := []string{mockserver.UnrestrictedKey, mockserver.NoAccessKey}
	for _, tc := range []struct {
		name   string
		around around
		cases  []string
	}{
		{"the mock", func(h http.Handler) http.Handler { return h }, nil},
		{"every key may do everything", asked(func(r *http.Request) {
			if !slices.Contains(wellKnown, bearer(r)) {
				unlock(r)
			}
		}), []string{"all others"}},
		{"restricted keys may do nothing", asked(func(r *http.Request) {
			if !slices.Contains(wellKnown, bearer(r)) {
				r.Header.Set("Authorization", "Bearer "+mockserver.NoAccessKey)
			}
		}), []string{"exactly api_keys.view"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
			if err != nil {
				t.Fatal(err)
			}
			srv := httptest.NewServer(tc.around(mock))
			t.Cleanup(srv.Close)
			lab := mock.Lab()
			r, err := suite.Check(t.Context(), suite.Target{
				URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, Lab: lab, Only: "permissions_one_by_one",
				Needs: lab.Needs,
			})
			if err != nil {
				t.Fatal(err)
			}
			var cases []string
			for _, f := range r.Findings {
				cases = append(cases, f.Case)
			}
			if !slices.Equal(cases, tc.cases) || len(r.Permissions) != 1 || !slices.Equal(r.Permissions[0].Needs, []string{"api_keys.view"}) {
				t.Errorf("cases %v, want %v; %+v", cases, tc.cases, r.Permissions)
			}
		})
	}
}

// TestSkippedOperationsAreNotCalled, by whichever name.
func TestSkippedOperationsAreNotCalled(t *testing.T) {
	t.Parallel()
	for _, glob := range []string{"list_*", "/v1/api_key/", "GET /v1/*", "*"} {
		requests := 0
		r, err := serve(t, instead(func(*http.Request) *reply { requests++; return nil }), func(to *suite.Target) { to.Skip = []string{glob} })
		if err != nil || requests > 0 || len(r.NotChecked) != 1 {
			t.Errorf("%s: %d requests, %v, %+v", glob, requests, err, r.NotChecked)
		}
	}
	if _, err := serve(t, func(h http.Handler) http.Handler { return h }, func(to *suite.Target) { to.Skip = []string{"lst_*"} }); err == nil {
		t.Error("a glob that names no operation is taken")
	}
}
