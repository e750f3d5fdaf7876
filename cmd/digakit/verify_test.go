package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/mockserver"
)

// TestVerifyUnderEveryAlternative: what departs from the document, such as 401, the mock
// declares; nothing is to be found under any alternative of the profile.
func TestVerifyUnderEveryAlternative(t *testing.T) {
	t.Parallel()
	for _, b := range mockserver.Behaviours() {
		for i, alternative := range b.Alternatives {
			if testing.Short() && i > 0 {
				break
			}
			line := fmt.Sprintf("%s: %s", b.ID, alternative)
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				profile := filepath.Join(t.TempDir(), "profile.yaml")
				if err := os.WriteFile(profile, []byte(line+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				var stdout, stderr bytes.Buffer
				code := run(t.Context(), []string{"verify", "--profile", profile, "--format", "json"}, &stdout, &stderr)
				var r report.Report
				if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
					t.Fatalf("%v: %s", err, stderr.String())
				}
				var found []string
				for _, f := range r.Findings {
					found = append(found, fmt.Sprintf("%s %s %d", f.Severity, f.Check, f.Status))
				}
				if diff := cmp.Diff([]string(nil), found); diff != "" {
					t.Errorf("findings (-want +got):\n%s", diff)
				}
				if code != exitOK {
					t.Errorf("exit code %d: %s", code, stderr.String())
				}
			})
		}
	}
}

// A server that makes the run last: it ends with what was found until then.
func TestVerifyEndsAfterItsTime(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"verify", srv.URL(), "--key", mockserver.UnrestrictedKey, "--rate", "5", "--max-time", "1s", "--format", "json"}, &stdout, &stderr)
	var r report.Report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	last := r.Findings[len(r.Findings)-1]
	if code != exitFindings || last.Check != "max_time" || r.Summary.Passed == 0 {
		t.Errorf("exit code %d, %+v: %s", code, r, stderr.String())
	}
}
