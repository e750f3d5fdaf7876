package report_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/report"
)

// fataler is what tests, fuzz targets and properties have in common.
type fataler interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// judge looks at a report in every format. valid says that its texts are UTF-8, so
// that they come back from JSON as they are.
func judge(t fataler, schema *jsonschema.Schema, r *report.Report, valid bool) {
	t.Helper()
	write := func(format report.Format) string {
		var first, second bytes.Buffer
		if err := report.Write(&first, r, format); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if err := report.Write(&second, r, format); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s is not the same when written again, %v", format, err)
		}
		if !utf8.Valid(first.Bytes()) {
			t.Errorf("%s is not UTF-8", format)
		}
		return first.String()
	}
	for format, read := range map[report.Format]func(fataler, string) *report.Report{report.JSON: readJSON, report.NDJSON: readNDJSON} {
		text := write(format)
		got := read(t, text)
		if diff := cmp.Diff(r, got); valid && diff != "" {
			t.Errorf("%s read back (-want +got):\n%s", format, diff)
		}
		var again bytes.Buffer
		if err := report.Write(&again, got, format); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if diff := cmp.Diff(got, read(t, again.String())); diff != "" {
			t.Errorf("%s read back, written and read again (-want +got):\n%s", format, diff)
		}
	}
	judgeJUnit(t, r, write(report.JUnit))
	judgeGitHub(t, r, write(report.GitHub))
	judgeMarkdown(t, write(report.Markdown))
	judgeText(t, write(report.Text))
	if err := validate(schema, write(report.SARIF)); err != nil {
		t.Errorf("sarif: %v", err)
	}
}

func readJSON(t fataler, text string) *report.Report {
	t.Helper()
	var r report.Report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v", err)
	}
	return &r
}

// readNDJSON puts the report together from its lines.
func readNDJSON(t fataler, text string) *report.Report {
	t.Helper()
	r := report.New("")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		var kind struct{ Type, Note string }
		err := json.Unmarshal([]byte(line), &kind)
		switch kind.Type {
		case "finding":
			var f report.Finding
			err = json.Unmarshal([]byte(line), &f)
			r.Findings = append(r.Findings, f)
		case "check":
			var c report.Check
			err = json.Unmarshal([]byte(line), &c)
			r.Checks = append(r.Checks, c)
		case "note":
			r.Notes = append(r.Notes, kind.Note)
		case "summary":
			err = json.Unmarshal([]byte(line), r)
			if i != len(lines)-1 {
				t.Errorf("the summary is line %d of %d", i+1, len(lines))
			}
		default:
			t.Fatalf("line %q: %v", line, err)
		}
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
	}
	return r
}

