// Package values holds the checks of what an operation takes: valid values
// accepted, invalid ones refused, and nothing hostile breaking it.
package values

import (
	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of values of parameters.
func Checks() []session.Check {
	return []session.Check{
		{ID: "positive_data_acceptance", Severity: report.Error,
			Why: "A value the document allows and the server refuses breaks callers that kept to the document.",
			Fix: "accept what the schema allows, or say in the schema what is not allowed",
			Work: session.Work{Applies: func(s *session.Session, o *contract.Operation) bool {
				return session.ReadOnly(s, o) || !s.Target.Writes
			}, Run: positiveData}},
		{ID: "negative_data_rejection", Severity: report.Error,
			Why:  "A caller's mistake that the server takes silently is answered with something else than was asked for.",
			Fix:  "refuse what the schema does not allow with a documented 4xx that names the parameter, or allow it in the schema",
			Work: session.Work{Applies: session.ReadOnly, Run: negativeData}},
		{ID: "missing_required_header", Severity: report.Error,
			Why:  "A header that is required but not asked for is either not needed or its absence goes unnoticed.",
			Fix:  "refuse the request without it with a documented 4xx, or make it optional in the document",
			Work: session.Work{Applies: session.Both(session.ReadOnly, requiresHeader), Run: missingHeader}},
		{ID: "repeated_parameter", Severity: report.Warning, Assumption: "repeated_parameter",
			Why:  "What stands in front of a server and the server itself may differ over which of two values counts.",
			Fix:  "answer as was assumed, or assume another",
			Work: session.Work{Applies: session.Both(session.ReadOnly, session.Assumes("repeated_parameter")), Run: repeatedParameter}},
		{ID: "hostile_input", Severity: report.Error,
			Why:  "What reaches a parser, a log or a header unexamined is how servers are broken into; a failure there is also the cheapest way to stop one.",
			Fix:  "refuse what is no text, too long or too large with a 4xx; never copy it into headers; encode it when it stands in an answer",
			Work: session.Work{Applies: session.ReadOnly, Run: hostileInput}},
	}
}
