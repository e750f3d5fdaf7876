package sequences

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// story is a check of one operation, with the items that were made for it. Its methods
// return what was asked for, or end the story.
type story struct {
	*session.Probe
	maker *items.Maker
	line  *plan.Line
	of    *plan.Collection
	made  []*items.Item

	answer *session.Answer // that findings show
}

// tell runs a story and removes what it made.
func (t *story) tell(ctx context.Context, run func(*story, context.Context)) {
	defer func() {
		for _, one := range slices.Backward(t.made) {
			t.maker.Remove(context.WithoutCancel(ctx), t.Session, one)
		}
	}()
	run(t, ctx)
}

// fresh makes an item of a collection below those given.
func (t *story) fresh(ctx context.Context, c *plan.Collection, above map[string]*items.Item) *items.Item {
	one := t.maker.Make(ctx, t.Session, c, above)
	if slices.ContainsFunc(t.made, func(other *items.Item) bool { return other.Of == one.Of && other.Name() == one.Name() }) {
		session.Cannot("two items that were created have the same identity")
	}
	t.made = append(t.made, one)
	return one
}

// subject is an item to try the operation on: a fresh one, else where everything may
// be changed one that is there.
func (t *story) subject(ctx context.Context, c *plan.Collection) *items.Item {
	one := t.maker.Item(ctx, t.Session, c, true, nil)
	t.made = append(t.made, one)
	return one
}

// find is the operation of a kind for the items of the story; nil when there is none.
func (t *story) find(kind plan.Kind) *plan.Line { return items.Find(t.Session, t.of, kind) }

// settle is a place to call an operation at, below the items given.
func (t *story) settle(ctx context.Context, l *plan.Line, above map[string]*items.Item) *items.Place {
	return t.maker.Settle(ctx, t.Session, l, false, above)
}

// body makes a body of an operation.
func (t *story) body(ctx context.Context, l *plan.Line, least bool) items.Body {
	return t.maker.Body(ctx, t.Session, l, least)
}

// send calls an operation at a place, with a body if there is one.
func (t *story) send(ctx context.Context, at *items.Place, b *items.Body, label string) *session.Answer {
	c := at.Call(b)
	c.Label = label
	return t.Send(ctx, at.Op, c)
}

// on calls an operation on an item.
func (t *story) on(ctx context.Context, l *plan.Line, one *items.Item, b *items.Body, label string) *session.Answer {
	return t.send(ctx, t.maker.At(ctx, t.Session, l, one), b, label)
}

// tried calls the operation of a kind on an item, with the least body; nil when there is
// none, or no body for it.
func (t *story) tried(ctx context.Context, kind plan.Kind, one *items.Item, label string) *session.Answer {
	l := t.find(kind)
	if l == nil {
		return nil
	}
	var b items.Body
	if session.Try(func() { b = t.body(ctx, l, true) }) != "" {
		return nil
	}
	return t.on(ctx, l, one, &b, label)
}

// create calls an operation that makes items, and keeps them to be removed.
func (t *story) create(ctx context.Context, at *items.Place, b *items.Body, label string) ([]*items.Item, *session.Answer) {
	a := t.send(ctx, at, b, label)
	made := t.maker.Adopt(t.Session, at, a, b.Value)
	t.made = append(t.made, made...)
	return made, a
}

// worked ends the story of what was not answered with success.
func (t *story) worked(a *session.Answer, what string) {
	if t.answer = a; !a.Ok() {
		session.Cannot(what + " is " + a.Outcome())
	}
}

// shown is what an answer shows of one item; nil when it is no success.
func shown(l *plan.Line, a *session.Answer) map[string]any {
	if !a.Ok() {
		return nil
	}
	return append(items.Shown(l, a), map[string]any{})[0]
}

// read reads an item; without an operation for that it looks for it in its list.
func (t *story) read(ctx context.Context, one *items.Item) (map[string]any, *session.Answer) {
	if l := items.Find(t.Session, one.Of, plan.Read); l != nil {
		a := t.on(ctx, l, one, nil, "an item that was made")
		if a.Refused() && !t.named(one) {
			session.Cannot("the document allows no path with the identity of the item")
		}
		if a.Success() && !a.Ok() {
			session.Cannot("what reading an item answers cannot be read")
		}
		return shown(l, a), a
	}
	found, a, whole := t.inList(ctx, one)
	if found == nil && !whole {
		session.Cannot("no operation reads an item, and its list is too long to look for it")
	}
	return found, a
}

// named tells whether the document allows a path with the identity of an item.
func (t *story) named(one *items.Item) bool {
	return !slices.ContainsFunc(one.Of.Identity, func(id plan.Identity) bool {
		s := t.Spec.Schema(id.Schema)
		if s == nil {
			return false
		}
		var v any = one.Names[id.Property]
		if !slices.Contains(s.Types, "string") {
			v = json.Number(one.Names[id.Property])
		}
		return !t.Validator.Fits(s.Pointer, v)
	})
}

// schema is that of what is shown by an operation that reads, else by that which made it.
func (t *story) schema(one *items.Item) *spec.Schema {
	for _, kind := range []plan.Kind{plan.Read, plan.List} {
		if l := items.Find(t.Session, one.Of, kind); l != nil {
			return t.Spec.Schema(l.Answer.Item)
		}
	}
	return t.Spec.Schema(one.Of.Schema)
}

// settable are the properties of items that callers set, of their own or in others.
func (t *story) settable(c *plan.Collection, nested bool) (names []string) {
	for _, l := range t.Plan.Lines {
		if l.Collection == c.Name && l.Write != nil && (nested || l.Write.Into == "") && slices.Contains([]plan.Kind{plan.Create, plan.Update, plan.Replace}, l.Kind) {
			for _, m := range l.Write.Mappings {
				names = append(names, m.To)
			}
		}
	}
	return names
}

// isSwitch tells whether a property of a body, by its name and value, is one that others
// may depend on: a boolean or an enum.
func isSwitch(m call.Media, name string, v any) bool {
	_, is := v.(bool)
	property := m.Property(name)
	return is || property != nil && property.Enum != nil
}
