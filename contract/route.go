package contract

import (
	"iter"
	"regexp"
	"slices"
	"strings"
)

// RouteError says that no documented operation answers a request.
type RouteError struct {
	// Allow lists the methods documented for the path, sorted; nil when the
	// path itself is not documented.
	Allow []string
}

// Error does not repeat the path: paths carry ids, and worse.
func (e *RouteError) Error() string {
	if e.Allow == nil {
		return "contract: no documented path matches"
	}
	return "contract: method not documented for this path, only " + strings.Join(e.Allow, ", ")
}

// Route finds the operation for a method and a path as it stands on the wire
// (escaped, as url.URL.EscapedPath gives it), and the path parameters,
// decoded; nil when the path has none. Paths match to the slash: /a/ is not
// /a. More concrete templates win (OpenAPI 3.1, 4.8.8.2). HEAD is not implied
// by GET. The error is a *[RouteError].
//
// Only paths are compared; scheme and host of `servers` are not. The path of
// a server, if it has one, may stand before the template's.
func (v *Validator) Route(method, escapedPath string) (*Operation, map[string]string, error) {
	for path := range v.routes.below(escapedPath) {
		if o, params, allow := v.routes.match(method, path); o != nil {
			return o, params, nil
		} else if allow != nil {
			return nil, nil, &RouteError{Allow: allow}
		}
	}
	return nil, nil, &RouteError{}
}

// routes holds the operations by path: those without parameters by the whole
// path, the others in order of precedence.
type routes struct {
	plain     map[string][]*Operation
	templates []*Operation
	bases     []string // paths of the servers, after the empty one
}

func newRoutes(operations []*Operation, bases []string) *routes {
	r := &routes{plain: map[string][]*Operation{}, bases: append([]string{""}, bases...)}
	for _, o := range operations {
		if len(o.plan.template.names) == 0 {
			r.plain[o.Path] = append(r.plain[o.Path], o)
		} else {
			r.templates = append(r.templates, o)
		}
	}
	slices.SortStableFunc(r.templates, func(a, b *Operation) int {
		return strings.Compare(a.plan.template.rank, b.plan.template.rank)
	})
	return r
}

// below gives a path, then what of it follows the path of each server.
func (r *routes) below(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, base := range r.bases {
			if rest, ok := strings.CutPrefix(path, base); ok && !yield(rest) {
				return
			}
		}
	}
}

func (r *routes) match(method, path string) (*Operation, map[string]string, []string) {
	var allow []string
	candidates, ok := r.plain[path]
	if !ok && strings.Contains(path, "%") {
		if decoded, valid := unescape(path, false); valid && strings.Count(decoded, "/") == strings.Count(path, "/") {
			candidates = r.plain[decoded]
		}
	}
	for _, o := range candidates {
		if o.Method == method {
			return o, nil, nil
		}
		allow = append(allow, o.Method)
	}
	for _, o := range r.templates {
		params, ok := o.plan.template.match(path)
		if !ok {
			continue
		}
		if o.Method == method {
			return o, params, nil
		}
		allow = append(allow, o.Method)
	}
	slices.Sort(allow)
	return nil, nil, slices.Compact(allow)
}

// template is a path with {parameters}, taken apart by segment.
type template struct {
	segments []segment
	names    []string
	rank     string // sorts the concrete before the templated
}

type segment struct {
	literal string
	name    string         // of a segment that is one parameter
	mixed   *regexp.Regexp // of one that is more: {a}.{b}
}

func newTemplate(path string) *template {
	t := &template{}
	for _, part := range strings.Split(path[1:], "/") {
		s := segment{literal: part}
		names := regexp.MustCompile(`\{([^{}]+)\}`).FindAllStringSubmatch(part, -1)
		for _, n := range names {
			t.names = append(t.names, n[1])
		}
		switch {
		case len(names) == 0:
			t.rank += "a"
		case names[0][0] == part:
			s.name = names[0][1]
			t.rank += "c"
		default:
			pattern := regexp.QuoteMeta(part)
			for _, n := range names {
				pattern = strings.Replace(pattern, regexp.QuoteMeta(n[0]), "(.+)", 1)
			}
			s.mixed = regexp.MustCompile("^" + pattern + "$")
			t.rank += "b"
		}
		t.segments = append(t.segments, s)
	}
	return t
}

// match takes an escaped path apart; raw values that do not decode are kept
// as they are, for the judge to report.
func (t *template) match(path string) (map[string]string, bool) {
	raw, ok := t.capture(path)
	if !ok {
		return nil, false
	}
	params := make(map[string]string, len(raw))
	for i, name := range t.names {
		params[name] = raw[i]
		if decoded, ok := unescape(raw[i], false); ok {
			params[name] = decoded
		}
	}
	return params, true
}

// capture returns the raw values in the order of t.names.
func (t *template) capture(path string) ([]string, bool) {
	if !strings.HasPrefix(path, "/") || strings.Count(path, "/") != len(t.segments) {
		return nil, false
	}
	rest := path[1:]
	values := make([]string, 0, len(t.names))
	for _, s := range t.segments {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		switch {
		case s.name != "":
			if part == "" {
				return nil, false
			}
			values = append(values, part)
		case s.mixed != nil:
			m := s.mixed.FindStringSubmatch(part)
			if m == nil {
				return nil, false
			}
			values = append(values, m[1:]...)
		case part != s.literal:
			if decoded, ok := unescape(part, false); !ok || decoded != s.literal {
				return nil, false
			}
		}
	}
	return values, true
}
