// Package values holds the checks of what an operation takes: valid values
// accepted, invalid ones refused, and nothing hostile breaking it.
package values

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of values of parameters.
func Checks() []session.Check {
	return []session.Check{
		{ID: "positive_data_acceptance", Severity: report.Error,
			Why: "A value the document allows and the server refuses breaks callers that kept to the document.",
			Fix: "accept what the schema allows, or say in the schema what is not allowed",
			Work: session.Work{Applies: func(s *session.Session, o *contract.Operation) bool {
				return session.ReadOnly(s, o) || !s.Target.Writes
			}, Run: positiveData}},
		{ID: "negative_data_rejection", Severity: report.Error,
			Why:  "A caller's mistake that the server takes silently is answered with something else than was asked for.",
			Fix:  "refuse what the schema does not allow with a documented 4xx that names the parameter, or allow it in the schema",
			Work: session.Work{Applies: session.ReadOnly, Run: negativeData}},
		{ID: "missing_required_header", Severity: report.Error,
			Why:  "A header that is required but not asked for is either not needed or its absence goes unnoticed.",
			Fix:  "refuse the request without it with a documented 4xx, or make it optional in the document",
			Work: session.Work{Applies: session.Both(session.ReadOnly, requiresHeader), Run: missingHeader}},
		{ID: "repeated_parameter", Severity: report.Warning, Assumption: "repeated_parameter",
			Why:  "What stands in front of a server and the server itself may differ over which of two values counts.",
			Fix:  "answer as was assumed, or assume another",
			Work: session.Work{Applies: session.ReadOnly, Run: repeatedParameter}.Assumed("repeated_parameter")},
		{ID: "hostile_input", Severity: report.Error,
			Why:  "What reaches a parser, a log or a header unexamined is how servers are broken into; a failure there is also the cheapest way to stop one.",
			Fix:  "refuse what is no text, too long or too large with a 4xx; never copy it into headers; encode it when it stands in an answer",
			Work: session.Work{Applies: session.ReadOnly, Run: hostileInput}},
	}
}

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

func requiresHeader(s *session.Session, o *contract.Operation) bool {
	return slices.ContainsFunc(s.Parameters(o), func(q *call.Parameter) bool { return q.Required && q.In == call.HeaderPlace })
}

// mistake is a call that is to be refused.
type mistake struct {
	name, told string
	call       call.Call
	null       bool // it may be meant as null: whether an empty value is the document does not say
}

func negativeData(ctx context.Context, p *session.Probe) {
	base, _ := p.Required(p.Op)
	var list []mistake
	for _, q := range p.Parameters(p.Op) {
		for _, v := range p.Invalid(p.Op, q) {
			one := call.Setting{Parameter: q, Value: v}
			list = append(list, mistake{q.Name + ": " + v.Class, told(one), call.ComposeFor(p.Op, base, one), q.Nullable && v.Texts[0] == ""})
		}
	}
	refuse(ctx, p, append(list, missing(p, call.QueryPlace, call.CookiePlace)...))
}

func missingHeader(ctx context.Context, p *session.Probe) {
	refuse(ctx, p, missing(p, call.HeaderPlace))
}

// missing leaves out each required parameter of some places.
func missing(p *session.Probe, places ...string) (list []mistake) {
	base, _ := p.Required(p.Op)
	for i, left := range base { // has all that are required
		if !slices.Contains(places, left.Parameter.In) {
			continue
		}
		without := call.Compose(p.Op, slices.Delete(slices.Clone(base), i, i+1))
		if left.Parameter.In == call.HeaderPlace && http.CanonicalHeaderKey(left.Parameter.Name) == "User-Agent" {
			without.Header["User-Agent"] = []string{""} // or net/http sends its own
		}
		list = append(list, mistake{name: left.Parameter.Name + ": missing", told: "the request without " + left.Parameter.In + " " + left.Parameter.Name, call: without})
	}
	return list
}

// refuse sends mistakes, and tells those that were taken as one flaw. Whether a refusal is
// as documented every answer is judged by.
func refuse(ctx context.Context, p *session.Probe, list []mistake) {
	plain := p.Accepted()
	assumed := *p
	assumed.Check.Severity, assumed.Check.Assumption = report.Warning, "invalid_parameter"
	defer func() { assumed.TellFlaws() }()
	for _, m := range list {
		switch a := p.Call(ctx, m.call); {
		case a.Failed() || a.Status >= 300 && a.Status < 400:
		case a.Refused():
			p.Pass()
		case m.null:
			assumed.Flaw("", m.name, a, "%s was accepted: answered %d; that it is null is assumed not to be", m.told, a.Status)
		case bytes.Equal(a.Body, plain.Body):
			p.Flaw("", m.name, a, "%s was taken no notice of: answered %d, with what comes without it; a documented 4xx was to be seen", m.told, a.Status)
		default:
			p.Flaw("", m.name, a, "%s was accepted: answered %d; a documented 4xx was to be seen", m.told, a.Status)
		}
	}
}
