package sequences

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// story is a check of one operation, with the items that were made for it.
type story struct {
	*session.Probe
	maker *items.Maker
	line  *plan.Line
	of    *plan.Collection
	made  []*items.Item

	answer *session.Answer // that findings show
	flaws  []session.Shown // that are told as one
}

// flawed notes a flaw that is told with the others of the story as one finding.
func (t *story) flawed(name string, a *session.Answer, format string, args ...any) {
	t.flaws = append(t.flaws, session.Shown{Case: name, Answer: a, Message: fmt.Sprintf(format, args...)})
}

// cannot ends a story: it cannot be told here, for the reason it is.
type cannot string

func (c cannot) Error() string { return string(c) }

// told tells the flaws, removes what the story made, and skips one that could not be told.
func (t *story) told(ctx context.Context, err error) error {
	t.FailOnce(t.flaws)
	for _, one := range slices.Backward(t.made) {
		if failed := t.maker.Remove(context.WithoutCancel(ctx), t.Session, one); failed != nil && err == nil {
			err = failed
		}
	}
	if reason, is := err.(cannot); is { //nolint:errorlint // never wrapped
		t.Skip(string(reason))
		return nil
	}
	return err
}

// fresh makes an item of a collection below those given.
func (t *story) fresh(ctx context.Context, c *plan.Collection, above map[string]*items.Item) (*items.Item, error) {
	one, reason, err := t.maker.Make(ctx, t.Session, c, above)
	if err != nil {
		return nil, err
	}
	if one == nil {
		return nil, cannot(reason)
	}
	if slices.ContainsFunc(t.made, func(other *items.Item) bool { return other.Of == one.Of && other.Name() == one.Name() }) {
		return nil, cannot("two items that were created have the same identity")
	}
	t.made = append(t.made, one)
	return one, nil
}

// subject is an item to try the operation on: a fresh one, else where everything may
// be changed one that is there.
func (t *story) subject(ctx context.Context, c *plan.Collection) (*items.Item, error) {
	one, err := t.fresh(ctx, c, nil)
	if _, is := err.(cannot); is && t.Target.Disposable { //nolint:errorlint // never wrapped
		all, _, failed := t.maker.Existing(ctx, t.Session, c, nil)
		if failed != nil {
			return nil, failed
		}
		if i := slices.IndexFunc(all, func(i *items.Item) bool { return !i.Gone() }); i >= 0 {
			return all[i], nil
		}
	}
	return one, err
}

// send calls an operation on an item, with a body if there is one.
func (t *story) send(ctx context.Context, l *plan.Line, one *items.Item, body *items.Body, label string) (*session.Answer, *items.Place, error) {
	place, err := t.at(ctx, l, one)
	if err != nil {
		return nil, nil, err
	}
	o := items.Operation(t.Session, l)
	c := call.Compose(o, place.Settings)
	if body != nil && body.There {
		c = place.Call(o, body.Media, body.Value, true)
	}
	c.Label = label
	a, err := t.Send(ctx, o, c)
	return a, place, err
}

func (t *story) at(ctx context.Context, l *plan.Line, one *items.Item) (*items.Place, error) {
	place, reason, err := t.maker.At(ctx, t.Session, l, one)
	if err != nil {
		return nil, err
	}
	if place == nil {
		return nil, cannot(reason)
	}
	return place, nil
}

// body makes a body of an operation.
func (t *story) body(ctx context.Context, l *plan.Line, least bool) (items.Body, error) {
	b, reason, err := t.maker.Body(ctx, t.Session, l, least)
	if err == nil && reason != "" {
		err = cannot(reason)
	}
	return b, err
}

// readerOf is the operation that shows the item of a line: of a singleton the GET of
// its path, else that which reads an item; nil when there is none.
func readerOf(s *session.Session, l *plan.Line) *plan.Line {
	if l.Kind == plan.Singleton {
		return s.Plan.Line("GET", l.Path)
	}
	return items.Find(s, s.Plan.Collection(l.Collection), plan.Read)
}

// read reads an item; without an operation for that it looks for it in its list.
func (t *story) read(ctx context.Context, one *items.Item) (map[string]any, *session.Answer, error) {
	if l := items.Find(t.Session, one.Of, plan.Read); l != nil {
		a, _, err := t.send(ctx, l, one, nil, "an item that was made")
		if err == nil && a.Refused() && !t.named(one) {
			return nil, a, cannot("the document allows no path with the identity of the item")
		}
		if err != nil || !a.Ok() {
			return nil, a, err
		}
		if shown := items.Shown(l, a); len(shown) > 0 {
			return shown[0], a, nil
		}
		return map[string]any{}, a, nil
	}
	shown, a, whole, err := t.inList(ctx, one)
	if err == nil && shown == nil && !whole {
		err = cannot("no operation reads an item, and its list is too long to look for it")
	}
	return shown, a, err
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

// good tells whether an answer can be read on; one that is wrong in itself was told.
func good(a *session.Answer) bool { return a.Ok() }

// refusedWhere words what an answer that should have been a success was.
func refusedWhere(a *session.Answer) string {
	if a.Broken != "" {
		return "broke off"
	}
	return fmt.Sprintf("answered %d", a.Status)
}
