package report_test

import (
	"time"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/report"
)

// today is the day on which the samples are made.
var today = time.Date(2026, time.March, 31, 12, 0, 0, 0, time.UTC)

// samples are finished reports with all that there can be in one, by name.
func samples() map[string]*report.Report {
	return map[string]*report.Report{
		"verify": verifySample(), "drift": driftSample(), "no_drift": noDriftSample(),
		"hostile": hostileSample(), "empty": emptySample(), "clean": cleanSample(),
	}
}

func verifySample() *report.Report {
	const list, curl = "ListAPIKeys", `curl -sS -H "Authorization: Bearer $DIGAKIT_KEY" 'https://api.example.com/v1/api_key/?limit=1001'`
	r := report.New("verify")
	r.Target = "https://api.example.com"
	r.Pass("documented_response", list, 12)
	invalid := report.Finding{
		Check: "invalid_parameter_refused", Severity: report.Error, Operation: list, Method: "GET", Path: "/v1/api_key/",
		Status: 200, Keyword: "maximum", Case: "limit=1001",
		Message:     "limit=1001 was answered 200; the document allows 1 to 1000",
		Explanation: "What the document forbids must be refused: a client that sends it by mistake would never learn of it.",
		HowToFix:    "Answer 422, or raise the maximum in the document.",
		Curl:        curl,
	}
	r.Add(invalid)
	r.Add(invalid) // again
	invalid.Case, invalid.Message = "limit=0", "limit=0 was answered 200; the document allows 1 to 1000"
	r.Add(invalid)
	r.Pass("invalid_parameter_refused", list, 3)
	r.Add(report.Finding{
		Check: "newest_first", Severity: report.Error, Basis: report.Assumed, Assumption: "order", Operation: list, Method: "GET", Path: "/v1/api_key/",
		Status: 200, Pointer: "/data/1/created_date",
		Message:     "the second key is newer than the first",
		Explanation: "The document names a default order and not by what; newest first by created_date is assumed.",
		HowToFix:    "Sort by created_date, or choose another order in the profile.",
		Curl:        curl,
	})
	known := report.Finding{
		Check: "trailing_slash", Severity: report.Warning, Operation: list, Method: "GET", Path: "/v1/api_key",
		Status: 404, Message: "the path without its last slash is not found", HowToFix: "Redirect to the documented path.",
	}
	r.Add(known)
	r.Add(report.Finding{
		Check: "undeclared_header", Severity: report.Info, Operation: list, Method: "GET", Path: "/v1/api_key/", Status: 200,
		Message: "the response has a header X-Trace that the document does not name", HowToFix: "Document it, or drop it.",
	})
	r.Skip("denied_key", list, "no --denied-key was given")
	r.Skip("denied_key", list, "no --denied-key was given")
	r.Skip("page_past_end", list, "the project has fewer keys than a page")
	r.Pass("page_past_end", list, 1)
	r.Pass("tls", "", 1)
	r.Note("2 requests were answered 429 and made again")
	status := func(name string, count int64) coverage.Status {
		return coverage.Status{Item: coverage.Item{Name: name, Count: count}, Properties: []coverage.Item{}, Values: []coverage.Values{}}
	}
	totals := coverage.Totals{
		Operations: coverage.Share{Covered: 1, Total: 1}, Parameters: coverage.Share{Covered: 1, Total: 2}, Statuses: coverage.Share{Covered: 2, Total: 3},
	}
	r.Coverage = &coverage.Report{Covered: 4, Total: 6, Percentage: 66.6, Totals: totals, Operations: []coverage.Operation{{
		Operation: list, Method: "GET", Path: "/v1/api_key/", Calls: 17, Counted: 17,
		Totals: totals, Properties: []coverage.Item{}, Values: []coverage.Values{},
		Statuses: []coverage.Status{status("200", 16), status("403", 0), status("422", 1)},
		Parameters: []coverage.Parameter{
			{Item: coverage.Item{Name: "limit", Count: 9}, In: "query", Boundaries: []coverage.Item{}, Values: []coverage.Item{}},
			{Item: coverage.Item{Name: "page"}, In: "query", Boundaries: []coverage.Item{}, Values: []coverage.Item{}},
		},
	}}, Missing: []coverage.Gap{}, Unreachable: []coverage.Gap{}}
	r.Accept([]report.Known{
		{Fingerprint: printOf("verify", known), Reason: "the proxy in front will redirect", Expires: "2026-06-30"},
		{Fingerprint: printOf("verify", invalid), Reason: "mended in the March release", Expires: "2026-03-30"},
		{Fingerprint: "0123456789ab", Reason: "mended long ago"},
	}, today)
	r.Finish()
	return r
}

