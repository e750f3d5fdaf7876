package report

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// The elements of JUnit's XML. There is no standard; these are what Jenkins,
// GitLab and GitHub's reporters have in common. Times are left out: a report has
// none.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Cases     []junitCase `xml:"testcase"`
		SystemOut string      `xml:"system-out,omitempty"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Class     string        `xml:"classname,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		Skipped   *junitProblem `xml:"skipped"`
		SystemOut string        `xml:"system-out,omitempty"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a test case for each check of each operation.
//
// Of several findings in one case there is one failure element with all texts:
// Jenkins and GitLab read the first failure of a case and drop the others, and
// cases of their own would have one name, which readers take for repetitions of
// one test.
func writeJUnit(w *bufio.Writer, r *Report, _ style) error {
	suite := junitSuite{Name: visible(strings.TrimSpace("digakit " + r.Tool + " " + cmp.Or(r.Target, r.Revision)))}
	for _, c := range byCase(r) {
		suite.add(junitCaseOf(r.Tool, c))
	}
	if r.Empty() {
		suite.add(junitCase{
			Name: "anything_checked", Class: visible(r.Tool),
			Error: &junitProblem{Message: nothingChecked, Type: "empty_run"},
		})
	}
	var lines []string
	for _, n := range r.Notes {
		lines = append(lines, visible(n))
	}
	if r.Coverage != nil {
		lines = append(lines, "coverage "+coverageLine(r.Coverage))
	}
	suite.SystemOut = strings.Join(lines, "\n")
	if _, err := w.WriteString(xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Name: "digakit", junitCounts: suite.junitCounts, Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	return w.WriteByte('\n')
}

// add adds a case and counts it.
func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// junitCaseOf makes a case of a check: failed by errors and warnings that are not
// known, skipped when nothing was tried, else passed with what there is to say.
func junitCaseOf(tool string, c checked) junitCase {
	made := junitCase{Name: visible(c.ID), Class: visible(strings.TrimSuffix(tool+"."+c.Operation, "."))}
	var failures, remarks []string
	var first *Finding
	for _, f := range c.findings {
		if f.Known != nil || !f.Severity.AtLeast(Warning) {
			remarks = append(remarks, f.paragraphs())
			continue
		}
		if first == nil {
			first = f
		}
		failures = append(failures, f.paragraphs())
	}
	reasons := visible(strings.Join(c.Reasons, "\n"))
	switch {
	case first != nil:
		message := visible(first.Message)
		if more := len(failures) - 1; more > 0 {
			message += fmt.Sprintf(" (and %d more)", more)
		}
		made.Failure = &junitProblem{Message: message, Type: visible(string(first.Severity)), Text: strings.Join(failures, "\n\n")}
	case c.Skipped > 0 && c.Passed == 0 && len(c.findings) == 0:
		made.Skipped = &junitProblem{Message: reasons}
		return made
	}
	if c.Skipped > 0 {
		remarks = append(remarks, spec.Count(c.Skipped, "case")+" skipped: "+reasons)
	}
	made.SystemOut = strings.Join(remarks, "\n\n")
	return made
}
