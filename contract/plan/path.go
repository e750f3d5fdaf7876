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

var (
	paramPattern = regexp.MustCompile(`\{([^{}/]*)\}`)
	apiPattern   = regexp.MustCompile(`^(?i)(api|rest|v[0-9]+([._-]?[0-9a-z]+)*)$`)
)

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

// shape is the path without its parameters' names: paths of one shape are one route.
func (t template) shape() string { return paramPattern.ReplaceAllString(t.String(), "{}") }

func (t template) literals() (list []string) {
	for _, s := range t {
		if s.literal() {
			list = append(list, s.text)
		}
	}
	return list
}

func (t template) params() (names []string) {
	for _, s := range t {
		names = append(names, s.params...)
	}
	return names
}

func (t template) words() string     { return strings.Join(t.literals(), "/") }
func (t template) last() string      { return lastOf(t.literals()) }
func (t template) lastParam() string { return lastOf(t.params()) }

// before is the path before all segments at the end that are literals, or are not.
func (t template) before(literals bool) template {
	for len(t) > 0 && t[len(t)-1].literal() == literals {
		t = t[:len(t)-1]
	}
	return t
}

// verbs are the literals at the end, behind the last parameter.
func (t template) verbs() []string { return t[len(t.before(true)):].literals() }

// ofItem tells whether the path ends in parameters; front is what stands before them.
func (t template) ofItem() (front template, ok bool) {
	front = t.before(false)
	return front, len(front) < len(t)
}

// bare is the path without what in front only says that it is an API, and which version.
func (t template) bare() template {
	for len(t) > 1 && apiPattern.MatchString(t[0].text) && t[1].literal() {
		t = t[1:]
	}
	return t
}

// common is how many segments two paths begin with alike.
func (t template) common(u template) (n int) {
	for n < len(t) && n < len(u) && (t[n].text == u[n].text || !t[n].literal() && !u[n].literal()) {
		n++
	}
	return n
}
