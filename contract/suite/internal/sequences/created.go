package sequences

import (
	"context"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
)

// created makes an item of all there can be and one of the least, and reads each back.
func (t *story) created(ctx context.Context) error {
	for _, least := range []bool{false, true} {
		name := "the whole item"
		if least {
			name = "the least item"
		}
		one, err := t.make(ctx, least)
		if err != nil {
			return err
		}
		if one.Shown != nil {
			schema := t.Spec.Schema(t.line.Answer.Item)
			lost, err := t.alwaysLost(ctx, one, t.lost(t.line, one.Sent, one.Shown, schema))
			if err != nil {
				return err
			}
			t.judge(name+", as answered", lost, one, "the answer to its creation shows")
		}
		shown, a, err := t.read(ctx, one)
		switch {
		case err != nil:
			return err
		case a.Failed():
		case shown == nil && a.Refused():
			t.flawed(name+", read", a, "%s was created, and reading it is %s", name, refusedWhere(a))
		case shown == nil && a.Ok():
			t.flawed(name+", read", a, "%s was created, and is not in its list", name)
		case shown == nil:
		case !items.Is(t.of, shown, one):
			t.flawed(name+", read", a, "%s was created, and another is read under its id", name)
		default:
			t.answer = a
			lost, err := t.alwaysLost(ctx, one, t.lost(t.line, one.Sent, shown, t.schema(one)))
			if err != nil {
				return err
			}
			t.judge(name+", read", lost, one, "reading it shows")
		}
	}
	return nil
}

// alwaysLost leaves out what another value of a switch keeps, a boolean or an enum
// beside it: whether the two go together the document cannot say.
func (t *story) alwaysLost(ctx context.Context, one *items.Item, lost []string) ([]string, error) {
	if len(lost) == 0 {
		return lost, nil
	}
	err := t.switched(ctx, one, func(other *items.Item) (bool, error) {
		shown, _, err := t.read(ctx, other)
		if shown != nil {
			now := t.lost(t.line, other.Sent, shown, t.schema(other))
			lost = slices.DeleteFunc(lost, func(name string) bool { return !slices.Contains(now, name) })
		}
		return len(lost) > 0, err
	})
	return lost, err
}

// switched makes items like one that was made, each with another value of a switch,
// until look has seen enough.
func (t *story) switched(ctx context.Context, one *items.Item, look func(*items.Item) (bool, error)) error {
	l := one.Line
	o := items.Operation(t.Session, l)
	media, there := t.MediaOf(o)
	if !there || l.Kind != plan.Create {
		return nil
	}
	switches, _ := t.Changes(o, media, one.Sent, func(pointer string) bool {
		v, _ := call.At(one.Sent, pointer)
		name := strings.TrimPrefix(pointer, l.Write.Data+"/")
		return !isSwitch(v) && !isEnum(media, name) || strings.Contains(name, "/")
	})
	for _, c := range switches {
		place, reason, err := t.maker.Settle(ctx, t.Session, l, false, one.Above)
		if err != nil {
			return err
		}
		if place == nil {
			return cannot(reason)
		}
		a, err := t.Send(ctx, o, place.Call(o, media, c.In(one.Sent), true))
		if err != nil {
			return err
		}
		made := t.maker.Adopt(t.Session, l, place, a, c.In(one.Sent))
		t.made = append(t.made, made...)
		if len(made) == 0 {
			continue
		}
		if more, err := look(made[0]); err != nil || !more {
			return err
		}
	}
	return nil
}

// make makes an item by the operation itself.
func (t *story) make(ctx context.Context, least bool) (*items.Item, error) {
	one, reason, err := t.maker.MakeBy(ctx, t.Session, t.line, nil, least)
	if err != nil {
		return nil, err
	}
	if one == nil {
		return nil, cannot(reason)
	}
	t.made, t.answer = append(t.made, one), one.Answer
	return one, nil
}

// judge tells of what an item does not show as it was sent.
func (t *story) judge(name string, lost []string, one *items.Item, where string) {
	if len(lost) == 0 {
		t.Pass()
	}
	for _, property := range lost {
		t.flawed(name+": "+property, t.answer, "%s was sent for an item of %s; %s something else", property, one.Of.Name, where)
	}
}

// listed makes an item and looks for it in its list.
func (t *story) listed(ctx context.Context) error {
	one, err := t.make(ctx, false)
	if err != nil {
		return err
	}
	shown, a, whole, err := t.inList(ctx, one)
	switch {
	case err != nil:
		return err
	case shown != nil:
		t.Pass()
	case !whole:
		t.Skip("its list is too long, or was not answered, so that the item could not be looked for")
	default:
		t.Fail("created", a, "an item of %s was created, and its list does not show it", one.Of.Name)
	}
	return nil
}
