// Package credentials holds the checks of who may call an operation.
package credentials

import (
	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of credentials.
func Checks() []session.Check {
	return []session.Check{
		{ID: "ignored_auth", Severity: report.Error,
			Why:  "An operation that answers without a valid credential gives its data to everyone.",
			Fix:  "refuse the request with the documented status before anything else is looked at",
			Work: session.Work{Applies: wantsKey, Run: ignoredAuth}},
		{ID: "auth_scheme_case", Severity: report.Warning,
			Why:  "The name of an authentication scheme is case-insensitive (RFC 9110, 11.1); clients write it in lower case, too.",
			Fix:  "compare the scheme without regard to case",
			Work: session.Work{Applies: session.Both(wantsKey, func(_ *session.Session, o *contract.Operation) bool { return wantsBearer(o) }), Run: authSchemeCase}},
		{ID: "insufficient_permission", Severity: report.Error,
			Why:  "A key that may not call an operation and can is more powerful than who made it believes.",
			Fix:  "refuse it with the documented status (403) before anything else is looked at",
			Work: session.Work{Applies: wantsKey, Run: insufficientPermission}},
		{ID: "unauthenticated", Severity: report.Warning, Assumption: "unauthenticated",
			Why:  "Callers tell a missing or unknown key from other mistakes by the status.",
			Fix:  "answer with the status that was assumed, or assume the other",
			Work: session.Work{Applies: session.Both(wantsKey, session.Assumes("unauthenticated")), Run: unauthenticated}},
		{ID: "permissions_one_by_one", Severity: report.Error,
			Why:  "A key is restricted so that it can do little harm: with its one permission it must do its work, and without it nothing of that.",
			Fix:  "ask for the permission of each operation, and for no other",
			Work: session.Work{Applies: triable, Run: keys{}.oneByOne, Settles: true}},
	}
}
