package suite_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// TestAssumptionsAreThoseOfProfiles: one file is to serve both.
func TestAssumptionsAreThoseOfProfiles(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for _, b := range mockserver.Behaviours() {
		if len(b.Alternatives) > 0 {
			want[b.ID] = b.Alternatives
		}
	}
	if diff := cmp.Diff(want, suite.Assumptions()); diff != "" {
		t.Error(diff)
	}
}

func TestBadAssumptionsAreRefused(t *testing.T) {
	t.Parallel()
	_, err := suite.Check(t.Context(), suite.Target{
		URL: "http://127.0.0.1:1", Document: spectest.Seed(),
		Assume: map[string]string{"unauthenticated": "teapot", "weather": "fine"},
	})
	if !errors.Is(err, suite.ErrTarget) {
		t.Fatalf("Check returned %v", err)
	}
	for _, part := range []string{"unauthenticated cannot be \"teapot\"", "forbidden or unauthorized", `called "weather"`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %s", err, part)
		}
	}
}
