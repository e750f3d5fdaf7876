package report

import (
	"bufio"
	"encoding/json"
)

// writeJSON writes the report as it is.
func writeJSON(w *bufio.Writer, r *Report, _ style) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // no browser reads it as HTML
	e.SetIndent("", "  ")
	return e.Encode(r)
}
