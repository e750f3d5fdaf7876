package suite

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// madeUpMethod is one that no server knows.
const madeUpMethod = "DIGAKIT"

// methodChecks are about methods the document does not have. They run once for
// each path, with its first operation.
func methodChecks() []check {
	return []check{
		{
			id: "unsupported_method", severity: report.Error,
			explanation: "A method that works without being documented is an operation nobody has reviewed; DELETE may do what it says.",
			howToFix:    "refuse it with 405 and an Allow header, or document it",
			applies:     firstOfPath,
			run:         unsupportedMethod,
		},
		{
			id: "allow_header_conformance", severity: report.Warning,
			explanation: "A 405 must list in Allow the methods that work (RFC 9110, 15.5.6); callers and tools read it.",
			howToFix:    "send Allow with the documented methods of the path",
			applies:     firstOfPath,
			run:         allowHeader,
		},
	}
}

// firstOfPath is applies once for each path.
func firstOfPath(s *session, o *contract.Operation) bool {
	i := slices.IndexFunc(s.operations, func(other *contract.Operation) bool { return other.Path == o.Path })
	return i >= 0 && s.operations[i] == o
}

// documentedMethods lists the methods of a path.
func (s *session) documentedMethods(path string) []string {
	var list []string
	for _, o := range s.operations {
		if o.Path == path {
			list = append(list, o.Method)
		}
	}
	return list
}

// undocumentedMethods lists what may be tried on a path: HEAD and OPTIONS, which
// change nothing, and with Target.Unsafe the others.
func (p *probe) undocumentedMethods() []string {
	methods := []string{http.MethodHead, http.MethodOptions}
	if p.target.Unsafe {
		methods = append(methods, http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, madeUpMethod)
	}
	documented := p.documentedMethods(p.op.Path)
	return slices.DeleteFunc(methods, func(m string) bool { return slices.Contains(documented, m) })
}

func unsupportedMethod(ctx context.Context, p *probe) error {
	for _, method := range p.undocumentedMethods() {
		a, err := p.call(ctx, call{method: method})
		if err != nil {
			return err
		}
		foreign := a.status == http.StatusNotImplemented
		switch {
		case a.broken != "" || a.status >= http.StatusInternalServerError && !foreign: // reported
		case method == http.MethodTrace && p.echoes(a):
			p.fail(method, a, "TRACE sends the credential back: any script that may send it can read the key")
		case foreign || a.refused() || method == http.MethodHead || method == http.MethodOptions:
			p.pass()
		case a.status < 300:
			p.fail(method, a, "%s, which the document does not have, was answered %d; 405 was to be seen", method, a.status)
		}
	}
	if !p.target.Unsafe {
		p.skip("methods other than HEAD and OPTIONS are tried with unsafe methods allowed only")
	}
	return nil
}

// echoes tells whether an answer holds the key.
func (p *probe) echoes(a *answer) bool {
	return p.target.Key != "" && bytes.Contains(a.body, []byte(p.target.Key))
}

func allowHeader(ctx context.Context, p *probe) error {
	seen := false
	for _, method := range p.undocumentedMethods() {
		a, err := p.call(ctx, call{method: method})
		if err != nil {
			return err
		}
		if a.broken != "" || a.status != http.StatusMethodNotAllowed {
			continue
		}
		seen = true
		var allowed []string
		for _, name := range strings.Split(strings.Join(a.header.Values("Allow"), ","), ",") {
			allowed = append(allowed, strings.TrimSpace(name))
		}
		var missing []string
		for _, name := range p.documentedMethods(p.op.Path) {
			if !slices.Contains(allowed, name) {
				missing = append(missing, name)
			}
		}
		switch {
		case len(a.header.Values("Allow")) == 0:
			p.fail(method, a, "the 405 to %s has no Allow header", method)
		case len(missing) > 0:
			p.fail(method, a, "Allow of the 405 to %s leaves out %s, which is documented", method, strings.Join(missing, ", "))
		case slices.Contains(allowed, method):
			p.fail(method, a, "%s is refused with 405, yet Allow lists it", method)
		default:
			p.pass()
		}
	}
	if !seen {
		p.skip("no method was refused with 405")
	}
	return nil
}
