package session

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Answer is what came back.
type Answer struct {
	Request    *http.Request
	Status     int // 0 when the connection ended before one came
	Header     http.Header
	Body       []byte
	Broken     string // why it broke off; empty when it is whole
	Violations []contract.Violation
	call       call.Call
	unreadable bool                // what the plan reads of the body is not there
	of         *contract.Operation // nil: of none
}

// edgeStatuses are those with which what stands before an application refuses
// requests it does not like the look of.
var edgeStatuses = []int{
	http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable,
	http.StatusRequestTimeout, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
	http.StatusUnsupportedMediaType, http.StatusMisdirectedRequest, http.StatusRequestHeaderFieldsTooLarge,
}

// EdgeRefusal tells whether the answer may come from what stands before the
// application, which knows nothing of the document.
func (a *Answer) EdgeRefusal() bool { return a.call.Edge && slices.Contains(edgeStatuses, a.Status) }

// Ok tells whether the answer is whole, of the 2xx, and shows what the plan reads of it,
// so that a check may go on from there. What else of it is not as documented has been
// reported: one property that is wrong hides nothing else that is.
func (a *Answer) Ok() bool { return a.Success() && !a.unreadable }

// readable tells whether an answer that is not all as documented shows what the plan reads
// of it: items that have their identity, and the members beside a list.
func (s *Session) readable(line *plan.Line, a *Answer) bool {
	if slices.ContainsFunc(a.Violations, func(v contract.Violation) bool {
		return !slices.Contains([]contract.Kind{
			contract.KindInvalidBody, contract.KindWriteOnly, contract.KindMissingHeader, contract.KindInvalidHeader, contract.KindMoreViolations,
		}, v.Kind)
	}) {
		return false
	}
	if line == nil || !line.Answer.HasItem && line.List == nil {
		return true
	}
	root := gjson.ParseBytes(a.Body)
	data := call.Part(root, line.Answer.Data)
	shown := []gjson.Result{data}
	if line.Answer.Items {
		shown = data.Array()
	}
	c := s.Shown(line)
	if c == nil || data.IsArray() != line.Answer.Items || !data.Exists() {
		return false
	}
	for _, id := range c.Identity {
		for _, one := range shown {
			if v := call.Part(one, spec.Join("", id.Property)); id.Property != "" && (v.Type != gjson.String && v.Type != gjson.Number || v.String() == "") {
				return false
			}
		}
	}
	return line.List == nil || !slices.ContainsFunc(line.List.Members, func(m plan.Member) bool {
		v := call.Part(root, m.Pointer)
		return m.Role == plan.HasMore && !v.IsBool() || m.Required && !v.Exists() || v.IsObject() || v.IsArray()
	})
}

// Success tells whether the answer is whole and of the 2xx, as documented or not.
func (a *Answer) Success() bool { return a.Broken == "" && a.Status >= 200 && a.Status < 300 }

// Gone tells whether the answer says that what was asked for is not there.
func (a *Answer) Gone() bool { return a.Status == http.StatusNotFound || a.Status == http.StatusGone }

// Denied tells whether an answer refuses who asks.
func (a *Answer) Denied() bool {
	return a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden
}

// Outcome words what an answer that should have been a success was.
func (a *Answer) Outcome() string {
	if a.Broken != "" {
		return "broke off"
	}
	return fmt.Sprintf("answered %d", a.Status)
}

// Refused tells whether the server refused the request as the client's mistake.
func (a *Answer) Refused() bool { return a.Status >= 400 && a.Status < 500 }

// Failed tells whether the answer is wrong in itself, a 5xx or one that broke off,
// which has been reported.
func (a *Answer) Failed() bool { return a.Broken != "" || a.Status >= http.StatusInternalServerError }

// departureHeader is where a server says that an answer leaves the document on purpose.
const departureHeader = "Contract-Departure"

// declared tells whether the answer is a refusal outside the document that says so.
func (a *Answer) declared() bool { return a.Refused() && a.Header.Get(departureHeader) != "" }

// assumedRefusal is the assumption that a refusal rests on which documents often leave
// out: that of a credential or of what is not there. Empty: it is none.
func (a *Answer) assumedRefusal() string {
	switch {
	case a.Status == http.StatusNotFound:
		return "missing_item"
	case !a.Denied():
		return ""
	case a.call.Auth.Kind == call.FullKey:
		return "forbidden"
	}
	return "unauthenticated"
}

// strangeCoding is a content coding nobody asked for; empty when there is none.
func (a *Answer) strangeCoding() string {
	coding := strings.ToLower(strings.TrimSpace(a.Header.Get("Content-Encoding")))
	switch {
	case coding == "identity", coding == "gzip", coding == "x-gzip", a.Request.Header.Get("Accept-Encoding") != "":
		return ""
	}
	return coding
}

// to words what was special about the request; empty: nothing.
func (a *Answer) to() string {
	if a.call.Label == "" {
		return ""
	}
	return " to " + a.call.Label
}

// brokeOff is the finding that an answer is not whole.
func (s *Session) brokeOff(a *Answer) report.Finding {
	return s.Finding(s.Check("response_completeness"), a.of, a, a.call.About, "the answer broke off: "+a.Broken)
}

