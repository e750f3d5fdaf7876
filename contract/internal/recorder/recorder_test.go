package recorder_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/internal/recorder"
	"github.com/digakit/digakit/contract/report"
)

// greeter compiles a document of one operation.
func greeter(t testing.TB) *contract.Validator {
	t.Helper()
	v, err := contract.New([]byte(`{"openapi":"3.1.0","info":{"title":"Greeter","version":"1"},"paths":{"/greetings":{"get":{"responses":{"200":{"description":"ok"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// undocumented is the exchange of a path that no document has.
func undocumented(path string) recorder.Entry {
	return recorder.Entry{Exchange: contract.Exchange{
		Request: httptest.NewRequest("GET", path, nil),
		Violations: []contract.Violation{{
			Side: contract.SideRequest, Kind: contract.KindUndocumentedPath, In: "path", Message: "must be a documented path",
		}},
	}}
}

func TestDistinctFindingsAreBounded(t *testing.T) {
	t.Parallel()
	told := 0
	l := recorder.New("proxy", "", greeter(t), func(report.Finding) { told++ })
	for i := range recorder.Limit + 5 {
		l.Record(undocumented("/" + strconv.Itoa(i)))
	}
	l.Record(undocumented("/0")) // one of the first: counted still
	r := l.Report()
	if len(r.Findings) != recorder.Limit || told != recorder.Limit {
		t.Errorf("%d findings, %d told", len(r.Findings), told)
	}
	if want := "findings beyond the first 1000 distinct ones, not listed: 5"; len(r.Notes) != 1 || r.Notes[0] != want {
		t.Errorf("notes: %q", r.Notes)
	}
	for _, f := range r.Findings {
		if want := 1; f.Path != "/0" && f.Count != want || f.Path == "/0" && f.Count != 2 {
			t.Errorf("%s came %d times", f.Path, f.Count)
		}
	}
	if again := l.Report(); len(again.Notes) != 1 {
		t.Errorf("asked twice, it notes %q", again.Notes)
	}
}

func TestLongPathsAreCut(t *testing.T) {
	t.Parallel()
	l := recorder.New("proxy", "", greeter(t), nil)
	l.Record(undocumented("/" + strings.Repeat("x", 5000)))
	if f := l.Report().Findings[0]; len(f.Path) > 300 || !strings.HasSuffix(f.Path, "...") {
		t.Errorf("the path has %d bytes", len(f.Path))
	}
}

func TestAReportIsTheCallers(t *testing.T) {
	t.Parallel()
	l := recorder.New("har", "", greeter(t), nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			l.Record(undocumented("/" + strconv.Itoa(i%2)))
			l.Skip(nil, "reason "+strconv.Itoa(i%2))
			r := l.Report()
			r.Findings[0].Message, r.Checks[0].Failed = "changed", -100
			r.Note("changed")
		})
	}
	wg.Wait()
	r := l.Report()
	if len(r.Findings) != 2 || r.Findings[0].Count+r.Findings[1].Count != 8 || r.Summary.Skipped != 8 || len(r.Notes) != 2 {
		t.Errorf("%+v", r)
	}
	for _, f := range r.Findings {
		if f.Message == "changed" {
			t.Error("the recorder shares its findings")
		}
	}
}
