package sequences

import (
	"context"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
)

const (
	writers = 6  // at once
	rounds  = 10 // of two writers of one item: what is lost is lost now and then
)

// together has several callers write at once.
func (t *story) together(ctx context.Context) error {
	if t.line.Kind == plan.Create {
		return t.createTogether(ctx)
	}
	return t.changeTogether(ctx)
}

// createTogether creates items at once, each of which is to be there.
func (t *story) createTogether(ctx context.Context) error {
	place, reason, err := t.maker.Settle(ctx, t.Session, t.line, false, nil)
	if err != nil {
		return err
	}
	if place == nil {
		return cannot(reason)
	}
	var calls []call.Call
	var bodies []any
	for range writers {
		b, err := t.body(ctx, t.line, true)
		if err != nil {
			return err
		}
		calls, bodies = append(calls, place.Call(t.Op, b.Media, b.Value, b.There)), append(bodies, b.Value)
	}
	answers, err := t.Together(ctx, t.Op, calls)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	var made []*items.Item
	for i, a := range answers {
		for _, one := range t.maker.Adopt(t.Session, t.line, place, a, bodies[i]) {
			t.made = append(t.made, one)
			if names[one.Name()] {
				t.Fail("identity", a, "two items that were created at once have the same identity")
				return nil
			}
			names[one.Name()] = true
			made = append(made, one)
		}
	}
	for _, one := range made {
		shown, a, err := t.read(ctx, one)
		switch {
		case err != nil:
			return err
		case a != nil && a.Failed():
		case shown == nil && (a == nil || a.Ok() || a.Refused()):
			t.Fail("created at once", one.Answer, "of items that were created at once one is not there")
			return nil
		default:
			t.Pass()
		}
	}
	return nil
}

// changeTogether changes two properties of one item at once, over and over.
func (t *story) changeTogether(ctx context.Context) error {
	if t.line.Kind != plan.Update {
		return cannot("it replaces the whole item: of two writers one has the last word")
	}
	one, err := t.subject(ctx, t.of)
	if err != nil {
		return err
	}
	two, err := t.effective(ctx, one)
	if err != nil {
		return err
	}
	if len(two) < 2 {
		return cannot("no two properties are known that can be changed alone")
	}
	o := t.Op
	for range rounds {
		shown, _, err := t.read(ctx, one)
		if err != nil || shown == nil {
			return err
		}
		list, err := t.changes(ctx, shown)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(independent(list), func(c change) bool { return !slices.Contains(two, c.mapping.From) })
		if len(list) < 2 {
			return nil // another value of each is not known
		}
		place, err := t.at(ctx, t.line, one)
		if err != nil {
			return err
		}
		var calls []call.Call
		for _, c := range list[:2] {
			calls = append(calls, place.Call(o, c.body.Media, c.body.Value, true))
		}
		answers, err := t.Together(ctx, o, calls)
		if err != nil {
			return err
		}
		after, a, err := t.read(ctx, one)
		if err != nil || after == nil {
			return err
		}
		for i, c := range list[:2] {
			if !answers[i].Ok() {
				return cannot("a change of " + c.mapping.From + " is " + refusedWhere(answers[i]))
			}
			if lost := t.lost(t.line, c.body.Value, after, t.schema(one)); len(lost) > 0 {
				t.Fail("two changes at once", a, "%s and %s were changed at once, both with success; %s is as it was", list[0].mapping.From, list[1].mapping.From, lost[0])
				return nil
			}
		}
		t.Pass()
	}
	return nil
}

// effective are the first two properties whose change alone does what it says.
func (t *story) effective(ctx context.Context, one *items.Item) (works []string, err error) {
	shown, _, err := t.read(ctx, one)
	if err != nil || shown == nil {
		return nil, err
	}
	list, err := t.changes(ctx, shown)
	if err != nil {
		return nil, err
	}
	for _, c := range independent(list) {
		if len(works) == 2 {
			break
		}
		_, after, err := t.changed(ctx, one, c)
		if err != nil {
			return nil, err
		}
		if after != nil && len(t.lost(t.line, c.body.Value, after, t.schema(one))) == 0 {
			works = append(works, c.mapping.From)
		}
	}
	return works, nil
}

// independent are the changes that send one property alone, switches left out: these
// may change others.
func independent(list []change) (alone []change) {
	for _, c := range list {
		object, _ := c.body.Value.(map[string]any)
		if len(object) == 1 && !isSwitch(c.value) && !isEnum(c.body.Media, c.mapping.From) {
			alone = append(alone, c)
		}
	}
	return alone
}
