package items

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// proof says whether an item is seen to be what this run made.
type proof int

const (
	unseen proof = iota // not looked at yet
	ours
	foreign // what is there has another name: the server named an item that it had before
)

// mayChange ends what would change or remove an item that must not be. The answer to a
// creation is not trusted with that: what is read of the item has to carry the run's mark.
// Where nothing shows the property that does, the answer has to.
func (m *Maker) mayChange(ctx context.Context, s *session.Session, i *Item) {
	if !s.Target.Disposable && i.ours && i.proof == unseen {
		shown, gone := m.look(ctx, s, i)
		if i.proof = foreign; gone || m.marked(shown) || m.marked(i.Shown) && i.hides(shown) {
			i.proof = ours
		}
	}
	if i.proof == foreign {
		session.Cannot("what is read of the item of " + i.Of.Name + " does not carry the name that it was made with: it may be another")
	}
}

// look is what an operation shows of an item, nil when none does; or that it is gone.
func (m *Maker) look(ctx context.Context, s *session.Session, i *Item) (shown map[string]any, gone bool) {
	session.Try(func() {
		for _, kind := range []plan.Kind{plan.Read, plan.List} {
			l := Find(s, i.Of, kind)
			if l == nil {
				continue
			}
			a := m.send(ctx, s, l, i, nil)
			if gone = kind == plan.Read && a.Gone(); gone {
				return
			}
			if !a.Ok() {
				continue
			}
			for _, one := range Shown(l, a) {
				if kind == plan.Read || Is(i.Of, one, i) {
					shown = one
					return
				}
			}
		}
	})
	return shown, gone
}

// marked tells whether something in an item carries the run's mark.
func (m *Maker) marked(shown map[string]any) bool {
	text, _ := json.Marshal(shown) // JSON values marshal
	return m.run != "" && strings.Contains(strings.ToLower(string(text)), Mark+m.run)
}

// hides tells whether what is shown of an item has no place for what carries its mark.
func (i *Item) hides(shown map[string]any) bool {
	var names []string
	for name, v := range i.Shown {
		if text, is := v.(string); is && strings.Contains(strings.ToLower(text), Mark) {
			names = append(names, name)
		}
	}
	return !slices.ContainsFunc(names, func(name string) bool { _, there := shown[name]; return there })
}

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
		case i.proof == foreign && m.MakesUp(ctx, s, i): // what was read there is no item
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

// MakesUp tells whether the server shows something for an id that nothing has, too.
func (m *Maker) MakesUp(ctx context.Context, s *session.Session, i *Item) (shown bool) {
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
