package report

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/fatih/color"
)

// textWriter writes for people.
type textWriter struct {
	*bufio.Writer
	r     *Report
	style style
}

func writeText(w *bufio.Writer, r *Report, s style) error {
	t := textWriter{w, r, s}
	t.heading()
	t.findings()
	t.checks()
	t.permissions()
	t.coverage()
	t.notes()
	fmt.Fprintf(t, "\n%s\n", t.paintVerdict(r.Verdict(s.failOn)))
	return nil // the buffer keeps the error
}

// paint colours s when that is asked for.
func (t textWriter) paint(s string, attributes ...color.Attribute) string {
	c := color.New(attributes...)
	c.DisableColor()
	if t.style.colour {
		c.EnableColor()
	}
	return c.Sprint(s)
}

func (t textWriter) paintSeverity(s Severity, text string) string {
	switch s {
	case Error:
		return t.paint(text, color.FgRed, color.Bold)
	case Warning:
		return t.paint(text, color.FgYellow, color.Bold)
	case Info, None:
	}
	return t.paint(text, color.FgCyan, color.Bold)
}

func (t textWriter) paintVerdict(verdict string) string {
	word, rest, _ := strings.Cut(verdict, ":")
	if word == "failed" {
		return t.paintSeverity(Error, word) + ":" + rest
	}
	return t.paint(word, color.FgGreen, color.Bold) + ":" + rest
}

// heading says first what matters most.
func (t textWriter) heading() {
	r := t.r
	if r.noDrift() {
		fmt.Fprintln(t, "no drift")
	}
	subject := oneLine(r.Target)
	if r.Base != "" || r.Revision != "" {
		subject = oneLine(r.Base) + " -> " + oneLine(r.Revision)
	}
	line := t.paint(strings.TrimSpace("digakit "+oneLine(r.Tool)+" "+subject), color.Bold)
	if open := r.unchecked(); open != "" {
		line += ": " + open
	}
	fmt.Fprintln(t, line)
}

func (t textWriter) findings() {
	var last *Finding
	added, others := addedOperations(byOperation(t.r))
	alike := alikeElsewhere(others)
	for _, f := range others {
		if shown := alike[f]; shown != nil && shown[0] != f {
			continue
		}
		same := last != nil && last.Operation == f.Operation
		if !same {
			name := "Operation " + oneLine(f.Operation)
			if f.Operation == "" {
				name = "No operation in particular"
			}
			fmt.Fprintf(t, "\n%s\n", t.paint(name, color.Bold))
		}
		t.finding(f, same && last.Check == f.Check && last.Explanation == f.Explanation)
		if shown := alike[f]; shown != nil {
			t.field("also", "on "+otherOperations(shown[1:]))
		}
		last = f
	}
	if len(added) > 0 {
		fmt.Fprintf(t, "\n%s\n\n  %s %s  %d times\n", t.paint("New operations", color.Bold), t.paintSeverity(added[0].Severity, strings.ToUpper(string(added[0].Severity))), added[0].Check, len(added))
		t.field("what", "added were "+bySegments(added))
		t.field("why", added[0].Explanation)
		t.field("fix", added[0].HowToFix)
		t.field("each", "--format json and markdown have every one, with its place and fingerprint")
	}
}

// finding tells one; told says that the explanation was just read.
func (t textWriter) finding(f *Finding, told bool) {
	word := strings.ToUpper(oneLine(string(f.Severity)))
	if f.Known != nil {
		word = "KNOWN " + word
	}
	fmt.Fprintf(t, "\n  %s %s", t.paintSeverity(f.Severity, word), oneLine(f.Check))
	if place := f.place(); place != "" {
		fmt.Fprintf(t, "  %s", oneLine(place))
	}
	fmt.Fprintln(t)
	field := func(name, text string) {
		if name == "Why" && told {
			text = "as above"
		}
		t.field(strings.ToLower(strings.TrimPrefix(name, "How to ")), text)
	}
	f.each(field, "What", "Usage", "Why", "How to fix", "Try")
	for _, e := range f.Examples[:min(len(f.Examples), maxExamples)] {
		t.field("also", oneLine(e.Case)+": "+e.Curl)
	}
	if more := len(f.Examples) - maxExamples; more > 0 {
		t.field("also", fmt.Sprintf("%d more; --format json has all", more))
	}
	f.each(field, "Base", "Revision", "Basis", "Known")
	fingerprint := f.Fingerprint
	if f.Count > 1 {
		fingerprint += fmt.Sprintf(" (%d times; the first is shown)", f.Count)
	}
	t.field("fingerprint", fingerprint)
}

