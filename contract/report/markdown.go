package report

import (
	"bufio"
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// maxMarkdown bounds the findings shown: GitHub drops a job summary of more than
// 1 MiB as a whole.
const maxMarkdown = 100

// writeMarkdown writes GitHub's Markdown: the verdict, a table of the findings,
// then each in full, folded.
func writeMarkdown(w *bufio.Writer, r *Report, s style) error {
	word, rest, _ := strings.Cut(r.Verdict(s.failOn), ": ")
	fmt.Fprintf(w, "## digakit %s: %s\n\n", md(r.Tool), word)
	if r.noDrift() {
		rest = strings.TrimPrefix(rest, "no drift; ")
		fmt.Fprint(w, "No drift. ")
	}
	fmt.Fprintf(w, "%s.\n", md(rest))
	if r.Target != "" {
		fmt.Fprintf(w, "\nTarget: %s\n", code(r.Target))
	}
	if r.Base != "" || r.Revision != "" {
		fmt.Fprintf(w, "\nBase: %s, revision: %s\n", code(r.Base), code(r.Revision))
	}
	shown := r.Findings[:min(len(r.Findings), maxMarkdown)]
	markdownTable(w, shown)
	if more := len(r.Findings) - len(shown); more > 0 {
		fmt.Fprintf(w, "\n%s more; the other formats have all.\n", spec.Count(more, "finding"))
	}
	for i := range shown {
		markdownFinding(w, &shown[i])
	}
	markdownChecks(w, r.Checks)
	if r.Coverage != nil {
		fmt.Fprintf(w, "\n### Coverage\n\n%s\n", md(coverageLine(r.Coverage)))
		markdownList(w, "never exercised: ", uncovered(r.Coverage))
	}
	if len(r.Notes) > 0 {
		fmt.Fprint(w, "\n### Notes\n")
		markdownList(w, "", r.Notes)
	}
	return nil // the buffer keeps the error
}

func markdownTable(w *bufio.Writer, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprint(w, "\n### Findings\n\n| severity | check | operation | what | fingerprint |\n| --- | --- | --- | --- | --- |\n")
	for i := range findings {
		f := &findings[i]
		severity, what := md(string(f.Severity)), md(f.Message)
		if f.Known != nil {
			severity = "known " + severity
			what += "<br>Known: " + md(f.Known.String())
		}
		if f.Basis == Assumed {
			severity += ", assumed"
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", severity, code(f.Check), code(f.Operation), what, code(f.Fingerprint))
	}
}

// markdownFinding writes what the table has no room for. The first lines are
// HTML, in which Markdown means nothing, until the empty line.
func markdownFinding(w *bufio.Writer, f *Finding) {
	title := strings.TrimSpace(f.Check + " " + f.Operation)
	if place := f.place(); place != "" {
		title += ": " + place
	}
	fmt.Fprintf(w, "\n<details>\n<summary>%s</summary>\n\n", html.EscapeString(oneLine(title)))
	f.each(func(name, text string) { fmt.Fprintf(w, "- **%s:** %s\n", name, md(text)) },
		"What", "Usage", "Why", "How to fix", "Base", "Revision", "Basis", "Known", "Times", "Fingerprint")
	if f.Curl != "" {
		text := visible(f.Curl)
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		fmt.Fprintf(w, "\n%ssh\n%s\n%s\n", fence, text, fence)
	}
	fmt.Fprint(w, "\n</details>\n")
}

// markdownChecks tells what passed and why cases were skipped.
func markdownChecks(w *bufio.Writer, checks []Check) {
	if len(checks) == 0 {
		return
	}
	fmt.Fprint(w, "\n### Checks\n\n<details>\n<summary>What passed and what was skipped</summary>\n\n",
		"| check | operation | passed | failed | skipped |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range checks {
		skipped := strconv.Itoa(c.Skipped)
		for _, reason := range c.Reasons {
			skipped += "<br>" + md(reason)
		}
		fmt.Fprintf(w, "| %s | %s | %d | %d | %s |\n", code(c.ID), code(c.Operation), c.Passed, c.Failed, skipped)
	}
	fmt.Fprint(w, "\n</details>\n")
}

func markdownList(w *bufio.Writer, prefix string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintln(w)
	for _, item := range items {
		fmt.Fprintf(w, "- %s%s\n", prefix, md(item))
	}
}

// md escapes s as text of Markdown that stays in one line: a backslash before
// what could mean something (CommonMark 2.4), entities for what is HTML.
func md(s string) string { return markdownText.Replace(visible(s)) }

// code is md as code, empty for an empty text. A code span of backticks would
// end a table's cell at a bar.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + md(s) + "</code>"
}

var markdownText = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "|", `\|`, "[", `\[`, "]", `\]`,
	"#", `\#`, "~", `\~`, "!", `\!`, "$", `\$`,
)
