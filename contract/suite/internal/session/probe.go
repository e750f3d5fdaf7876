package session

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Probe is what a check works with: an operation, called with one credential. It
// sends, and says how each case went.
type Probe struct {
	*Session
	Check Check
	Op    *contract.Operation
	Auth  call.Credential // of its calls, but for those that have their own
	flaws []flaw
}

// flaw is a case that went wrong, with the answer that shows it.
type flaw struct {
	kind, name, message string
	answer              *Answer
}

// Call sends a call of the probe's operation.
func (p *Probe) Call(ctx context.Context, c call.Call) *Answer {
	if c.Auth == (call.Credential{}) {
		c.Auth = p.Auth
	}
	if c.Beside {
		c.Like = p.Op
		return p.Send(ctx, nil, c)
	}
	return p.Send(ctx, p.Op, c)
}

// Each sends calls one after the other and shows the answers to judge, but for
// those that are wrong in themselves, which have been reported.
func (p *Probe) Each(ctx context.Context, calls []call.Call, judge func(c call.Call, a *Answer)) {
	for _, c := range calls {
		if a := p.Call(ctx, c); !a.Failed() {
			judge(c, a)
		}
	}
}

// Pass says that a case went well.
func (p *Probe) Pass() { p.Report.Pass(p.Check.ID, p.Op.Name(), 1) }

// Skip says that a case cannot be tried here, and why: what the data of the
// server cannot show.
func (p *Probe) Skip(reason string) { p.Report.Skip(p.Check.ID, p.Op.Name(), reason) }

// Flaw says that a case went wrong, as others of its kind did or will: [Probe.TellFlaws]
// makes one finding of the first, with the others as examples.
func (p *Probe) Flaw(kind, name string, a *Answer, format string, args ...any) {
	p.flaws = append(p.flaws, flaw{kind, name, fmt.Sprintf(format, args...), a})
}

// TellFlaws tells the flaws, as is done when the check has ended.
func (p *Probe) TellFlaws() {
	for len(p.flaws) > 0 {
		first, rest := p.flaws[0], []flaw(nil)
		f := p.Finding(p.Check, p.Op, first.answer, first.name, first.message)
		f.Count = 1
		for _, other := range p.flaws[1:] {
			if other.kind != first.kind {
				rest = append(rest, other)
				continue
			}
			f.Count++
			f.Examples = append(f.Examples, report.Example{Case: other.name, Curl: p.curl(other.answer)})
		}
		p.Report.Add(f)
		p.flaws = rest
	}
}

// Fail says that a case went wrong. The name of the case is the same in every
// run; the message says what was seen and what was to be seen, and holds no
// secret. a is the answer that shows it; nil when none does.
func (p *Probe) Fail(name string, a *Answer, format string, args ...any) {
	p.Report.Add(p.Finding(p.Check, p.Op, a, name, fmt.Sprintf(format, args...)))
}

// Expect says that a case went well, or wrong.
func (p *Probe) Expect(well bool, name string, a *Answer, format string, args ...any) bool {
	if well {
		p.Pass()
	} else {
		p.Fail(name, a, format, args...)
	}
	return well
}

// Refuses says whether an answer refuses what was asked, as it has to. One that is wrong
// in itself was reported before, and a redirect says nothing.
func (p *Probe) Refuses(name string, a *Answer, format string, args ...any) bool {
	if a.Failed() || a.Status >= 300 && a.Status < 400 {
		return true
	}
	return p.Expect(a.Refused(), name, a, format, args...)
}

// Accepts says whether an answer takes what the document allows. Unsure is why a refusal
// would show nothing; empty: it is a flaw.
func (p *Probe) Accepts(name, told string, a *Answer, unsure string) bool {
	switch {
	case a.Failed() || slices.ContainsFunc(a.Violations, func(v contract.Violation) bool { return v.Kind == contract.KindUndocumentedStatus }):
	case a.Status < http.StatusBadRequest:
		p.Pass()
		return true
	case !IsRefusal(a):
		p.Skip(fmt.Sprintf("%s: answered %d, which says nothing of what was sent", name, a.Status))
	case !Succeeds(p.Op):
		p.Skip(name + ": the document has no success for it")
	case unsure != "":
		p.Skip(name + ": " + unsure)
	default:
		p.Fail(name, a, "%s was refused with %d; the document allows it", told, a.Status)
	}
	return false
}

// Combines says whether two things that are accepted alone are together. The document
// cannot say that they go together: a refusal is no flaw.
func (p *Probe) Combines(one, other string, a *Answer) {
	switch {
	case a.Failed():
	case a.Refused():
		p.Skip(one + " with " + other + " was refused; whether they go together the document cannot say")
	default:
		p.Pass()
	}
}

// curl is the command that repeats the request of an answer, with variables for
// the keys and for what the target's headers hold. Printed is what was made up for
// a check, nothing else.
func (s *Session) curl(a *Answer) string {
	known := []contract.Credential{
		{Secret: s.Target.Key, Variable: "DIGAKIT_KEY"}, {Secret: s.Target.DeniedKey, Variable: "DIGAKIT_DENIED_KEY"},
		{Secret: MadeUpSecret},
	}
	for name, values := range s.Target.Header { // what they hold, nobody but the caller knows
		variable := strings.ToUpper(notOfVariables.ReplaceAllString(name, "_"))
		for _, value := range values {
			known = append(known, contract.Credential{Secret: value, Variable: variable})
		}
	}
	for _, bytes := range []string{"\xff", "\xe2\x82", "\xff\xfe"} { // no text: a command line cannot hold them
		octal := ""
		for i := range len(bytes) {
			octal += fmt.Sprintf(`\%o`, bytes[i])
		}
		known = append(known, contract.Credential{Secret: bytes, Variable: "(printf '" + octal + "')"})
	}
	switch {
	case a.call.Auth.Variable != "":
		known = append(known, contract.Credential{Secret: strings.TrimPrefix(a.call.Auth.Secret, "Bearer "), Variable: a.call.Auth.Variable})
	case a.call.Auth.Kind == call.RawHeader && utf8.ValidString(a.call.Auth.Secret) && (s.Target.Key == "" || !strings.Contains(a.call.Auth.Secret, s.Target.Key)):
		known = append(known, contract.Credential{Secret: a.call.Auth.Secret})
	}
	shown := a.Request.Clone(context.Background())
	for noise, value := range map[string]string{"User-Agent": "digakit-verify", "Accept": "application/json"} {
		if shown.Header.Get(noise) == value {
			shown.Header.Del(noise)
		}
	}
	return strings.ToValidUTF8(s.Validator.Curl(shown, a.call.Body, known...), "?")
}

// notOfVariables matches what a shell's variable cannot be called.
var notOfVariables = regexp.MustCompile(`[^A-Za-z0-9_]`)

// Finding makes the finding of a check: in which case, and what about an answer;
// nil: about none.
func (s *Session) Finding(c Check, o *contract.Operation, a *Answer, name, message string) report.Finding {
	f := report.Finding{
		Check: c.ID, Severity: c.Severity, Basis: c.Basis(), Assumption: c.Assumption, Explanation: c.Why, HowToFix: c.Fix,
		Case: name, Message: message,
	}
	if o != nil {
		f.Operation, f.Method, f.Path = o.Name(), o.Method, o.Path
	}
	if a != nil {
		f.Status = a.Status
		f.Curl = s.curl(a)
		if o == nil || a.Request.Method != o.Method {
			f.Method = a.Request.Method
		}
		if o == nil {
			f.Path = a.Request.URL.EscapedPath()
		}
	}
	return f
}
