// Package bodies holds the checks of what an operation takes as a body: what the
// document allows accepted, what it does not refused.
package bodies

import (
	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks are those of bodies. What they make, m removes.
func Checks(m *items.Maker) []session.Check {
	r := &room{maker: m, bases: map[*contract.Operation]*base{}, hung: map[string]int{}}
	work := func(applies func(*session.Session, *contract.Operation) bool, run try) session.Work {
		return session.Work{Applies: session.Both(hasBody, applies), Run: r.run(run), Settles: true}
	}
	return []session.Check{
		{ID: "positive_body_acceptance", Severity: report.Error,
			Why:  "A body the document allows and the server refuses breaks callers that kept to the document.",
			Fix:  "accept what the schema allows, or say in the schema what is not allowed",
			Work: work(always, (*trial).positive)},
		{ID: "negative_body_rejection", Severity: report.Error,
			Why:  "A mistake in a body that the server takes silently is stored, and comes back to every reader.",
			Fix:  "refuse what the schema does not allow with a documented 4xx that names the property, or allow it in the schema",
			Work: work(always, refusing((*trial).negative))},
		{ID: "malformed_body", Severity: report.Error,
			Why:  "A body that cannot be read means nothing: whatever the server does with it, the caller did not ask for it.",
			Fix:  "refuse a body that is not what its media type says with a documented 4xx",
			Work: work(isJSON, refusing((*trial).malformed))},
		{ID: "unsupported_media_type", Severity: report.Error,
			Why:  "A body of a media type the document does not list is read as something it is not, or thrown away.",
			Fix:  "refuse it with a documented 4xx, such as 415, or document the media type",
			Work: work(always, refusing((*trial).otherMedia))},
		{ID: "missing_body", Severity: report.Error,
			Why:  "A request without the body it requires asks for nothing that could be done.",
			Fix:  "refuse it with a documented 4xx, or make the body optional in the document",
			Work: work(requiresBody, refusing((*trial).missing))},
	}
}

func always(*session.Session, *contract.Operation) bool { return true }

// hasBody is applies for operations with a body that may be called here.
func hasBody(s *session.Session, o *contract.Operation) bool {
	return o.RequestBody != nil && items.May(s, s.Line(o)) == ""
}

func requiresBody(_ *session.Session, o *contract.Operation) bool { return o.RequestBody.Required }

func isJSON(s *session.Session, o *contract.Operation) bool {
	media, ok := s.MediaOf(o)
	return ok && media.JSON()
}
