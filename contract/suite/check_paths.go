package suite

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

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
		{"dot segments", parent + "./digakit-nothing-here/../" + last + slash, report.Info},
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

func undocumentedPath(ctx context.Context, p *probe) error {
	base, _ := p.required(p.op)
	own := compose(p.op, base)
	for _, d := range detours(own.path) {
		if d.path == own.path || p.documented(d.path) {
			continue
		}
		a, err := p.call(ctx, call{beside: true, method: http.MethodGet, path: d.path, query: own.query, header: own.header})
		switch {
		case err != nil:
			return err
		case a.failed():
		case a.status < 200 || a.status > 299:
			p.pass()
		default:
			path := d.path
			if len(path) > 80 {
				path = path[:80] + "…"
			}
			p.failBeside(d.name, a, d.severity, "the path "+path+", which the document does not have, is answered with success; 404 was to be seen")
		}
	}
	return nil
}

// failBeside is fail for an answer from beside the operation's path.
func (p *probe) failBeside(name string, a *answer, severity report.Severity, message string) {
	f := p.finding(p.check, nil, a, name, message)
	f.Operation, f.Severity = p.op.Name(), severity
	p.report.Add(f)
}

// documented tells whether a path belongs to the document, whatever the method.
func (s *session) documented(path string) bool {
	_, _, err := s.validator.Route(http.MethodGet, path)
	route, ok := errors.AsType[*contract.RouteError](err)
	return err == nil || ok && route.Allow != nil
}

// otherSlash is the call without the final slash of the path, or with one more;
// none, which is told, when the document has that path, too.
func (p *probe) otherSlash() []call {
	base, _ := p.required(p.op)
	for _, q := range p.parametersOf(p.op) {
		values := p.values(p.op, q)
		if q.in == queryPlace && !q.required && len(values) > 0 && !values[0].guess && !values[0].seen {
			base = with(base, setting{q, values[0]})
		}
	}
	c := compose(p.op, base)
	c.beside = true
	if c.query == "" {
		c.query = "digakit=1"
	}
	if stem, ok := strings.CutSuffix(c.path, "/"); ok {
		c.path = stem
	} else {
		c.path += "/"
	}
	if p.documented(c.path) {
		p.skip("the document has the path with and without its final slash")
		return nil
	}
	return []call{c}
}

func slashRedirect(ctx context.Context, p *probe) error {
	return p.each(ctx, p.otherSlash(), func(_ call, a *answer) {
		if a.status < 300 || a.status > 399 {
			p.pass()
			return
		}
		problems := redirectProblems(a)
		for _, problem := range problems {
			p.failBeside(problem.name, a, p.check.Severity, problem.text)
		}
		if len(problems) == 0 {
			p.pass()
		}
	})
}

type redirectProblem struct{ name, text string }

// redirectProblems says what is wrong with where a redirect leads.
func redirectProblems(a *answer) []redirectProblem {
	location := a.header.Get("Location")
	asked := a.request.URL
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

func endsInSlash(_ *session, o *contract.Operation) bool {
	return strings.HasSuffix(o.Path, "/") && o.Path != "/"
}

func noTrailingSlash(ctx context.Context, p *probe) error {
	want := http.StatusTemporaryRedirect
	if p.assumed("no_trailing_slash") == "not_found" {
		want = http.StatusNotFound
	}
	return p.each(ctx, p.otherSlash(), func(_ call, a *answer) {
		if a.status == want {
			p.pass()
			return
		}
		p.fail("without the slash", a, "the path without its final slash is answered %d; %d was assumed", a.status, want)
	})
}
