package paths

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// madeUpMethod is one that no server knows.
const madeUpMethod = "DIGAKIT"

// firstOfPath is applies once for each path.
func firstOfPath(s *session.Session, o *contract.Operation) bool {
	i := slices.IndexFunc(s.Operations, func(other *contract.Operation) bool { return other.Path == o.Path })
	return i >= 0 && s.Operations[i] == o
}

// documentedMethods lists the methods of a path.
func documentedMethods(s *session.Session, path string) []string {
	var list []string
	for _, o := range s.Operations { // those left out, too
		if o.Path == path {
			list = append(list, o.Method)
		}
	}
	return list
}

// undocumentedMethods calls what may be tried on a path: HEAD and OPTIONS, which
// change nothing, and with Target.Unsafe the others.
func undocumentedMethods(p *session.Probe) []call.Call {
	methods := []string{http.MethodHead, http.MethodOptions}
	if p.Target.Unsafe {
		methods = append(methods, http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, madeUpMethod)
	}
	documented := documentedMethods(p.Session, p.Op.Path)
	var calls []call.Call
	for _, method := range methods {
		if !slices.Contains(documented, method) {
			calls = append(calls, call.Call{Method: method})
		}
	}
	return calls
}

func unsupportedMethod(ctx context.Context, p *session.Probe) {
	p.Each(ctx, undocumentedMethods(p), func(c call.Call, a *session.Answer) {
		switch {
		case c.Method == http.MethodTrace && p.Target.Key != "" && bytes.Contains(a.Body, []byte(p.Target.Key)):
			p.Fail(c.Method, a, "TRACE sends the credential back: any script that may send it can read the key")
		case a.Status == http.StatusNotImplemented || a.Refused() || c.Method == http.MethodHead || c.Method == http.MethodOptions:
			p.Pass()
		case a.Status < 300:
			p.Fail(c.Method, a, "%s, which the document does not have, was answered %d; 405 was to be seen", c.Method, a.Status)
		}
	})
	if !p.Target.Unsafe {
		p.Skip("methods other than HEAD and OPTIONS are tried with unsafe methods allowed only")
	}
}

func allowHeader(ctx context.Context, p *session.Probe) {
	seen := false
	var without []session.Shown
	defer func() { p.FailOnce(without) }()
	p.Each(ctx, undocumentedMethods(p), func(c call.Call, a *session.Answer) {
		if a.Status != http.StatusMethodNotAllowed {
			return
		}
		seen = true
		var allowed []string
		for _, name := range strings.Split(strings.Join(a.Header.Values("Allow"), ","), ",") {
			allowed = append(allowed, strings.TrimSpace(name))
		}
		missing := slices.DeleteFunc(documentedMethods(p.Session, p.Op.Path), func(name string) bool { return slices.Contains(allowed, name) })
		switch {
		case len(a.Header.Values("Allow")) == 0:
			without = append(without, session.Shown{Case: c.Method, Answer: a, Message: "the 405 to " + c.Method + " has no Allow header"})
		case len(missing) > 0:
			p.Fail(c.Method, a, "Allow of the 405 to %s leaves out %s, which is documented", c.Method, strings.Join(missing, ", "))
		case slices.Contains(allowed, c.Method):
			p.Fail(c.Method, a, "%s is refused with 405, yet Allow lists it", c.Method)
		default:
			p.Pass()
		}
	})
	if !seen {
		p.Skip("no method was refused with 405")
	}
}
