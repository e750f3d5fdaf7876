package session

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

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
