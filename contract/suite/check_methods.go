package suite

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// madeUpMethod is one that no server knows.
const madeUpMethod = "DIGAKIT"

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

// undocumentedMethods calls what may be tried on a path: HEAD and OPTIONS, which
// change nothing, and with Target.Unsafe the others.
func (p *probe) undocumentedMethods() []call {
	methods := []string{http.MethodHead, http.MethodOptions}
	if p.target.Unsafe {
		methods = append(methods, http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, madeUpMethod)
	}
	documented := p.documentedMethods(p.op.Path)
	var calls []call
	for _, method := range methods {
		if !slices.Contains(documented, method) {
			calls = append(calls, call{method: method})
		}
	}
	return calls
}

func unsupportedMethod(ctx context.Context, p *probe) error {
	err := p.each(ctx, p.undocumentedMethods(), func(c call, a *answer) {
		switch {
		case c.method == http.MethodTrace && p.target.Key != "" && bytes.Contains(a.body, []byte(p.target.Key)):
			p.fail(c.method, a, "TRACE sends the credential back: any script that may send it can read the key")
		case a.status == http.StatusNotImplemented || a.refused() || c.method == http.MethodHead || c.method == http.MethodOptions:
			p.pass()
		case a.status < 300:
			p.fail(c.method, a, "%s, which the document does not have, was answered %d; 405 was to be seen", c.method, a.status)
		}
	})
	if err == nil && !p.target.Unsafe {
		p.skip("methods other than HEAD and OPTIONS are tried with unsafe methods allowed only")
	}
	return err
}

func allowHeader(ctx context.Context, p *probe) error {
	seen := false
	err := p.each(ctx, p.undocumentedMethods(), func(c call, a *answer) {
		if a.status != http.StatusMethodNotAllowed {
			return
		}
		seen = true
		var allowed []string
		for _, name := range strings.Split(strings.Join(a.header.Values("Allow"), ","), ",") {
			allowed = append(allowed, strings.TrimSpace(name))
		}
		missing := slices.DeleteFunc(p.documentedMethods(p.op.Path), func(name string) bool { return slices.Contains(allowed, name) })
		switch {
		case len(a.header.Values("Allow")) == 0:
			p.fail(c.method, a, "the 405 to %s has no Allow header", c.method)
		case len(missing) > 0:
			p.fail(c.method, a, "Allow of the 405 to %s leaves out %s, which is documented", c.method, strings.Join(missing, ", "))
		case slices.Contains(allowed, c.method):
			p.fail(c.method, a, "%s is refused with 405, yet Allow lists it", c.method)
		default:
			p.pass()
		}
	})
	if err == nil && !seen {
		p.skip("no method was refused with 405")
	}
	return err
}
