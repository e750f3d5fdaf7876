package spec

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// quote appends s as a JSON string, escaping no more than RFC 8259, section 7,
// asks for; with ascii everything beyond printable ASCII too, in the form that
// Python's json module gives it.
func quote(out *bytes.Buffer, s string, ascii bool) {
	out.WriteByte('"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !ascii && r >= 0x7f && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		out.WriteString(s[from:i])
		escape(out, r)
		i += size
		from = i
	}
	out.WriteString(s[from:])
	out.WriteByte('"')
}

func escape(out *bytes.Buffer, r rune) {
	switch r {
	case '"', '\\':
		out.WriteByte('\\')
		out.WriteRune(r)
	case '\b':
		out.WriteString(`\b`)
	case '\f':
		out.WriteString(`\f`)
	case '\n':
		out.WriteString(`\n`)
	case '\r':
		out.WriteString(`\r`)
	case '\t':
		out.WriteString(`\t`)
	default:
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
			return
		}
		fmt.Fprintf(out, `\u%04x`, r)
	}
}
