package suite

import (
	"bytes"
	"context"
	"strings"
)

// repeatedParameter looks for a parameter two values of which are answered
// differently, and gives both.
func repeatedParameter(ctx context.Context, p *probe) error {
	base, _ := p.required(p.op)
	for _, q := range p.parametersOf(p.op) {
		if q.in != queryPlace || q.kind() == arrayKind || q.kind() == "" {
			continue
		}
		two, err := p.distinct(ctx, base, q)
		if err != nil {
			return err
		}
		if two != nil {
			return p.giveBoth(ctx, base, two[0], two[1])
		}
	}
	p.skip("no two values of a parameter are answered differently")
	return nil
}

func (p *probe) giveBoth(ctx context.Context, base []setting, first, last distinctValue) error {
	c := compose(p.op, with(base, first.setting))
	c.query += "&" + strings.Join(last.setting.inQuery(), "&")
	a, err := p.call(ctx, c)
	if err != nil {
		return err
	}
	got := ""
	switch {
	case a.failed():
		return nil
	case a.refused():
		got = "reject"
	case bytes.Equal(a.body, last.body):
		got = "last"
	case bytes.Equal(a.body, first.body):
		got = "first"
	}
	same := true // the answers to each alone are as they were
	for _, one := range []distinctValue{first, last} {
		a, err := p.call(ctx, compose(p.op, with(base, one.setting)))
		if err != nil {
			return err
		}
		same = same && bytes.Equal(a.body, one.body)
	}
	name := first.setting.parameter.name
	switch want := p.assumed("repeated_parameter"); {
	case got == "" && !same:
		p.skip("the data changed meanwhile")
	case got != want:
		p.fail(name, a, "%s given twice: %s; %s was assumed", name, wordRepeated(got), wordRepeated(want))
	default:
		p.pass()
	}
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
	setting setting
	body    []byte
}

// distinct finds two values of a parameter with different answers, each the
// same when asked for again; nil when there are none.
func (p *probe) distinct(ctx context.Context, base []setting, q *parameter) ([]distinctValue, error) {
	var found []distinctValue
	for _, v := range p.values(p.op, q) {
		one := setting{q, v}
		var bodies [2][]byte
		ok := true
		for i := range bodies {
			a, err := p.call(ctx, compose(p.op, with(base, one)))
			if err != nil {
				return nil, err
			}
			if ok = a.ok(); !ok {
				break
			}
			bodies[i] = a.body
		}
		switch {
		case !ok:
		case !bytes.Equal(bodies[0], bodies[1]):
			return nil, nil // it changes by itself
		case len(found) == 0 || !bytes.Equal(bodies[0], found[0].body):
			if found = append(found, distinctValue{one, bodies[0]}); len(found) == 2 {
				return found, nil
			}
		}
	}
	return nil, nil
}
