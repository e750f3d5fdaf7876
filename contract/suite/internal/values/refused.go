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

func negativeData(ctx context.Context, p *session.Probe) error {
	plain, reason := p.Accepted()
	if reason != "" {
		p.Skip(reason)
		return nil
	}
	base, _ := p.Required(p.Op)
	for _, parameter := range p.Parameters(p.Op) {
		for _, v := range p.Invalid(p.Op, parameter) {
			one := call.Setting{Parameter: parameter, Value: v}
			a, err := p.Call(ctx, call.ComposeFor(p.Op, base, one))
			if err != nil {
				return err
			}
			judgeRefused(p, parameter.Name+": "+v.Class, a, plain, told(one), parameter.Nullable && v.Texts[0] == "")
		}
	}
	return missing(ctx, p, call.QueryPlace, call.CookiePlace)
}

// missing leaves out each required parameter of some places.
func missing(ctx context.Context, p *session.Probe, places ...string) error {
	plain, reason := p.Accepted()
	if reason != "" {
		p.Skip(reason)
		return nil
	}
	base, _ := p.Required(p.Op)
	for i, left := range base { // has all that are required
		if !slices.Contains(places, left.Parameter.In) {
			continue
		}
		without := call.Compose(p.Op, slices.Delete(slices.Clone(base), i, i+1))
		if left.Parameter.In == call.HeaderPlace && http.CanonicalHeaderKey(left.Parameter.Name) == "User-Agent" {
			without.Header["User-Agent"] = []string{""} // or net/http sends its own
		}
		a, err := p.Call(ctx, without)
		if err != nil {
			return err
		}
		judgeRefused(p, left.Parameter.Name+": missing", a, plain, "the request without "+left.Parameter.In+" "+left.Parameter.Name, false)
	}
	return nil
}

// judgeRefused says whether a call was refused. Whether the refusal is as
// documented every answer is judged by.
func judgeRefused(p *session.Probe, name string, a, plain *session.Answer, what string, nullable bool) {
	switch {
	case a.Failed():
	case a.Refused():
		p.Pass()
	case a.Status >= 300:
	case nullable: // whether an empty value is null the document does not say
		f := p.Finding(p.Check, p.Op, a, name, fmt.Sprintf("%s was accepted: answered %d; that it is null is assumed not to be", what, a.Status))
		f.Severity, f.Basis, f.Assumption = report.Warning, report.Assumed, "invalid_parameter"
		p.Report.Add(f)
	case bytes.Equal(a.Body, plain.Body):
		p.Fail(name, a, "%s was taken no notice of: answered %d, with what comes without it; a documented 4xx was to be seen", what, a.Status)
	default:
		p.Fail(name, a, "%s was accepted: answered %d; a documented 4xx was to be seen", what, a.Status)
	}
}
