package session

import (
	"github.com/digakit/digakit/contract/report"
)

// Always lists the checks of every answer, whatever was asked.
func Always() []Check {
	return []Check{
		{ID: "not_a_server_error", Severity: report.Error,
			Why: "A 5xx says that the server failed, whatever was sent: callers retry it and page someone.",
			Fix: "answer a request that cannot be served with a documented 4xx; look for the panic or exception behind this one"},
		{ID: "response_completeness", Severity: report.Error,
			Why: "An answer that breaks off cannot be used, and a caller cannot know what was done.",
			Fix: "send the whole body that Content-Length or the chunks announce, in time"},
		{ID: "stopped_answering", Severity: report.Error,
			Why: "A request that stops a server stops it for everyone.",
			Fix: "look for what this request brings about: a crash, an exit, a deadlock; the server's own log says more"},
		{ID: "content_encoding_conformance", Severity: report.Warning,
			Why: "An answer in a content coding that was not asked for (RFC 9110, 12.5.3) cannot be read by callers that do not know it.",
			Fix: "compress only as Accept-Encoding allows: these requests allow gzip alone"},
		{ID: "status_code_conformance", Severity: report.Error,
			Why: report.Explanation("status_code_conformance"),
			Fix: "answer as the document says, or correct the document"},
		{ID: "content_type_conformance", Severity: report.Error,
			Why: report.Explanation("content_type_conformance"),
			Fix: "answer as the document says, or correct the document"},
		{ID: "response_schema_conformance", Severity: report.Error,
			Why: report.Explanation("response_schema_conformance"),
			Fix: "answer as the document says, or correct the document"},
		{ID: "response_headers_conformance", Severity: report.Error,
			Why: report.Explanation("response_headers_conformance"),
			Fix: "answer as the document says, or correct the document"},
		{ID: "secret_disclosed", Severity: report.Error,
			Why: "A key is shown once, when it is made. Whoever reads it later, or a hash of it, in an answer, a log or a cache can use or guess it.",
			Fix: "keep keys and their hashes out of what is sent; build answers from a list of fields to show, not from what is stored"},
	}
}
