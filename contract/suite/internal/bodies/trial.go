package bodies

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// room is what the checks of bodies share in one run.
type room struct {
	maker *items.Maker
	bases map[*contract.Operation]*base
	hung  map[string]int // bodies that were not answered, by check
}

const maxHung = 3 // bodies that are not answered, of one check: each may take the whole timeout

// base is a body that the server took, and what was learned of changes to it.
type base struct {
	items.Body
	place          *items.Place
	valid, invalid []call.Change
	plain          *session.Answer
	reason         string // why there is none
}

// trial is the checking of one operation.
type trial struct {
	*session.Probe
	room *room
	line *plan.Line
	base *base
}

type try = func(*trial, context.Context) error

// run has a check run on a body that the server takes.
func (r *room) run(run try) func(context.Context, *session.Probe) error {
	return func(ctx context.Context, p *session.Probe) error {
		t := &trial{Probe: p, room: r, line: p.Line(p.Op)}
		if err := t.settle(ctx); err != nil {
			return err
		}
		if t.base.reason != "" {
			p.Skip(t.base.reason)
			return nil
		}
		return run(t, ctx)
	}
}

// settle finds a place and a body, the same for all checks of the operation.
func (t *trial) settle(ctx context.Context) error {
	if t.base = t.room.bases[t.Op]; t.base != nil {
		return t.renew(ctx)
	}
	t.base = &base{}
	t.room.bases[t.Op] = t.base
	var err error
	if t.base.Body, t.base.reason, err = t.room.maker.Body(ctx, t.Session, t.line, false); err != nil || t.base.reason != "" {
		return err
	}
	if !t.base.There {
		t.base.reason = "its body is neither JSON nor a form"
		return nil
	}
	if err := t.renew(ctx); err != nil || t.base.reason != "" {
		return err
	}
	if t.base.plain, err = t.send(ctx, t.base.Value, ""); err != nil {
		return err
	}
	t.base.valid, t.base.invalid = t.Changes(t.Op, t.base.Media, t.base.Value, func(at string) bool {
		return at == t.base.Marked && !t.Target.Disposable || slices.Contains(t.base.Names, at) && t.line.Write != nil && t.line.Write.IDs != ""
	})
	for i, c := range t.base.valid {
		t.base.valid[i].Guess = c.Guess || t.names(c.At) || slices.ContainsFunc(t.base.Names, func(at string) bool { return at == c.At || strings.HasPrefix(at, c.At+"/") })
	}
	return nil
}

// names tells whether the property at a pointer is called as those that name something.
func (t *trial) names(at string) bool {
	tokens := spec.Tokens(at)
	for _, token := range slices.Backward(tokens) {
		if token == "" || token[0] >= '0' && token[0] <= '9' {
			continue
		}
		return call.Identifies(token)
	}
	return false
}

// renew settles the place anew when its item is gone.
func (t *trial) renew(ctx context.Context) error {
	b := t.base
	if b.reason != "" || b.place != nil && !slices.ContainsFunc(b.settled(), (*items.Item).Gone) {
		return nil
	}
	var err error
	b.place, b.reason, err = t.room.maker.Settle(ctx, t.Session, t.line, t.line.Kind != plan.List, nil)
	if b.place == nil && b.reason == "" {
		b.reason = "there is no place to call it"
	}
	return err
}

func (b *base) settled() (all []*items.Item) {
	for _, one := range b.place.Items {
		all = append(all, one)
	}
	return all
}

// send sends a value as the body, and removes what that made.
func (t *trial) send(ctx context.Context, v any, label string) (*session.Answer, error) {
	c := t.base.place.Call(t.Op, t.base.Media, v, true)
	c.Label, c.About = label, label
	return t.sent(ctx, c, v)
}

