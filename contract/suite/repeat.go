package suite

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// twiceChecks are about parameters given twice.
func twiceChecks() []check {
	return []check{{
		id: "repeated_parameter", severity: report.Warning, assumption: "repeated_parameter",
		explanation: "What stands in front of a server and the server itself may differ over which of two values counts.",
		howToFix:    "answer as was assumed, or assume another",
		applies: func(s *session, o *contract.Operation) bool {
			return s.readable(o) && s.assumed("repeated_parameter") != ""
		},
		run: repeatedParameter,
	}}
}

// repeatedParameter looks for a parameter two values of which are answered
// differently, and gives both.
func repeatedParameter(ctx context.Context, p *probe) error {
	base, _ := p.base(p.op)
	for _, q := range p.parametersOf(p.op) {
		if q.in != queryPlace || q.kind() == arrayKind || q.kind() == "" {
			continue
		}
		first, last, err := p.distinct(ctx, base, q)
		if err != nil {
			return err
		}
		if first == nil {
			continue
		}
		c := compose(p.op, with(base, first.setting))
		c.query += "&" + strings.Join(last.setting.inQuery(), "&")
		a, err := p.call(ctx, c)
		if err != nil {
			return err
		}
		got := ""
		switch {
		case a.broken != "" || a.status >= http.StatusInternalServerError: // reported
			return nil
		case a.refused():
			got = "reject"
		case bytes.Equal(a.body, last.body):
			got = "last"
		case bytes.Equal(a.body, first.body):
			got = "first"
		}
		same, err := p.unchanged(ctx, base, first, last)
		switch want := p.assumed("repeated_parameter"); {
		case err != nil:
			return err
		case got == "" && !same:
			p.skip("the data changed meanwhile")
		case got != want:
			p.fail(q.name, a, "%s given twice: %s; %s was assumed", q.name, wordRepeated(got), wordRepeated(want))
		default:
			p.pass()
		}
		return nil
	}
	p.skip("no two values of a parameter are answered differently")
	return nil
}

// unchanged tells whether the answers to values are still the same.
func (p *probe) unchanged(ctx context.Context, base []setting, values ...*distinctValue) (bool, error) {
	for _, v := range values {
		a, err := p.call(ctx, compose(p.op, with(base, v.setting)))
		if err != nil {
			return false, err
		}
		if !bytes.Equal(a.body, v.body) {
			return false, nil
		}
	}
	return true, nil
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
func (p *probe) distinct(ctx context.Context, base []setting, q *parameter) (first, last *distinctValue, err error) {
	for _, v := range p.values(p.op, q) {
		one := setting{q, v}
		a, err := p.call(ctx, compose(p.op, with(base, one)))
		if err != nil {
			return nil, nil, err
		}
		if !a.ok() {
			continue
		}
		again, err := p.call(ctx, compose(p.op, with(base, one)))
		if err != nil {
			return nil, nil, err
		}
		switch {
		case !bytes.Equal(a.body, again.body):
			return nil, nil, nil // it changes by itself
		case first == nil:
			first = &distinctValue{one, a.body}
		case !bytes.Equal(a.body, first.body):
			return first, &distinctValue{one, a.body}, nil
		}
	}
	return nil, nil, nil
}
