package suite

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// maxPositive bounds the requests of positive_data_acceptance, an operation.
const maxPositive = 200

// positiveData tries every value alone, then values of two parameters together.
func positiveData(ctx context.Context, p *probe) error {
	if !readOnly(p.session, p.op) {
		p.skip(p.op.Method + " changes data: only operations that read are called")
		return nil
	}
	base, _ := p.required(p.op)
	name := "required parameters alone"
	if len(base) == 0 {
		name = "no parameters"
	}
	plain, reason := p.accepted()
	if !p.judgeAccepted(name, plain, base...) {
		p.skip(reason)
		return nil
	}
	budget := maxPositive
	var accepted [][]setting // values of a parameter that were accepted alone
	for _, parameter := range p.parametersOf(p.op) {
		values := p.values(p.op, parameter)
		if len(values) == 0 {
			p.skip("no value can be made for " + parameter.name)
			continue
		}
		var list []setting
		for _, v := range values {
			if budget--; budget < 0 {
				p.skip(tooMany)
				return nil
			}
			one := setting{parameter, v}
			ok, err := p.acceptedAlone(ctx, base, one)
			if err != nil {
				return err
			}
			if ok {
				list = append(list, one)
			}
		}
		accepted = append(accepted, list)
	}
	return p.positivePairs(ctx, base, accepted, budget)
}

const tooMany = "more values than are tried in one run"

// acceptedAlone tries one value, and says so.
func (p *probe) acceptedAlone(ctx context.Context, base []setting, one setting) (bool, error) {
	a, err := p.call(ctx, composeFor(p.op, base, one))
	if err != nil {
		return false, err
	}
	if one.value.seen && isRefusal(a) { // what was seen may have been deleted since
		if err := p.refresh(ctx); err != nil {
			return false, err
		}
		if !slices.ContainsFunc(p.pool.known(p.op, one.parameter), func(v value) bool { return v.texts[0] == one.value.texts[0] }) {
			p.skip("what " + one.parameter.name + " named was deleted meanwhile")
			return false, nil
		}
	}
	return p.judgeAccepted(one.parameter.name+": "+one.value.class, a, one), nil
}

// refresh looks again at what is there.
func (p *probe) refresh(ctx context.Context) error {
	fresh := newPool()
	for _, o := range p.operations {
		if p.greetings[o] == nil {
			continue
		}
		a, err := p.send(ctx, o, call{})
		if err != nil {
			return err
		}
		if a.ok() {
			fresh.learn(o, a.body)
		}
	}
	p.pool = fresh
	return nil
}

// isRefusal tells a refusal of what was asked from one that has other reasons:
// who asks, what is there, how often.
func isRefusal(a *answer) bool {
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests:
		return false
	}
	return a.refused()
}

// judgeAccepted says whether a call was accepted. An answer that is wrong in
// itself (a 5xx, an undocumented status, one that broke off) was reported before.
func (p *probe) judgeAccepted(name string, a *answer, settings ...setting) bool {
	switch {
	case a == nil || a.failed() || slices.ContainsFunc(a.violations, func(v contract.Violation) bool { return v.Kind == contract.KindUndocumentedStatus }):
		return false
	case a.status < http.StatusBadRequest:
		p.pass()
		return true
	case !isRefusal(a):
		p.skip(fmt.Sprintf("%s: answered %d, which says nothing of the value", name, a.status))
	case slices.ContainsFunc(settings, func(s setting) bool { return s.value.guess }):
		p.skip(name + ": refused, but no value is known that names something")
	default:
		p.fail(name, a, "%s was refused with %d; the document allows it", told(settings...), a.status)
	}
	return false
}

// told words settings for a message.
func told(settings ...setting) string {
	if len(settings) == 0 {
		return "a call without parameters"
	}
	var words []string
	for _, s := range settings {
		text := strings.Join(s.value.texts, ",")
		if len(text) > 40 {
			text = fmt.Sprintf("%.20s… (%d bytes)", text, len(text))
		}
		words = append(words, fmt.Sprintf("%s=%s (%s)", s.parameter.name, text, s.value.class))
	}
	return strings.Join(words, " with ")
}

// positivePairs tries values that were accepted alone two by two, those of all
// parameters in turn until the budget is used up. Whether two values go
// together the document cannot say: that they are refused is no finding.
func (p *probe) positivePairs(ctx context.Context, base []setting, accepted [][]setting, budget int) error {
	all := pairs(accepted)
	for _, pair := range all[:min(budget, len(all))] {
		c := compose(p.op, with(base, pair...))
		c.label = told(pair...)
		a, err := p.call(ctx, c)
		switch {
		case err != nil:
			return err
		case a.failed():
		case a.refused():
			p.skip(fmt.Sprintf("%s with %s was refused; whether they go together the document cannot say", pair[0].parameter.name, pair[1].parameter.name))
		default:
			p.pass()
		}
	}
	if len(all) > budget {
		p.skip(tooMany)
	}
	return nil
}

// pairs lists all values of all two parameters, so that an early end leaves no
// two parameters out.
func pairs(accepted [][]setting) [][]setting {
	var list [][]setting
	for round, more := 0, true; more; round++ {
		more = false
		for i, a := range accepted {
			for _, b := range accepted[i+1:] {
				if round >= len(a)*len(b) {
					continue
				}
				more = true
				j := round % len(a) // diagonals: each value comes up early
				list = append(list, []setting{a[j], b[(j+round/len(a))%len(b)]})
			}
		}
	}
	return list
}