func (t *trial) sent(ctx context.Context, c call.Call, v any) (*session.Answer, error) {
	a, err := t.Call(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, made := range t.room.maker.Adopt(t.Session, t.line, t.base.place, a, v) {
		if err := t.room.maker.Remove(ctx, t.Session, made); err != nil {
			return nil, err
		}
	}
	if t.base.place.Item != nil && t.line.Kind == plan.Delete && a.Status < 300 {
		t.room.maker.Forget(t.base.place.Item)
		return a, t.renew(ctx)
	}
	return a, nil
}

// positive tries the whole body, the least of it, and every change the document allows.
func (t *trial) positive(ctx context.Context) error {
	if !t.accepted("the whole body", t.base.plain, t.base.Guess) {
		return nil
	}
	least, reason, err := t.room.maker.Body(ctx, t.Session, t.line, true)
	if err != nil {
		return err
	}
	if reason == "" {
		a, err := t.send(ctx, least.Value, "the least body")
		if err != nil {
			return err
		}
		t.accepted("the least body", a, least.Guess)
	}
	if !t.Op.RequestBody.Required {
		a, err := t.sent(ctx, t.base.place.Call(t.Op, t.base.Media, nil, false), nil)
		if err != nil {
			return err
		}
		t.accepted("no body, which is optional", a, false)
	}
	var alone []call.Change
	for _, c := range t.base.valid {
		a, err := t.send(ctx, c.In(t.base.Value), c.Name())
		if err != nil {
			return err
		}
		if t.accepted(c.Name(), a, c.Guess) {
			alone = append(alone, c)
		}
	}
	return t.pairs(ctx, alone)
}

const maxPairs = 200 // of changes, an operation

// pairs makes two changes that were accepted alone. Whether they go together the
// document cannot say: that they are refused is no finding.
func (t *trial) pairs(ctx context.Context, alone []call.Change) error {
	budget := maxPairs
	for distance := 1; distance < len(alone); distance++ { // each comes up early
		for i := range len(alone) - distance {
			a, b := alone[i], alone[i+distance]
			if a.At == b.At || within(a.At, b.At) || within(b.At, a.At) {
				continue
			}
			v := b.In(a.In(t.base.Value))
			if !t.TakesBody(t.Op, t.base.Media, v) {
				continue
			}
			if budget--; budget < 0 {
				t.Skip("more pairs of changes than are tried in one run")
				return nil
			}
			answer, err := t.send(ctx, v, a.Name()+" with "+b.Name())
			switch {
			case err != nil:
				return err
			case answer.Failed():
			case answer.Refused():
				t.Skip(fmt.Sprintf("%s with %s was refused; whether they go together the document cannot say", a.Name(), b.Name()))
			default:
				t.Pass()
			}
		}
	}
	return nil
}

// within tells whether a pointer leads into what stands at another.
func within(inner, outer string) bool { return strings.HasPrefix(inner, outer+"/") || outer == "" }

// accepted says whether a body was taken. An answer that is wrong in itself was
// reported before.
func (t *trial) accepted(name string, a *session.Answer, guess bool) bool {
	switch {
	case a.Failed() || slices.ContainsFunc(a.Violations, func(v contract.Violation) bool { return v.Kind == contract.KindUndocumentedStatus }):
		return false
	case a.Status < http.StatusBadRequest:
		t.Pass()
		return true
	case !session.IsRefusal(a):
		t.Skip(fmt.Sprintf("%s: answered %d, which says nothing of the body", name, a.Status))
	case !session.Succeeds(t.Op):
		t.Skip(name + ": the document has no success for it")
	case guess:
		t.Skip(name + ": refused, but no value is known that names something")
	case t.line.Kind == plan.Act || t.line.Kind == plan.Sampled:
		t.Skip(fmt.Sprintf("%s: refused with %d; what state the item has to be in the document cannot say", name, a.Status))
	default:
		t.Fail(name, a, "%s was refused with %d; the document allows it", name, a.Status)
	}
	return false
}

// negative tries every change the document does not allow.
func (t *trial) negative(ctx context.Context) error {
	if reason := t.taken(); reason != "" {
		t.Skip(reason)
		return nil
	}
	for _, c := range t.base.invalid {
		a, err := t.send(ctx, c.In(t.base.Value), c.Name())
		if err != nil {
			return err
		}
		t.refused(c.Name(), a)
	}
	return nil
}

// taken says why refusals show nothing: the server does not take what is right.
func (t *trial) taken() string {
	if a := t.base.plain; a.Broken != "" || a.Status < 200 || a.Status > 299 {
		return fmt.Sprintf("a valid body is answered %d", a.Status)
	}
	return ""
}

func (t *trial) refused(name string, a *session.Answer) {
	switch {
	case a.Failed():
	case a.Refused():
		t.Pass()
	case a.Status >= 300:
	default:
		t.Fail(name, a, "%s was accepted: answered %d; a documented 4xx was to be seen", name, a.Status)
	}
}

// malformed tries what is no JSON.
func (t *trial) malformed(ctx context.Context) error {
	if reason := t.taken(); reason != "" {
		t.Skip(reason)
		return nil
	}
	whole, contentType := t.base.Media.Write(t.base.Value)
	for _, m := range call.Malformed(whole) {
		if !slices.ContainsFunc(t.BodyViolations(t.Op, contentType, []byte(m.Text)), func(v contract.Violation) bool { return v.Kind == contract.KindMalformedBody }) {
			continue
		}
		if err := t.raw(ctx, m.Class, []byte(m.Text), contentType); err != nil {
			return err
		}
	}
	return nil
}

// raw sends bytes that are to be refused.
func (t *trial) raw(ctx context.Context, name string, body []byte, contentType string) error {
	if t.room.hung[t.Check.ID] >= maxHung {
		t.Skip(fmt.Sprintf("%d bodies of the kind were not answered: no more are sent", maxHung))
		return nil
	}
	c := call.Compose(t.Op, t.base.place.Settings)
	c.Label, c.About, c.Body, c.Media = name, name, body, contentType
	a, err := t.sent(ctx, c, nil)
	if err != nil {
		return err
	}
	if a.Broken != "" {
		t.room.hung[t.Check.ID]++
	}
	t.refused(name, a)
	return nil
}

// otherMedia sends bodies of media types that the operation does not have, in their
// own syntax: what reads the body as JSON whatever its type refuses them, too.
func (t *trial) otherMedia(ctx context.Context) error {
	if reason := t.taken(); reason != "" {
		t.Skip(reason)
		return nil
	}
	for _, one := range []struct{ media, body string }{
		{"application/xml", "<?xml version=\"1.0\"?><digakit/>"}, {"text/plain", "digakit"}, {"application/x-www-form-urlencoded", "digakit=verify"},
		{"application/octet-stream", "\x00\x01\x02"}, {"image/png", "\x89PNG\r\n\x1a\n"}, {"///", "digakit"},
	} {
		if len(t.BodyViolations(t.Op, one.media, []byte(one.body))) == 0 {
			continue
		}
		if err := t.raw(ctx, one.media, []byte(one.body), one.media); err != nil {
			return err
		}
	}
	return nil
}

// missing leaves the required body out.
func (t *trial) missing(ctx context.Context) error {
	if reason := t.taken(); reason != "" {
		t.Skip(reason)
		return nil
	}
	_, contentType := t.base.Media.Write(t.base.Value)
	for _, one := range []struct{ name, media string }{{"no body", ""}, {"no body, with a Content-Type", contentType}} {
		c := call.Compose(t.Op, t.base.place.Settings)
		c.Label, c.About, c.Bodiless = one.name, one.name, true
		if one.media != "" {
			c.Header.Set("Content-Type", one.media)
		}
		a, err := t.sent(ctx, c, nil)
		if err != nil {
			return err
		}
		t.refused(one.name, a)
	}
	return nil
}
