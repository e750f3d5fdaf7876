// Package paths holds the checks of what lies beside the documented operations:
// other methods, other paths, the slash at the end.
package paths

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of paths and methods.
func Checks() []session.Check {
	return []session.Check{
		{ID: "unsupported_method", Severity: report.Error,
			Why:  "A method that works without being documented is an operation nobody has reviewed; DELETE may do what it says.",
			Fix:  "refuse it with 405 and an Allow header, or document it",
			Work: session.Work{Applies: firstOfPath, Run: unsupportedMethod}},
		{ID: "allow_header_conformance", Severity: report.Warning,
			Why:  "A 405 must list in Allow the methods that work (RFC 9110, 15.5.6); callers and tools read it.",
			Fix:  "send Allow with the documented methods of the path",
			Work: session.Work{Applies: firstOfPath, Run: allowHeader}},
		{ID: "undocumented_path", Severity: report.Error,
			Why:  "A path that answers without being documented is an operation nobody has reviewed, or a router that takes one path for another.",
			Fix:  "answer 404, or document the path",
			Work: session.Work{Applies: firstOfPath, Run: undocumentedPath}},
		{ID: "slash_redirect", Severity: report.Error,
			Why:  "A redirect that loses the query answers another question; one to another host or to plain http gives the key away.",
			Fix:  "redirect to the documented path on the same host and scheme, with the query, or answer 404",
			Work: session.Work{Applies: session.Both(session.ReadOnly, func(_ *session.Session, o *contract.Operation) bool { return o.Path != "/" }), Run: slashRedirect}},
		{ID: "no_trailing_slash", Severity: report.Warning, Assumption: "trailing_slash",
			Why:  "Callers leave out a final slash, or add one, easily.",
			Fix:  "answer as was assumed, or assume the other",
			Work: session.Work{Applies: session.Both(session.ReadOnly, endsInSlash), Run: noTrailingSlash}.Assumed("trailing_slash")},
	}
}

// detour is a path beside a documented one.
type detour struct {
	name string
	path string // escaped
	// severity of an answer with success. Some servers undo what RFC 3986,
	// 6.2.2 calls equivalent, or decode a path before they route.
	severity report.Severity
}

func detours(path string) []detour {
	stem := strings.TrimSuffix(path, "/")
	slash := strings.TrimPrefix(path, stem)
	parent, last := stem[:strings.LastIndex(stem, "/")+1], stem[strings.LastIndex(stem, "/")+1:]
	list := []detour{
		{"below", stem + "/digakit-nothing-here" + slash, report.Error},
		{"beside", parent + "digakit-nothing-here" + slash, report.Error},
		{"one letter more", stem + "x" + slash, report.Error},
		{"above", parent + "digakit-nothing-here/" + last + slash, report.Error},
		{"in upper case", strings.ToUpper(path), report.Warning},
		{"doubled slashes", strings.ReplaceAll(path, "/", "//"), report.Info},
		{"encoded slash", strings.TrimSuffix(parent, "/") + "%2F" + last + slash, report.Info},
		{"with a path parameter", stem + ";digakit=1" + slash, report.Info},
	}
	if last == "" { // the root
		return list[:1]
	}
	if len(last) > 1 {
		list = append(list, detour{"one letter less", stem[:len(stem)-1] + slash, report.Error})
	}
	return list
}

func undocumentedPath(ctx context.Context, p *session.Probe) {
	base, _ := p.Required(p.Op)
	own := call.Compose(p.Op, base)
	for _, d := range detours(own.Path) {
		if d.path == own.Path || documented(p.Session, d.path) {
			continue
		}
		switch a := p.Call(ctx, call.Call{Beside: true, Method: http.MethodGet, Path: d.path, Query: own.Query, Header: own.Header}); {
		case a.Failed():
		case a.Status < 200 || a.Status > 299:
			p.Pass()
		default:
			path := d.path
			if len(path) > 80 {
				path = path[:80] + "…"
			}
			failBeside(p, d.name, a, d.severity, "the path "+path+", which the document does not have, is answered with success; 404 was to be seen")
		}
	}
}

