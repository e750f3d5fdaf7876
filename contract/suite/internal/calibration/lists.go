package calibration

import (
	"context"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/paging"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// askLists asks the lists whose plain call is answered about a line that they show.
func (a *asker) askLists(ctx context.Context, id string) {
	for _, o := range a.answered() {
		if !a.done() {
			a.heard(paging.Ask(ctx, a.Session, o, id))
		}
	}
}

// heard notes what a list showed.
func (a *asker) heard(is paging.Asked) {
	if is.Open != "" {
		a.open = is.Open
	}
	if is.Evidence != "" {
		a.saw(is.Alternative, is.Evidence)
	}
}

// deletedCursor names an item that was there.
func (a *asker) deletedCursor(ctx context.Context) {
	for _, o := range a.answered() {
		l := a.Line(o)
		if l == nil || l.List == nil || l.List.Paging.After == "" || len(a.seen) > 0 {
			continue
		}
		c := a.Plan.Collection(l.Collection)
		if c == nil || len(c.Identity) != 1 || len(c.Parents) > 0 {
			continue
		}
		a.open = "no item that is in a list with cursors could be made and removed"
		if !a.Target.Writes {
			a.open = "an item has to be made and removed: allow it with writes"
			continue
		}
		if items.Find(a.Session, c, plan.Create) == nil || !items.Removable(a.Session, c) {
			continue
		}
		if impossible := session.Try(func() { a.deletedCursorOf(ctx, o, c) }); impossible != "" {
			a.open = impossible
		}
	}
}

func (a *asker) deletedCursorOf(ctx context.Context, o *contract.Operation, c *plan.Collection) {
	var made [2]*items.Item
	for i := range made { // one at least has another behind it
		made[i] = a.maker.Make(ctx, a.Session, c, nil)
	}
	for _, one := range made {
		if len(a.seen) == 0 {
			a.heard(paging.AskDeleted(ctx, a.Session, o, one.Names[c.Identity[0].Property], func() { a.maker.Remove(ctx, a.Session, one) }))
		}
	}
}
