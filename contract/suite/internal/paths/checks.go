// Package paths holds the checks of what lies beside the documented operations:
// other methods, other paths, the slash at the end.
package paths

import (
	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of paths and methods.
func Checks() []session.Check {
	return []session.Check{
		{ID: "unsupported_method", Severity: report.Error,
			Why:  "A method that works without being documented is an operation nobody has reviewed; DELETE may do what it says.",
			Fix:  "refuse it with 405 and an Allow header, or document it",
			Work: session.Work{Applies: firstOfPath, Run: unsupportedMethod}},
		{ID: "allow_header_conformance", Severity: report.Warning,
			Why:  "A 405 must list in Allow the methods that work (RFC 9110, 15.5.6); callers and tools read it.",
			Fix:  "send Allow with the documented methods of the path",
			Work: session.Work{Applies: firstOfPath, Run: allowHeader}},
		{ID: "undocumented_path", Severity: report.Error,
			Why:  "A path that answers without being documented is an operation nobody has reviewed, or a router that takes one path for another.",
			Fix:  "answer 404, or document the path",
			Work: session.Work{Applies: firstOfPath, Run: undocumentedPath}},
		{ID: "slash_redirect", Severity: report.Error,
			Why:  "A redirect that loses the query answers another question; one to another host or to plain http gives the key away.",
			Fix:  "redirect to the documented path on the same host and scheme, with the query, or answer 404",
			Work: session.Work{Applies: session.Both(session.ReadOnly, func(_ *session.Session, o *contract.Operation) bool { return o.Path != "/" }), Run: slashRedirect}},
		{ID: "no_trailing_slash", Severity: report.Warning, Assumption: "trailing_slash",
			Why:  "Callers leave out a final slash, or add one, easily.",
			Fix:  "answer as was assumed, or assume the other",
			Work: session.Work{Applies: session.Both(session.Both(session.ReadOnly, endsInSlash), session.Assumes("trailing_slash")), Run: noTrailingSlash}},
	}
}
