package report

import (
	"bufio"
	"encoding/json"

	"github.com/digakit/digakit/contract/coverage"
)

// writeJSON writes the report as it is.
func writeJSON(w *bufio.Writer, r *Report, _ style) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // no browser reads it as HTML
	e.SetIndent("", "  ")
	return e.Encode(r)
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
		SchemaVersion int              `json:"schema_version"`
		Tool          string           `json:"tool"`
		Target        string           `json:"target,omitempty"`
		Base          string           `json:"base,omitempty"`
		Revision      string           `json:"revision,omitempty"`
		Summary       Summary          `json:"summary"`
		Coverage      *coverage.Report `json:"coverage"`
		Operations    int              `json:"operation_count,omitempty"`
		NotChecked    []NotChecked     `json:"not_checked,omitempty"`
		Permissions   []Permission     `json:"permissions,omitempty"`
	}{kind{"summary"}, r.SchemaVersion, r.Tool, r.Target, r.Base, r.Revision, r.Summary, r.Coverage, r.Operations, r.NotChecked, r.Permissions})
	for _, line := range lines {
		if err := e.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
