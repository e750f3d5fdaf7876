package compiler

import (
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// matchTimeout bounds one match of a pattern that has to be tried out.
const matchTimeout = 100 * time.Millisecond

// Pattern compiles a pattern: by RE2, whose time is linear, or else as ECMA 262,
// for which look-around and back-references are tried out. A pattern that
// neither understands matches everything: see [Known].
func Pattern(pattern string) (jsonschema.Regexp, error) {
	if re, err := regexp.Compile(pattern); err == nil {
		return re, nil
	}
	if re, err := regexp2.Compile(pattern, regexp2.ECMAScript|regexp2.Unicode); err == nil {
		re.MatchTimeout = matchTimeout
		return (*tried)(re), nil
	}
	return anything(pattern), nil
}

// Known tells whether texts can be judged by a pattern.
func Known(pattern string) bool {
	re, _ := Pattern(pattern)
	_, unknown := re.(anything)
	return !unknown
}

// tried is a pattern that is matched by trial.
type tried regexp2.Regexp

// MatchString tells whether s matches. What is not found in time is not there:
// that a trial takes long means that all before has failed.
func (re *tried) MatchString(s string) bool {
	found, err := (*regexp2.Regexp)(re).MatchString(s)
	return err == nil && found
}

func (re *tried) String() string { return (*regexp2.Regexp)(re).String() }

type anything string

func (anything) MatchString(string) bool { return true }
func (a anything) String() string        { return string(a) }
