package spec

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// quote appends s as a JSON string; with ascii, what is beyond printable ASCII is
// escaped, as Python's json module does.
func quote(out *bytes.Buffer, s string, ascii bool) {
	text := AppendJSON(out.AvailableBuffer(), s)
	if ascii {
		text = ASCII(text)
	}
	out.Write(text)
}

// ASCII is a JSON text with what is beyond printable ASCII escaped.
func ASCII(text []byte) (escaped []byte) {
	for _, r := range string(text) {
		if r < 0x7f {
			escaped = utf8.AppendRune(escaped, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			escaped = fmt.Appendf(escaped, `\u%04x`, unit)
		}
	}
	return escaped
}
