package coverage_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
)

func TestWriteText(t *testing.T) {
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
		{"nothing", nil, func(*coverage.Coverage) {}, `coverage 0.0 % (0 of 25)
nothing was exercised

OPERATION  CALLS  PARAMETERS  BOUNDARIES  STATUSES  PROPERTIES  VALUES  COVERED
GET /a     0      0/1         0/4         0/3       0/2         0/14    0.0 %
POST /a    0      -           -           -         -           -       -
all 0/1    0      0/1         0/4         0/3       0/2         0/14    0.0 %

missing of GET /a:
  operations: never exercised, and so nothing of it

out of reach, not counted:
  GET /a: status 500 and what its body holds (a server cannot be asked for an error of its own)
  POST /a: the operation (POST is not sent by a run that only reads)
`},
		{"some", []coverage.Option{coverage.ServerErrors()}, some, `coverage 30.7 % (8 of 26)

OPERATION  CALLS  PARAMETERS  BOUNDARIES  STATUSES  PROPERTIES  VALUES  COVERED
GET /a     2      1/1         2/4         2/4       1/2         1/14    30.7 %
POST /a    0      -           -           -         -           -       -
all 1/1    2      1/1         2/4         2/4       1/2         1/14    30.7 %

missing of GET /a:
  boundaries: limit: left out (default 5), not an integer
  statuses: default, 500
  properties: 200: many
  values: 200 b: false
  values: 200 many: v0, v1, v2, v3, v4, v5, v6, v7, and 4 more

out of reach, not counted:
  POST /a: the operation (POST is not sent by a run that only reads)
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := coverage.New(v, tt.opts...)
			tt.record(c)
			r := c.Report()
			var got strings.Builder
			if err := r.WriteText(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
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
	var got strings.Builder
	if err := r.WriteText(&got); err != nil {
		t.Fatal(err)
	}
	if r.Percent() != 100 || r.Percentage != 100 || strings.Contains(got.String(), "missing") || !strings.HasPrefix(got.String(), "coverage 100.0 % (2 of 2)\n") {
		t.Errorf("%v %%:\n%s", r.Percent(), got.String())
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

func TestTextOfAHostileDocument(t *testing.T) {
	t.Parallel()
	v, x := hostile(t)
	c := coverage.New(v)
	c.Record(x)
	r := c.Report()
	var got strings.Builder
	if err := r.WriteText(&got); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(got.String(), "\x1b\u202e") || !strings.Contains(got.String(), `\x1b[31m`) {
		t.Errorf("control characters reach the terminal:\n%q", got.String())
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersErrorsAreTold(t *testing.T) {
	t.Parallel()
	v, _ := hostile(t)
	r := coverage.New(v).Report()
	for name, write := range map[string]func() error{
		"text": func() error { return r.WriteText(broken{}) },
		"page": func() error { return r.WriteHTML(broken{}) },
	} {
		if err := write(); !errors.Is(err, errBroken) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
