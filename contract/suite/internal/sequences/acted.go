package sequences

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// removed makes an item and deletes it by the operation itself.
func (t *story) removed(ctx context.Context) (*items.Item, *session.Answer) {
	one := t.fresh(ctx, t.of, nil)
	a := t.maker.Delete(ctx, t.Session, t.line, one)
	if !a.Success() {
		session.Cannot("the deletion of an item that was just made is " + a.Outcome())
	}
	return one, a
}

// deleted uses an item that is gone.
func (t *story) deleted(ctx context.Context) {
	one, gone := t.removed(ctx)
	unused := true
	for _, use := range []struct {
		kind plan.Kind
		how  string
	}{{plan.Read, "read"}, {plan.Update, "changed"}} {
		if a := t.tried(ctx, use.kind, one, "an item that was deleted"); a != nil {
			unused = t.Refuses(use.how, a, "an item of %s was deleted, and can still be %s: answered %d", t.of.Name, use.how, a.Status) && unused
		}
	}
	if t.find(plan.List) != nil {
		if shown, a, _ := t.inList(ctx, one); shown != nil || a.Ok() {
			unused = t.Expect(shown == nil, "listed", a, "an item of %s was deleted, and its list still shows it", t.of.Name) && unused
		}
	}
	if unused {
		t.maker.Forget(one)
	}
	t.secretOfDeleted(ctx, one, gone)
}

// deletedTwice deletes an item that is gone.
func (t *story) deletedTwice(ctx context.Context) {
	one, _ := t.removed(ctx)
	a := t.maker.Delete(ctx, t.Session, t.line, one)
	if !a.Failed() {
		t.Expect(a.Gone() || !documentsGone(t.line), "deleted twice", a,
			"the deletion of an item that is gone was answered %d; the document has 404 or 410 for that", a.Status)
	}
	t.maker.Forget(one)
}

// documentsGone tells whether the operation lists a status by itself for what is not there.
func documentsGone(l *plan.Line) bool {
	for _, status := range []string{"404", "410"} {
		if r := l.Refusal(status); r != nil && r.Status == status {
			return true
		}
	}
	return false
}

// unknown reads an id that nothing has. What stands above it in the path is there,
// where something can be made or needs not be.
func (t *story) unknown(ctx context.Context) {
	a := t.on(ctx, t.line, items.Stranger(t.of, nil), nil, "an id that nothing has")
	t.Refuses("unknown id", a, "an id that nothing has was read: answered %d; the document has 404 or 410 for that", a.Status)
}

// copied copies an item twice, and looks at all three.
func (t *story) copied(ctx context.Context) {
	from := t.Plan.Collection(t.line.Source)
	if from == nil {
		session.Cannot("nothing is known of what it copies")
	}
	source := t.copyable(ctx, from)
	before, _ := t.read(ctx, source)
	var copies []*items.Item
	for range 2 {
		b := t.body(ctx, t.line, true)
		made, a := t.create(ctx, t.maker.At(ctx, t.Session, t.line, source), &b, "")
		if t.answer = a; len(made) == 0 {
			t.worked(a, "a copy")
			session.Cannot("the answer does not say what the copy is called")
		}
		copies = append(copies, made[0])
	}
	one, two := copies[0], copies[1]
	if one.Of == source.Of && one.Name() == source.Name() {
		t.Fail("identity", t.answer, "a copy has the identity of the item that it was made from")
		return
	}
	t.Expect(one.Name() != two.Name(), "identity of two", t.answer, "two copies have the same identity")
	for _, c := range copies {
		if shown, a := t.read(ctx, c); !a.Failed() {
			t.Expect(shown != nil, "read", a, "a copy was made, and reading it is %s", a.Outcome())
		}
	}
	after, a := t.read(ctx, source)
	switch {
	case before == nil || a.Failed():
	case after == nil:
		t.Fail("source", a, "after a copy the item it was made from is %s", a.Outcome())
	default:
		changed := slices.DeleteFunc(t.settable(source.Of, true), func(name string) bool { return kept(nil, before[name], after[name]) })
		changed = append(changed, "")
		t.Expect(changed[0] == "", "source: "+changed[0], a, "a copy changed %s of the item it was made from", changed[0])
	}
}

// copyable is an item to copy. It stays as it is, so that one that is there will do where
// none can be made, or what is made is no item.
func (t *story) copyable(ctx context.Context, of *plan.Collection) (one *items.Item) {
	impossible := session.Try(func() {
		one = t.subject(ctx, of)
		t.maker.At(ctx, t.Session, t.line, one)
	})
	if impossible == "" {
		return one
	}
	if one == nil || t.maker.MakesUp(ctx, t.Session, one) {
		for _, there := range t.maker.Existing(ctx, t.Session, of, nil) {
			return there
		}
	}
	session.Cannot(impossible)
	return nil
}

