package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// ViolationsHeader tells in which ways an exchange broke the contract, in the
// format of the Prism mock server; [EncodeViolations] makes its value.
const ViolationsHeader = "Sl-Violations"

// maxViolationsHeader bounds the header, in bytes; many proxies refuse more
// than 8 kB of headers.
const maxViolationsHeader = 4 << 10

// prismViolation is one entry of the header.
type prismViolation struct {
	Location []string `json:"location"`
	Severity string   `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
}

// EncodeViolations returns a JSON array in printable ASCII, of a little more
// than 4 kB at most. Unlike Prism's, it stays valid JSON when there is too much
// to tell: the last entry then says how many are left out.
func EncodeViolations(violations []Violation) string {
	var entries []string
	size := 0
	for i, v := range violations {
		entry := asciiJSON(prismOf(v))
		if size+len(entry) > maxViolationsHeader {
			entries = append(entries, asciiJSON(prismViolation{
				Location: []string{"request"}, Severity: "Error", Code: "more",
				Message: fmt.Sprintf("%d more violations", len(violations)-i),
			}))
			break
		}
		size += len(entry)
		entries = append(entries, entry)
	}
	return "[" + strings.Join(entries, ",") + "]"
}

func prismOf(v Violation) prismViolation {
	location := []string{string(v.Side), v.In}
	if v.Name != "" {
		location = append(location, v.Name)
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(v.Pointer, "/"), "/") {
		if part != "" {
			location = append(location, strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
		}
	}
	code := v.Keyword
	if code == "" {
		code = string(v.Kind)
	}
	return prismViolation{Location: location, Severity: "Error", Code: code, Message: v.Message}
}

// asciiJSON marshals p with everything outside ASCII escaped, for a header.
func asciiJSON(p prismViolation) string {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // strings marshal
	var b strings.Builder
	for _, r := range strings.TrimSuffix(plain.String(), "\n") {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+(r>>10), 0xDC00+(r&0x3FF))
		}
	}
	return b.String()
}
