package values

import (
	"bytes"
	"context"

	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// repeatedParameter looks for a parameter two values of which are answered
// differently, and gives both.
func repeatedParameter(ctx context.Context, p *session.Probe) {
	base, _ := p.Required(p.Op)
	for _, q := range p.Parameters(p.Op) {
		if q.In != call.QueryPlace || q.Kind() == call.ArrayKind || q.Kind() == "" {
			continue
		}
		if two := distinct(ctx, p, base, q); two != nil {
			giveBoth(ctx, p, base, two[0], two[1])
			return
		}
	}
	session.Cannot("no two values of a parameter are answered differently")
}

func giveBoth(ctx context.Context, p *session.Probe, base []call.Setting, first, last distinctValue) {
	c := call.Compose(p.Op, call.With(base, first.setting))
	c.Query += "&" + last.setting.Text()
	a := p.Call(ctx, c)
	if a.Failed() {
		return
	}
	got := ""
	switch {
	case a.Refused():
		got = "reject"
	case bytes.Equal(a.Body, last.body):
		got = "last"
	case bytes.Equal(a.Body, first.body):
		got = "first"
	}
	for _, one := range []distinctValue{first, last} { // the answers to each alone are as they were
		alone := p.Call(ctx, call.Compose(p.Op, call.With(base, one.setting)))
		if got == "" && !bytes.Equal(alone.Body, one.body) {
			session.Cannot("the data changed meanwhile")
		}
	}
	name, want := first.setting.Parameter.Name, p.Assumed("repeated_parameter")
	p.Expect(got == want, name, a, "%s given twice: %s; %s was assumed", name, repeatedWords[got], repeatedWords[want])
}

// repeatedWords word the alternatives, and that it is none of them.
var repeatedWords = map[string]string{
	"reject": "a refusal", "last": "the last value counts", "first": "the first value counts", "": "the answer is that to neither value",
}

// distinctValue is a value and the body it is answered with.
type distinctValue struct {
	setting call.Setting
	body    []byte
}

// distinct finds two values of a parameter with different answers, each the
// same when asked for again; nil when there are none.
func distinct(ctx context.Context, p *session.Probe, base []call.Setting, q *call.Parameter) (found []distinctValue) {
	for _, v := range p.Values(p.Op, q) {
		one := call.Setting{Parameter: q, Value: v}
		c := call.Compose(p.Op, call.With(base, one))
		a := p.Call(ctx, c)
		if !a.Ok() {
			continue
		}
		switch again := p.Call(ctx, c); {
		case !again.Ok():
		case !bytes.Equal(a.Body, again.Body):
			return nil // it changes by itself
		case len(found) == 0 || !bytes.Equal(a.Body, found[0].body):
			if found = append(found, distinctValue{one, a.Body}); len(found) == 2 {
				return found
			}
		}
	}
	return nil
}
