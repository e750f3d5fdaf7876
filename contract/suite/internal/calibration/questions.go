package calibration

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
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

// answered are the operations whose plain call is a success.
func (a *asker) answered() []*contract.Operation {
	return slices.DeleteFunc(slices.Clone(a.Operations), func(o *contract.Operation) bool {
		return a.Greetings[o] == nil || !a.Greetings[o].Ok()
	})
}

// documents tells whether an operation lists a status itself, or its range.
func documents(o *contract.Operation, status string) bool {
	return slices.ContainsFunc(o.Responses, func(r contract.Response) bool {
		return r.Status == status || r.Status == status[:1]+"XX"
	})
}

// unauthenticated calls without a key, and with one that nobody has.
func (a *asker) unauthenticated(ctx context.Context) {
	for _, o := range a.answered() {
		if a.done() || !session.WantsCredential(o) || documents(o, "401") && !documents(o, "403") {
			continue // where 401 alone is documented, nothing is open
		}
		base, _ := a.Required(o)
		c := call.Compose(o, base)
		var statuses []int
		var text string
		for _, auth := range []call.Credential{{Kind: call.NoKey}, {Kind: call.OtherKey, Secret: session.MadeUpSecret}} {
			c.Auth = auth
			got, asked := a.send(ctx, o, c)
			statuses, text = append(statuses, got.Status), asked+" to a key that nobody has"
		}
		text += fmt.Sprintf(", %d to none", statuses[0])
		is := map[int]string{http.StatusForbidden: "forbidden", http.StatusUnauthorized: "unauthorized"}[statuses[0]]
		if statuses[1] != statuses[0] {
			is = ""
		}
		a.saw(is, text)
	}
}

// trailingSlash calls paths without their final slash, or with one more.
func (a *asker) trailingSlash(ctx context.Context) {
	for _, o := range a.answered() {
		base, _ := a.Required(o)
		c := call.Compose(o, base)
		if stem, cut := strings.CutSuffix(c.Path, "/"); cut {
			c.Path = stem
		} else {
			c.Path += "/"
		}
		if _, _, err := a.Validator.Route(o.Method, c.Path); a.done() || c.Path == "" || err == nil {
			continue // the document has both
		}
		c.Beside, c.Method = true, o.Method
		got, text := a.send(ctx, o, c)
		is := map[int]string{2: "serve", 3: "redirect"}[got.Status/100]
		if got.Status == http.StatusNotFound {
			is = "not_found"
		}
		a.saw(is, text)
	}
}

// missingItem reads what is not there, where no answer to that is documented.
func (a *asker) missingItem(ctx context.Context) {
	for _, l := range a.Plan.Lines {
		i := slices.IndexFunc(l.Parameters, func(p plan.Parameter) bool { return p.In == call.PathPlace })
		o := a.Operation(l)
		if a.done() || i < 0 || l.Method != http.MethodGet || strings.Count(l.Path, "{") != 1 {
			continue
		}
		c := a.Plan.Collection(l.Parameters[i].Collection)
		listed := func(o *contract.Operation) bool { // then its items can be asked for
			of := a.Line(o)
			return of != nil && of.Kind == plan.List && of.Collection == c.Name
		}
		if c == nil || len(c.Identity) != 1 || !slices.ContainsFunc(a.answered(), listed) {
			continue
		}
		if refusal := l.Refusal("404"); refusal != nil && refusal.Status != "default" {
			a.open = "every operation that could tell documents its 404"
			continue
		}
		asked := call.Call{Path: strings.Replace(l.Path, "{"+l.Parameters[i].Name+"}", items.Nobody(c), 1)}
		if slices.ContainsFunc(a.Parameters(o), func(p *call.Parameter) bool { return p.Required && p.In != call.PathPlace }) {
			continue
		}
		if got, text := a.send(ctx, o, asked); got.Denied() {
			a.open = "the key may not read what could tell"
		} else {
			a.saw(map[int]string{http.StatusNotFound: "not_found", http.StatusUnprocessableEntity: "invalid"}[got.Status], text)
		}
	}
}

// inUse deletes an item that another names.
func (a *asker) inUse(ctx context.Context) {
	for _, l := range a.Plan.Lines {
		refusal := l.Refusal("409")
		if l.Kind != plan.Delete || refusal == nil || refusal.Status == "default" || len(a.seen) > 0 {
			continue
		}
		if a.open = "an item that another names has to be made and deleted: allow it with writes"; !a.Target.Writes {
			continue
		}
		a.open = "no item could be made that another names"
		for _, user := range a.Plan.Lines {
			if user.Kind == plan.Create && user.Write != nil && user.Collection != l.Collection && len(a.seen) == 0 {
				session.Try(func() { a.inUseBy(ctx, l, user) })
			}
		}
	}
}

// inUseBy has user make an item that names one of the collection of del, and deletes this.
func (a *asker) inUseBy(ctx context.Context, del, user *plan.Line) {
	i := slices.IndexFunc(user.Write.Links, func(l plan.Link) bool {
		return l.Collection == del.Collection && !l.Embedded && !strings.Contains(l.Property, "*")
	})
	c := a.Plan.Collection(del.Collection)
	if i < 0 || c == nil || len(c.Identity) != 1 || items.May(a.Session, user) != "" {
		return
	}
	used := a.maker.Make(ctx, a.Session, c, nil)
	place := a.maker.Settle(ctx, a.Session, user, false, nil)
	body := a.maker.Body(ctx, a.Session, user, false)
	var name any = used.Names[c.Identity[0].Property]
	link := user.Write.Links[i]
	if link.Many {
		name = []any{name}
	}
	body.Value = call.Set(body.Value, spec.Join(user.Write.Data)+link.Property, name, false)
	if !a.TakesBody(place.Op, body.Media, body.Value) {
		return
	}
	if made := a.Send(ctx, place.Op, place.Call(&body)); len(a.maker.Adopt(a.Session, place, made, body.Value)) == 0 {
		return
	}
	got := a.maker.Delete(ctx, a.Session, del, used)
	text := fmt.Sprintf("%s %s answered %d to an item that one of %s names", del.Method, del.Path, got.Status, user.Collection)
	is := ""
	switch {
	case got.Status == http.StatusConflict:
		is = "refuse"
	case got.Success():
		a.maker.Forget(used)
		is = "cascade"
	}
	a.saw(is, text)
}
