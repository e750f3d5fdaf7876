package items

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// sweep removes what is left, the last made first, and has the report say what
// could not be removed.
func (m *Maker) sweep(ctx context.Context, s *session.Session) {
	for _, i := range slices.Backward(slices.Clone(m.kept)) {
		if session.Ended(func() { m.Remove(ctx, s, i) }) != nil {
			break // the target is gone; all that is left is told
		}
	}
	left, others := map[string][]string{}, map[string][]string{}
	for _, i := range m.kept {
		switch {
		case s.Target.Disposable:
		case i.proof == foreign && m.makesUp(ctx, s, i): // what was read there is no item
		case i.proof == foreign:
			others[i.Of.Name] = append(others[i.Of.Name], i.Name())
		default:
			left[i.Of.Name] = append(left[i.Of.Name], i.Name())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		s.Report.Add(leftBehind(name, fmt.Sprintf("not removed from %s: %s", name, list(left[name]))))
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		s.Report.Add(leftBehind(name+", another", fmt.Sprintf("creations in %s were answered with %s, and what is read there does not carry the name that was sent: it may have been there before, and was neither changed nor removed", name, list(others[name]))))
	}
	for _, name := range slices.Sorted(maps.Keys(m.lost)) {
		if n := m.lost[name]; !s.Target.Disposable {
			s.Report.Add(leftBehind(name, fmt.Sprintf("%s answered a success %d times without saying what it made, so that this could not be removed", name, n)))
		}
	}
}

// Stranger is an item like one, that is not there: its id is in the form of the
// collection's ids, and nothing has it.
func Stranger(c *plan.Collection, above map[string]*Item) *Item {
	return &Item{Of: c, Above: above, Names: map[string]string{c.Identity[0].Property: Nobody(c)}}
}

// makesUp tells whether the server shows something for an id that nothing has, too.
func (m *Maker) makesUp(ctx context.Context, s *session.Session, i *Item) (shown bool) {
	if l := Find(s, i.Of, plan.Read); l != nil && len(i.Of.Identity) == 1 {
		_ = session.Ended(func() { shown = m.send(ctx, s, l, Stranger(i.Of, i.Above), nil).Ok() })
	}
	return shown
}

// list names items, each once.
func list(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

func leftBehind(of, message string) report.Finding {
	return report.Finding{
		Check: "left_behind", Severity: report.Warning, Message: message, Case: of,
		Explanation: "What a run makes it removes. What is named here is still there.",
		HowToFix:    "remove it by hand; its name begins with " + Mark + " where it has one",
	}
}