func judgeJUnit(t fataler, r *report.Report, text string) {
	t.Helper()
	type counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	type testcase struct {
		Failure []string `xml:"failure"`
		Error   []string `xml:"error"`
		Skipped []string `xml:"skipped"`
	}
	var suites struct {
		XMLName xml.Name `xml:"testsuites"`
		counts
		Suites []struct {
			counts
			Cases []testcase `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(text), &suites); err != nil {
		t.Fatalf("junit: %v", err)
	}
	var got counts
	for _, s := range suites.Suites {
		for _, c := range s.Cases {
			got.Tests++
			got.Failures += len(c.Failure)
			got.Errors += len(c.Error)
			got.Skipped += len(c.Skipped)
			if len(c.Failure)+len(c.Error)+len(c.Skipped) > 1 {
				t.Errorf("junit: a case is several things: %+v", c)
			}
		}
		if s.counts != suites.counts {
			t.Errorf("junit: %+v and %+v", s.counts, suites.counts)
		}
	}
	if got != suites.counts {
		t.Errorf("junit counts %+v, holds %+v", suites.counts, got)
	}
	if failed := got.Failures+got.Errors > 0; failed != (r.Failed(report.Warning) || r.Empty()) {
		t.Errorf("junit: failed is %v", failed)
	}
}

var command = regexp.MustCompile(`^::(error|warning|notice) title=[^:,\n]+(,file=[^:,\n]+)?(,line=\d+)?(,col=\d+)?::[^\n]*$`)

func judgeGitHub(t fataler, r *report.Report, text string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(text) {
		n++
		if !command.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("github: no command: %q", line)
		}
	}
	want := len(r.Findings) + len(r.Notes)
	if r.Empty() {
		want++
	}
	if n != want {
		t.Errorf("github: %d commands for %d findings and remarks", n, want)
	}
}

var (
	tag   = regexp.MustCompile(`<[^>]*>?`)
	bar   = regexp.MustCompile(`(^|[^\\])(\\\\)*\|`)
	fence = regexp.MustCompile("^```+")
)

// judgeMarkdown sees that no text makes tags, rows or headings of its own. What a
// parser that is not ours sees is a Node test.
func judgeMarkdown(t fataler, text string) {
	t.Helper()
	end := ""
	columns := 0
	scanner := bufio.NewScanner(strings.NewReader(text))
	scanner.Buffer(nil, len(text)+1)
	for scanner.Scan() {
		line := scanner.Text()
		switch {
		case end != "":
			if line == end {
				end = ""
			}
			continue
		case fence.MatchString(line):
			end = fence.FindString(line)
			continue
		case strings.HasPrefix(line, "| "):
			n := len(bar.FindAllString(line, -1))
			if columns > 0 && n != columns {
				t.Errorf("markdown: a row has %d bars, the one above %d: %q", n, columns, line)
			}
			columns = n
		default:
			columns = 0
		}
		for _, found := range tag.FindAllString(line, -1) {
			switch found {
			case "<details>", "</details>", "<summary>", "</summary>", "<br>", "<code>", "</code>":
			default:
				t.Errorf("markdown: tag %q in %q", found, line)
			}
		}
	}
	if end != "" {
		t.Errorf("markdown: the fence %q does not end", end)
	}
}

// judgeText sees that nothing steers the terminal, or a program that takes lines
// for commands.
func judgeText(t fataler, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("text: a command: %q", line)
		}
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("text: unprintable: %q", text[i:min(len(text), i+20)])
	}
}

func TestSamplesInEveryFormat(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judge(t, schema, r, name != "hostile")
		})
	}
}

// drawn makes a report of anything.
func drawn(t *rapid.T) *report.Report {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "list", "a\nb", "x|y", "]]>", "::error::", "```", "\x1b[0m", "<b>", "%0A"}))
	location := rapid.Custom(func(t *rapid.T) *report.Location {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		number := rapid.IntRange(0, 9)
		return &report.Location{Source: text.Draw(t, "source"), Line: number.Draw(t, "line"), Column: number.Draw(t, "column")}
	})
	draw := func(label string) string { return text.Draw(t, label) }
	r := report.New(rapid.SampledFrom([]string{"verify", "har", "proxy", "drift"}).Draw(t, "tool"))
	r.Target, r.Base, r.Revision = draw("target"), draw("base"), draw("revision")
	var known []report.Known
	for range rapid.IntRange(0, 5).Draw(t, "findings") {
		r.Add(report.Finding{
			Check: draw("check"), Operation: draw("operation"), Method: draw("method"), Path: draw("path"), Pointer: draw("pointer"),
			Severity: rapid.SampledFrom([]report.Severity{report.Error, report.Warning, report.Info}).Draw(t, "severity"),
			Basis:    rapid.SampledFrom([]report.Basis{"", report.Documented, report.Assumed}).Draw(t, "basis"),
			Status:   rapid.IntRange(0, 599).Draw(t, "status"), Keyword: draw("keyword"), Message: draw("message"), Explanation: draw("explanation"),
			HowToFix: draw("how to fix"), Curl: draw("curl"), Assumption: draw("assumption"), Case: draw("case"),
			Base: location.Draw(t, "base"), Revision: location.Draw(t, "revision"),
		})
		if rapid.Bool().Draw(t, "known") {
			known = append(known, report.Known{Fingerprint: r.Findings[len(r.Findings)-1].Fingerprint, Reason: draw("reason")})
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "checks") {
		r.Pass(draw("passed"), draw("operation"), rapid.IntRange(0, 2).Draw(t, "cases"))
		r.Skip(draw("skipped"), draw("operation"), draw("reason"))
		r.Note(draw("note"))
	}
	if rapid.Bool().Draw(t, "coverage") {
		r.Coverage = &coverage.Report{Covered: 1, Total: 2, Operations: []coverage.Operation{{
			Operation: draw("operation"), Calls: 1, Counted: 1, Totals: coverage.Totals{Statuses: coverage.Share{Total: 1}},
			Statuses:   []coverage.Status{{Item: coverage.Item{Name: draw("status")}}},
			Parameters: []coverage.Parameter{{Item: coverage.Item{Name: draw("parameter")}}},
		}}}
	}
	r.Accept(known, today)
	r.Finish()
	return r
}

