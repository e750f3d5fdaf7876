package report

import (
	"bufio"
	"cmp"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/digakit/digakit/contract/coverage"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// The objects of SARIF 2.1.0, as far as a report has something to put into them;
// the numbers are those of the standard's sections. The one library for it brings
// two others along and writes every empty list.
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool              map[string]any    `json:"tool"`              // 3.18, 3.19
		AutomationDetails map[string]string `json:"automationDetails"` // 3.17
		Invocations       []sarifInvocation `json:"invocations"`
		Results           []sarifResult     `json:"results"`
		Properties        sarifRunBag       `json:"properties"`
	}
	sarifRunBag struct {
		Target   string           `json:"target,omitempty"`
		Base     string           `json:"base,omitempty"`
		Revision string           `json:"revision,omitempty"`
		Summary  Summary          `json:"summary"`
		Coverage *coverage.Report `json:"coverage,omitempty"`
	}
	sarifRule struct { // 3.49
		ID                   string            `json:"id"`
		ShortDescription     sarifMessage      `json:"shortDescription"`
		FullDescription      sarifMessage      `json:"fullDescription"`
		Help                 sarifMessage      `json:"help"`
		DefaultConfiguration map[string]string `json:"defaultConfiguration"` // 3.50
	}
	sarifMessage struct { // 3.11
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct { // 3.20
		ExecutionSuccessful bool             `json:"executionSuccessful"`
		Notifications       []map[string]any `json:"toolExecutionNotifications,omitempty"` // 3.58
	}
	sarifResult struct { // 3.27
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Message             sarifMessage       `json:"message"`
		Locations           []sarifLocation    `json:"locations,omitempty"`
		RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		OccurrenceCount     int                `json:"occurrenceCount,omitempty"`
		Suppressions        []sarifSuppression `json:"suppressions,omitzero"` // none is not the same as not told
		Properties          sarifResultBag     `json:"properties"`
	}
	sarifResultBag struct {
		Basis      Basis  `json:"basis,omitempty"`
		Assumption string `json:"assumption,omitempty"`
		Method     string `json:"method,omitempty"`
		Path       string `json:"path,omitempty"`
		Status     int    `json:"status,omitempty"`
		Pointer    string `json:"pointer,omitempty"`
		Keyword    string `json:"keyword,omitempty"`
		Case       string `json:"case,omitempty"`
		Curl       string `json:"curl,omitempty"`
	}
	sarifLocation struct { // 3.28
		Message  *sarifMessage       `json:"message,omitempty"`
		Physical map[string]any      `json:"physicalLocation,omitempty"`
		Logical  []map[string]string `json:"logicalLocations,omitempty"` // 3.33
	}
	sarifRegion struct { // 3.30
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifSuppression struct { // 3.35
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)

// writeSARIF writes one run. A finding has a physical location when it stands in
// a document, and a logical one when it is about an operation.
func writeSARIF(w *bufio.Writer, r *Report, _ style) error {
	run := sarifRun{
		AutomationDetails: map[string]string{"id": "digakit/" + visible(r.Tool) + "/"}, // GitHub keeps the runs of one id apart from those of others
		Invocations:       []sarifInvocation{{!r.Empty(), sarifNotifications(r)}},
		Results:           []sarifResult{},
		Properties:        sarifRunBag{visible(r.Target), visible(r.Base), visible(r.Revision), r.Summary, r.Coverage},
	}
	rules, index := []sarifRule{}, map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if _, found := index[f.Check]; !found {
			index[f.Check] = len(rules)
			rules = append(rules, sarifRuleOf(f))
		}
		made := sarifResultOf(f, index[f.Check])
		if r.Summary.Known > 0 { // 3.27.23: all results of a run have the list, or none
			made.Suppressions = []sarifSuppression{}
			if f.Known != nil {
				made.Suppressions = append(made.Suppressions, sarifSuppression{"external", "accepted", visible(f.Known.String())})
			}
		}
		run.Results = append(run.Results, made)
	}
	run.Tool = map[string]any{"driver": map[string]any{"name": "digakit", "rules": rules}}
	return encode(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarifNotifications are what is told of the run itself.
func sarifNotifications(r *Report) []map[string]any {
	var list []map[string]any
	add := func(level, text string) {
		list = append(list, map[string]any{"level": level, "message": sarifMessage{Text: visible(text)}})
	}
	if r.Empty() {
		add("error", nothingChecked)
	}
	for _, c := range r.Checks {
		for _, reason := range c.Reasons {
			add("note", "skipped "+strings.TrimSpace(c.ID+" "+c.Operation)+": "+reason)
		}
	}
	for _, n := range r.Notes {
		add("note", n)
	}
	return list
}

// sarifLevelOf returns the level of a severity.
func sarifLevelOf(s Severity) string {
	if s.AtLeast(Warning) {
		return string(s)
	}
	return "note"
}

// sarifRuleOf describes a check by its first, gravest finding.
func sarifRuleOf(f *Finding) sarifRule {
	words := strings.NewReplacer("_", " ", "-", " ").Replace(f.Check)
	why := cmp.Or(f.Explanation, words)
	help, helpMarkdown := why, md(why)
	if f.HowToFix != "" {
		help += "\n\nHow to fix: " + f.HowToFix
		helpMarkdown += "\n\n**How to fix:** " + md(f.HowToFix)
	}
	return sarifRule{
		ID:                   visible(f.Check),
		ShortDescription:     sarifMessage{Text: visible(words)},
		FullDescription:      sarifMessage{Text: visible(why)},
		Help:                 sarifMessage{Text: visible(help), Markdown: helpMarkdown},
		DefaultConfiguration: map[string]string{"level": sarifLevelOf(f.Severity)},
	}
}

func sarifResultOf(f *Finding, rule int) sarifResult {
	text := f.Message
	f.each(func(name, more string) { text += "\n\n" + name + ": " + more }, "How to fix", "Try", "Basis")
	made := sarifResult{
		RuleID: visible(f.Check), RuleIndex: rule, Level: sarifLevelOf(f.Severity),
		Message:             sarifMessage{Text: visible(text)},
		PartialFingerprints: map[string]string{"digakitFinding/v1": f.Fingerprint},
		OccurrenceCount:     f.Count,
		Properties: sarifResultBag{
			f.Basis, visible(f.Assumption), visible(f.Method), visible(f.Path), f.Status,
			visible(f.Pointer), visible(f.Keyword), visible(f.Case), visible(f.Curl),
		},
	}
	first := sarifLocation{Physical: f.Revision.sarif()}
	if first.Physical == nil {
		first.Physical = f.Base.sarif()
	} else if base := f.Base.sarif(); base != nil {
		made.RelatedLocations = []sarifLocation{{Message: &sarifMessage{Text: "in the base document"}, Physical: base}}
	}
	if f.Operation != "" {
		first.Logical = []map[string]string{{"fullyQualifiedName": visible(f.Operation)}}
	}
	if first.Physical != nil || first.Logical != nil {
		made.Locations = []sarifLocation{first}
	}
	return made
}

// sarif returns the place as SARIF has it; nil when there is no document.
func (l *Location) sarif() map[string]any {
	if l == nil || l.Source == "" {
		return nil
	}
	place := map[string]any{"artifactLocation": map[string]string{"uri": sourceURI(l.Source)}} // 3.29, 3.4
	if l.Line > 0 {
		place["region"] = sarifRegion{StartLine: l.Line, StartColumn: max(l.Column, 0)}
	}
	return place
}

// sourceURI makes a URI (RFC 3986) of a file name, or takes a URL as it is.
func sourceURI(source string) string {
	if u, err := url.Parse(source); err == nil && strings.Contains(source, "://") {
		return u.String()
	}
	u := url.URL{Path: filepath.ToSlash(source)}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
