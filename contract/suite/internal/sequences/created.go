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

// created makes an item of all there can be and one of the least, and reads each back.
func (t *story) created(ctx context.Context) {
	for _, least := range []bool{false, true} {
		name := "the whole item"
		if least {
			name = "the least item"
		}
		one := t.make(ctx, least)
		if one.Shown != nil {
			t.judge(ctx, name+", as answered", one, one.Shown, t.Spec.Schema(t.line.Answer.Item), "the answer to its creation shows")
		}
		switch shown, a := t.read(ctx, one); {
		case a.Failed():
		case shown == nil && a.Refused():
			t.Flaw("", name+", read", a, "%s was created, and reading it is %s", name, a.Outcome())
		case shown == nil && a.Ok():
			t.Flaw("", name+", read", a, "%s was created, and is not in its list", name)
		case shown == nil:
		case !items.Is(t.of, shown, one):
			t.Flaw("", name+", read", a, "%s was created, and another is read under its id", name)
		default:
			t.answer = a
			t.judge(ctx, name+", read", one, shown, t.schema(one), "reading it shows")
		}
	}
}

// make makes an item by the operation itself.
func (t *story) make(ctx context.Context, least bool) *items.Item {
	one := t.maker.MakeBy(ctx, t.Session, t.line, nil, least)
	t.made, t.answer = append(t.made, one), one.Answer
	return one
}

// judge tells of what an item does not show as it was sent. Left out is what it does with
// another value of a switch beside it: whether the two go together the document cannot say.
func (t *story) judge(ctx context.Context, name string, one *items.Item, shown map[string]any, schema *spec.Schema, where string) {
	lost := t.lost(t.line, one.Sent, shown, schema)
	if len(lost) > 0 {
		t.switched(ctx, one, func(other *items.Item) bool {
			if shown, _ := t.read(ctx, other); shown != nil {
				now := t.lost(t.line, other.Sent, shown, t.schema(other))
				lost = slices.DeleteFunc(lost, func(name string) bool { return !slices.Contains(now, name) })
			}
			return len(lost) > 0
		})
	}
	if len(lost) == 0 {
		t.Pass()
	}
	for _, property := range lost {
		t.Flaw("", name+": "+property, t.answer, "%s was sent for an item of %s; %s something else", property, one.Of.Name, where)
	}
}

// switched makes items like one that was made, each with another value of a switch,
// until look has seen enough.
func (t *story) switched(ctx context.Context, one *items.Item, look func(*items.Item) bool) {
	o := t.Operation(one.Line)
	media, there := t.MediaOf(o)
	if !there || one.Line.Kind != plan.Create {
		return
	}
	switches, _ := t.Changes(o, media, one.Sent, func(pointer string) bool {
		v, _ := call.At(one.Sent, pointer)
		name := strings.TrimPrefix(pointer, one.Line.Write.Data+"/")
		return !isSwitch(media, name, v) || strings.Contains(name, "/")
	})
	for _, c := range switches {
		b := items.Body{Media: media, Value: c.In(one.Sent), There: true}
		made, _ := t.create(ctx, t.settle(ctx, one.Line, one.Above), &b, "")
		if len(made) > 0 && !look(made[0]) {
			return
		}
	}
}

// nobody names nothing.
const nobody = "d19a0000-0000-4000-8000-00000000d19a"

// unlinked sends bodies that name what is not there.
func (t *story) unlinked(ctx context.Context) {
	for range maxBodies {
		if t.namesNobody(ctx, t.body(ctx, t.line, false)) {
			return
		}
	}
	session.Cannot("no body could be made that names what is not there")
}

const maxBodies = 8 // made up until one names something: what may be null or empty is, in some

// namesNobody sends a body once for each of its links, which then names nothing; false: it
// has none.
func (t *story) namesNobody(ctx context.Context, b items.Body) (tried bool) {
	for _, link := range t.line.Write.Links {
		at := link.Property
		if link.Many {
			at += "/*"
		}
		for _, pointer := range items.Pointers(b.Value, at) {
			bad := b.With(call.Set(b.Value, pointer, nobody, false))
			if !link.Refused || !t.TakesBody(t.Op, b.Media, bad.Value) {
				continue
			}
			tried = true
			name := spec.AnyIndex(pointer)
			_, a := t.create(ctx, t.settle(ctx, t.line, nil), bad, name+" names nothing")
			t.Refuses(name, a, "%s names what is not there, and was accepted: answered %d; the document has 404 for that", name, a.Status)
			break
		}
	}
	return tried
}
