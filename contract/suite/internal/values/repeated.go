package values

import (
	"bytes"
	"context"

	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// repeatedParameter looks for a parameter two values of which are answered
// differently, and gives both.
func repeatedParameter(ctx context.Context, p *session.Probe) error {
	base, _ := p.Required(p.Op)
	for _, q := range p.Parameters(p.Op) {
		if q.In != call.QueryPlace || q.Kind() == call.ArrayKind || q.Kind() == "" {
			continue
		}
		two, err := distinct(ctx, p, base, q)
		if err != nil {
			return err
		}
		if two != nil {
			return giveBoth(ctx, p, base, two[0], two[1])
		}
	}
	return session.Cannot("no two values of a parameter are answered differently")
}

func giveBoth(ctx context.Context, p *session.Probe, base []call.Setting, first, last distinctValue) error {
	c := call.Compose(p.Op, call.With(base, first.setting))
	c.Query += "&" + last.setting.Text()
	a, err := p.Call(ctx, c)
	if err != nil || a.Failed() {
		return err
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
		alone, err := p.Call(ctx, call.Compose(p.Op, call.With(base, one.setting)))
		switch {
		case err != nil:
			return err
		case got == "" && !bytes.Equal(alone.Body, one.body):
			return session.Cannot("the data changed meanwhile")
		}
	}
	name, want := first.setting.Parameter.Name, p.Assumed("repeated_parameter")
	p.Expect(got == want, name, a, "%s given twice: %s; %s was assumed", name, wordRepeated(got), wordRepeated(want))
	return nil
}

func wordRepeated(alternative string) string {
	switch alternative {
	case "reject":
		return "a refusal"
	case "last", "first":
		return "the " + alternative + " value counts"
	}
	return "the answer is that to neither value"
}

// distinctValue is a value and the body it is answered with.
type distinctValue struct {
	setting call.Setting
	body    []byte
}

// distinct finds two values of a parameter with different answers, each the
// same when asked for again; nil when there are none.
func distinct(ctx context.Context, p *session.Probe, base []call.Setting, q *call.Parameter) ([]distinctValue, error) {
	var found []distinctValue
	for _, v := range p.Values(p.Op, q) {
		one := call.Setting{Parameter: q, Value: v}
		c := call.Compose(p.Op, call.With(base, one))
		a, err := p.Call(ctx, c)
		if err != nil {
			return nil, err
		}
		if !a.Ok() {
			continue
		}
		again, err := p.Call(ctx, c)
		switch {
		case err != nil:
			return nil, err
		case !again.Ok():
		case !bytes.Equal(a.Body, again.Body):
			return nil, nil // it changes by itself
		case len(found) == 0 || !bytes.Equal(a.Body, found[0].body):
			if found = append(found, distinctValue{one, a.Body}); len(found) == 2 {
				return found, nil
			}
		}
	}
	return nil, nil
}
