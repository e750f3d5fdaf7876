package contract

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract/spec"
)

// maxName is how much of a name the sender chose is repeated, in bytes.
const maxName = 64

// safeName cuts and escapes a name that came with the payload, so that it can
// stand in a log line, a header or a terminal.
func safeName(name string) string {
	cut := len(name) > maxName
	if cut {
		name = name[:maxName]
		for len(name) > 0 && !utf8.ValidString(name) {
			name = name[:len(name)-1]
		}
	}
	quoted := strconv.Quote(name)
	name = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	if cut {
		name += "..."
	}
	return name
}

// pointerTo is the pointer of safe names.
func pointerTo(tokens []string) string {
	safe := make([]string, len(tokens))
	for i, t := range tokens {
		safe[i] = safeName(t)
	}
	return spec.Join("", safe...)
}
