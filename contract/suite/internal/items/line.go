package items

import (
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Find is the first line of a collection and kind; nil when there is none.
func Find(s *session.Session, c *plan.Collection, kind plan.Kind) *plan.Line {
	if c == nil {
		return nil
	}
	for _, l := range s.Plan.Lines {
		if l.Collection == c.Name && l.Kind == kind && (kind != plan.List || l.Method == http.MethodGet) && (kind != plan.Create || Names(s, l)) {
			return l
		}
	}
	return nil
}

// Names tells whether an operation makes items that its answer names, of a body that
// can be written.
func Names(s *session.Session, l *plan.Line) bool {
	o := s.Operation(l)
	if o == nil || o.RequestBody != nil {
		if _, writable := s.MediaOf(o); !writable {
			return false
		}
	}
	return named(s.Plan.Collection(l.Collection), l)
}

// named tells whether the answer of a line shows the identity of its item.
func named(c *plan.Collection, l *plan.Line) bool {
	if c == nil || len(c.Identity) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Identity, func(i plan.Identity) bool {
		return i.Property == "" || !l.Answer.HasItem && !slices.ContainsFunc(l.Answer.Mappings, func(m plan.Mapping) bool { return m.In == "" && m.From == i.Property })
	})
}

// Removable tells whether items of a collection can be removed one by one.
func Removable(s *session.Session, c *plan.Collection) bool {
	return Find(s, c, plan.Delete) != nil || Find(s, c, plan.Leave) != nil
}

// May says why an operation must not be called to try things; empty: it may.
func May(s *session.Session, l *plan.Line) string {
	c := s.Plan.Collection(l.Collection)
	switch {
	case l.Method == http.MethodGet, l.Method == http.MethodHead, s.Target.Disposable:
		return ""
	case !s.Target.Writes:
		return "it changes data: only operations that read are called without writes"
	case l.Kind == plan.Create || l.Kind == plan.Copy:
		if !named(c, l) || !Removable(s, c) {
			return "what it makes could not be removed: the document has no way to name and delete it"
		}
	case l.Item == "" && l.Kind == plan.BulkDelete && l.Write == nil:
		return "it would remove what was not made by this run"
	case l.Kind == plan.Join, l.Kind == plan.Leave, l.Kind == plan.Act && l.Answer.Of != "" && l.Answer.Of != l.Collection,
		l.Item == "" && l.Kind != plan.BulkDelete && l.Kind != plan.BulkUpdate && l.Kind != plan.BulkRead:
		return "it changes what was not made by this run"
	}
	return ""
}
