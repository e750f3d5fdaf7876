package sequences

import (
	"context"

	"github.com/digakit/digakit/contract/plan"
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
