package report_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/report"
)

func TestReportIsTheSameWhateverTheOrder(t *testing.T) {
	t.Parallel()
	findings := []report.Finding{
		{Check: "a", Severity: report.Info, Operation: "list"},
		{Check: "b", Severity: report.Error, Operation: "list", Status: 401},
		{Check: "b", Severity: report.Error, Operation: "list", Status: 500},
		{Check: "c", Severity: report.Warning, Basis: report.Assumed, Assumption: "order", Case: "asc"},
		{Check: "c", Severity: report.Error, Basis: report.Assumed, Assumption: "order", Case: "desc"}, // at most a warning
		{Check: "b", Severity: report.Error, Operation: "list", Status: 401, Message: "again"},         // the second
	}
	made := func(order []int) *report.Report {
		r := report.New("verify")
		for _, i := range order {
			f := findings[i]
			f.Message = "" // the first of equals stands for all
			r.Add(f)
		}
		r.Finish()
		r.Checks = nil // in the order they came
		return r
	}
	want := made([]int{0, 1, 2, 3, 4, 5})
	if got := want.Summary; got != (report.Summary{Error: 2, Warning: 2, Info: 1}) {
		t.Errorf("counted %+v", got)
	}
	if got := want.Findings[0]; got.Status != 401 || got.Count != 2 || got.Severity != report.Error {
		t.Errorf("first stands %+v; want the gravest, counted twice", got)
	}
	for range 20 {
		if diff := cmp.Diff(want, made(rand.Perm(len(findings)))); diff != "" {
			t.Fatalf("another order gives another report (-want +got):\n%s", diff)
		}
	}
}

func TestFingerprintNamesTheFinding(t *testing.T) {
	t.Parallel()
	printOf := func(tool string, f report.Finding) string {
		r := report.New(tool)
		r.Add(f)
		return r.Findings[0].Fingerprint
	}
	base := report.Finding{Check: "limit_honoured", Operation: "list", Case: "limit=1", Severity: report.Error, Message: "as it was"}
	same := base
	same.Message, same.Severity, same.HowToFix, same.Curl = "in better words", report.Warning, "so", "curl"
	if printOf("verify", base) != printOf("verify", same) {
		t.Error("wording and severity change the fingerprint")
	}
	other := base
	other.Case = "limit=2"
	if printOf("verify", base) == printOf("verify", other) || printOf("verify", base) == printOf("har", base) {
		t.Error("different findings have one fingerprint")
	}
}

func TestReportFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		finding   report.Finding
		threshold report.Severity
		want      bool
	}{
		"an error at warning":   {report.Finding{Severity: report.Error}, report.Warning, true},
		"a warning at warning":  {report.Finding{Severity: report.Warning}, report.Warning, true},
		"an info at warning":    {report.Finding{Severity: report.Info}, report.Warning, false},
		"an error at none":      {report.Finding{Severity: report.Error}, report.None, false},
		"a known one does not":  {report.Finding{Severity: report.Error, Known: &report.Known{}}, report.Info, false},
		"an assumption is less": {report.Finding{Severity: report.Error, Basis: report.Assumed}, report.Error, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report.New("verify")
			r.Add(tc.finding)
			if got := r.Failed(tc.threshold); got != tc.want {
				t.Errorf("failed: %v, want %v", got, tc.want)
			}
		})
	}
}

func TestEmptyRunIsNoPass(t *testing.T) {
	t.Parallel()
	r := report.New("verify")
	r.Skip("limit_honoured", "list", "no items")
	if !r.Empty() {
		t.Error("a report with nothing but skipped cases is not called empty")
	}
	r.Pass("limit_honoured", "list", 1)
	if r.Empty() {
		t.Error("a report with a passed case is called empty")
	}
}

// Twenty-nine refusals that are alike do not hide the one answer of another shape.
func TestAlikeFindingsStandBehind(t *testing.T) {
	t.Parallel()
	r := report.New("verify")
	for i := range 29 {
		r.Add(report.Finding{Check: "negative_data_rejection", Operation: "list", Severity: report.Error, Case: string(rune('a' + i))})
	}
	r.Add(report.Finding{Check: "response_schema_conformance", Operation: "list", Severity: report.Error, Pointer: "/data"})
	r.Add(report.Finding{Check: "page_order", Operation: "list", Severity: report.Warning})
	r.Finish()
	if first, last := r.Findings[0], r.Findings[len(r.Findings)-1]; first.Check != "response_schema_conformance" || last.Check != "page_order" {
		t.Errorf("%s stands first, %s last; graver ones first, then those that are not alike", first.Check, last.Check)
	}
}

// Operations that are new crowd out what changed: many are told together, few one by one.
func TestNewOperationsAreGrouped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operations int
		want       []string
		not        string
	}{
		{10, []string{"WARNING endpoint-added  POST /v1/a/x9"}, "New operations"},
		{11, []string{"WARNING endpoint-added  11 times", "added were /v1/a (11)", "0       11      0        endpoint-added  11 operations", "ERROR other  GET /v1/b"}, "/v1/a/x9"},
	} {
		r := report.New("drift")
		r.Add(report.Finding{Check: "other", Severity: report.Error, Method: "GET", Path: "/v1/b", Operation: "b"})
		for i := range c.operations {
			path := fmt.Sprintf("/v1/a/x%d", i)
			r.Add(report.Finding{Check: "endpoint-added", Severity: report.Warning, Operation: "POST " + path, Method: "POST", Path: path})
		}
		r.Finish()
		var b strings.Builder
		if err := report.Write(&b, r, report.Text); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%d operations: no %q in:\n%s", c.operations, want, b.String())
			}
		}
		if strings.Contains(b.String(), c.not) {
			t.Errorf("%d operations: %q in:\n%s", c.operations, c.not, b.String())
		}
	}
}
