// Package bodies holds the checks of what an operation takes as a body: what the
// document allows accepted, what it does not refused.
package bodies

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks are those of bodies. What they make, m removes.
func Checks(m *items.Maker) []session.Check {
	r := &room{maker: m, bases: map[*contract.Operation]*base{}, hung: map[string]int{}}
	work := func(applies func(*session.Session, *contract.Operation) bool, run try) session.Work {
		return session.Work{Applies: session.Both(hasBody, applies), Run: r.run(run), Settles: true}
	}
	return []session.Check{
		{ID: "positive_body_acceptance", Severity: report.Error,
			Why:  "A body the document allows and the server refuses breaks callers that kept to the document.",
			Fix:  "accept what the schema allows, or say in the schema what is not allowed",
			Work: work(always, (*trial).positive)},
		{ID: "negative_body_rejection", Severity: report.Error,
			Why:  "A mistake in a body that the server takes silently is stored, and comes back to every reader.",
			Fix:  "refuse what the schema does not allow with a documented 4xx that names the property, or allow it in the schema",
			Work: work(always, refusing((*trial).negative))},
		{ID: "malformed_body", Severity: report.Error,
			Why:  "A body that cannot be read means nothing: whatever the server does with it, the caller did not ask for it.",
			Fix:  "refuse a body that is not what its media type says with a documented 4xx",
			Work: work(isJSON, refusing((*trial).malformed))},
		{ID: "unsupported_media_type", Severity: report.Error,
			Why:  "A body of a media type the document does not list is read as something it is not, or thrown away.",
			Fix:  "refuse it with a documented 4xx, such as 415, or document the media type",
			Work: work(always, refusing((*trial).otherMedia))},
		{ID: "missing_body", Severity: report.Error,
			Why:  "A request without the body it requires asks for nothing that could be done.",
			Fix:  "refuse it with a documented 4xx, or make the body optional in the document",
			Work: work(requiresBody, refusing((*trial).missing))},
	}
}

func always(*session.Session, *contract.Operation) bool { return true }

// hasBody is applies for operations with a body that may be called here.
func hasBody(s *session.Session, o *contract.Operation) bool {
	return o.RequestBody != nil && items.May(s, s.Line(o)) == ""
}

func requiresBody(_ *session.Session, o *contract.Operation) bool { return o.RequestBody.Required }

func isJSON(s *session.Session, o *contract.Operation) bool {
	media, ok := s.MediaOf(o)
	return ok && media.JSON()
}

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
	failed         error // why there is none
}

// trial is the checking of one operation.
type trial struct {
	*session.Probe
	room *room
	line *plan.Line
	base *base
}

type try = func(*trial, context.Context)

// run has a check run on a body, the same for all checks of the operation.
func (r *room) run(run try) func(context.Context, *session.Probe) {
	return func(ctx context.Context, p *session.Probe) {
		t := &trial{Probe: p, room: r, line: p.Line(p.Op), base: r.bases[p.Op]}
		if t.base == nil {
			t.base = &base{}
			r.bases[p.Op] = t.base
			t.base.failed = session.Ended(func() { t.prepare(ctx) })
		}
		if t.base.failed == nil {
			t.base.failed = session.Ended(func() { t.renew(ctx) })
		}
		session.End(t.base.failed)
		run(t, ctx)
	}
}

// refusing is for checks of what is to be refused: that shows nothing where the server
// does not take what is right.
func refusing(run try) try {
	return func(t *trial, ctx context.Context) {
		if a := t.base.plain; !a.Success() {
			session.Cannot("a valid body is " + a.Outcome())
		}
		run(t, ctx)
	}
}

