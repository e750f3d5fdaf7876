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
func (t *story) shownOnce(ctx context.Context) {
	one := t.make(ctx, false)
	texts := secrets(one, t.line)
	if len(texts) == 0 {
		session.Cannot("the answer to its creation has no text that only it shows")
	}
	look := func(where string, a *session.Answer, body []byte) {
		if a != nil && a.Ok() {
			t.Expect(!slices.ContainsFunc(texts, func(text string) bool { return bytes.Contains(body, []byte(text)) }), where, a,
				"what the answer to the creation of an item shows once is in the answer that %s it", where)
		}
	}
	for _, kind := range []plan.Kind{plan.Read, plan.Update} {
		if a := t.tried(ctx, kind, one, ""); a != nil {
			look(string(kind)+"s", a, a.Body)
		}
	}
	if t.find(plan.List) != nil {
		shown, a, _ := t.inList(ctx, one)
		body, _ := json.Marshal(shown) // JSON values marshal; the answer is only the last page
		look("lists", a, append(body, a.Body...))
	}
}

// opens tells whether a text is a key: an operation that refuses a made-up one takes
// it. It returns the operation, nil when none does.
func (t *story) opens(ctx context.Context, secret string) *contract.Operation {
	for _, o := range t.Operations {
		if !session.ReadOnly(t.Session, o) || !session.WantsCredential(o) || t.Greetings[o] == nil || !t.Greetings[o].Ok() {
			continue
		}
		if made := t.with(ctx, o, session.MadeUpSecret); made.Denied() && t.with(ctx, o, secret).Success() {
			return o
		}
		return nil // it is no key, and no operation will tell otherwise
	}
	return nil
}

func (t *story) with(ctx context.Context, o *contract.Operation, secret string) *session.Answer {
	return t.Send(ctx, o, call.Call{Auth: call.Credential{Kind: call.OtherKey, Secret: secret}})
}

// opener makes an item whose secret opens an operation.
func (t *story) opener(ctx context.Context) (*items.Item, string, *contract.Operation) {
	maker := t.find(plan.Create)
	for _, least := range []bool{true, false} {
		one := t.maker.MakeBy(ctx, t.Session, maker, nil, least)
		t.made = append(t.made, one)
		for _, secret := range secrets(one, maker) {
			if o := t.opens(ctx, secret); o != nil {
				return one, secret, o
			}
		}
	}
	session.Cannot("what is shown once opens nothing: whether a change keeps it cannot be seen")
	return nil, "", nil
}

// keepsSecret changes an item that has a secret, and uses the secret before and after.
func (t *story) keepsSecret(ctx context.Context) {
	one, secret, o := t.opener(ctx)
	b := t.body(ctx, t.line, true)
	if b.Marked == "" { // something has to change
		b = t.body(ctx, t.line, false)
	}
	t.worked(t.on(ctx, t.line, one, &b, ""), "a change of it")
	after := t.with(ctx, o, secret)
	if after.Failed() {
		return
	}
	locked := after.Status == http.StatusUnauthorized || after.Status == http.StatusForbidden && !slices.Contains([]string{"restricted", "permissions", "scopes"}, b.Marked)
	t.Expect(!locked, "secret", t.answer, "the secret of an item opened %s before a change of the item, and does not after it", o.Name())
}

// secretOfDeleted uses the secret of an item that is gone.
func (t *story) secretOfDeleted(ctx context.Context, one *items.Item, gone *session.Answer) {
	if one.Line == nil {
		return
	}
	for _, secret := range secrets(one, one.Line) {
		if o := t.opens(ctx, secret); o != nil {
			t.Fail("secret", gone, "an item of %s was deleted, and what its creation showed once still opens %s", t.of.Name, o.Name())
			return
		}
		t.Pass()
	}
}
