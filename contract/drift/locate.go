package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

// locate finds the line of a pointer, or of the nearest thing around it that
// the document has: the lift from 3.0 makes keywords that no line says.
func locate(d *spec.Document, source, pointer string) *report.Location {
	for {
		if at, ok := d.Position(pointer); ok {
			if at.Source != "" {
				source = at.Source
			}
			return &report.Location{Source: source, Line: at.Line, Column: at.Column}
		}
		if pointer == "" {
			return nil
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}
