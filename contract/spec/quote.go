package spec

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// quote appends s as a JSON string, escaping what RFC 8259, section 7, asks for; with
// ascii also everything beyond printable ASCII, as Python's json module does.
func quote(out *bytes.Buffer, s string, ascii bool) {
	const special, short = "\"\\\b\f\n\r\t", `"\bfnrt`
	out.WriteByte('"')
	for _, r := range s {
		if r >= ' ' && r != '"' && r != '\\' && (r < 0x7f || !ascii) {
			out.WriteRune(r)
		} else if i := strings.IndexRune(special, r); i >= 0 {
			out.WriteString(`\` + short[i:i+1])
		} else {
			for _, unit := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(out, `\u%04x`, unit)
			}
		}
	}
	out.WriteByte('"')
}
