package report

import (
	"bufio"
	"encoding/json"
)

// writeJSON writes the report as it is.
func writeJSON(w *bufio.Writer, r *Report, _ style) error { return encode(w, r) }

func encode(w *bufio.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // no browser reads it as HTML
	e.SetIndent("", "  ")
	return e.Encode(document)
}

// writeNDJSON writes one JSON object a line: the findings, the checks, the notes
// and last, as a sign that nothing is missing, the summary. Together they hold
// what the report does.
func writeNDJSON(w *bufio.Writer, r *Report, _ style) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	type kind struct {
		Type string `json:"type"`
	}
	var lines []any
	for _, f := range r.Findings {
		lines = append(lines, struct {
			kind
			Finding
		}{kind{"finding"}, f})
	}
	for _, c := range r.Checks {
		lines = append(lines, struct {
			kind
			Check
		}{kind{"check"}, c})
	}
	for _, n := range r.Notes {
		lines = append(lines, struct {
			kind
			Note string `json:"note"`
		}{kind{"note"}, n})
	}
	lines = append(lines, struct {
		kind
		*Report
		Findings *int `json:"findings,omitempty"` // told above, as those that follow
		Checks   *int `json:"checks,omitempty"`
		Notes    *int `json:"notes,omitempty"`
	}{kind: kind{"summary"}, Report: r})
	for _, line := range lines {
		if err := e.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
