package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/fault"
)

// A fault's answer counts as what it is: a documented status, never a departure.
func TestCoverageOfDisturbedAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		fault      fault.Spec
		counted    int64
		status     string // that is counted
		properties int    // covered
	}{
		{"a documented error", fault.Spec{Status: http.StatusInternalServerError}, 1, "500", 0},
		{"an undocumented one", fault.Spec{Status: http.StatusTooManyRequests}, 0, "", 0},
		{"a delay", fault.Spec{FixedDelayMilliseconds: 1}, 1, "200", 13},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			p, err := srv.CreateProject("mine", 3)
			try(t, err)
			_, err = p.Inject(tt.fault)
			try(t, err)
			call(t, http.MethodGet, srv.URL()+keysPath, as(p.AdminKey))
			r := p.Coverage()
			o := r.Operations[0]
			if o.Calls != 1 || o.Counted != tt.counted || r.Totals.Properties.Covered != tt.properties {
				t.Errorf("%d calls, %d counted, properties %+v", o.Calls, o.Counted, r.Totals.Properties)
			}
			for _, s := range o.Statuses {
				if (s.Count > 0) != (s.Name == tt.status) {
					t.Errorf("status %s was counted %d times", s.Name, s.Count)
				}
			}
			if len(r.Unreachable) != 0 {
				t.Errorf("out of a mock's reach: %+v", r.Unreachable)
			}
		})
	}
}
