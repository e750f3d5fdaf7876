package client

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxShown   = 500 // bytes of each part of an error text, before escaping
	maxSnippet = 200 // bytes of a body that an error shows
)

var unquote = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// printable returns s on one line that is safe for a terminal or a log: what
// strconv.IsPrint refuses (control characters, direction marks, stray bytes)
// is escaped, and what goes beyond limit bytes is left out.
func printable(s string, limit int) string {
	dots := ""
	for limit < len(s) && !utf8.RuneStart(s[limit]) {
		limit++
	}
	if limit < len(s) {
		s, dots = s[:limit], "…"
	}
	quoted := strconv.Quote(s)
	return unquote.Replace(quoted[1:len(quoted)-1]) + dots
}