// prepare finds a place and a body.
func (t *trial) prepare(ctx context.Context) {
	t.base.Body = t.room.maker.Body(ctx, t.Session, t.line, false)
	if !t.base.There {
		session.Cannot("its body is neither JSON nor a form")
	}
	t.renew(ctx)
	t.base.plain = t.send(ctx, t.base.Value, "")
	of := t.Plan.Collection(t.line.Collection)
	for n := 0; t.line.Kind == plan.Create && session.IsRefusal(t.base.plain) && n < 5 && t.room.maker.LeaveAbove(of); n++ {
		if session.Try(func() { t.base.place = t.room.maker.Settle(ctx, t.Session, t.line, true, nil) }) != "" {
			break
		}
		t.base.plain = t.send(ctx, t.base.Value, "")
	}
	t.base.valid, t.base.invalid = t.Changes(t.Op, t.base.Media, t.base.Value, func(at string) bool {
		return at == t.base.Marked && !t.Target.Disposable || slices.Contains(t.base.Names, at) && t.line.Write != nil && t.line.Write.IDs != ""
	})
	for i, c := range t.base.valid {
		t.base.valid[i].Guess = c.Guess || names(c.At) || slices.ContainsFunc(t.base.Names, func(at string) bool { return at == c.At || strings.HasPrefix(at, c.At+"/") })
	}
}

// names tells whether the property at a pointer is called as those that name something.
func names(at string) bool {
	tokens := slices.DeleteFunc(spec.Tokens(spec.AnyIndex(at)), func(token string) bool { return token == "*" || token == "" })
	return len(tokens) > 0 && call.Identifies(tokens[len(tokens)-1])
}

// renew settles the place anew when its item is gone.
func (t *trial) renew(ctx context.Context) {
	b := t.base
	if b.place == nil || slices.ContainsFunc(slices.Collect(maps.Values(b.place.Items)), (*items.Item).Gone) {
		b.place = t.room.maker.Settle(ctx, t.Session, t.line, t.line.Kind != plan.List, nil)
	}
}

// send sends a value as the body, and removes what that made.
func (t *trial) send(ctx context.Context, v any, label string) *session.Answer {
	return t.sent(ctx, t.base.place.Call(t.base.With(v)), v, label)
}

// raw sends bytes as the body; nil: none.
func (t *trial) raw(ctx context.Context, body []byte, contentType, label string) *session.Answer {
	c := t.base.place.Call(nil)
	if c.Body, c.Bodiless = body, body == nil; contentType != "" {
		c.Header.Set("Content-Type", contentType)
	}
	return t.sent(ctx, c, nil, label)
}

func (t *trial) sent(ctx context.Context, c call.Call, v any, label string) *session.Answer {
	c.Label, c.About = label, label
	a := t.Call(ctx, c)
	for _, made := range t.room.maker.Adopt(t.Session, t.base.place, a, v) {
		t.room.maker.Remove(ctx, t.Session, made)
	}
	if t.base.place.Item != nil && t.line.Kind == plan.Delete && a.Status < 300 {
		t.room.maker.Forget(t.base.place.Item)
		t.renew(ctx)
	}
	return a
}

// positive tries the whole body, the least of it, and every change the document allows.
func (t *trial) positive(ctx context.Context) {
	if !t.accepted("the whole body", t.base.plain, t.base.Guess) {
		return
	}
	session.Try(func() {
		least := t.room.maker.Body(ctx, t.Session, t.line, true)
		t.accepted("the least body", t.send(ctx, least.Value, "the least body"), least.Guess)
	})
	if name := "no body, which is optional"; !t.Op.RequestBody.Required {
		t.accepted(name, t.raw(ctx, nil, "", name), false)
	}
	var alone []call.Change
	for _, c := range t.base.valid {
		if t.accepted(c.Name(), t.send(ctx, c.In(t.base.Value), c.Name()), c.Guess) {
			alone = append(alone, c)
		}
	}
	t.pairs(ctx, alone)
}

const maxPairs = 200 // of changes, an operation

