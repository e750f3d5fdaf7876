package engine

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

// ItemError is an item that [Engine.Fill] cannot make.
type ItemError struct {
	Collection string // as it was given
	Index      int    // in its list; -1: there is no such collection
	Err        error  // see [Engine.Put]
}

func (e *ItemError) Error() string {
	return fmt.Sprintf("%s, item %d: %v", e.Collection, e.Index, e.Err)
}

// Fill puts lists of items, each given in part, into the collections of a new store, in
// the document's order of collections. A collection that is named, even with an empty
// list, has those items alone; one whose items belong to others' has them besides those
// that are made up. What can be made is; the errors are one for each item that cannot.
func (e *Engine) Fill(s *store.Items, lists map[string][]map[string]any, now time.Time) (errs []*ItemError) {
	for _, c := range e.Collections() {
		for name, items := range lists {
			if named, err := e.named(name); err != nil || named != c {
				continue
			}
			if len(c.Parents) == 0 {
				s.Change(func() { s.Open(c.Name, "") })
			}
			for i, partial := range items {
				if _, err := e.Put(s, name, partial, now); err != nil {
					errs = append(errs, &ItemError{name, i, err})
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if _, err := e.named(name); err != nil {
			errs = append(errs, &ItemError{name, -1, err})
		}
	}
	return errs
}

// Check judges a snapshot's items, which may be edited by hand or be those of another
// document. The error names one that answers of this document could not show.
func (e *Engine) Check(shot store.ItemsSnapshot) error {
	t := &tx{e: e}
	judge := func(name string, i store.ItemSnapshot, v any, s *spec.Schema) error {
		if s == nil || t.fits(s, v) {
			return nil
		}
		return fmt.Errorf("engine: the item %q of %s must fit the document's schema at %s; restore what was kept of this document, or mend the item", i.ID, name, s.Pointer)
	}
	for name, i := range shot.Items() {
		if l := slices.IndexFunc(e.plan.Lines, func(l *plan.Line) bool { return l.Name() == name }); l >= 0 {
			if err := judge(name, i, i.Value[""], e.doc.Schema(e.plan.Lines[l].Answer.Schema)); err != nil {
				return err
			}
			continue
		}
		c := e.plan.Collection(name)
		if c == nil || c.Of != "" || c.Schema == "" {
			continue // no answer shows it, or by the items of another
		}
		if err := judge(name, i, i.Value, e.doc.Schema(c.Schema)); err != nil {
			return err
		}
		for pointer, view := range i.Views {
			for property, v := range view {
				if err := judge(name, i, v, e.doc.Schema(pointer).Property(property)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
