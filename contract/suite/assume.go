package suite

import (
	"fmt"
	"slices"
	"strings"
)

// assumption is a question the document leaves open: how it may be answered
// differs between servers that are all as documented.
type assumption struct {
	id           string
	alternatives []string
}

// assumptions lists what Target.Assume may say. The ids are those of profiles,
// so that one file tells both the mock how to behave and the suite what to
// expect.
func assumptions() []assumption {
	return []assumption{
		{"page_with_cursor", []string{"reject", "page_wins", "cursor_wins"}},
		{"page_fields", []string{"page_mode_only", "always"}},
		{"unknown_cursor", []string{"reject", "empty"}},
		{"deleted_cursor", []string{"as_unknown", "resume"}},
		{"empty_list", []string{"zero", "one"}},
		{"unauthenticated", []string{"forbidden", "unauthorized"}},
		{"unrestricted_permissions", []string{"null", "empty"}},
		{"no_trailing_slash", []string{"redirect", "not_found"}},
		{"repeated_parameter", []string{"last", "first", "reject"}},
	}
}

// checkAssumption says what is wrong with a line of Target.Assume; nil: nothing.
func checkAssumption(id, alternative string) error {
	list := assumptions()
	i := slices.IndexFunc(list, func(a assumption) bool { return a.id == id })
	if i < 0 {
		var ids []string
		for _, a := range list {
			ids = append(ids, a.id)
		}
		return fmt.Errorf("nothing to assume is called %q; known are %s", id, strings.Join(ids, ", "))
	}
	if !slices.Contains(list[i].alternatives, alternative) {
		return fmt.Errorf("%s cannot be %q, only %s", id, alternative, strings.Join(list[i].alternatives, " or "))
	}
	return nil
}

// assumed is the alternative the target assumes; empty when it stays open.
func (s *session) assumed(id string) string { return s.target.Assume[id] }
