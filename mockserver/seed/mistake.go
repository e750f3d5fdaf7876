package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxMistakes is how many mistakes are reported at once.
const maxMistakes = 20

// mistake is one thing to put right in a file. Its text never holds a value that
// might be a secret.
type mistake struct {
	line, column int // 0 when unknown
	path, text   string
}

// mistakes are those of one file.
type mistakes struct {
	file string
	all  []mistake
	more bool // reading was given up before the end
}

// full reports whether there is no use in reading on.
func (m *mistakes) full() bool { return m.more || len(m.all) == maxMistakes }

// add notes a mistake in what stands at n.
func (m *mistakes) add(n *yaml.Node, path, format string, args ...any) {
	if m.full() {
		m.more = true
		return
	}
	m.all = append(m.all, mistake{n.Line, n.Column, path, fmt.Sprintf(format, args...)})
}

// err returns nil when there are no mistakes.
func (m *mistakes) err() error {
	if len(m.all) == 0 {
		return nil
	}
	slices.SortStableFunc(m.all, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var b strings.Builder
	switch {
	case len(m.all) == 1:
		fmt.Fprintf(&b, "seed: %s has a mistake:", m.file)
	case m.full():
		fmt.Fprintf(&b, "seed: %s has mistakes; the first %d:", m.file, len(m.all))
	default:
		fmt.Fprintf(&b, "seed: %s has %d mistakes:", m.file, len(m.all))
	}
	for _, one := range m.all {
		b.WriteString("\n" + m.file)
		for _, n := range []int{one.line, one.column} {
			if n > 0 {
				fmt.Fprintf(&b, ":%d", n)
			}
		}
		b.WriteString(": ")
		if one.path != "" {
			b.WriteString(one.path + ": ")
		}
		b.WriteString(one.text)
	}
	return fileError(b.String())
}

// fileError is the text of all mistakes in a file, each on a line of its own
// that an editor can follow.
type fileError string

func (e fileError) Error() string { return string(e) }
