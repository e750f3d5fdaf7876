package sequences

import (
	"context"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// change is a body that sends another value of one property.
type change struct {
	mapping plan.Mapping
	value   any
	body    items.Body
}

const maxChanged = 12 // properties of an item that are changed one by one

// changes are bodies for an item, each of which changes one property of it: alone where
// the document allows that, else with the others as they are.
func (t *story) changes(ctx context.Context, shown map[string]any) (list []change) {
	whole := t.body(ctx, t.line, false)
	if !whole.There || t.line.Write.Items {
		session.Cannot("it takes no body that changes properties one by one")
	}
	least, at := t.body(ctx, t.line, true), t.line.Write.Data
	for _, m := range t.line.Write.Mappings {
		pointer := spec.Join(at, m.From)
		v, there := call.At(whole.Value, pointer)
		if m.In != "" || !there || v == nil && (m.How == plan.Embeds || call.Identifies(m.From) || slices.Contains(whole.Names, pointer)) {
			continue
		}
		got, _ := call.At(shown, spec.Join(t.line.Write.Into, m.To))
		if v == nil || m.How != plan.Embeds && kept(nil, v, got) { // null is kept alike by who keeps nothing
			if v, there = t.another(whole, pointer, got); !there {
				continue
			}
		}
		for _, rest := range []any{call.Set(least.Value, at, map[string]any{}, false), least.Value} {
			if b := least.With(call.Set(rest, pointer, v, false)); t.TakesBody(t.Op, b.Media, b.Value) {
				list = append(list, change{m, v, *b})
				break
			}
		}
		if len(list) == maxChanged {
			break
		}
	}
	if len(list) == 0 {
		session.Cannot("no property is known whose change could be seen")
	}
	return list
}

// another is a valid value of a property other than the one it has.
func (t *story) another(b items.Body, pointer string, got any) (any, bool) {
	valid, _ := t.Changes(t.Op, b.Media, b.Value, func(at string) bool { return at != pointer })
	i := slices.IndexFunc(valid, func(c call.Change) bool { return !c.Gone && !c.Guess && c.Value != nil && !kept(nil, c.Value, got) })
	if i < 0 {
		return nil, false
	}
	return valid[i].Value, true
}

// changed sends a change, and reads the item before and after; nil when it was refused.
func (t *story) changed(ctx context.Context, one *items.Item, c change) (before, after map[string]any) {
	if before, _ = t.read(ctx, one); before == nil {
		return nil, nil
	}
	a := t.on(ctx, t.line, one, &c.body, c.mapping.From+" alone")
	if t.answer = a; !a.Success() {
		if !a.Failed() {
			t.Skip("a change of " + c.mapping.From + " is " + a.Outcome())
		}
		return nil, nil
	}
	if after, a = t.read(ctx, one); after == nil && !a.Failed() {
		t.Fail("read", a, "after a change the item is %s", a.Outcome())
	}
	return before, after
}

// each makes an item and shows what each change of it did. True: every change was answered
// as of an item that is not there.
func (t *story) each(ctx context.Context, look func(c change, one *items.Item, before, after map[string]any)) (unknown bool) {
	one := t.subject(ctx, t.of)
	shown, _ := t.read(ctx, one)
	if shown == nil {
		return false
	}
	unknown = true
	for _, c := range t.changes(ctx, shown) {
		before, after := t.changed(ctx, one, c)
		unknown = unknown && t.answer.Gone()
		if after != nil {
			look(c, one, before, after)
		}
	}
	return unknown
}

// took tells whether a change is read back as it was sent.
func (t *story) took(c change, one *items.Item, after map[string]any) bool {
	return after != nil && !slices.Contains(t.lost(t.line, c.body.Value, after, t.schema(one)), c.mapping.From)
}

// applied looks for each change.
func (t *story) applied(ctx context.Context) {
	unknown := t.each(ctx, func(c change, one *items.Item, _, after map[string]any) {
		name, a := c.mapping.From, t.answer
		switch {
		case t.took(c, one, after):
			t.Expect(items.Is(t.of, after, one), "identity", a, "a change of %s changed what tells the item apart", name)
		case t.coupled(ctx, one, c):
			t.Skip("whether a change of " + name + " is kept depends on what else is changed")
		default:
			t.Flaw("", name, a, "%s was changed with success, and is read back otherwise", name)
		}
	})
	if unknown {
		t.Fail("unknown", t.answer, "the item can be read, and every change of it is %s", t.answer.Outcome())
	}
}

// coupled tells whether a change is kept when a switch is changed beside it or stands
// otherwise: whether the two go together the document cannot say.
func (t *story) coupled(ctx context.Context, one *items.Item, c change) (works bool) {
	whole := t.body(ctx, t.line, false)
	for _, m := range t.line.Write.Mappings {
		pointer := spec.Join(t.line.Write.Data, m.From)
		v, _ := call.At(whole.Value, pointer)
		if !isSwitch(whole.Media, m.From, v) || m.From == c.mapping.From {
			continue
		}
		valid, _ := t.Changes(t.Op, whole.Media, call.Set(c.body.Value, pointer, v, false), func(at string) bool { return at != pointer })
		for _, other := range append(valid, call.Change{At: pointer, Value: v}) {
			with := c
			if with.body.Value = other.In(c.body.Value); !t.TakesBody(t.Op, with.body.Media, with.body.Value) {
				continue
			}
			if _, after := t.changed(ctx, one, with); t.took(with, one, after) {
				return true
			}
		}
	}
	t.switched(ctx, one, func(other *items.Item) bool {
		_, after := t.changed(ctx, other, c)
		works = t.took(c, other, after)
		return !works
	})
	return works
}

// keepsRest looks at what was not sent. Left out is what servers may have follow: what
// no caller sets, and after a change of a switch everything.
func (t *story) keepsRest(ctx context.Context) {
	settable := t.settable(t.of, false)
	if t.of.Created != "" {
		settable = append(settable, t.of.Created)
	}
	t.each(ctx, func(c change, _ *items.Item, before, after map[string]any) {
		if isSwitch(c.body.Media, c.mapping.From, c.value) {
			return
		}
		sent, _ := call.At(c.body.Value, t.line.Write.Data)
		object, _ := sent.(map[string]any)
		lost := ""
		for _, name := range settable {
			touched := strings.HasPrefix(name, c.mapping.To) || slices.ContainsFunc(t.line.Write.Mappings, func(m plan.Mapping) bool {
				_, is := object[m.From]
				return is && m.To == name
			})
			if was, there := before[name]; there && !touched && !kept(nil, was, after[name]) {
				lost = name
			}
		}
		t.Expect(lost == "", lost+", when "+c.mapping.From+" changes", t.answer, "a change of %s alone changed %s too", c.mapping.From, lost)
	})
}

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
