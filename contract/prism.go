package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
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
	location = append(location, slices.DeleteFunc(spec.Tokens(v.Pointer), func(token string) bool { return token == "" })...)
	return prismViolation{Location: location, Severity: "Error", Code: cmp.Or(v.Keyword, string(v.Kind)), Message: v.Message}
}

// asciiJSON marshals p with everything outside ASCII escaped, for a header.
func asciiJSON(p prismViolation) string {
	plain, _ := spec.EncodeJSON(p) // strings marshal
	return string(spec.ASCII(plain))
}
