package suite_test

import (
	"testing"

	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

var _ suite.Lab = (*mockserver.Lab)(nil)

// target is what a test checks: a mock of its own with its lab.
func target(srv *mockserver.Server) suite.Target {
	return suite.Target{
		URL: srv.URL(), Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey,
		Lab: srv.Lab(),
	}
}

func TestMockPasses(t *testing.T) {
	t.Parallel()
	suite.Run(t, target(mockserver.Start(t)))
}

func TestCheckSaysTheSame(t *testing.T) {
	t.Parallel()
	r, err := suite.Check(t.Context(), target(mockserver.Start(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s", f.Check, f.Message)
	}
	if r.Summary.Passed == 0 {
		t.Error("nothing passed")
	}
}