// acted acts on one of two items, and looks at which was meant.
func (t *story) acted(ctx context.Context) {
	one := t.subject(ctx, t.of)
	b := t.body(ctx, t.line, false)
	if t.answer = t.on(ctx, t.line, one, &b, ""); !t.answer.Ok() {
		session.Cannot("it is " + t.answer.Outcome() + "; what state the item has to be in the document cannot say")
	}
	says := t.line.Answer
	if all := items.Shown(t.line, t.answer); says.HasItem && !says.Items && says.Of == "" && len(all) == 1 && shows(t.of, all[0]) {
		t.Expect(items.Is(t.of, all[0], one), "item", t.answer, "it was called on one item and answered another")
	}
	if t.line.Write == nil || len(t.line.Write.Mappings) == 0 || t.find(plan.Read) == nil {
		return
	}
	shown, a := t.read(ctx, one)
	switch {
	case a.Failed():
	case shown == nil:
		t.Skip("after it the item is " + a.Outcome())
	default:
		lost := append(t.lost(t.line, b.Value, shown, t.schema(one)), "")[0]
		t.Expect(lost == "", lost, a, "%s was sent, and is read back from the item otherwise", lost)
	}
}

// shows tells whether an object has the identity of its collection.
func shows(c *plan.Collection, shown map[string]any) bool {
	return !slices.ContainsFunc(c.Identity, func(i plan.Identity) bool { return shown[i.Property] == nil })
}

// singleton writes what there is one of, twice, and reads it each time.
func (t *story) singleton(ctx context.Context) {
	reader := t.Plan.Line(http.MethodGet, t.line.Path)
	for range 2 {
		b := t.body(ctx, t.line, false)
		place := t.settle(ctx, t.line, nil)
		t.worked(t.send(ctx, place, &b, ""), "it")
		a := t.send(ctx, t.samePlace(place, reader), nil, "")
		if a.Failed() {
			continue
		}
		read := shown(reader, a)
		lost := append(t.lost(t.line, b.Value, read, t.Spec.Schema(reader.Answer.Item)), "")[0]
		if read == nil {
			t.Fail("read", a, "after it was written it is %s", a.Outcome())
		} else {
			t.Expect(lost == "", lost, t.answer, "%s was written, and is read back otherwise", lost)
		}
	}
}

// samePlace is the place of another operation with the same path.
func (t *story) samePlace(as *items.Place, l *plan.Line) *items.Place {
	place := &items.Place{Line: l, Op: t.Operation(l)}
	for _, q := range t.Parameters(place.Op) {
		for _, one := range as.Settings {
			if one.Parameter.Name == q.Name && one.Parameter.In == q.In {
				place.Settings = append(place.Settings, call.Setting{Parameter: q, Value: one.Value})
			}
		}
	}
	return place
}

// joined joins with an item, looks for it among the members, and leaves again.
func (t *story) joined(ctx context.Context) {
	of := t.Plan.Collection(t.of.Of)
	if of == nil {
		session.Cannot("nothing is known of what joins")
	}
	one := t.subject(ctx, of)
	for _, l := range []*plan.Line{t.line, t.find(plan.Leave)} {
		if l == nil {
			return
		}
		t.worked(t.on(ctx, l, one, nil, ""), "it")
		found, _, whole := t.search(ctx, t.find(plan.List), one.Above, one)
		switch {
		case !whole:
			session.Cannot("its list is too long to look for a member")
		case l == t.line:
			t.Expect(found != nil, "joined", t.answer, "an item of %s joined, and is not among the members", of.Name)
		default:
			t.Expect(found == nil, "left", t.answer, "an item of %s left, and is still among the members", of.Name)
		}
	}
}

// bulkDeleted makes three items and deletes two of them. Items may be ignored, such as those
// in use, where the answer counts those that were deleted and has left them out.
func (t *story) bulkDeleted(ctx context.Context) {
	var made []*items.Item
	var ids []any
	for range 3 {
		one := t.fresh(ctx, t.of, nil)
		made, ids = append(made, one), append(ids, one.Names[t.of.Identity[0].Property])
	}
	b := t.body(ctx, t.line, true)
	b.Value = call.Set(b.Value, strings.TrimSuffix(t.line.Write.IDs, "/*"), ids[:2], false)
	if !t.TakesBody(t.Op, b.Media, b.Value) {
		session.Cannot("two ids are no body that it takes")
	}
	t.worked(t.on(ctx, t.line, made[0], &b, ""), "it")
	count, _ := call.At(items.Decode(t.answer.Body), t.line.Answer.Count)
	counted, err := strconv.Atoi(call.Text(count))
	told := t.line.Answer.Count != "" && err == nil
	for i, one := range made {
		shown, read := t.read(ctx, one)
		switch {
		case read.Failed():
		case i < 2 && shown != nil && told && counted < 2:
			counted++
		case i == 2:
			t.Expect(shown != nil, "not sent", t.answer, "an item whose id was not sent is gone")
		default:
			t.Expect(shown == nil, "sent", t.answer, "an item whose id was sent is still there")
		}
		if i < 2 && shown == nil {
			t.maker.Forget(one)
		}
	}
}
