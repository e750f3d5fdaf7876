package sequences

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// copied copies an item twice, and looks at all three.
func (t *story) copied(ctx context.Context) error {
	from := t.Plan.Collection(t.line.Source)
	if from == nil {
		return cannot("nothing is known of what it copies")
	}
	source, err := t.subject(ctx, from)
	if err != nil {
		// What is copied stays as it is: one that is there will do.
		all, _, failed := t.maker.Existing(ctx, t.Session, from, nil)
		if failed != nil || len(all) == 0 {
			return err
		}
		source = all[0]
	}
	before, _, err := t.read(ctx, source)
	if err != nil {
		return err
	}
	var copies []*items.Item
	for range 2 {
		b, err := t.body(ctx, t.line, true)
		if err != nil {
			return err
		}
		a, place, err := t.send(ctx, t.line, source, &b, "")
		if err != nil {
			return err
		}
		made := t.maker.Adopt(t.Session, t.line, place, a, b.Value)
		t.answer = a
		if len(made) == 0 {
			if a.Ok() {
				return cannot("the answer does not say what the copy is called")
			}
			return cannot("a copy is " + refusedWhere(a))
		}
		t.made, copies = append(t.made, made...), append(copies, made[0])
	}
	one, two := copies[0], copies[1]
	switch {
	case one.Of == source.Of && one.Name() == source.Name():
		t.Fail("identity", t.answer, "a copy has the identity of the item that it was made from")
		return nil
	case one.Name() == two.Name():
		t.Fail("identity of two", t.answer, "two copies have the same identity")
	default:
		t.Pass()
	}
	for _, c := range copies {
		shown, a, err := t.read(ctx, c)
		if err != nil {
			return err
		}
		if shown == nil && !a.Failed() {
			t.Fail("read", a, "a copy was made, and reading it is %s", refusedWhere(a))
		} else if shown != nil {
			t.Pass()
		}
	}
	after, a, err := t.read(ctx, source)
	switch {
	case err != nil || before == nil || a.Failed():
	case after == nil:
		t.Fail("source", a, "after a copy the item it was made from is %s", refusedWhere(a))
	default:
		for _, name := range t.settable(source.Of) {
			if !kept(nil, before[name], after[name]) {
				t.Fail("source: "+name, a, "a copy changed %s of the item it was made from", name)
				return nil
			}
		}
		t.Pass()
	}
	return err
}

// settable are the properties of items that callers set.
func (t *story) settable(c *plan.Collection) (names []string) {
	for _, l := range t.Plan.Lines {
		if l.Collection != c.Name || l.Write == nil || l.Kind != plan.Create && l.Kind != plan.Update && l.Kind != plan.Replace {
			continue
		}
		for _, m := range l.Write.Mappings {
			names = append(names, m.To)
		}
	}
	return names
}

// acted acts on one of two items, and looks at which was meant.
func (t *story) acted(ctx context.Context) error {
	one, err := t.subject(ctx, t.of)
	if err != nil {
		return err
	}
	b, err := t.body(ctx, t.line, false)
	if err != nil {
		return err
	}
	a, _, err := t.send(ctx, t.line, one, &b, "")
	if err != nil {
		return err
	}
	t.answer = a
	if !a.Ok() {
		return cannot("it is " + refusedWhere(a) + "; what state the item has to be in the document cannot say")
	}
	if shown := items.Shown(t.line, a); t.line.Answer.HasItem && !t.line.Answer.Items && t.line.Answer.Of == "" && len(shown) == 1 && shows(t.of, shown[0]) {
		if items.Is(t.of, shown[0], one) {
			t.Pass()
		} else {
			t.Fail("item", a, "it was called on one item and answered another")
		}
	}
	if t.line.Write == nil || len(t.line.Write.Mappings) == 0 || items.Find(t.Session, t.of, plan.Read) == nil {
		return nil
	}
	shown, read, err := t.read(ctx, one)
	switch {
	case err != nil || read.Failed():
	case shown == nil:
		t.Skip("after it the item is " + refusedWhere(read))
	default:
		for _, name := range t.lost(t.line, b.Value, shown, t.schema(one)) {
			t.Fail(name, a, "%s was sent, and is read back from the item otherwise", name)
			return nil
		}
		t.Pass()
	}
	return err
}

// shows tells whether an object has the identity of its collection.
func shows(c *plan.Collection, shown map[string]any) bool {
	return !slices.ContainsFunc(c.Identity, func(i plan.Identity) bool { return shown[i.Property] == nil })
}

