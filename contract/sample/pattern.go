package sample

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/compiler"
	"github.com/digakit/digakit/contract/spec"
)

// maxTexts is how many texts are made by each pattern of a schema.
const maxTexts = 16

// matching makes a text that all patterns of a schema match: one of its format, if it
// has one, else the first of those that are made by a pattern, by one without what it
// looks at, and of the schema's examples.
func (w *work) matching(f *gofakeit.Faker, s *spec.Schema, formatted string, fixed bool) (any, error) {
	var patterns []jsonschema.Regexp
	for _, p := range s.Patterns {
		compiled, _ := compiler.Pattern(p) // what it cannot read matches everything
		patterns = append(patterns, compiled)
	}
	matches := func(text string) bool {
		return !slices.ContainsFunc(patterns, func(p jsonschema.Regexp) bool { return !p.MatchString(text) })
	}
	try := func(text string) (string, bool) {
		text = fit(text, s.MinLength, s.MaxLength)
		return text, matches(text)
	}
	if text, ok := try(formatted); ok && fixed {
		return text, nil
	}
	for range maxTexts {
		for _, p := range s.Patterns {
			for _, like := range []string{p, lookAround.ReplaceAllString(p, "")} {
				made, ok := regex(f, like)
				if !ok {
					continue
				}
				for _, more := range []string{"", "Aa1!", "-1"} {
					if text, ok := try(made + more); ok {
						return text, nil
					}
				}
			}
		}
	}
	for _, v := range s.Examples {
		if text, is := v.(string); is && matches(text) {
			return text, nil
		}
	}
	return nil, impossible(s, "no text that was tried matches "+strings.Join(s.Patterns, " and "))
}

// lookAround is what in a pattern asks what lies ahead or behind, with groups in it up
// to one level.
var lookAround = regexp.MustCompile(`\(\?<?[=!](?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)`)

// regex makes a text by a pattern; false when it cannot be read.
func regex(f *gofakeit.Faker, pattern string) (made string, ok bool) {
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		return "", false
	}
	defer func() { ok = recover() == nil }() // the library panics on what it does not know
	return f.Regex(pattern), true
}
