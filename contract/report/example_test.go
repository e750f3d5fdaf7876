package report_test

import (
	"fmt"
	"os"
	"time"

	"github.com/digakit/digakit/contract/report"
)

// A run with one finding, told to people.
func ExampleWrite() {
	r := report.New("verify")
	r.Target = "http://127.0.0.1:4010"
	r.Pass("documented_response", "ListAPIKeys", 12)
	r.Add(report.Finding{
		Check: "page_size", Severity: report.Error, Operation: "ListAPIKeys", Method: "GET", Path: "/v1/api_key/", Case: "limit=2",
		Message: "limit=2 was answered with 3 keys", HowToFix: "Return at most as many keys as limit says.",
	})
	r.Finish()
	if err := report.Write(os.Stdout, r, report.Text); err != nil {
		fmt.Println(err)
	}
	// Output:
	// digakit verify http://127.0.0.1:4010
	//
	// Operation ListAPIKeys
	//
	//   ERROR page_size  GET /v1/api_key/, limit=2
	//     what        limit=2 was answered with 3 keys
	//     fix         Return at most as many keys as limit says.
	//     fingerprint 1968dab29851
	//
	// Checks
	//   PASSED  FAILED  SKIPPED  CHECK                OPERATION
	//   12      0       0        documented_response  ListAPIKeys
	//   0       1       0        page_size            ListAPIKeys
	//
	// failed: 1 error; 12 cases passed
}

// Findings that are accepted for now stay visible and no longer count.
func ExampleReport_Accept() {
	r := report.New("verify")
	r.Add(report.Finding{Check: "page_size", Severity: report.Error, Operation: "ListAPIKeys", Message: "too many keys"})
	known, err := report.ParseKnown("known.yaml", []byte(`
- fingerprint: `+r.Findings[0].Fingerprint+`
  reason: mended in the next release
  expires: 2026-12-31
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Accept(known, time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC))
	r.Finish()
	fmt.Println(r.Verdict(report.Warning))
	// Output: passed: 1 known; 0 cases passed
}
