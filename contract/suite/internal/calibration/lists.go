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
func (a *asker) askLists(ctx context.Context, id string) error {
	for _, o := range a.answered() {
		if a.done() {
			break
		}
		if err := a.heard(paging.Ask(ctx, a.Session, o, id)); err != nil {
			return err
		}
	}
	return nil
}

// heard notes what a list showed.
func (a *asker) heard(is paging.Asked, err error) error {
	if is.Open != "" {
		a.open = is.Open
	}
	if is.Evidence != "" {
		a.saw(is.Alternative, is.Evidence)
	}
	return err
}

// deletedCursor names an item that was there.
func (a *asker) deletedCursor(ctx context.Context) error {
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
		if err := a.deletedCursorOf(ctx, o, c); err != nil {
			return err
		}
	}
	return nil
}

func (a *asker) deletedCursorOf(ctx context.Context, o *contract.Operation, c *plan.Collection) error {
	var made [2]*items.Item
	for i := range made { // one at least has another behind it
		one, err := a.maker.Make(ctx, a.Session, c, nil)
		if err != nil {
			a.open = session.GivenUp(err)
			return session.Possible(err)
		}
		made[i] = one
	}
	for _, one := range made {
		err := a.heard(paging.AskDeleted(ctx, a.Session, o, one.Names[c.Identity[0].Property], func() error {
			return a.maker.Remove(ctx, a.Session, one)
		}))
		if err != nil || len(a.seen) > 0 {
			return err
		}
	}
	return nil
}
