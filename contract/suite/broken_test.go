package suite_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// serve puts a handler around a mock and checks it.
func serve(t *testing.T, around func(http.Handler) http.Handler, change func(*suite.Target)) (*report.Report, error) {
	t.Helper()
	mock, err := mockserver.New(mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithoutJournal())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(around(mock))
	t.Cleanup(srv.Close)
	to := suite.Target{URL: srv.URL, Document: spectest.Seed(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey}
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

// shows tells whether a finding is of a case, or has it as an example.
func shows(f report.Finding, name string) bool {
	return f.Case == name || slices.ContainsFunc(f.Examples, func(e report.Example) bool { return e.Case == name })
}

// broken is a server with a defect, and the check that names it.
type broken struct {
	name   string
	around func(http.Handler) http.Handler
	check  string              // must find it
	cases  []string            // of that check, with which it must; none: any
	also   []string            // may see it too
	target func(*suite.Target) // changes what is checked; nil: nothing
}

// unsafe allows undocumented methods.
func unsafe(t *suite.Target) { t.Unsafe = true }

// assume makes the target assume one thing.
func assume(id, alternative string) func(*suite.Target) {
	return func(t *suite.Target) { t.Assume = map[string]string{id: alternative} }
}

// sample is the whole of a table; with -short every twelfth line of it: the race
// detector takes long, and learns nothing from each of many servers.
func sample[T any](table []T) []T {
	if !testing.Short() {
		return table
	}
	var some []T
	for i := 0; i < len(table); i += 12 {
		some = append(some, table[i])
	}
	return some
}

func TestBrokenServersFail(t *testing.T) {
	t.Parallel()
	for _, tc := range sample(slices.Concat(brokenCredentials, brokenAcceptance, brokenRejection, brokenPlaces, brokenHostile, brokenAssumptions)) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := serve(t, tc.around, tc.target)
			if err != nil {
				t.Fatal(err)
			}
			tc.judge(t, r)
		})
	}
}

// derived are the checks whose cases are derived from the document alone: a
// defect that one of them names is no business of the others. Checks of pages
// and keys may well see it, too.
var derived = []string{
	"not_a_server_error", "response_completeness", "content_encoding_conformance", "status_code_conformance",
	"content_type_conformance", "response_schema_conformance", "response_headers_conformance",
	"ignored_auth", "auth_scheme_case", "insufficient_permission", "unauthenticated",
	"positive_data_acceptance", "negative_data_rejection", "missing_required_header", "repeated_parameter",
	"unsupported_method", "allow_header_conformance", "undocumented_path", "slash_redirect", "no_trailing_slash", "hostile_input",
}

// judge says whether a report names the defect, and nothing that is none.
func (tc broken) judge(t *testing.T, r *report.Report) {
	t.Helper()
	got := failed(r)
	if !slices.Contains(got, tc.check) {
		t.Errorf("found by %v, not by %s", got, tc.check)
	}
	for _, name := range tc.cases {
		if !slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Check == tc.check && shows(f, name) }) {
			t.Errorf("%s does not find %q", tc.check, name)
		}
	}
	for _, f := range r.Findings {
		if f.Severity.AtLeast(report.Warning) && f.Check != tc.check && slices.Contains(derived, f.Check) && !slices.Contains(tc.also, f.Check) {
			t.Errorf("%s cries too: %s", f.Check, f.Message)
		}
	}
}

// TestDerivedChecksAreInTheTable: a check that was renamed would not be missed above.
func TestDerivedChecksAreInTheTable(t *testing.T) {
	t.Parallel()
	for _, id := range derived {
		if !slices.ContainsFunc(suite.Checks(), func(c suite.CheckInfo) bool { return c.ID == id && c.Explanation != "" && c.HowToFix != "" }) {
			t.Errorf("%s is not in the table, or does not explain itself", id)
		}
	}
}
