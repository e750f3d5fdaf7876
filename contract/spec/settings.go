package spec

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Settings is a YAML file that is made of a mapping, such as a profile, with the
// mistakes found in it so far.
type Settings struct {
	data     *Data // nil: nothing but comments, or nothing that could be read
	mistakes []*Error
}

// Setting is a member of a mapping in [Settings].
type Setting struct {
	Key      string
	Value    any      // numbers as json.Number
	Position Position // of the key
	node     *node
}

// ReadSettings reads a file; name stands for it in mistakes. A file of comments alone
// has no settings, and what is no mapping is a mistake that says the form. What else
// [ReadData] does not read is one too.
func ReadSettings(name string, text []byte, form string) *Settings {
	s := &Settings{}
	var written yaml.Node
	if yaml.Unmarshal(text, &written) == nil && written.IsZero() {
		return s
	}
	s.data, s.mistakes = ReadData(name, text)
	if s.data != nil && s.data.root.form != formObject && !s.data.root.empty {
		s.mistakes = append(s.mistakes, s.data.root.fail("the file is a mapping", form))
		s.data = nil
	}
	return s
}

// All returns the settings in their order.
func (s *Settings) All() []Setting {
	if s.data == nil {
		return nil
	}
	return settingsOf(s.data.root)
}

// Mapping tells whether the value is one.
func (s Setting) Mapping() bool { return s.node.form == formObject }

// Below returns the members of a mapping, or the entries of a list, which have no key;
// none of any other value.
func (s Setting) Below() []Setting { return settingsOf(s.node) }

func settingsOf(n *node) (list []Setting) {
	for _, c := range n.children {
		list = append(list, Setting{c.key, c.value(), c.position(), c})
	}
	return list
}

// Text returns a scalar as it is written. False for what is empty, a list or a mapping.
func (s Setting) Text() (string, bool) {
	switch {
	case s.node.form == formText:
		return s.node.text(), true
	case s.node.form == formScalar && !s.node.empty:
		return s.node.literal, true
	}
	return "", false
}

// Mistake notes what is wrong at a setting, and what to do.
func (s *Settings) Mistake(at Setting, message, howToFix string) {
	s.mistakes = append(s.mistakes, at.node.fail(message, howToFix))
}

// Err returns nil, or an error with all mistakes below what it says first, each on a
// line with its place.
func (s *Settings) Err(first string) error {
	if len(s.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(s.mistakes, func(a, b *Error) int { return a.Position.compare(b.Position) })
	var lines []error
	for _, e := range s.mistakes {
		lines = append(lines, errors.New(e.line()))
	}
	return fmt.Errorf("%s:\n%w", first, errors.Join(lines...))
}
