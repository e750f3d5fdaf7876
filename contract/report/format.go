package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is a form in which a report is written.
type Format string

// The formats.
const (
	Text     Format = "text"     // for people
	JSON     Format = "json"     // the Report itself, indented
	NDJSON   Format = "ndjson"   // one JSON object a line, told apart by "type"
	JUnit    Format = "junit"    // XML for test reporters
	GitHub   Format = "github"   // workflow commands: annotations of a GitHub job
	SARIF    Format = "sarif"    // 2.1.0, for code scanning
	Markdown Format = "markdown" // for a job summary or a comment
)

// formats are all of them, with what writes them.
var formats = []writer{
	{Text, writeText},
	{JSON, writeJSON},
	{NDJSON, writeNDJSON},
	{JUnit, writeJUnit},
	{GitHub, writeGitHub},
	{SARIF, writeSARIF},
	{Markdown, writeMarkdown},
}

type writer struct {
	format Format
	write  func(*bufio.Writer, *Report, style) error
}

// Formats returns all formats.
func Formats() []Format {
	names := make([]Format, len(formats))
	for i, f := range formats {
		names[i] = f.format
	}
	return names
}

// ParseFormat reads the name of a format.
func ParseFormat(s string) (Format, error) {
	var names []string
	for _, name := range Formats() {
		if name == Format(s) {
			return name, nil
		}
		names = append(names, string(name))
	}
	return "", fmt.Errorf("report: there is no format %q: use %s", s, strings.Join(names, ", "))
}

// style is how a report is written; see the options.
type style struct {
	colour bool
	failOn Severity
}

// WriteOption changes how [Write] writes.
type WriteOption func(*style)

// Colour has the text coloured with ANSI escapes; other formats have no
// colours. Off by default: ask whether a terminal reads it.
func Colour(on bool) WriteOption { return func(s *style) { s.colour = on } }

// FailOn sets the severity from which findings make a run a failed one in what
// is said of it; [Warning] by default.
func FailOn(threshold Severity) WriteOption { return func(s *style) { s.failOn = threshold } }

// Write writes a finished report to w. The same report gives the same bytes.
// Whatever bytes its texts hold, what is written is valid in its format: what
// cannot stand there is escaped, or is U+FFFD in JSON. The error is that of w,
// or that of a format there is not.
func Write(w io.Writer, r *Report, format Format, opts ...WriteOption) error {
	s := style{failOn: Warning}
	for _, opt := range opts {
		opt(&s)
	}
	i := slices.IndexFunc(formats, func(f writer) bool { return f.format == format })
	if i < 0 {
		_, err := ParseFormat(string(format))
		return err
	}
	b := bufio.NewWriter(w)
	if err := formats[i].write(b, r, s); err != nil {
		return err
	}
	return b.Flush()
}
