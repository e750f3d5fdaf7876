package suite_test

import (
	"slices"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// assumedPages are the assumptions about paging that the mock can take either way.
var assumedPages = []struct {
	id           string
	alternatives []string
	set          func(p *mockserver.Profile, alternative string)
}{
	{"page_with_cursor", []string{"reject", "page_wins", "cursor_wins"}, func(p *mockserver.Profile, a string) { p.PageWithCursor = mockserver.PageWithCursor(a) }},
	{"page_fields", []string{"page_mode_only", "always"}, func(p *mockserver.Profile, a string) { p.PageFields = mockserver.PageFields(a) }},
	{"unknown_cursor", []string{"reject", "empty"}, func(p *mockserver.Profile, a string) { p.UnknownCursor = mockserver.UnknownCursor(a) }},
	{"deleted_cursor", []string{"as_unknown", "resume"}, func(p *mockserver.Profile, a string) { p.DeletedCursor = mockserver.DeletedCursor(a) }},
	{"unrestricted_permissions", []string{"null", "empty"}, func(p *mockserver.Profile, a string) {
		p.UnrestrictedPermissions = mockserver.UnrestrictedPermissions(a)
	}},
}

// checkMock runs the suite, or one check, against a mock with a profile.
func checkMock(t *testing.T, p mockserver.Profile, only string, assume map[string]string) *report.Report {
	t.Helper()
	to := target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()), mockserver.WithProfile(p), mockserver.WithoutJournal()))
	to.Assume, to.Only = assume, only
	r, err := suite.Check(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each alternative passes where it is assumed or nothing is, and is told, as a
// warning that names the assumption, where another one is assumed.
func TestAssumptionsAboutPages(t *testing.T) {
	t.Parallel()
	for _, a := range sample(assumedPages) {
		for _, is := range a.alternatives {
			t.Run(a.id+"="+is, func(t *testing.T) {
				t.Parallel()
				var p mockserver.Profile
				a.set(&p, is)
				for _, f := range checkMock(t, p, "", map[string]string{a.id: is}).Findings {
					t.Errorf("the same assumed: %s: %s", f.Check, f.Message)
				}
				for _, f := range checkMock(t, p, a.id, nil).Findings {
					t.Errorf("nothing assumed: %s: %s", f.Check, f.Message)
				}
				for _, assumed := range a.alternatives {
					r := checkMock(t, p, a.id, map[string]string{a.id: assumed})
					told := false
					for _, f := range r.Findings {
						told = true
						if assumed == is || f.Assumption != a.id || f.Severity != report.Warning || f.Basis != report.Assumed {
							t.Errorf("%s assumed: %s, %s, %s %s: %s", assumed, f.Check, f.Severity, f.Basis, f.Assumption, f.Message)
						}
					}
					if told != (assumed != is) {
						t.Errorf("%s assumed: told: %v", assumed, told)
					}
				}
			})
		}
	}
}

// An empty list is one only where the caller's own key is not on it.
func TestAssumptionAboutEmptyLists(t *testing.T) {
	t.Parallel()
	for _, is := range []string{"zero", "one"} {
		for _, assumed := range []string{"zero", "one"} {
			f := newFake(0, 0)
			if is == "one" {
				f.total = func(n int, q fakeQuery) any { return max((n+q.limit-1)/q.limit, 1) }
			}
			got, err := f.check(t.Context(), func(to *suite.Target) { to.Assume = map[string]string{"empty_list": assumed} })
			if err != nil || slices.Contains(got, "empty_list") != (is != assumed) {
				t.Errorf("%s, %s assumed: %v, %v", is, assumed, got, err)
			}
		}
	}
	r := checkMock(t, mockserver.Profile{}, "empty_list", map[string]string{"empty_list": "one"})
	for _, c := range r.Checks {
		if c.ID == "empty_list" && (c.Passed > 0 || c.Skipped == 0) {
			t.Errorf("a list that is not empty: %+v", c)
		}
	}
}
