package sequences

import (
	"context"
	"net/http"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// removed makes an item and deletes it by the operation itself.
func (t *story) removed(ctx context.Context) (*items.Item, *session.Answer, error) {
	one, err := t.fresh(ctx, t.of, nil)
	if err != nil {
		return nil, nil, err
	}
	a, reason, err := t.maker.Delete(ctx, t.Session, t.line, one)
	switch {
	case err != nil:
		return nil, nil, err
	case reason != "":
		return nil, nil, cannot(reason)
	case a.Broken != "" || a.Status < 200 || a.Status > 299:
		return nil, nil, cannot("the deletion of an item that was just made is " + refusedWhere(a))
	}
	return one, a, nil
}

// deleted uses an item that is gone.
func (t *story) deleted(ctx context.Context) error {
	one, gone, err := t.removed(ctx)
	if err != nil {
		return err
	}
	used := false
	if l := items.Find(t.Session, t.of, plan.Read); l != nil {
		a, _, err := t.send(ctx, l, one, nil, "an item that was deleted")
		if err != nil {
			return err
		}
		used = t.stillUsed("read", a) || used
	}
	if l := items.Find(t.Session, t.of, plan.Update); l != nil {
		b, reason, err := t.maker.Body(ctx, t.Session, l, true)
		if err != nil {
			return err
		}
		if reason == "" {
			a, _, err := t.send(ctx, l, one, &b, "an item that was deleted")
			if err != nil {
				return err
			}
			used = t.stillUsed("changed", a) || used
		}
	}
	if items.Find(t.Session, t.of, plan.List) != nil {
		shown, a, _, err := t.inList(ctx, one)
		switch {
		case err != nil:
			return err
		case shown != nil:
			used = true
			t.Fail("listed", a, "an item of %s was deleted, and its list still shows it", t.of.Name)
		case a != nil && a.Ok():
			t.Pass()
		}
	}
	if !used {
		t.maker.Forget(one)
	}
	return t.secretOfDeleted(ctx, one, gone)
}

// stillUsed tells whether something worked on an item that was deleted.
func (t *story) stillUsed(how string, a *session.Answer) bool {
	switch {
	case a.Failed():
	case a.Status < 300:
		t.Fail(how, a, "an item of %s was deleted, and can still be %s: answered %d", t.of.Name, how, a.Status)
		return true
	default:
		t.Pass()
	}
	return false
}

// deletedTwice deletes an item that is gone.
func (t *story) deletedTwice(ctx context.Context) error {
	one, _, err := t.removed(ctx)
	if err != nil {
		return err
	}
	a, reason, err := t.maker.Delete(ctx, t.Session, t.line, one)
	switch {
	case err != nil:
		return err
	case reason != "":
		return cannot(reason)
	case a.Failed():
	case (documents(t.line, "404") || documents(t.line, "410")) && a.Status != http.StatusNotFound && a.Status != http.StatusGone:
		t.Fail("deleted twice", a, "the deletion of an item that is gone was answered %d; the document has 404 or 410 for that", a.Status)
	default:
		t.Pass()
	}
	t.maker.Forget(one)
	return nil
}

// documents tells whether the operation lists a status by itself.
func documents(l *plan.Line, status string) bool {
	r := l.Refusal(status)
	return r != nil && r.Status == status
}

// unknown reads an id that nothing has. What stands above it in the path is there,
// where something can be made or needs not be.
func (t *story) unknown(ctx context.Context) error {
	stranger := &items.Item{Of: t.of, Names: map[string]string{t.of.Identity[0].Property: items.Nobody(t.of)}}
	a, _, err := t.send(ctx, t.line, stranger, nil, "an id that nothing has")
	switch {
	case err != nil || a.Failed():
	case a.Status < 300:
		t.Fail("unknown id", a, "an id that nothing has was read: answered %d; the document has 404 or 410 for that", a.Status)
	default:
		t.Pass()
	}
	return err
}
