package coverage_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

// Whatever is recorded: the order changes nothing, nothing is lost by recording more,
// and there is never more covered than there is.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	v := validator(t, document(`{"/a":{"get":{"parameters":[{"name":"p","in":"query","schema":{"type":"integer","minimum":1,"maximum":3,"default":2}}],
"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Root"}}}},"4XX":{"description":"d"}}}}}`,
		`{"Root":{"properties":{"a":{"enum":["x","y","z"]},"b":{"type":"array","items":{"type":"boolean"}}}}}`))
	uncovered := coverage.New(v)
	bodies := []string{`{}`, `{"a":"x"}`, `{"a":"y","b":[]}`, `{"b":[true]}`, `{"b":[false,true],"a":"z"}`, `{"a":`, `[]`, ``}
	one := rapid.Custom(func(t *rapid.T) contract.Exchange {
		query := "?p=" + strconv.Itoa(rapid.IntRange(-1, 5).Draw(t, "p"))
		if rapid.Bool().Draw(t, "left out") {
			query = ""
		}
		status := rapid.SampledFrom([]int{200, 200, 404, 500}).Draw(t, "status")
		return get(noFail{}, v, "/a"+query, status, rapid.SampledFrom(bodies).Draw(t, "body"))
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(one, 0, 12).Draw(t, "exchanges")
		shuffled := rapid.Permutation(all).Draw(t, "shuffled")
		straight, mixed, last := uncovered.Fresh(), uncovered.Fresh(), -1
		for i := range all {
			straight.Record(all[i])
			mixed.Record(shuffled[i])
			r := straight.Report()
			if r.Covered < last || r.Covered > r.Total || len(r.Missing) != r.Total-r.Covered {
				t.Fatalf("covered %d of %d after %d, %d missing", r.Covered, r.Total, last, len(r.Missing))
			}
			last = r.Covered
		}
		if diff := cmp.Diff(straight.Report(), mixed.Report()); diff != "" {
			t.Errorf("in another order (-straight +mixed):\n%s", diff)
		}
	})
}

// noFail is a testing.TB for what cannot fail.
type noFail struct{ testing.TB }

func (noFail) Helper()        {}
func (noFail) Fatal(v ...any) { panic(v) }

// A body that came often covers no more, and one that was forgotten loses nothing.
func TestBodiesAreRememberedWithinBounds(t *testing.T) {
	t.Parallel()
	v := validator(t, forBody(`{"properties":{"a":{"enum":["x","never"]},"n":{}}}`, ""))
	c := coverage.New(v)
	for i := range 5000 {
		c.Record(get(t, v, "/a", http.StatusOK, `{"a":"x","n":`+strconv.Itoa(i%700)+`}`))
	}
	r := c.Report()
	if o := r.Operations[0]; o.Calls != 5000 || r.Totals.Properties.Covered != 2 || r.Totals.Values.Covered != 1 {
		t.Errorf("%d calls covered %+v", o.Calls, r.Totals)
	}
}
