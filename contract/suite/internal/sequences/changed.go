package sequences

import (
	"context"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
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
func (t *story) changes(ctx context.Context, shown map[string]any) ([]change, error) {
	whole, err := t.body(ctx, t.line, false)
	if err != nil {
		return nil, err
	}
	if !whole.There || t.line.Write.Items {
		return nil, cannot("it takes no body that changes properties one by one")
	}
	least, err := t.body(ctx, t.line, true)
	if err != nil {
		return nil, err
	}
	at := t.line.Write.Data
	var list []change
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
		b := least
		alone := emptied(least.Value, at)
		if v := call.Set(alone, pointer, v, false); t.TakesBody(t.Op, b.Media, v) {
			b.Value = v
		} else if v := call.Set(least.Value, pointer, v, false); t.TakesBody(t.Op, b.Media, v) {
			b.Value = v
		} else {
			continue
		}
		if list = append(list, change{m, v, b}); len(list) == maxChanged {
			break
		}
	}
	if len(list) == 0 {
		return nil, cannot("no property is known whose change could be seen")
	}
	return list, nil
}

// emptied is a body without what it has at a pointer.
func emptied(v any, at string) any { return call.Set(v, at, map[string]any{}, false) }

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
func (t *story) changed(ctx context.Context, one *items.Item, c change) (before, after map[string]any, err error) {
	if before, _, err = t.read(ctx, one); err != nil || before == nil {
		return nil, nil, err
	}
	a, _, err := t.send(ctx, t.line, one, &c.body, c.mapping.From+" alone")
	if err != nil {
		return nil, nil, err
	}
	if a.Broken != "" || a.Status < 200 || a.Status > 299 {
		if !a.Failed() {
			t.Skip("a change of " + c.mapping.From + " is " + refusedWhere(a))
		}
		return nil, nil, nil
	}
	t.answer = a
	if after, a, err = t.read(ctx, one); err != nil || after == nil {
		if err == nil && !a.Failed() {
			t.Fail("read", a, "after a change the item is %s", refusedWhere(a))
		}
		return nil, nil, err
	}
	return before, after, nil
}

// each makes an item and shows what each change of it did.
func (t *story) each(ctx context.Context, look func(c change, one *items.Item, before, after map[string]any) error) error {
	one, err := t.subject(ctx, t.of)
	if err != nil {
		return err
	}
	shown, _, err := t.read(ctx, one)
	if err != nil || shown == nil {
		return err
	}
	list, err := t.changes(ctx, shown)
	if err != nil {
		return err
	}
	for _, c := range list {
		before, after, err := t.changed(ctx, one, c)
		if err != nil {
			return err
		}
		if after == nil {
			continue
		}
		if err := look(c, one, before, after); err != nil {
			return err
		}
	}
	return nil
}

// applied looks for each change.
func (t *story) applied(ctx context.Context) error {
	return t.each(ctx, func(c change, one *items.Item, _, after map[string]any) error {
		a := t.answer
		if lost := t.lost(t.line, c.body.Value, after, t.schema(one)); slices.Contains(lost, c.mapping.From) {
			coupled, err := t.coupled(ctx, one, c)
			if coupled {
				t.Skip("whether a change of " + c.mapping.From + " is kept depends on what else is changed")
			} else if err == nil {
				t.flawed(c.mapping.From, a, "%s was changed with success, and is read back otherwise", c.mapping.From)
			}
			return err
		}
		if !items.Is(t.of, after, one) {
			t.Fail("identity", a, "a change of %s changed what tells the item apart", c.mapping.From)
			return nil
		}
		t.Pass()
		return nil
	})
}

// coupled tells whether a change is kept when a switch, a boolean or an enum, is changed
// beside it or stands otherwise: whether the two go together the document cannot say.
func (t *story) coupled(ctx context.Context, one *items.Item, c change) (bool, error) {
	whole, err := t.body(ctx, t.line, false)
	if err != nil {
		return false, err
	}
	for _, m := range t.line.Write.Mappings {
		pointer := spec.Join(t.line.Write.Data, m.From)
		v, _ := call.At(whole.Value, pointer)
		if !isSwitch(v) && !isEnum(whole.Media, m.From) || m.From == c.mapping.From {
			continue
		}
		valid, _ := t.Changes(t.Op, whole.Media, call.Set(c.body.Value, pointer, v, false), func(at string) bool { return at != pointer })
		for _, other := range append(valid, call.Change{At: pointer, Value: v}) {
			with := c
			if with.body.Value = other.In(c.body.Value); !t.TakesBody(t.Op, with.body.Media, with.body.Value) {
				continue
			}
			_, after, err := t.changed(ctx, one, with)
			if err != nil || after != nil && !slices.Contains(t.lost(t.line, with.body.Value, after, t.schema(one)), c.mapping.From) {
				return err == nil, err
			}
		}
	}
	works := false
	err = t.switched(ctx, one, func(other *items.Item) (bool, error) {
		_, after, err := t.changed(ctx, other, c)
		works = after != nil && !slices.Contains(t.lost(t.line, c.body.Value, after, t.schema(other)), c.mapping.From)
		return !works, err
	})
	return works, err
}

// keepsRest looks at what was not sent. Left out is what servers may have follow: what
// no caller sets, and after a change of a switch (a boolean, an enum) everything.
func (t *story) keepsRest(ctx context.Context) error {
	var settable []string
	for _, l := range t.Plan.Lines {
		if l.Collection == t.of.Name && (l.Kind == plan.Create || l.Kind == plan.Update || l.Kind == plan.Replace) && l.Write != nil && l.Write.Into == "" {
			for _, m := range l.Write.Mappings {
				settable = append(settable, m.To)
			}
		}
	}
	if t.of.Created != "" {
		settable = append(settable, t.of.Created)
	}
	return t.each(ctx, func(c change, _ *items.Item, before, after map[string]any) error {
		if isSwitch(c.value) || isEnum(c.body.Media, c.mapping.From) {
			return nil
		}
		sent, _ := call.At(c.body.Value, t.line.Write.Data)
		object, _ := sent.(map[string]any)
		lost := ""
		for _, name := range settable {
			touched := name == c.mapping.To || strings.HasPrefix(name, c.mapping.To) || slices.ContainsFunc(t.line.Write.Mappings, func(m plan.Mapping) bool {
				_, is := object[m.From]
				return is && m.To == name
			})
			if was, there := before[name]; there && !touched && !kept(nil, was, after[name]) {
				lost = name
			}
		}
		if lost != "" {
			t.Fail(lost+", when "+c.mapping.From+" changes", t.answer, "a change of %s alone changed %s too", c.mapping.From, lost)
			return nil
		}
		t.Pass()
		return nil
	})
}

func isSwitch(v any) bool {
	_, is := v.(bool)
	return is
}

func isEnum(m call.Media, name string) bool {
	return m.Schema != nil && m.Schema.Property(name) != nil && m.Schema.Property(name).Enum != nil
}
