package suite

import (
	"bytes"
	"context"
	"slices"

	"github.com/digakit/digakit/contract"
)

func requiresHeader(s *session, o *contract.Operation) bool {
	return slices.ContainsFunc(s.parametersOf(o), func(q *parameter) bool { return q.required && q.in == headerPlace })
}

func negativeData(ctx context.Context, p *probe) error {
	plain, reason := p.accepted()
	if reason != "" {
		p.skip(reason)
		return nil
	}
	base, _ := p.required(p.op)
	for _, parameter := range p.parametersOf(p.op) {
		for _, v := range p.invalid(parameter) {
			one := setting{parameter, v}
			a, err := p.call(ctx, composeFor(p.op, base, one))
			if err != nil {
				return err
			}
			p.judgeRefused(parameter.name+": "+v.class, a, plain, told(one))
		}
	}
	return p.missing(ctx, queryPlace, cookiePlace)
}

// invalid lists values that are certainly none of a parameter, each once.
func (p *probe) invalid(q *parameter) []value {
	var list []value
	seen := map[string]bool{}
	for i := range q.domains {
		for _, v := range q.domains[i].invalid() {
			empty := len(v.texts) == 1 && v.texts[0] == ""
			text := compose(p.op, []setting{{q, v}})
			id := text.path + "?" + text.query + text.header.Get(q.name) + text.header.Get("Cookie")
			// An empty segment makes another path, an empty cookie none.
			if seen[id] || empty && (q.empty || q.in == pathPlace || q.in == cookiePlace) || !p.breaks(p.op, setting{q, v}) {
				continue
			}
			seen[id] = true
			list = append(list, v)
		}
	}
	return list
}

// missing leaves out each required parameter of some places.
func (p *probe) missing(ctx context.Context, places ...string) error {
	plain, reason := p.accepted()
	if reason != "" {
		p.skip(reason)
		return nil
	}
	base, _ := p.required(p.op)
	for i, left := range base { // has all that are required
		if !slices.Contains(places, left.parameter.in) {
			continue
		}
		a, err := p.call(ctx, compose(p.op, slices.Delete(slices.Clone(base), i, i+1)))
		if err != nil {
			return err
		}
		p.judgeRefused(left.parameter.name+": missing", a, plain, "the request without "+left.parameter.in+" "+left.parameter.name)
	}
	return nil
}

// judgeRefused says whether a call was refused. Whether the refusal is as
// documented every answer is judged by.
func (p *probe) judgeRefused(name string, a, plain *answer, what string) {
	switch {
	case a.failed():
	case a.refused():
		p.pass()
	case a.status >= 300:
	case bytes.Equal(a.body, plain.body):
		p.fail(name, a, "%s was taken no notice of: answered %d, with what comes without it; a documented 4xx was to be seen", what, a.status)
	default:
		p.fail(name, a, "%s was accepted: answered %d; a documented 4xx was to be seen", what, a.status)
	}
}
