package report

import (
	"fmt"
	"strings"
)

// paragraphs tells all of a finding in lines of plain text, for the formats that
// have room for a text and no more.
func (f *Finding) paragraphs() string {
	var b strings.Builder
	head := string(f.Severity)
	if f.Known != nil {
		head = "known " + head
	}
	head += ": " + f.Message
	if place := f.place(); place != "" {
		head += " (" + place + ")"
	}
	b.WriteString(head)
	known := ""
	if f.Known != nil {
		known = f.Known.String()
	}
	times := ""
	if f.Count > 1 {
		times = fmt.Sprint(f.Count)
	}
	for _, field := range [][2]string{
		{"Known", known}, {"Why", f.Explanation}, {"How to fix", f.HowToFix}, {"Try", f.Curl},
		{"Base", f.Base.String()}, {"Revision", f.Revision.String()}, {"Basis", f.basis()},
		{"Times", times}, {"Fingerprint", f.Fingerprint},
	} {
		if field[1] != "" {
			b.WriteString("\n" + field[0] + ": " + field[1])
		}
	}
	return visible(b.String())
}
