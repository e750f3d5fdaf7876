package sequences

import (
	"context"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

const (
	writers = 6  // at once
	rounds  = 10 // of two writers of one item: what is lost is lost now and then
)

// together has several callers write at once.
func (t *story) together(ctx context.Context) {
	switch t.line.Kind {
	case plan.Create:
		t.createTogether(ctx)
	case plan.Update:
		t.changeTogether(ctx)
	default:
		session.Cannot("it replaces the whole item: of two writers one has the last word")
	}
}

// createTogether creates items at once, each of which is to be there.
func (t *story) createTogether(ctx context.Context) {
	place := t.settle(ctx, t.line, nil)
	var calls []call.Call
	var bodies []any
	for range writers {
		b := t.body(ctx, t.line, true)
		calls, bodies = append(calls, place.Call(&b)), append(bodies, b.Value)
	}
	names := map[string]bool{}
	var made []*items.Item
	for i, a := range t.Together(ctx, t.Op, calls) {
		for _, one := range t.maker.Adopt(t.Session, place, a, bodies[i]) {
			t.made, made = append(t.made, one), append(made, one)
			if names[one.Name()] {
				t.Fail("identity", a, "two items that were created at once have the same identity")
				return
			}
			names[one.Name()] = true
		}
	}
	for _, one := range made {
		shown, a := t.read(ctx, one)
		if !a.Failed() && !t.Expect(shown != nil, "created at once", one.Answer, "of items that were created at once one is not there") {
			return
		}
	}
}

// changeTogether changes two properties of one item at once, over and over.
func (t *story) changeTogether(ctx context.Context) {
	one := t.subject(ctx, t.of)
	two := t.effective(ctx, one)
	if len(two) < 2 {
		session.Cannot("no two properties are known that can be changed alone")
	}
	for range rounds {
		list := slices.DeleteFunc(t.independent(ctx, one), func(c change) bool { return !slices.Contains(two, c.mapping.From) })
		if len(list) < 2 {
			return // another value of each is not known
		}
		place := t.maker.At(ctx, t.Session, t.line, one)
		answers := t.Together(ctx, t.Op, []call.Call{place.Call(&list[0].body), place.Call(&list[1].body)})
		after, a := t.read(ctx, one)
		if after == nil {
			return
		}
		for i, c := range list[:2] {
			t.worked(answers[i], "a change of "+c.mapping.From)
			if lost := t.lost(t.line, c.body.Value, after, t.schema(one)); len(lost) > 0 {
				t.Fail("two changes at once", a, "%s and %s were changed at once, both with success; %s is as it was", list[0].mapping.From, list[1].mapping.From, lost[0])
				return
			}
		}
		t.Pass()
	}
}

// effective are the first two properties whose change alone does what it says.
func (t *story) effective(ctx context.Context, one *items.Item) (works []string) {
	for _, c := range t.independent(ctx, one) {
		_, after := t.changed(ctx, one, c)
		if after != nil && len(t.lost(t.line, c.body.Value, after, t.schema(one))) == 0 {
			if works = append(works, c.mapping.From); len(works) == 2 {
				break
			}
		}
	}
	return works
}

// independent are the changes of an item that send one property alone, switches left out:
// these may change others.
func (t *story) independent(ctx context.Context, one *items.Item) []change {
	shown, _ := t.read(ctx, one)
	if shown == nil {
		return nil
	}
	return slices.DeleteFunc(t.changes(ctx, shown), func(c change) bool {
		object, _ := c.body.Value.(map[string]any)
		return len(object) != 1 || isSwitch(c.body.Media, c.mapping.From, c.value)
	})
}
