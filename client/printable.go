package client

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxShown bounds each part of an error text, in bytes of its source.
	maxShown = 500
	// maxSnippet bounds the part of a body that an error shows.
	maxSnippet = 200
)

// printable returns s on one line that is safe for a terminal or a log: what
// strconv.IsPrint refuses (control characters, direction marks, stray bytes)
// is escaped, and what goes beyond limit bytes is left out.
func printable(s string, limit int) string {
	var b strings.Builder
	for i, r := range s {
		if i >= limit {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
