package mockserver_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/engine"
)

// What a project begins with does not depend on what of it is asked for first, nor on
// what was asked for before a reset.
func TestTheStartIsTheSameInWhateverOrderItIsAsked(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		p, err := c.srv.Project("demo")
		try(t, err)
		whole := func() map[string][]string {
			all := map[string][]string{}
			for _, of := range p.Collections() {
				items, _, err := p.Collection(of.Name).List(engine.Search{})
				try(t, err)
				for _, item := range items {
					all[of.Name] = append(all[of.Name], string(item.Value))
				}
			}
			return all
		}
		want := whole()
		var ask []func()
		for _, of := range p.Collections() {
			ask = append(ask, func() { _, _, err = p.Collection(of.Name).List(engine.Search{}) })
		}
		for _, l := range c.plan.Lines {
			if l.Kind == plan.List || l.Kind == plan.Read || l.Kind == plan.View {
				if path, ok := c.paths(l); ok {
					ask = append(ask, func() { c.send(l, path, nil, nil) })
				}
			}
		}
		for seed := range uint64(5) {
			try(t, p.Reset())
			order := rand.New(rand.NewPCG(seed, 0))
			order.Shuffle(len(ask), func(i, j int) { ask[i], ask[j] = ask[j], ask[i] })
			for _, one := range ask[:1+order.IntN(len(ask))] {
				one()
			}
			if diff := cmp.Diff(want, whole()); diff != "" {
				t.Fatalf("asked in order %d it differs (-in the document's order +in this):\n%.3000s", seed, diff)
			}
		}
	}, mockserver.WithItems(5))
}