// judge puts an answer through the checks that every answer goes through.
func (s *Session) judge(a *Answer) {
	o := a.of
	x := contract.Exchange{Operation: o, Request: a.Request, Status: a.Status}
	broken := map[string]bool{}
	add := func(f report.Finding) {
		broken[f.Check] = true
		if s.wanted(f.Check) {
			s.Report.Add(f)
		}
	}
	switch {
	case a.Broken != "":
		add(s.brokeOff(a))
	case a.EdgeRefusal():
	case o != nil && a.Request.Method == o.Method:
		a.Violations = s.Validator.Response(o, a.Status, a.Header, a.Body)
		if a.Status >= 200 && a.Status < 300 && !slices.ContainsFunc(a.Violations, func(v contract.Violation) bool { return v.Kind == contract.KindUndocumentedStatus }) {
			s.succeeded[o] = true
		}
		a.unreadable = len(a.Violations) > 0 && !s.readable(s.Line(o), a)
		x.Violations = a.Violations
		for _, v := range a.Violations {
			f := report.Violation(x, v)
			f.Curl = s.curl(a)
			if v.Kind == contract.KindUndocumentedStatus {
				f.Message += a.to()
				if a.declared() {
					s.Report.Skip(f.Check, o.Name(), "an undocumented status that the server declares to be a departure")
					broken[f.Check] = true
					continue
				}
				if assumption := a.assumedRefusal(); assumption != "" {
					f.Basis, f.Assumption = report.Assumed, assumption
				}
			}
			add(f)
		}
	}
	// 501 is how a server refuses a method it does not know (RFC 9110, 15.6.2).
	foreign := a.Status == http.StatusNotImplemented && (o == nil || a.Request.Method != o.Method)
	if a.Status >= http.StatusInternalServerError && !foreign {
		add(s.Finding(s.Check("not_a_server_error"), o, a, a.call.About, fmt.Sprintf("the server answered %d", a.Status)+a.to()))
	}
	if name, message := s.disclosed(a); message != "" {
		add(s.Finding(s.Check("secret_disclosed"), o, a, name, message))
	}
	if coding := a.strangeCoding(); coding != "" {
		add(s.Finding(s.Check("content_encoding_conformance"), o, a, coding, "the answer is encoded as "+coding+", which was not asked for"))
	}
	if o == nil || a.Request.Method != o.Method || a.EdgeRefusal() {
		return
	}
	for _, c := range s.checks {
		if c.Run == nil && !broken[c.ID] && (a.Broken == "" || c.ID == "not_a_server_error") && s.wanted(c.ID) {
			s.Report.Pass(c.ID, o.Name(), 1)
		}
	}
	if s.Target.Coverage != nil && a.Broken == "" {
		x.Header, x.Body = a.Header, a.Body
		x.Violations = slices.Concat(s.Validator.Request(o, a.Request, a.call.Body), a.Violations)
		s.Target.Coverage.Record(x)
	}
}

// Succeeds tells whether the document has an answer to an operation that is no error.
func Succeeds(o *contract.Operation) bool {
	return slices.ContainsFunc(o.Responses, func(r contract.Response) bool {
		return strings.HasPrefix(r.Status, "2") || strings.HasPrefix(r.Status, "3") || r.Status == "default"
	})
}

// IsRefusal tells a refusal of what was asked from one that has other reasons:
// who asks, what is there, how often.
func IsRefusal(a *Answer) bool {
	switch a.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests:
		return false
	}
	return a.Refused()
}

const (
	minSecret      = 12 // bytes that a value has to have to count as key material
	maxSecretDepth = 16 // levels of an answer that are looked through
)

// secretProperties are names under which key material slips out.
var secretProperties = []string{
	"api_key", "api_key_hash", "api_secret", "access_token", "apikey", "client_secret", "hash", "hashed_key", "key", "key_hash",
	"plain_key", "private_key", "raw_key", "secret", "secret_hash", "secret_key", "token", "token_hash",
	"apiKey", "keyHash", "hashedKey", "secretKey", "accessToken", "privateKey", "rawKey", "tokenHash",
}

// disclosed looks in an answer for a secret that is known here, and for a property
// that looks like one and is not documented. It returns the name of the case and
// what is wrong; empty: nothing.
func (s *Session) disclosed(a *Answer) (name, message string) {
	if a.Status >= 200 && a.Status < 300 {
		if property := s.secretProperty(gjson.ParseBytes(a.Body), 0); property != "" {
			return "property " + property, fmt.Sprintf("the answer has a property %q that is not documented and looks like a key or its hash", property)
		}
	}
	for _, secret := range append([]string{s.Target.Key, s.Target.DeniedKey}, s.Secrets...) {
		if a.Status/100 == 3 && strings.Contains(a.Request.URL.RawQuery, url.QueryEscape(secret)) {
			continue // a redirect repeats the query that it was sent
		}
		if len(secret) >= minSecret && (bytes.Contains(a.Body, []byte(secret)) || strings.Contains(fmt.Sprint(a.Header), secret)) {
			return "a key in use", "the answer holds a key that is in use"
		}
	}
	return "", ""
}

// secretProperty finds the name of an undocumented property of JSON text that
// has one of those names and a value that may be a secret; empty: there is none.
// A masked value is none.
func (s *Session) secretProperty(value gjson.Result, depth int) string {
	found := ""
	value.ForEach(func(key, value gjson.Result) bool {
		switch name := key.Str; {
		case value.Type == gjson.JSON && depth < maxSecretDepth:
			found = s.secretProperty(value, depth+1)
		case slices.Contains(secretProperties, name) && len(value.Str) >= minSecret && !strings.ContainsAny(value.Str, "*… ") &&
			!strings.Contains(value.Str, "...") && !s.documents(name):
			found = name
		}
		return found == ""
	})
	return found
}

// documents tells whether any schema of the document has such a property.
func (s *Session) documents(name string) bool {
	found := false
	spec.WalkSchemas(s.Spec.Tree, func(_ string, _ spec.Place, schema map[string]any) {
		own, _ := schema["properties"].(map[string]any)
		_, has := own[name]
		found = found || has
	})
	return found
}