// singleton writes what there is one of, twice, and reads it each time.
func (t *story) singleton(ctx context.Context) error {
	reader := readerOf(t.Session, t.line)
	for range 2 {
		b, err := t.body(ctx, t.line, false)
		if err != nil {
			return err
		}
		place, reason, err := t.maker.Settle(ctx, t.Session, t.line, false, nil)
		if err != nil {
			return err
		}
		if place == nil {
			return cannot(reason)
		}
		a, err := t.Send(ctx, t.Op, place.Call(t.Op, b.Media, b.Value, b.There))
		if err != nil {
			return err
		}
		if !a.Ok() {
			return cannot("it is " + refusedWhere(a))
		}
		t.answer = a
		shown, a, err := t.readAt(ctx, reader, place)
		if err != nil {
			return err
		}
		switch lost := t.lost(t.line, b.Value, shown, t.Spec.Schema(reader.Answer.Item)); {
		case shown == nil && !a.Failed():
			t.Fail("read", a, "after it was written it is %s", refusedWhere(a))
		case shown == nil:
		case len(lost) > 0:
			t.Fail(lost[0], t.answer, "%s was written, and is read back otherwise", lost[0])
		default:
			t.Pass()
		}
	}
	return nil
}

// readAt reads at the place of another operation with the same path.
func (t *story) readAt(ctx context.Context, l *plan.Line, place *items.Place) (map[string]any, *session.Answer, error) {
	o := items.Operation(t.Session, l)
	var settings []call.Setting
	for _, q := range t.Parameters(o) {
		for _, one := range place.Settings {
			if one.Parameter.Name == q.Name && one.Parameter.In == q.In {
				settings = append(settings, call.Setting{Parameter: q, Value: one.Value})
			}
		}
	}
	a, err := t.Send(ctx, o, call.Compose(o, settings))
	if err != nil || !a.Ok() {
		return nil, a, err
	}
	if shown := items.Shown(l, a); len(shown) > 0 {
		return shown[0], a, nil
	}
	return map[string]any{}, a, nil
}

// joined joins with an item, looks for it among the members, and leaves again.
func (t *story) joined(ctx context.Context) error {
	of := t.Plan.Collection(t.of.Of)
	list := items.Find(t.Session, t.of, plan.List)
	if of == nil {
		return cannot("nothing is known of what joins")
	}
	one, err := t.subject(ctx, of)
	if err != nil {
		return err
	}
	for _, l := range []*plan.Line{t.line, items.Find(t.Session, t.of, plan.Leave)} {
		if l == nil {
			return nil
		}
		a, _, err := t.send(ctx, l, one, nil, "")
		if err != nil {
			return err
		}
		if !a.Ok() {
			return cannot("it is " + refusedWhere(a))
		}
		t.answer = a
		place, reason, err := t.maker.Settle(ctx, t.Session, list, false, one.Above)
		if err != nil {
			return err
		}
		if place == nil {
			return cannot(reason)
		}
		all, _, whole, err := t.whole(ctx, list, place, "")
		if err != nil {
			return err
		}
		found := slices.ContainsFunc(all, func(shown map[string]any) bool { return items.Is(of, shown, one) })
		switch {
		case !whole:
			return cannot("its list is too long to look for a member")
		case l == t.line && !found:
			t.Fail("joined", t.answer, "an item of %s joined, and is not among the members", of.Name)
		case l != t.line && found:
			t.Fail("left", t.answer, "an item of %s left, and is still among the members", of.Name)
		default:
			t.Pass()
		}
	}
	return nil
}

// bulkDeleted makes three items and deletes two of them. Items may be ignored, such as those
// in use, where the answer counts those that were deleted and has left them out.
func (t *story) bulkDeleted(ctx context.Context) error {
	var made []*items.Item
	for range 3 {
		one, err := t.fresh(ctx, t.of, nil)
		if err != nil {
			return err
		}
		made = append(made, one)
	}
	b, err := t.body(ctx, t.line, true)
	if err != nil {
		return err
	}
	ids := []any{}
	for _, one := range made[:2] {
		ids = append(ids, one.Names[t.of.Identity[0].Property])
	}
	tokens := spec.Tokens(t.line.Write.IDs)
	if tokens[len(tokens)-1] == "*" {
		tokens = tokens[:len(tokens)-1]
	}
	b.Value = call.Set(b.Value, spec.Join("", tokens...), ids, false)
	if !t.TakesBody(t.Op, b.Media, b.Value) {
		return cannot("two ids are no body that it takes")
	}
	a, _, err := t.send(ctx, t.line, made[0], &b, "")
	if err != nil {
		return err
	}
	if !a.Ok() {
		return cannot("it is " + refusedWhere(a))
	}
	count, _ := call.At(items.Decode(a.Body), t.line.Answer.Count)
	counted, err := strconv.Atoi(fmt.Sprint(count))
	told := t.line.Answer.Count != "" && err == nil
	for i, one := range made {
		shown, read, err := t.read(ctx, one)
		switch {
		case err != nil:
			return err
		case read != nil && read.Failed():
		case i < 2 && shown != nil && told && counted < 2:
			counted++
		case i < 2 && shown != nil:
			t.Fail("sent", a, "an item whose id was sent is still there")
		case i == 2 && shown == nil:
			t.Fail("not sent", a, "an item whose id was not sent is gone")
		default:
			t.Pass()
		}
		if i < 2 && shown == nil {
			t.maker.Forget(one)
		}
	}
	return nil
}
