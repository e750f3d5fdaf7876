package plan

import (
	"regexp"
	"strings"
)

// template is a path in its segments; a final slash is none.
type template []segment

type segment struct {
	text   string
	params []string // none: a literal
}

var paramPattern = regexp.MustCompile(`\{([^{}/]*)\}`)

func newTemplate(path string) template {
	var t template
	for text := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' }) {
		s := segment{text: text}
		for _, m := range paramPattern.FindAllStringSubmatch(text, -1) {
			s.params = append(s.params, m[1])
		}
		t = append(t, s)
	}
	return t
}

func (s segment) literal() bool { return len(s.params) == 0 }

func (t template) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString("/" + s.text)
	}
	return b.String()
}

// shape is the path with the names of its parameters left out: two paths of one
// shape are one route.
func (t template) shape() string { return paramPattern.ReplaceAllString(t.String(), "{}") }

// literals are the segments without parameters.
func (t template) literals() []string {
	var list []string
	for _, s := range t {
		if s.literal() {
			list = append(list, s.text)
		}
	}
	return list
}

// words is the path without its parameters.
func (t template) words() string { return strings.Join(t.literals(), "/") }

// last is the last literal; empty when there is none.
func (t template) last() string { return lastOf(t.literals()) }

// params are the names of the parameters.
func (t template) params() []string {
	var names []string
	for _, s := range t {
		names = append(names, s.params...)
	}
	return names
}

// lastParam is the last parameter; empty when there is none.
func (t template) lastParam() string { return lastOf(t.params()) }

// upTo is the path up to the segment of a parameter.
func (t template) upTo(parameter string) template {
	for i, s := range t {
		if strings.Contains(s.text, "{"+parameter+"}") {
			return t[:i+1]
		}
	}
	return nil
}

// verbs are the literals at the end, behind the last parameter.
func (t template) verbs() []string {
	i := len(t)
	for i > 0 && t[i-1].literal() {
		i--
	}
	return t[i:].literals()
}

// ofItem tells whether the path ends in a parameter; front is what stands before
// all parameters at the end.
func (t template) ofItem() (front template, ok bool) {
	i := len(t)
	for i > 0 && !t[i-1].literal() {
		i--
	}
	return t[:i], i < len(t)
}

var apiPattern = regexp.MustCompile(`^(api|rest|v[0-9]+([._-]?[0-9a-z]+)*)$`)

// bare is the path without the segments in front that only say that it is an
// API, and which version.
func (t template) bare() template {
	for len(t) > 1 && t[0].literal() && apiPattern.MatchString(strings.ToLower(t[0].text)) && t[1].literal() {
		t = t[1:]
	}
	return t
}

// common is how many segments two paths begin with alike, whatever the names of
// their parameters.
func (t template) common(u template) int {
	n := 0
	for n < len(t) && n < len(u) && (t[n].text == u[n].text || !t[n].literal() && !u[n].literal()) {
		n++
	}
	return n
}
