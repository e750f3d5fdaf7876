package coverage

import "strings"

// measure looks at one plain value: where it stands exactly.
type measure struct {
	integer bool           // a number is an integer: nothing but digits
	exact   map[string]int // boundaries, as canonical makes them
	numbers map[string]int // of an enum, the same
	words   map[string]int
	length  map[int]int // in characters
	count   map[int]int // in items
}

func (m *measure) idle() bool {
	return len(m.exact)+len(m.numbers)+len(m.words)+len(m.length) == 0
}

// number reads text as the validator does, and makes it canonical; empty when it
// is no number.
func (m *measure) number(text string) string {
	digits := strings.TrimPrefix(text, "-")
	switch {
	case digits == "" || digits[0] < '0' || digits[0] > '9':
		return ""
	case strings.Trim(digits, "0123456789") == "":
		return canonical(text)
	case m.integer || strings.Trim(digits, "0123456789.eE+-") != "":
		return ""
	}
	return canonical(text)
}
