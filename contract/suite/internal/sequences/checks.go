// Package sequences holds the checks of several calls in a row: what one changed,
// another shows. What operations are for the plan says.
package sequences

import (
	"context"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks are those of sequences. What they make, m removes.
func Checks(m *items.Maker) []session.Check {
	on := func(applies func(*session.Session, *plan.Line) bool, run func(*story, context.Context)) session.Work {
		return session.Work{
			Settles: true,
			Applies: func(s *session.Session, o *contract.Operation) bool {
				l := s.Line(o)
				return l != nil && applies(s, l) && items.May(s, l) == ""
			},
			Run: func(ctx context.Context, p *session.Probe) {
				l := p.Line(p.Op)
				t := &story{Probe: p, maker: m, line: l, of: p.Plan.Collection(l.Collection)}
				t.tell(ctx, run)
			},
		}
	}
	return []session.Check{
		{ID: "ensure_resource_availability", Severity: report.Error,
			Why:  "What was created and is not there, or not as it was sent, is lost: the caller was told that it is kept.",
			Fix:  "answer the creation once the item is stored, and show what was sent",
			Work: on(creates, (*story).created)},
		{ID: "created_in_list", Severity: report.Error,
			Why: "Who lists items after creating one does not find it, and creates it again.",
			Fix: "have the list show an item from the answer to its creation on",
			Work: on(func(s *session.Session, l *plan.Line) bool {
				return creates(s, l) && items.Find(s, s.Plan.Collection(l.Collection), plan.List) != nil
			}, (*story).listed)},
		{ID: "update_applied", Severity: report.Error,
			Why:  "A change that was answered with success and cannot be read is lost.",
			Fix:  "store what is sent before answering, and show it from then on",
			Work: on(updates, (*story).applied)},
		{ID: "update_keeps_rest", Severity: report.Error,
			Why:  "A partial update that changes more than was sent destroys what others wrote.",
			Fix:  "change only the properties that the body has",
			Work: on(func(s *session.Session, l *plan.Line) bool { return l.Kind == plan.Update && updates(s, l) }, (*story).keepsRest)},
		{ID: "use_after_free", Severity: report.Error,
			Why:  "What was deleted and can still be used was not deleted.",
			Fix:  "refuse an item that is gone with the documented 404, and leave it out of lists",
			Work: on(deletes, (*story).deleted)},
		{ID: "second_deletion", Severity: report.Error,
			Why:  "A deletion that succeeds on nothing hides that the caller named the wrong item.",
			Fix:  "answer the deletion of what is not there with the documented 404",
			Work: on(deletes, (*story).deletedTwice)},
		{ID: "unknown_item", Severity: report.Error,
			Why:  "Who reads what is not there and is answered all the same goes on with something made up.",
			Fix:  "answer the reading of an id that nothing has with the documented 404",
			Work: on(readsOne, (*story).unknown)},
		{ID: "parent_scope", Severity: report.Error,
			Why:  "A list below an item that shows those of another mixes what belongs to different owners.",
			Fix:  "select the items of the parent that the path names",
			Work: on(listsBelow, (*story).scoped)},
		{ID: "filter_conformance", Severity: report.Error,
			Why: "A filter that shows too much or too little has callers act on the wrong items.",
			Fix: "show the items whose property is as the parameter says, and no others",
			Work: on(func(_ *session.Session, l *plan.Line) bool {
				return l.Kind == plan.List && l.List != nil && len(l.List.Filters) > 0
			}, (*story).filtered)},
		{ID: "copy_is_new", Severity: report.Error,
			Why:  "A copy that is the same item, or that changes the one it was made from, is no copy.",
			Fix:  "give the copy an identity of its own, and leave its source as it was",
			Work: on(func(_ *session.Session, l *plan.Line) bool { return l.Kind == plan.Copy }, (*story).copied)},
		{ID: "action_on_item", Severity: report.Error,
			Why:  "An action that answers another item than it was called on, or does not keep what it was sent, misleads the caller.",
			Fix:  "act on the item that the path names, and answer that one",
			Work: on(func(_ *session.Session, l *plan.Line) bool { return l.Kind == plan.Act && l.Item != "" }, (*story).acted)},
		{ID: "singleton_keeps", Severity: report.Error,
			Why:  "A setting that was written and is read back otherwise is not set.",
			Fix:  "store what is sent before answering, and show it from then on",
			Work: on(writesSingleton, (*story).singleton)},
		{ID: "membership", Severity: report.Error,
			Why: "Who joins something and is not among its members, or leaves it and still is, cannot rely on either.",
			Fix: "have the list of members follow each answer",
			Work: on(func(s *session.Session, l *plan.Line) bool {
				return l.Kind == plan.Join && items.Find(s, s.Plan.Collection(l.Collection), plan.List) != nil
			}, (*story).joined)},
		{ID: "bulk_effect", Severity: report.Error,
			Why: "A call for many items that reaches others, or not all, cannot be taken back.",
			Fix: "act on the items whose ids were sent, and on no others",
			Work: on(func(_ *session.Session, l *plan.Line) bool {
				return l.Kind == plan.BulkDelete && l.Write != nil && l.Write.IDs != ""
			}, (*story).bulkDeleted)},
		{ID: "secret_shown_once", Severity: report.Error,
			Why:  "A secret that can be read after its creation is one that everybody who may read can use.",
			Fix:  "show it in the answer that makes it and nowhere else",
			Work: on(makesSecret, (*story).shownOnce)},
		{ID: "update_keeps_secret", Severity: report.Error,
			Why: "A secret that another change replaces locks out everybody who uses it, without a word.",
			Fix: "leave the secret as it is when other properties change",
			Work: on(func(s *session.Session, l *plan.Line) bool {
				return updates(s, l) && makesSecret(s, items.Find(s, s.Plan.Collection(l.Collection), plan.Create))
			}, (*story).keepsSecret)},
		{ID: "link_integrity", Severity: report.Error,
			Why:  "An item that names another which does not exist fails whoever follows the name.",
			Fix:  "refuse it with the status that the document has for it",
			Work: on(refusesLinks, (*story).unlinked)},
		{ID: "concurrent_writes", Severity: report.Error,
			Why: "Two writers who are both told that they succeeded each rely on what they wrote.",
			Fix: "apply each change to the item as it is at that moment, one after the other",
			Work: on(func(s *session.Session, l *plan.Line) bool {
				return l.Kind == plan.Create && creates(s, l) || updates(s, l)
			}, (*story).together)},
	}
}

func creates(s *session.Session, l *plan.Line) bool {
	return l != nil && l.Kind == plan.Create && items.Names(s, l)
}

func updates(_ *session.Session, l *plan.Line) bool {
	return l != nil && (l.Kind == plan.Update || l.Kind == plan.Replace) && l.Item != "" && l.Write != nil && len(l.Write.Mappings) > 0
}

func deletes(_ *session.Session, l *plan.Line) bool { return l.Kind == plan.Delete && l.Item != "" }

// readsOne tells whether an operation reads an item by an id of one part, and has a
// documented answer to one that nothing has.
func readsOne(s *session.Session, l *plan.Line) bool {
	c := s.Plan.Collection(l.Collection)
	return l.Kind == plan.Read && l.Item != "" && c != nil && len(c.Identity) == 1 && documentsGone(l)
}

func listsBelow(s *session.Session, l *plan.Line) bool {
	c := s.Plan.Collection(l.Collection)
	return l.Kind == plan.List && l.Method == http.MethodGet && c != nil && len(c.Parents) > 0 && s.Target.Writes && items.Find(s, c, plan.Create) != nil
}

func writesSingleton(s *session.Session, l *plan.Line) bool {
	return l.Kind == plan.Singleton && l.Method != http.MethodGet && l.Method != http.MethodDelete && l.Write != nil && len(l.Write.Mappings) > 0 && s.Plan.Line(http.MethodGet, l.Path) != nil
}

func makesSecret(s *session.Session, l *plan.Line) bool {
	return creates(s, l) && len(l.Answer.Once) > 0
}

// refusesLinks tells whether the document has a refusal for a body that names what
// is not there.
func refusesLinks(_ *session.Session, l *plan.Line) bool {
	return l.Write != nil && slices.ContainsFunc(l.Write.Links, func(link plan.Link) bool { return link.Refused })
}