// failBeside is fail for an answer from beside the operation's path.
func failBeside(p *session.Probe, name string, a *session.Answer, severity report.Severity, message string) {
	f := p.Finding(p.Check, nil, a, name, message)
	f.Operation, f.Severity = p.Op.Name(), severity
	p.Report.Add(f)
}

// documented tells whether a path belongs to the document, whatever the method.
func documented(s *session.Session, path string) bool {
	_, _, err := s.Validator.Route(http.MethodGet, path)
	route, ok := errors.AsType[*contract.RouteError](err)
	return err == nil || ok && route.Allow != nil
}

// otherSlash is the call without the final slash of the path, or with one more;
// none, which is told, when the document has that path, too.
func otherSlash(p *session.Probe) []call.Call {
	base, _ := p.Required(p.Op)
	for _, q := range p.Parameters(p.Op) {
		values := p.Values(p.Op, q)
		if q.In == call.QueryPlace && !q.Required && len(values) > 0 && !values[0].Guess && !values[0].Seen {
			base = call.With(base, call.Setting{Parameter: q, Value: values[0]})
		}
	}
	c := call.Compose(p.Op, base)
	c.Beside = true
	if c.Query == "" {
		c.Query = "digakit=1"
	}
	if stem, ok := strings.CutSuffix(c.Path, "/"); ok {
		c.Path = stem
	} else {
		c.Path += "/"
	}
	if documented(p.Session, c.Path) {
		p.Skip("the document has the path with and without its final slash")
		return nil
	}
	return []call.Call{c}
}

func slashRedirect(ctx context.Context, p *session.Probe) {
	p.Each(ctx, otherSlash(p), func(_ call.Call, a *session.Answer) {
		var problems []redirectProblem
		if a.Status >= 300 && a.Status <= 399 {
			problems = redirectProblems(a)
		}
		for _, problem := range problems {
			failBeside(p, problem.name, a, p.Check.Severity, problem.text)
		}
		if len(problems) == 0 {
			p.Pass()
		}
	})
}

type redirectProblem struct{ name, text string }

// redirectProblems says what is wrong with where a redirect leads.
func redirectProblems(a *session.Answer) []redirectProblem {
	location := a.Header.Get("Location")
	asked := a.Request.URL
	to, err := asked.Parse(location)
	if location == "" || err != nil {
		return []redirectProblem{{"location", "the redirect says nowhere where to: Location is missing or cannot be read"}}
	}
	var list []redirectProblem
	add := func(bad bool, name, text string) {
		if bad {
			list = append(list, redirectProblem{name, text})
		}
	}
	add(asked.Scheme == "https" && to.Scheme != "https", "scheme", "the redirect leads from https to "+to.Scheme)
	add(!strings.EqualFold(hostPort(to), hostPort(asked)) && (asked.Scheme == to.Scheme || !strings.EqualFold(to.Hostname(), asked.Hostname())), "host", "the redirect leads to another host, "+to.Host)
	add(strings.TrimSuffix(to.Path, "/") != strings.TrimSuffix(asked.Path, "/"), "path", "the redirect leads to another path than the documented one")
	add(to.Query().Encode() != asked.Query().Encode(), "query", "the redirect loses the query or a part of it")
	return list
}

// hostPort is the host with its port, the scheme's own when none is given.
func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return u.Host + map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
}

func endsInSlash(_ *session.Session, o *contract.Operation) bool {
	return strings.HasSuffix(o.Path, "/") && o.Path != "/"
}

func noTrailingSlash(ctx context.Context, p *session.Probe) {
	want := http.StatusTemporaryRedirect
	switch p.Assumed("trailing_slash") {
	case "not_found":
		want = http.StatusNotFound
	case "serve":
		want = http.StatusOK
	}
	p.Each(ctx, otherSlash(p), func(_ call.Call, a *session.Answer) {
		p.Expect(a.Status == want, "without the slash", a, "the path without its final slash is answered %d; %d was assumed", a.Status, want)
	})
}

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
			p.Flaw("", c.Method, a, "the 405 to %s has no Allow header", c.Method)
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
