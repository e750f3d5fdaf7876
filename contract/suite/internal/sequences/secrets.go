package sequences

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// secrets are the texts that the answer of a creation shows once.
func secrets(one *items.Item, l *plan.Line) (texts []string) {
	shown := one.Shown
	if shown == nil {
		if all := items.Shown(l, one.Answer); len(all) > 0 {
			shown = all[0]
		}
	}
	for _, name := range l.Answer.Once {
		if text, is := shown[name].(string); is && len(text) >= 8 {
			texts = append(texts, text)
		}
	}
	return texts
}

// shownOnce looks for the secret of a new item in all that shows the item.
func (t *story) shownOnce(ctx context.Context) error {
	one, err := t.make(ctx, false)
	if err != nil {
		return err
	}
	texts := secrets(one, t.line)
	if len(texts) == 0 {
		return cannot("the answer to its creation has no text that only it shows")
	}
	look := func(where string, a *session.Answer, body []byte) {
		if a == nil || !a.Ok() {
			return
		}
		for _, text := range texts {
			if bytes.Contains(body, []byte(text)) {
				t.Fail(where, a, "what the answer to the creation of an item shows once is in the answer that %s it", where)
				return
			}
		}
		t.Pass()
	}
	for _, l := range []*plan.Line{items.Find(t.Session, t.of, plan.Read), items.Find(t.Session, t.of, plan.Update)} {
		if l == nil {
			continue
		}
		var body *items.Body
		if l.Kind == plan.Update {
			b, reason, err := t.maker.Body(ctx, t.Session, l, true)
			if err != nil {
				return err
			}
			if reason != "" {
				continue
			}
			body = &b
		}
		a, _, err := t.send(ctx, l, one, body, "")
		if err != nil {
			return err
		}
		look(string(l.Kind)+"s", a, a.Body)
	}
	if items.Find(t.Session, t.of, plan.List) != nil {
		shown, a, _, err := t.inList(ctx, one)
		if err != nil {
			return err
		}
		body, _ := json.Marshal(shown) // JSON values marshal; the answer is only the last page
		if a != nil {
			body = append(body, a.Body...)
		}
		look("lists", a, body)
	}
	return nil
}

// opens tells whether a text is a key: an operation that refuses a made-up one takes
// it. It returns the operation, nil when none does.
func (t *story) opens(ctx context.Context, secret string) (*contract.Operation, error) {
	for _, o := range t.Operations {
		if !session.ReadOnly(t.Session, o) || !session.WantsCredential(o) || t.Greetings[o] == nil || !t.Greetings[o].Ok() {
			continue
		}
		made, err := t.with(ctx, o, session.MadeUpSecret)
		if err != nil {
			return nil, err
		}
		own, err := t.with(ctx, o, secret)
		if err != nil {
			return nil, err
		}
		if (made.Status == http.StatusUnauthorized || made.Status == http.StatusForbidden) && own.Status >= 200 && own.Status < 300 {
			return o, nil
		}
		return nil, nil //nolint:nilnil // it is no key, and no operation will tell otherwise
	}
	return nil, nil //nolint:nilnil // nothing wants a key
}

func (t *story) with(ctx context.Context, o *contract.Operation, secret string) (*session.Answer, error) {
	return t.Send(ctx, o, call.Call{Auth: call.Credential{Kind: call.OtherKey, Secret: secret}})
}

// keepsSecret changes an item that has a secret, and uses the secret before and after.
func (t *story) keepsSecret(ctx context.Context) error {
	maker := items.Find(t.Session, t.of, plan.Create)
	var one *items.Item
	var o *contract.Operation
	var secret string
	for _, least := range []bool{true, false} {
		made, reason, err := t.maker.MakeBy(ctx, t.Session, maker, nil, least)
		if err != nil {
			return err
		}
		if made == nil {
			return cannot(reason)
		}
		t.made = append(t.made, made)
		for _, text := range secrets(made, maker) {
			if o, err = t.opens(ctx, text); err != nil {
				return err
			}
			if secret = text; o != nil {
				break
			}
		}
		if one = made; o != nil {
			break
		}
	}
	if o == nil {
		return cannot("what is shown once opens nothing: whether a change keeps it cannot be seen")
	}
	b, err := t.body(ctx, t.line, true)
	if err != nil {
		return err
	}
	if name := b.Marked; name == "" { // something has to change
		if b, err = t.body(ctx, t.line, false); err != nil {
			return err
		}
	}
	a, _, err := t.send(ctx, t.line, one, &b, "")
	if err != nil {
		return err
	}
	if !a.Ok() {
		return cannot("a change of it is " + refusedWhere(a))
	}
	after, err := t.with(ctx, o, secret)
	switch {
	case err != nil || after.Failed():
	case after.Status == http.StatusUnauthorized, after.Status == http.StatusForbidden && !slices.Contains([]string{"restricted", "permissions", "scopes"}, b.Marked):
		t.Fail("secret", a, "the secret of an item opened %s before a change of the item, and does not after it", o.Name())
	default:
		t.Pass()
	}
	return err
}

// secretOfDeleted uses the secret of an item that is gone.
func (t *story) secretOfDeleted(ctx context.Context, one *items.Item, gone *session.Answer) error {
	if one.Line == nil {
		return nil
	}
	for _, secret := range secrets(one, one.Line) {
		o, err := t.opens(ctx, secret)
		if err != nil {
			return err
		}
		if o != nil {
			t.Fail("secret", gone, "an item of %s was deleted, and what its creation showed once still opens %s", t.of.Name, o.Name())
			return nil
		}
		t.Pass()
	}
	return nil
}
