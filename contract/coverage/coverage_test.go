package coverage_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

const small = `{"/a":{"get":{"operationId":"a",
"parameters":[{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"default":5}}],
"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"object","properties":{"b":{"type":"boolean"}}}}}},
"4XX":{"description":"d"},"default":{"description":"d"},"500":{"description":"d"}}},
"post":{"responses":{"204":{"description":"d"}}}}}`

func TestReport(t *testing.T) {
	t.Parallel()
	v := validator(t, document(small, `{}`))
	c := coverage.New(v)
	c.Record(get(t, v, "/a?limit=1", http.StatusOK, `{"b":true}`))
	c.Record(get(t, v, "/a?limit=7", http.StatusOK, `{"b":true}`))
	c.Record(get(t, v, "/a?limit=0", http.StatusTeapot, ""))
	got := c.Report()
	totals := coverage.Totals{
		Operations: coverage.Share{Covered: 1, Total: 1},
		Parameters: coverage.Share{Covered: 1, Total: 1},
		Boundaries: coverage.Share{Covered: 2, Total: 4},
		Statuses:   coverage.Share{Covered: 2, Total: 3},
		Properties: coverage.Share{Covered: 1, Total: 1},
		Values:     coverage.Share{Covered: 1, Total: 2},
	}
	gap := coverage.Gap{Operation: "a", Method: "GET", Path: "/a"}
	missing := func(dimension, what string) coverage.Gap {
		gap.Dimension, gap.What, gap.Reason = dimension, what, ""
		return gap
	}
	const (
		errors = "a server cannot be asked for an error of its own"
		writes = "POST is not sent by a run that only reads"
	)
	want := coverage.Report{
		Covered: 8, Total: 12, Percentage: 66.6, Totals: totals,
		Operations: []coverage.Operation{
			{
				Operation: "a", Method: "GET", Path: "/a", Calls: 3, Counted: 3, Totals: totals,
				Statuses: []coverage.Status{
					{
						Item: coverage.Item{Name: "200", Count: 2}, Properties: []coverage.Item{{Name: "b", Count: 1}},
						Values: []coverage.Values{{Name: "b", Items: []coverage.Item{{Name: "true", Count: 1}, {Name: "false"}}}},
					},
					{Item: coverage.Item{Name: "4XX", Count: 1}, Properties: []coverage.Item{}, Values: []coverage.Values{}},
					{Item: coverage.Item{Name: "default"}, Properties: []coverage.Item{}, Values: []coverage.Values{}},
					{Item: coverage.Item{Name: "500", Unreachable: errors}, Properties: []coverage.Item{}, Values: []coverage.Values{}},
				},
				Parameters: []coverage.Parameter{{
					Item: coverage.Item{Name: "limit", Count: 3}, In: "query", Values: []coverage.Item{},
					Boundaries: []coverage.Item{
						{Name: "left out (default 5)"}, {Name: "minimum 1", Count: 1}, {Name: "below minimum 1", Count: 1}, {Name: "not an integer"},
					},
				}},
				Properties: []coverage.Item{}, Values: []coverage.Values{},
			},
			{
				Operation: "POST /a", Method: "POST", Path: "/a", Unreachable: writes,
				Statuses: []coverage.Status{{
					Item: coverage.Item{Name: "204", Unreachable: writes}, Properties: []coverage.Item{}, Values: []coverage.Values{},
				}},
				Parameters: []coverage.Parameter{}, Properties: []coverage.Item{}, Values: []coverage.Values{},
			},
		},
		Missing: []coverage.Gap{
			missing("boundaries", "query parameter limit was never tried: left out (default 5)"),
			missing("boundaries", "query parameter limit was never tried: not an integer"),
			missing("values", "b in the 200 body was never false"),
			missing("statuses", "status default was never answered"),
		},
		Unreachable: []coverage.Gap{
			{Operation: "a", Method: "GET", Path: "/a", Dimension: "statuses", What: "status 500 and what its body holds", Reason: errors},
			{Operation: "POST /a", Method: "POST", Path: "/a", Dimension: "operations", What: "the operation", Reason: writes},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	fresh := c.Fresh()
	if r := fresh.Report(); r.Covered != 0 || r.Total != 12 || r.Percent() != 0 || !r.Empty() || len(r.Missing) != 12 {
		t.Errorf("a fresh one has covered %d of %d and misses %d", r.Covered, r.Total, len(r.Missing))
	}
	fresh.Record(get(t, v, "/a?limit=1", http.StatusOK, `{"b":false}`))
	if diff := cmp.Diff(want, c.Report()); diff != "" {
		t.Errorf("what a fresh one counted shows in the first (-want +got):\n%s", diff)
	}
	c.Reset()
	if diff := cmp.Diff(coverage.New(v).Report(), c.Report()); diff != "" {
		t.Errorf("after a reset (-new +got):\n%s", diff)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	v := validator(t, document(small, `{}`))
	for _, tt := range []struct {
		name  string
		opts  []coverage.Option
		total int
		apart int
		post  int // what a POST covers
	}{
		{"reading alone", nil, 12, 2, 0},
		{"with errors", []coverage.Option{coverage.ServerErrors()}, 13, 1, 0},
		{"with writes", []coverage.Option{coverage.UnsafeMethods()}, 14, 1, 2},
		{"with both", []coverage.Option{coverage.ServerErrors(), coverage.UnsafeMethods()}, 15, 0, 2},
	} {
		c := coverage.New(v, tt.opts...)
		r := c.Report()
		if r.Total != tt.total || len(r.Unreachable) != tt.apart || len(r.Missing) != tt.total {
			t.Errorf("%s: %d to cover, %d missing, %d out of reach", tt.name, r.Total, len(r.Missing), len(r.Unreachable))
		}
		c.Record(exchange(t, v, httptest.NewRequest(http.MethodPost, "/a", nil), "", http.StatusNoContent, ""))
		if r = c.Report(); r.Empty() || r.Operations[1].Counted != 1 || r.Covered != tt.post {
			t.Errorf("%s: a POST covered %d, counted %d", tt.name, r.Covered, r.Operations[1].Counted)
		}
	}
}

func TestWhatCounts(t *testing.T) {
	t.Parallel()
	v := validator(t, document(small, `{}`))
	other := validator(t, document(small, `{}`))
	for _, tt := range []struct {
		name, why      string
		change         func(*contract.Exchange)
		calls, counted int64
	}{
		{"judged", "the ordinary case", func(*contract.Exchange) {}, 1, 1},
		{"violations", "what was wrong was asked for all the same", func(x *contract.Exchange) { x.Status = http.StatusTeapot }, 1, 1},
		{"by hand", "recorded traffic may come without a header", func(x *contract.Exchange) { x.Header = nil }, 1, 1},
		{"no answer", "nothing was answered", func(x *contract.Exchange) { x.Status = 0 }, 1, 0},
		{"departure", "the server left the document on purpose", func(x *contract.Exchange) { x.Departure = "asked for" }, 1, 0},
		{"not judged", "nobody knows what it was", func(x *contract.Exchange) { x.Unjudged, x.Header = "hijacked", nil }, 1, 0},
		{"request not judged", "the response was", func(x *contract.Exchange) { x.Unjudged = "the handler did not read the request's body" }, 1, 1},
		{"other validator", "it is no operation of ours", func(x *contract.Exchange) { x.Operation = other.Operations()[0] }, 0, 0},
		{"no operation", "nothing of the document was asked for", func(x *contract.Exchange) { x.Operation = nil }, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := coverage.New(v)
			x := get(t, v, "/a?limit=1", http.StatusOK, `{"b":true}`)
			tt.change(&x)
			c.Record(x)
			r := c.Report()
			if o := r.Operations[0]; o.Calls != tt.calls || o.Counted != tt.counted || (r.Covered > 0) != (tt.counted > 0) || r.Empty() != (tt.counted == 0) {
				t.Errorf("%d calls, %d counted, %d covered, empty %v: %s", o.Calls, o.Counted, r.Covered, r.Empty(), tt.why)
			}
		})
	}
	t.Run("undocumented status", func(t *testing.T) {
		t.Parallel()
		v := validator(t, strings.Replace(document(small, `{}`), `"default":{"description":"d"},`, "", 1))
		c := coverage.New(v)
		c.Record(get(t, v, "/a?limit=1", http.StatusFound, ""))
		if r := c.Report(); r.Operations[0].Calls != 1 || r.Covered != 0 {
			t.Errorf("an undocumented status covers %d", r.Covered)
		}
	})
}

func TestRecordByManyAtOnce(t *testing.T) {
	t.Parallel()
	v := validator(t, document(small, `{}`))
	c := coverage.New(v)
	x := []contract.Exchange{
		get(t, v, "/a?limit=1", http.StatusOK, `{"b":true}`), get(t, v, "/a?limit=1", http.StatusOK, `{"b":false}`),
		get(t, v, "/a?limit=1", http.StatusTeapot, ""),
	}
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			c.Record(x[i%3])
			c.Report()
		})
	}
	wg.Wait()
	got := c.Report().Operations[0]
	if got.Calls != 300 || got.Statuses[0].Count != 200 || got.Statuses[1].Count != 100 || got.Parameters[0].Count != 300 {
		t.Errorf("counted %+v", got)
	}
	if v := got.Statuses[0].Values[0].Items; v[0].Count != 1 || v[1].Count != 1 {
		t.Errorf("of the bodies there is %+v", v)
	}
	for i := range 100 {
		wg.Go(func() { c.Record(x[i%3]) })
		wg.Go(c.Reset)
	}
	wg.Wait()
	c.Reset()
	c.Record(x[0])
	c.Record(x[1])
	if r := c.Report(); r.Totals.Properties.Covered != 1 || r.Totals.Values.Covered != 2 {
		t.Errorf("after resets in between the bodies covered %+v", r.Totals)
	}
}
