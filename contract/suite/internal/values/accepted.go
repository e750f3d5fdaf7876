package values

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// maxPositive bounds the requests of positive_data_acceptance, an operation.
const maxPositive = 200

const tooMany = "more values than are tried in one run"

// positiveData tries every value alone, then values of two parameters together.
func positiveData(ctx context.Context, p *session.Probe) {
	if !session.ReadOnly(p.Session, p.Op) {
		session.Cannot(p.Op.Method + " changes data: only operations that read are called")
	}
	base, _ := p.Required(p.Op)
	name := "required parameters alone"
	if len(base) == 0 {
		name = "no parameters"
	}
	if plain := p.Greetings[p.Op]; plain == nil || !accepted(p, name, plain, base...) {
		p.Accepted()
		return
	}
	budget := maxPositive
	var alone [][]call.Setting // values of a parameter that were accepted alone
	for _, parameter := range p.Parameters(p.Op) {
		values := p.Values(p.Op, parameter)
		if len(values) == 0 {
			p.Skip("no value can be made for " + parameter.Name)
			continue
		}
		var list []call.Setting
		for _, v := range values {
			if budget--; budget < 0 {
				session.Cannot(tooMany)
			}
			one := call.Setting{Parameter: parameter, Value: v}
			if acceptedAlone(ctx, p, base, one) {
				list = append(list, one)
			}
		}
		alone = append(alone, list)
	}
	for _, pair := range pairs(alone) {
		if budget--; budget < 0 {
			session.Cannot(tooMany)
		}
		c := call.Compose(p.Op, call.With(base, pair...))
		c.Label = told(pair...)
		p.Combines(pair[0].Parameter.Name, pair[1].Parameter.Name, p.Call(ctx, c))
	}
}

// acceptedAlone tries one value, and says so.
func acceptedAlone(ctx context.Context, p *session.Probe, base []call.Setting, one call.Setting) bool {
	a := p.Call(ctx, call.ComposeFor(p.Op, base, one))
	if one.Value.Seen && session.IsRefusal(a) { // what was seen may have been deleted since
		refresh(ctx, p)
		if !slices.ContainsFunc(p.Known(p.Op, one.Parameter), func(v call.Value) bool { return v.Texts[0] == one.Value.Texts[0] }) {
			p.Skip("what " + one.Parameter.Name + " named was deleted meanwhile")
			return false
		}
	}
	return accepted(p, one.Parameter.Name+": "+one.Value.Class, a, one)
}

// accepted says whether a call was taken.
func accepted(p *session.Probe, name string, a *session.Answer, settings ...call.Setting) bool {
	unsure := ""
	if slices.ContainsFunc(settings, func(s call.Setting) bool { return s.Value.Guess }) {
		unsure = "refused, but no value is known that names something"
	}
	return p.Accepts(name, told(settings...), a, unsure)
}

// refresh looks again at what is there.
func refresh(ctx context.Context, p *session.Probe) {
	answers := map[*contract.Operation][]byte{}
	for _, o := range p.Operations {
		if p.Greetings[o] == nil {
			continue
		}
		if a := p.Send(ctx, o, call.Call{}); a.Ok() {
			answers[o] = a.Body
		}
	}
	p.Forget()
	for _, o := range p.Operations {
		p.Learn(o, answers[o])
	}
}

// told words settings for a message.
func told(settings ...call.Setting) string {
	if len(settings) == 0 {
		return "a call without parameters"
	}
	var words []string
	for _, s := range settings {
		text := strings.Join(s.Value.Texts, ",")
		if len(text) > 40 {
			text = fmt.Sprintf("%.20s… (%d bytes)", text, len(text))
		}
		words = append(words, fmt.Sprintf("%s=%s (%s)", s.Parameter.Name, text, s.Value.Class))
	}
	return strings.Join(words, " with ")
}

// pairs lists all values of all two parameters, so that an early end leaves no
// two parameters out.
func pairs(accepted [][]call.Setting) [][]call.Setting {
	var list [][]call.Setting
	for round, more := 0, true; more; round++ {
		more = false
		for i, a := range accepted {
			for _, b := range accepted[i+1:] {
				if round >= len(a)*len(b) {
					continue
				}
				more = true
				j := round % len(a) // diagonals: each value comes up early
				list = append(list, []call.Setting{a[j], b[(j+round/len(a))%len(b)]})
			}
		}
	}
	return list
}
