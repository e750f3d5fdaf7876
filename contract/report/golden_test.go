package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/report"
)

var update = flag.Bool("update", false, "write testdata/samples anew")

// written returns a report in a format.
func written(t *testing.T, r *report.Report, format report.Format, opts ...report.WriteOption) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, r, format, opts...); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// TestSamples compares all samples in all formats with testdata/samples, which the
// Node tests of cmd/digakit read with parsers that are not ours.
// After a change that is meant, `go test ./contract/report -update` and look at
// the difference.
func TestSamples(t *testing.T) {
	t.Parallel()
	for name, r := range samples() {
		for _, format := range report.Formats() {
			path := filepath.Join("testdata", "samples", name+"."+string(format))
			got := written(t, r, format)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			if again := written(t, samples()[name], format); again != got {
				t.Errorf("%s is not the same when written again", path)
			}
		}
	}
}
