package mockserver_test

import (
	"io"
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
		{"a body cut short", fault.Spec{TruncateBodyAtFraction: new(0.5)}, 0, "", 0},
		{"a delay", fault.Spec{FixedDelayMilliseconds: 1}, 1, "200", 13},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			p, err := srv.CreateProject("mine", 3)
			try(t, err)
			_, err = p.Inject(tt.fault)
			try(t, err)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+keysPath, nil)
			try(t, err)
			r.Header = as(p.AdminKey)
			resp, err := http.DefaultTransport.RoundTrip(r)
			try(t, err)
			_, _ = io.Copy(io.Discard, resp.Body) // to its end, however sudden
			try(t, resp.Body.Close())
			covered := p.Coverage()
			o := covered.Operations[0]
			if o.Calls != 1 || o.Counted != tt.counted || covered.Totals.Properties.Covered != tt.properties {
				t.Errorf("%d calls, %d counted, properties %+v", o.Calls, o.Counted, covered.Totals.Properties)
			}
			for _, s := range o.Statuses {
				if (s.Count > 0) != (s.Name == tt.status) {
					t.Errorf("status %s was counted %d times", s.Name, s.Count)
				}
			}
			if len(covered.Unreachable) != 0 {
				t.Errorf("out of a mock's reach: %+v", covered.Unreachable)
			}
		})
	}
}
