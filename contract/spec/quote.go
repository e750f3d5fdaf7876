package spec

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// quote appends s as a JSON string; with ascii, what is beyond printable ASCII is
// escaped, as Python's json module does.
func quote(out *bytes.Buffer, s string, ascii bool) {
	for _, r := range string(AppendJSON(out.AvailableBuffer(), s)) {
		if r < 0x7f || !ascii {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(out, `\u%04x`, unit)
		}
	}
}
