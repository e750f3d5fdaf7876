package spec

import (
	"cmp"
	"fmt"
	"slices"
)

// Warning says what is questionable in a document.
type Warning struct {
	Position Position
	// Pointer is the RFC 6901 pointer into the document.
	Pointer string
	// Rule names the kind of warning: "operation-id-twice".
	Rule string
	// Message names the thing and the rule, HowToFix the remedy.
	Message, HowToFix string
	// Times is how many equal ones there are, this the first of them; 0 for one
	// that was not grouped.
	Times int
}

// String writes the warning on one line.
func (w Warning) String() string {
	at := w.Position.String()
	if w.Times > 1 {
		at = fmt.Sprintf("%d times, first at %s", w.Times, at)
	}
	return at + ": " + w.Message + "; " + w.HowToFix
}

// Grouped returns the warnings with those that say the same told once, in the
// order of the first of each.
func Grouped(warnings []Warning) []Warning {
	first := map[[2]string]int{}
	var all []Warning
	for _, w := range warnings {
		key := [2]string{w.Rule, w.Message}
		i, met := first[key]
		if !met {
			i = len(all)
			first[key] = i
			w.Times = 0
			all = append(all, w)
		}
		all[i].Times++
	}
	return all
}

// Warnings are what breaks the specification and how it is read all the same, by
// source and place. Examples are not judged: see [Load].
func (d *Document) Warnings() []Warning { return slices.Clone(d.warnings) }

// inOrder sorts warnings by source and place; one place that was reached in
// several ways is told once.
func inOrder(all []Warning) []Warning {
	slices.SortStableFunc(all, func(a, b Warning) int {
		return cmp.Or(a.Position.compare(b.Position), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(all)
}
