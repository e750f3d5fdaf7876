package contract

import (
	"strconv"
	"strings"
	"unicode/utf8"
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

// safeToken is safeName as a reference token of RFC 6901.
func safeToken(name string) string {
	name = safeName(name)
	name = strings.ReplaceAll(name, "~", "~0")
	return strings.ReplaceAll(name, "/", "~1")
}

func pointerTo(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte('/')
		b.WriteString(safeToken(t))
	}
	return b.String()
}