// pairs makes two changes that were accepted alone.
func (t *trial) pairs(ctx context.Context, alone []call.Change) {
	budget := maxPairs
	for distance := 1; distance < len(alone); distance++ { // each comes up early
		for i := range len(alone) - distance {
			a, b := alone[i], alone[i+distance]
			v := b.In(a.In(t.base.Value))
			if a.At == b.At || within(a.At, b.At) || within(b.At, a.At) || !t.TakesBody(t.Op, t.base.Media, v) {
				continue
			}
			if budget--; budget < 0 {
				t.Skip("more pairs of changes than are tried in one run")
				return
			}
			t.Combines(a.Name(), b.Name(), t.send(ctx, v, a.Name()+" with "+b.Name()))
		}
	}
}

// within tells whether a pointer leads into what stands at another.
func within(inner, outer string) bool { return strings.HasPrefix(inner, outer+"/") || outer == "" }

// accepted says whether a body was taken.
func (t *trial) accepted(name string, a *session.Answer, guess bool) bool {
	unsure := ""
	switch {
	case guess:
		unsure = "refused, but no value is known that names something"
	case t.line.Kind == plan.Act || t.line.Kind == plan.Sampled:
		unsure = fmt.Sprintf("refused with %d; what state the item has to be in the document cannot say", a.Status)
	}
	return t.Accepts(name, name, a, unsure)
}

func (t *trial) refused(name string, a *session.Answer) {
	t.Refuses(name, a, "%s was accepted: answered %d; a documented 4xx was to be seen", name, a.Status)
}

// negative tries every change the document does not allow.
func (t *trial) negative(ctx context.Context) {
	for _, c := range t.base.invalid {
		t.refused(c.Name(), t.send(ctx, c.In(t.base.Value), c.Name()))
	}
}

// unreadable is a body as it goes on the wire that is to be refused.
type unreadable struct{ name, media, body string }

// malformed tries what is no JSON.
func (t *trial) malformed(ctx context.Context) {
	whole, contentType := t.base.Media.Write(t.base.Value)
	var list []unreadable
	for _, m := range call.Malformed(whole) {
		if slices.ContainsFunc(t.BodyViolations(t.Op, contentType, []byte(m.Text)), func(v contract.Violation) bool { return v.Kind == contract.KindMalformedBody }) {
			list = append(list, unreadable{m.Class, contentType, m.Text})
		}
	}
	t.refuse(ctx, list)
}

// otherMedia sends bodies of media types that the operation does not have, in their
// own syntax: what reads the body as JSON whatever its type refuses them, too.
func (t *trial) otherMedia(ctx context.Context) {
	var list []unreadable
	for _, one := range []struct{ media, body string }{
		{"application/xml", "<?xml version=\"1.0\"?><digakit/>"}, {"text/plain", "digakit"}, {"application/x-www-form-urlencoded", "digakit=verify"},
		{"application/octet-stream", "\x00\x01\x02"}, {"image/png", "\x89PNG\r\n\x1a\n"}, {"///", "digakit"},
	} {
		if len(t.BodyViolations(t.Op, one.media, []byte(one.body))) > 0 {
			list = append(list, unreadable{one.media, one.media, one.body})
		}
	}
	t.refuse(ctx, list)
}

// missing leaves the required body out.
func (t *trial) missing(ctx context.Context) {
	_, contentType := t.base.Media.Write(t.base.Value)
	t.refuse(ctx, []unreadable{{"no body", "", ""}, {"no body, with a Content-Type", contentType, ""}})
}

// refuse sends bodies as they are; the empty one is none.
func (t *trial) refuse(ctx context.Context, list []unreadable) {
	for _, one := range list {
		if t.room.hung[t.Check.ID] >= maxHung {
			t.Skip(fmt.Sprintf("%d bodies of the kind were not answered: no more are sent", maxHung))
			continue
		}
		var body []byte
		if one.body != "" {
			body = []byte(one.body)
		}
		a := t.raw(ctx, body, one.media, one.name)
		if a.Broken != "" {
			t.room.hung[t.Check.ID]++
		}
		t.refused(one.name, a)
	}
}
