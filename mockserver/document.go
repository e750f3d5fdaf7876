package mockserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/engine"
)

// api is the document that a server serves, compiled. It holds nothing of a
// server's, so that servers share it.
type api struct {
	published []byte // as JSON
	validator *contract.Validator
	// uncovered has counted nothing: each project counts in a fresh one of it.
	uncovered *coverage.Coverage
	plan      *plan.Plan
	lines     map[*contract.Operation]*plan.Line
	// handled are the operations that have a handler of their own. All others
	// are answered by the plan.
	handled map[*contract.Operation]bool
	served  string                           // what is, in words
	needs   map[*contract.Operation][]string // permissions, one of which a key must have
	rules   engine.Rules                     // of the dialect
	// diga: the document is one of Diga's, as far as keys are concerned.
	diga bool
}

// digaAPI is that of Diga's document. It is compiled once for all servers of a
// program: a test may start hundreds.
var digaAPI = sync.OnceValues(func() (*api, error) { return parsedAPI(gen.OpenAPI(), nil) })

func parsedAPI(openapi []byte, overrides []plan.Override) (*api, error) {
	document, err := spec.Parse(openapi)
	if err != nil {
		return nil, err
	}
	a, err := newAPI(document, overrides)
	if err == nil {
		a.published = openapi // to the last newline
	}
	return a, err
}

func newAPI(document *spec.Document, overrides []plan.Override) (*api, error) {
	v, err := contract.For(document)
	if err != nil {
		return nil, err
	}
	// Nothing is out of reach of a mock: the Prefer header and faults bring about
	// the errors that no real server can be asked for.
	a := &api{
		published: document.JSON(), validator: v, uncovered: coverage.New(v, coverage.UnsafeMethods(), coverage.ServerErrors()),
		handled: map[*contract.Operation]bool{},
	}
	if a.plan, err = plan.New(v.Document(), overrides...); err != nil {
		return nil, err
	}
	a.lines = linesOf(v, a.plan)
	for op := range a.lines {
		a.diga = a.diga || handles(op)
		a.handled[op] = handles(op)
	}
	if a.diga {
		a.needs = map[*contract.Operation][]string{}
		for op := range a.lines {
			a.needs[op] = needOf(op)
		}
		a.rules = diga.Rules(a.permissions())
	}
	a.served = fmt.Sprintf("every operation of the document (%d, %d with made-up answers)", len(a.lines), len(MadeUp(a.plan)))
	return a, nil
}

// MadeUp are those of a plan's lines whose answers the mock makes up: what is sampled, and
// not answered by the rules that the mock has for Diga's document.
func MadeUp(p *plan.Plan) (lines []*plan.Line) {
	var rules engine.Rules
	if slices.ContainsFunc(p.Lines, func(l *plan.Line) bool { return handled[l.Method+" "+l.Path] != "" }) {
		rules = diga.Rules(nil)
	}
	for _, l := range p.Lines {
		if l.Kind == plan.Sampled && rules.Operations[l.Method+" "+l.Path].Answer == nil {
			lines = append(lines, l)
		}
	}
	return lines
}

// otherSlash returns the URL of a request with a final slash, or without, when that is
// of a documented path; else nil.
func (a *api) otherSlash(r *http.Request) *url.URL {
	u := *r.URL
	u.Scheme, u.Host, u.User = "", "", nil
	toggle := func(path string) string {
		if bare, ok := strings.CutSuffix(path, "/"); ok {
			return bare
		}
		return path + "/"
	}
	u.Path = toggle(u.Path)
	if u.RawPath != "" {
		u.RawPath = toggle(u.RawPath)
	}
	// Two slashes at the beginning would lead to another host.
	if _, _, err := a.validator.Route(r.Method, u.EscapedPath()); err != nil || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return nil
	}
	return &u
}

// Words of the log on requests for no operation: what to do.
const adviceUnrouted = "; GET /_mock/openapi.json is the document served, --spec or WithDocument serve another"
