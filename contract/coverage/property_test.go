package coverage_test

import (
	"net/http"
	"strconv"
	"strings"
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

// What is remembered of bodies is bounded, and never hides one that has something
// new in it.
func TestBodiesAreRememberedWithinBounds(t *testing.T) {
	t.Parallel()
	values := make([]string, 1500)
	for i := range values {
		values[i] = `"v` + strconv.Itoa(i) + `"`
	}
	v := validator(t, forBody(`{"properties":{"a":{"enum":["never",`+strings.Join(values, ",")+`]}}}`, ""))
	c := coverage.New(v)
	x := get(t, v, "/a", http.StatusOK, "")
	x.Header, x.Violations = http.Header{"Content-Type": {"application/json"}}, nil
	for _, value := range values {
		for range 2 {
			x.Body = []byte(`{"a":` + value + `}`)
			c.Record(x)
		}
	}
	if r := c.Report(); r.Totals.Values.Covered != len(values) {
		t.Errorf("%d values are covered after %d bodies", r.Totals.Values.Covered, len(values))
	}
}

// Once all of a body is covered, nobody looks into the next.
func TestWhatAddsNothingCostsNothing(t *testing.T) {
	v := validator(t, forBody(`{"properties":{"a":{"type":"array","items":{"properties":{"b":{"type":"boolean"}}}}}}`, ""))
	packed := get(t, v, "/a", http.StatusOK, "not packed")
	packed.Header, packed.Violations = http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, nil
	unpacking := func(c *coverage.Coverage) float64 {
		return testing.AllocsPerRun(10, func() {
			packed.Body = append(packed.Body[:0], strconv.Itoa(int(packed.Body[0]))+"not packed"...)
			c.Record(packed)
		})
	}
	c := coverage.New(v)
	c.Record(get(t, v, "/a", http.StatusOK, `{"a":[{"b":true}]}`))
	if unpacking(c) < 3 {
		t.Error("nobody looked into a body although something was missing")
	}
	c.Record(get(t, v, "/a", http.StatusOK, `{"a":[{},{"b":false}]}`))
	if r := c.Report(); len(r.Missing) != 0 || unpacking(c) >= 3 {
		t.Errorf("a body was looked into although only %v was missing", r.Missing)
	}
}