func TestAnyReportInEveryFormat(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	rapid.Check(t, func(t *rapid.T) { judge(t, schema, drawn(t), true) })
}

// FuzzWrite puts any bytes where a report holds a text.
func FuzzWrite(f *testing.F) {
	schema := sarifSchema(f)
	f.Add(hostile)
	f.Add("\x00\xff\n]]>")
	f.Fuzz(func(t *testing.T, text string) {
		r := report.New("verify")
		r.Target = text
		r.Add(report.Finding{
			Check: text, Severity: report.Error, Operation: text, Method: text, Path: text, Pointer: text, Keyword: text, Message: text,
			Explanation: text, HowToFix: text, Curl: text, Case: text, Basis: report.Assumed, Assumption: text,
			Base: &report.Location{Source: text, Line: 1, Column: 1},
		})
		r.Skip(text+"s", text, text)
		r.Note(text)
		r.Accept([]report.Known{{Fingerprint: r.Findings[0].Fingerprint, Reason: text}}, today)
		r.Finish()
		judge(t, schema, r, utf8.ValidString(text))
	})
}

func TestColourChangesNothingElse(t *testing.T) {
	t.Parallel()
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, r := range samples() {
		coloured := written(t, r, report.Text, report.Colour(true))
		if !escape.MatchString(coloured) {
			t.Errorf("%s has no colours", name)
		}
		if diff := cmp.Diff(written(t, r, report.Text), escape.ReplaceAllString(coloured, "")); diff != "" {
			t.Errorf("%s without its colours (-want +got):\n%s", name, diff)
		}
	}
}

func TestNoDriftComesFirst(t *testing.T) {
	t.Parallel()
	if got := written(t, noDriftSample(), report.Text); !strings.HasPrefix(got, "no drift\n") {
		t.Errorf("got %q", got)
	}
	for _, r := range []*report.Report{driftSample(), cleanSample(), report.New("drift")} {
		if got := written(t, r, report.Text); strings.HasPrefix(got, "no drift") {
			t.Errorf("got %q", got)
		}
	}
}

// Of a document nothing of which is within reach, such as one whose operations all depart
// from it, nothing is missing: no share of nothing is told.
func TestNothingToCover(t *testing.T) {
	t.Parallel()
	for _, format := range []report.Format{report.Text, report.Markdown, report.JUnit} {
		r, text := cleanSample(), bytes.Buffer{}
		r.Coverage = &coverage.Report{}
		if err := report.Write(&text, r, format); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); strings.Contains(got, "0 of 0") || !strings.Contains(got, "nothing could be counted") {
			t.Errorf("%s:\n%s", format, got)
		}
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		if got, err := report.ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("%s: %s, %v", f, got, err)
		}
	}
	if _, err := report.ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), "use text, json, ndjson, junit, github, sarif, markdown") {
		t.Errorf("xml: %v", err)
	}
	if err := report.Write(&bytes.Buffer{}, cleanSample(), "xml"); err == nil {
		t.Error("xml is written")
	}
}