// field writes a labelled text. Lines after its first have a bar in front: the
// reader sees where it ends, and no program takes such a line for a command.
func (t textWriter) field(label, text string) {
	if text == "" {
		return
	}
	text = strings.ReplaceAll(strings.TrimRight(visible(text), "\n"), "\n", "\n                | ")
	fmt.Fprintf(t, "    %-11s %s\n", label, text)
}

// checks tells what passed and what was skipped. The numbers stand first, so
// that no line begins with a text.
func (t textWriter) checks() {
	if len(t.r.Checks) == 0 {
		return
	}
	fmt.Fprintf(t, "\n%s\n", t.paint("Checks", color.Bold))
	table := tabwriter.NewWriter(t, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  PASSED\tFAILED\tSKIPPED\tCHECK\tOPERATION")
	shown := t.r.shownChecks()
	for _, c := range shown {
		fmt.Fprintf(table, "  %d\t%d\t%d\t%s\t%s\n", c.Passed, c.Failed, c.Skipped, oneLine(c.ID), cmp.Or(oneLine(c.Operation), "-"))
	}
	_ = table.Flush() // the buffer keeps the error
	var lines []string
	for _, c := range shown {
		for _, reason := range c.Reasons {
			lines = append(lines, fmt.Sprintf("skipped %s: %s", oneLine(strings.TrimSpace(c.ID+" "+c.Operation)), oneLine(reason)))
		}
	}
	t.first(lines)
}

// maxLines is how many lines of one kind are shown, and maxExamples how many requests
// of one finding; other formats have all.
const (
	maxLines    = 40
	maxExamples = 3
)

// first writes lines, as far as people read them.
func (t textWriter) first(lines []string) {
	for _, line := range lines[:min(len(lines), maxLines)] {
		fmt.Fprintf(t, "  %s\n", line)
	}
	if more := len(lines) - maxLines; more > 0 {
		fmt.Fprintf(t, "  and %d more; --format json has all\n", more)
	}
}

// permissions tells of each permission how it went with it alone, and with all others.
func (t textWriter) permissions() {
	if len(t.r.Permissions) == 0 {
		return
	}
	type sum struct{ operations, served, refused int }
	sums := map[string]sum{}
	for _, p := range t.r.Permissions {
		name := cmp.Or(strings.Join(p.Needs, ", "), "none")
		s := sums[name]
		s.operations++
		if p.With > 0 && !denied(p.With) {
			s.served++
		}
		if denied(p.Without) {
			s.refused++
		}
		sums[name] = s
	}
	fmt.Fprintf(t, "\n%s\n", t.paint("Permissions one by one", color.Bold))
	table := tabwriter.NewWriter(t, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  OPERATIONS\tSERVED WITH IT ALONE\tREFUSED WITH ALL OTHERS\tPERMISSION")
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s := sums[name]
		fmt.Fprintf(table, "  %d\t%d\t%d\t%s\n", s.operations, s.served, s.refused, oneLine(name))
	}
	_ = table.Flush() // the buffer keeps the error
}

func denied(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// coverage names what was never exercised.
func (t textWriter) coverage() {
	c := t.r.Coverage
	if c == nil {
		return
	}
	fmt.Fprintf(t, "\n%s %s\n", t.paint("Coverage", color.Bold), coverageLine(c))
	var lines []string
	for _, missing := range uncovered(c) {
		lines = append(lines, "never exercised: "+oneLine(missing))
	}
	t.first(lines)
}

func (t textWriter) notes() {
	if len(t.r.Notes) == 0 {
		return
	}
	fmt.Fprintf(t, "\n%s\n", t.paint("Notes", color.Bold))
	for _, n := range t.r.Notes {
		fmt.Fprintf(t, "  - %s\n", oneLine(n))
	}
}
