package items

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
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
