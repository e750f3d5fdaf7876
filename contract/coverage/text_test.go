package coverage_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

// told writes what a report counts and what it says is missing.
func told(r *coverage.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "coverage %v %% (%d of %d)\n", r.Percentage, r.Covered, r.Total)
	if r.Empty() {
		b.WriteString("nothing was exercised\n")
	}
	row := func(name string, calls int64, t coverage.Totals) {
		fmt.Fprintln(&b, name, calls, t.Operations, t.Parameters, t.Boundaries, t.Statuses, t.Properties, t.Values)
	}
	calls := int64(0)
	for i := range r.Operations {
		o := &r.Operations[i]
		calls += o.Calls
		row(o.Method+" "+o.Path, o.Calls, o.Totals)
		for _, line := range o.Missing() {
			b.WriteString("  missing " + line + "\n")
		}
	}
	row("all", calls, r.Totals)
	for _, g := range r.Unreachable {
		fmt.Fprintf(&b, "out of reach: %s %s: %s (%s)\n", g.Method, g.Path, g.What, g.Reason)
	}
	return b.String()
}

func TestMissing(t *testing.T) {
	t.Parallel()
	many := make([]string, 12)
	for i := range many {
		many[i] = strconv.Quote("v" + strconv.Itoa(i))
	}
	v := validator(t, document(strings.Replace(small, `"b":{"type":"boolean"}`, `"b":{"type":"boolean"},"many":{"enum":[`+strings.Join(many, ",")+`]}`, 1), `{}`))
	some := func(c *coverage.Coverage) {
		c.Record(get(t, v, "/a?limit=1", http.StatusOK, `{"b":true}`))
		c.Record(get(t, v, "/a?limit=0", http.StatusTeapot, ""))
	}
	for _, tt := range []struct {
		name   string
		opts   []coverage.Option
		record func(*coverage.Coverage)
		want   string
	}{
		{"nothing", nil, func(*coverage.Coverage) {}, `coverage 0 % (0 of 25)
nothing was exercised
GET /a 0 0/1 0/1 0/4 0/3 0/2 0/14
  missing operations: never exercised, and so nothing of it
POST /a 0 - - - - - -
all 0 0/1 0/1 0/4 0/3 0/2 0/14
out of reach: GET /a: status 500 and what its body holds (a server cannot be asked for an error of its own)
out of reach: POST /a: the operation (POST is not sent by a run that only reads)
`},
		{"some", []coverage.Option{coverage.ServerErrors()}, some, `coverage 30.7 % (8 of 26)
GET /a 2 1/1 1/1 2/4 2/4 1/2 1/14
  missing boundaries: limit: left out (default 5), not an integer
  missing statuses: default, 500
  missing properties: 200: many
  missing values: 200 b: false
  missing values: 200 many: v0, v1, v2, v3, v4, v5, v6, v7, and 4 more
POST /a 0 - - - - - -
all 2 1/1 1/1 2/4 2/4 1/2 1/14
out of reach: POST /a: the operation (POST is not sent by a run that only reads)
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := coverage.New(v, tt.opts...)
			tt.record(c)
			r := c.Report()
			if diff := cmp.Diff(tt.want, told(&r)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCoveredWhollySaysSo(t *testing.T) {
	t.Parallel()
	v := validator(t, document(`{"/a":{"get":{"responses":{"200":{"description":"d"}}}}}`, `{}`))
	c := coverage.New(v)
	c.Record(get(t, v, "/a", http.StatusOK, ""))
	r := c.Report()
	if got := told(&r); r.Percent() != 100 || strings.Contains(got, "missing") || !strings.HasPrefix(got, "coverage 100 % (2 of 2)\n") {
		t.Errorf("%v %%:\n%s", r.Percent(), got)
	}
}

// hostile is a document whose every name is against terminals and browsers.
func hostile(tb testing.TB) (*contract.Validator, contract.Exchange) {
	tb.Helper()
	const bad = `<script>x()</script>\u001b[31m]\"'\u202e`
	v := validator(tb, document(`{"/a":{"get":{"operationId":"`+bad+`","parameters":[{"name":"`+bad+`","in":"query","schema":{"enum":["`+bad+`"],"default":"`+bad+`"}},
{"name":"q","in":"query","schema":{"type":"string","pattern":"`+bad+`"}}],
"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"properties":{"`+bad+`":{"enum":["`+bad+`"]}}}}}}}}}}`, `{}`))
	r := httptest.NewRequest(http.MethodGet, "/a", nil)
	return v, exchange(tb, v, r, "", http.StatusOK, `{}`)
}

func TestMissingOfAHostileDocument(t *testing.T) {
	t.Parallel()
	v, x := hostile(t)
	c := coverage.New(v)
	c.Record(x)
	r := c.Report()
	got := strings.Join(r.Operations[0].Missing(), "\n")
	if strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, `\x1b[31m`) {
		t.Errorf("control characters reach the terminal:\n%q", got)
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersErrorsAreTold(t *testing.T) {
	t.Parallel()
	v, _ := hostile(t)
	r := coverage.New(v).Report()
	if err := r.WriteHTML(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("the error is %v", err)
	}
}
