package session

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Assumptions are what Target.Assume may say: questions that the document leaves
// open, and how servers may answer them that are all as documented. The ids are
// those of profiles, so that one file tells both the mock how to behave and the
// suite what to expect.
func Assumptions() map[string][]string {
	return map[string][]string{
		"page_with_cursor":         {"reject", "page_wins", "cursor_wins"},
		"page_fields":              {"page_mode_only", "always"},
		"unknown_cursor":           {"reject", "empty"},
		"deleted_cursor":           {"as_unknown", "resume"},
		"empty_list":               {"zero", "one"},
		"unauthenticated":          {"forbidden", "unauthorized"},
		"unrestricted_permissions": {"null", "empty"},
		trailingSlash:              {"redirect", "serve", "not_found"},
		"missing_item":             {"not_found", "invalid"},
		"in_use":                   {"cascade", "refuse"},
		"repeated_parameter":       {"last", "first", "reject"},
	}
}

const (
	trailingSlash = "trailing_slash"
	formerSlash   = "no_trailing_slash" // as it was called before
)

// checkAssumption says what is wrong with a line of Target.Assume; nil: nothing.
func checkAssumption(id, alternative string) error {
	all := Assumptions()
	if id == formerSlash {
		id = trailingSlash
	}
	alternatives, known := all[id]
	switch {
	case !known:
		return fmt.Errorf("nothing to assume is called %q; known are %s", id, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	case !slices.Contains(alternatives, alternative):
		return fmt.Errorf("%s cannot be %q, only %s", id, alternative, strings.Join(alternatives, " or "))
	}
	return nil
}

// Assumed is the alternative the target assumes; empty when it stays open.
func (s *Session) Assumed(id string) string {
	if id == trailingSlash {
		return cmp.Or(s.Target.Assume[id], s.Target.Assume[formerSlash])
	}
	return s.Target.Assume[id]
}
