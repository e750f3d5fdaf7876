package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/report"
)

func TestAccept(t *testing.T) {
	t.Parallel()
	f := report.Finding{Check: "order", Operation: "list", Severity: report.Error, Message: "out of order"}
	id := printOf("verify", f)
	for name, tc := range map[string]struct {
		entry   report.Known
		known   bool
		told    string // the check of the info, if any
		summary report.Summary
	}{
		"for good":        {report.Known{Fingerprint: id}, true, "", report.Summary{Known: 1}},
		"until tomorrow":  {report.Known{Fingerprint: id, Expires: "2026-04-01"}, true, "", report.Summary{Known: 1}},
		"until today":     {report.Known{Fingerprint: id, Expires: "2026-03-31"}, true, "", report.Summary{Known: 1}},
		"until yesterday": {report.Known{Fingerprint: id, Expires: "2026-03-30"}, false, report.KnownExpired, report.Summary{Error: 1, Info: 1}},
		"another":         {report.Known{Fingerprint: "0123456789ab"}, false, report.KnownUnused, report.Summary{Error: 1, Info: 1}},
		"another expired": {report.Known{Fingerprint: "0123456789ab", Expires: "2020-01-01"}, false, report.KnownUnused, report.Summary{Error: 1, Info: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.entry.Reason = "so it is"
			r := report.New("verify")
			r.Add(f)
			r.Accept([]report.Known{tc.entry}, today)
			r.Finish()
			if diff := cmp.Diff(tc.summary, r.Summary); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
			got := r.Findings[0]
			if tc.known && (got.Known == nil || *got.Known != tc.entry) || !tc.known && got.Known != nil {
				t.Errorf("known: %v", got.Known)
			}
			if r.Failed(report.Warning) == tc.known {
				t.Errorf("failed: %v", r.Failed(report.Warning))
			}
			told := ""
			if len(r.Findings) > 1 {
				told = r.Findings[1].Check
			}
			if told != tc.told {
				t.Errorf("told %q, want %q", told, tc.told)
			}
		})
	}
}

func TestAcceptDoesNotMakeAnEmptyRunFull(t *testing.T) {
	t.Parallel()
	r := report.New("verify")
	r.Accept([]report.Known{{Fingerprint: "0123456789ab", Reason: "x"}}, time.Now())
	r.Finish()
	if !r.Empty() || len(r.Findings) > 0 {
		t.Errorf("empty: %v, findings: %v", r.Empty(), r.Findings)
	}
}
