package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns s with all that is not seen, or that would steer a terminal,
// escaped as in a Go string: control characters, marks of direction, bytes that
// are no UTF-8. Line feeds stay.
func visible(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[0]), 16))
		case strings.HasPrefix(s, "\r\n"): // the line feed follows
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// oneLine is visible with line feeds escaped, too.
func oneLine(s string) string { return strings.ReplaceAll(visible(s), "\n", `\n`) }
