package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraphs tells all of a finding in lines of plain text, for the formats that
// have room for a text and no more.
func (f *Finding) paragraphs() string {
	text := string(f.Severity) + ": " + f.Message
	if f.Known != nil {
		text = "known " + text
	}
	if place := f.place(); place != "" {
		text += " (" + place + ")"
	}
	f.each(func(name, value string) { text += "\n" + name + ": " + value },
		"Known", "Usage", "Why", "How to fix", "Try", "Base", "Revision", "Basis", "Times", "Fingerprint")
	return visible(text)
}

// each calls tell with those of the named fields that have something to say.
func (f *Finding) each(tell func(name, text string), names ...string) {
	fields := map[string]string{
		"What": f.Message, "Usage": f.Usage.String(), "Why": f.Explanation, "How to fix": f.HowToFix, "Try": f.Curl,
		"Base": f.Base.String(), "Revision": f.Revision.String(), "Basis": f.basis(), "Known": f.Known.String(),
		"Fingerprint": f.Fingerprint,
	}
	if f.Count > 1 {
		fields["Times"] = strconv.Itoa(f.Count)
	}
	for _, name := range names {
		if fields[name] != "" {
			tell(name, fields[name])
		}
	}
}

// place says where a finding was made, as far as its operation does not.
func (f *Finding) place() string {
	var parts []string
	if f.Method != "" || f.Path != "" {
		parts = append(parts, strings.TrimSpace(f.Method+" "+f.Path))
	}
	if f.Case != "" {
		parts = append(parts, f.Case)
	}
	if f.Status != 0 {
		parts = append(parts, "status "+strconv.Itoa(f.Status))
	}
	if f.Pointer != "" {
		parts = append(parts, "at "+f.Pointer)
	}
	if f.Keyword != "" {
		parts = append(parts, "keyword "+f.Keyword)
	}
	return strings.Join(parts, ", ")
}

// basis says what a finding rests on when it is not the document.
func (f *Finding) basis() string {
	switch {
	case f.Basis != Assumed:
		return ""
	case f.Assumption == "":
		return "assumed: the document does not say so"
	}
	return "assumed: the document does not say so; the profile's " + f.Assumption + " does"
}

// String returns source:line:column, or what there is of it.
func (l *Location) String() string {
	switch {
	case l == nil:
		return ""
	case l.Line <= 0:
		return l.Source
	case l.Column <= 0:
		return fmt.Sprintf("%s:%d", l.Source, l.Line)
	}
	return fmt.Sprintf("%s:%d:%d", l.Source, l.Line, l.Column)
}

// String returns the reason and the last day; empty of nil.
func (k *Known) String() string {
	switch {
	case k == nil:
		return ""
	case k.Expires == "":
		return k.Reason
	}
	return k.Reason + " (until " + k.Expires + ")"
}

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
