package report

import (
	"bufio"
	"encoding/json"

	"github.com/digakit/digakit/contract/coverage"
)

// writeNDJSON writes one JSON object a line: the findings, the checks, the notes
// and last, as a sign that nothing is missing, the summary. Together they hold
// what the report does.
func writeNDJSON(w *bufio.Writer, r *Report, _ style) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range r.Findings {
		if err := e.Encode(struct {
			Type string `json:"type"`
			Finding
		}{"finding", f}); err != nil {
			return err
		}
	}
	for _, c := range r.Checks {
		if err := e.Encode(struct {
			Type string `json:"type"`
			Check
		}{"check", c}); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		if err := e.Encode(struct {
			Type string `json:"type"`
			Note string `json:"note"`
		}{"note", n}); err != nil {
			return err
		}
	}
	return e.Encode(struct {
		Type          string           `json:"type"`
		SchemaVersion int              `json:"schema_version"`
		Tool          string           `json:"tool"`
		Target        string           `json:"target,omitempty"`
		Base          string           `json:"base,omitempty"`
		Revision      string           `json:"revision,omitempty"`
		Summary       Summary          `json:"summary"`
		Coverage      *coverage.Report `json:"coverage"`
	}{"summary", r.SchemaVersion, r.Tool, r.Target, r.Base, r.Revision, r.Summary, r.Coverage})
}
