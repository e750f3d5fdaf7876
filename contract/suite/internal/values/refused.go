package values

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

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
	var taken, nulls []session.Shown
	defer func() {
		p.FailOnce(taken)
		assumed.FailOnce(nulls)
	}()
	for _, m := range list {
		a := p.Call(ctx, m.call)
		flaw := session.Shown{Case: m.name, Answer: a}
		switch {
		case a.Failed() || a.Status >= 300 && a.Status < 400:
		case a.Refused():
			p.Pass()
		case m.null:
			flaw.Message = fmt.Sprintf("%s was accepted: answered %d; that it is null is assumed not to be", m.told, a.Status)
			nulls = append(nulls, flaw)
		case bytes.Equal(a.Body, plain.Body):
			flaw.Message = fmt.Sprintf("%s was taken no notice of: answered %d, with what comes without it; a documented 4xx was to be seen", m.told, a.Status)
			taken = append(taken, flaw)
		default:
			flaw.Message = fmt.Sprintf("%s was accepted: answered %d; a documented 4xx was to be seen", m.told, a.Status)
			taken = append(taken, flaw)
		}
	}
}
