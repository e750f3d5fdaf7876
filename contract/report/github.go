package report

import (
	"bufio"
	"fmt"
	"path/filepath"
	"strings"
)

// writeGitHub writes workflow commands, of which GitHub makes annotations: at
// most ten errors, ten warnings and ten notices of a step, so the gravest come first.
func writeGitHub(w *bufio.Writer, r *Report, _ style) error {
	subject := strings.TrimSpace("digakit " + r.Tool)
	for i := range r.Findings {
		f := &r.Findings[i]
		command, title := "notice", strings.TrimSpace(f.Check+" "+f.Operation)
		switch {
		case f.Known != nil:
			title = "known: " + title
		case f.Severity.AtLeast(Warning):
			command = string(f.Severity)
		}
		annotate(w, command, subject+": "+title, f.file(), f.paragraphs())
	}
	if r.Empty() {
		annotate(w, "error", subject, nil, nothingChecked)
	}
	for _, n := range r.Notes {
		annotate(w, "notice", subject, nil, visible(n))
	}
	return nil // the buffer keeps the error
}

// file returns the place in the newer document, else in the older, if that is a
// file: of a URL GitHub knows nothing.
func (f *Finding) file() *Location {
	for _, l := range []*Location{f.Revision, f.Base} {
		if l != nil && l.Source != "" && !strings.Contains(l.Source, "://") {
			return l
		}
	}
	return nil
}

// annotate writes one command, the properties in the order of @actions/core.
func annotate(w *bufio.Writer, command, title string, at *Location, message string) {
	properties := "title=" + escapeProperty.Replace(oneLine(title))
	if at != nil {
		properties += ",file=" + escapeProperty.Replace(oneLine(filepath.ToSlash(at.Source)))
		if at.Line > 0 {
			properties += fmt.Sprintf(",line=%d", at.Line)
		}
		if at.Column > 0 {
			properties += fmt.Sprintf(",col=%d", at.Column)
		}
	}
	fmt.Fprintf(w, "::%s %s::%s\n", command, properties, escapeData.Replace(message))
}

// The escapes of workflow commands, as in @actions/core.
var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