// printOf returns the fingerprint of a finding of a tool.
func printOf(tool string, f report.Finding) string {
	r := report.New(tool)
	r.Add(f)
	return r.Findings[0].Fingerprint
}

func driftSample() *report.Report {
	r := report.New("drift")
	r.Base, r.Revision = "openapi.json", "new/openapi.json"
	r.Pass("response-property-removed", "", 1)
	r.Add(report.Finding{
		Check: "request-parameter-max-decreased", Severity: report.Error, Operation: "ListAPIKeys", Method: "GET", Path: "/v1/api_key/",
		Message: "the maximum of the query parameter limit fell from 1000 to 100", Explanation: "Requests with a larger limit will be refused.",
		HowToFix: "Ask for at most 100 keys at a time.",
		Base:     &report.Location{Source: "openapi.json", Line: 40, Column: 17}, Revision: &report.Location{Source: "new/openapi.json", Line: 41, Column: 17},
	})
	r.Add(report.Finding{
		Check: "api-removed-without-deprecation", Severity: report.Error, Operation: "DeleteAPIKey", Method: "DELETE", Path: "/v1/api_key/{id}",
		Message: "the operation was removed", HowToFix: "Call it no more.",
		Base: &report.Location{Source: "openapi.json", Line: 90, Column: 7},
	})
	r.Add(report.Finding{
		Check: "endpoint-added", Severity: report.Info, Operation: "GET /v1/calls", Method: "GET", Path: "/v1/calls",
		Message: "an operation was added", Revision: &report.Location{Source: "https://example.com/openapi.json", Line: 9},
	})
	r.Finish()
	return r
}

func noDriftSample() *report.Report {
	r := report.New("drift")
	r.Base, r.Revision = "openapi.json", "copy.json"
	r.Pass("documents-compared", "", 1)
	r.Accept([]report.Known{{Fingerprint: "0123456789ab", Reason: "was there once"}}, today)
	r.Finish()
	return r
}

// hostile has in it what means something in one of the formats.
const hostile = "a|b `c` <script>alert(1)</script> ]]> & \"q\" 'p' *x* _y_ [l](http://x) ```\n```\n::error::no\r\n# head\n| --- |\n</details>" +
	"\x00\x07\x1b[31mred\u202eeval \xff\xfe % %0A , : \\ \u2028 é 日本 🗝 {0} $x$"

func hostileSample() *report.Report {
	r := report.New("verify")
	r.Target = "https://x/" + hostile
	r.Note(hostile)
	f := report.Finding{
		Check: hostile, Severity: report.Error, Operation: hostile, Method: hostile, Path: hostile, Pointer: hostile, Keyword: hostile,
		Message: hostile, Explanation: hostile, HowToFix: hostile, Curl: hostile, Case: hostile, Basis: report.Assumed, Assumption: hostile,
		Base: &report.Location{Source: hostile, Line: 1, Column: 1}, Revision: &report.Location{Source: "x y:1,2%.json", Line: 1},
	}
	r.Add(f)
	r.Skip("skipped "+hostile, hostile, hostile)
	r.Coverage = &coverage.Report{Total: 1, Operations: []coverage.Operation{{Operation: hostile}}}
	r.Accept([]report.Known{{Fingerprint: r.Findings[0].Fingerprint, Reason: hostile}}, today)
	f.Case = "another"
	r.Add(f)
	r.Finish()
	return r
}

func emptySample() *report.Report {
	r := report.New("verify")
	r.Skip("documented_response", "ListAPIKeys", "the server did not answer")
	r.Accept([]report.Known{{Fingerprint: "0123456789ab", Reason: "of an empty run nothing can be said"}}, today)
	r.Finish()
	return r
}

func cleanSample() *report.Report {
	r := report.New("verify")
	r.Target = "https://api.example.com"
	r.Pass("documented_response", "ListAPIKeys", 12)
	r.Finish()
	return r
}
