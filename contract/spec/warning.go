package spec

import (
	"cmp"
	"slices"
	"strings"
)

// Warning says what is questionable in a document.
type Warning struct {
	Position Position
	// Pointer is the RFC 6901 pointer into the document.
	Pointer string
	// Message names the thing and the rule, HowToFix the remedy.
	Message, HowToFix string
}

// String writes the warning on one line.
func (w Warning) String() string {
	return w.Position.String() + ": " + w.Message + "; " + w.HowToFix
}

// warningsOf looks for `nullable` where it has no meaning, and for examples
// and defaults that break their own schema.
func warningsOf(d *Document) []Warning {
	all := d.examples()
	if strings.HasPrefix(d.Version, "3.1.") {
		all = append(all, d.nullables()...)
	}
	slices.SortStableFunc(all, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Position.Source, b.Position.Source), cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(all) // one place, reached in several ways
}

// nullables finds `nullable` in a 3.1 document. That version has dropped it,
// so that no null is valid where its writer thinks it is.
func (d *Document) nullables() []Warning {
	var all []Warning
	WalkSchemas(d.Tree, func(pointer string, _ Place, schema map[string]any) {
		if _, ok := schema["nullable"].(bool); !ok {
			return
		}
		at := Join(pointer, "nullable")
		place, _ := d.Position(at)
		all = append(all, Warning{
			Position: place, Pointer: at,
			Message:  "`nullable` means nothing in OpenAPI 3.1: null is as valid or invalid as without it",
			HowToFix: "have the publisher write type: [T, 'null']",
		})
	})
	return all
}
