package calibration

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// pageWithCursor gives both, where each alone shows another page.
func (a *asker) pageWithCursor(ctx context.Context) error {
	for _, l := range a.lists {
		if a.done() || l.paging.Page == "" || l.paging.After == "" || l.paging.Opaque {
			continue
		}
		if a.open = "no list that has page and a cursor holds two items"; len(l.items) < 2 {
			continue
		}
		first, id := strconv.Itoa(l.paging.FirstPage), a.id(l, l.items[0])
		_, byPage, _, err := a.ask(ctx, l, l.paging.Page, first)
		if err != nil {
			return err
		}
		_, byCursor, _, err := a.ask(ctx, l, l.paging.After, id)
		if err != nil {
			return err
		}
		got, both, text, err := a.ask(ctx, l, l.paging.Page, first, l.paging.After, id)
		switch {
		case err != nil:
			return err
		case id == "" || same(byPage, byCursor):
			a.open = "page and cursor alone show the same page"
		case got.Refused():
			a.saw("reject", text)
		case got.Ok() && same(both, byPage):
			a.saw("page_wins", text+", those of page alone")
		case got.Ok() && same(both, byCursor):
			a.saw("cursor_wins", text+", those of the cursor alone")
		default:
			a.saw("", text)
		}
	}
	return nil
}

// pageFields looks at what a page that was not asked for by its number says of numbers.
func (a *asker) pageFields(ctx context.Context) error {
	for _, l := range a.lists {
		if a.done() || l.paging.Page == "" {
			continue
		}
		got, page, text, err := a.ask(ctx, l)
		if err != nil {
			return err
		}
		current, of, there := member(l, got, plan.CurrentPage)
		if !there || !of.Nullable {
			continue // it could not be otherwise
		}
		switch {
		case !got.Ok() || len(page) == 0:
			a.open = "no list with numbers of pages holds an item"
		case current == nil:
			a.saw("page_mode_only", text+" and no "+of.Pointer[1:])
		default:
			a.saw("always", fmt.Sprintf("%s and %s %v", text, of.Pointer[1:], current))
		}
	}
	return nil
}

// unknownCursor names an item that is not there.
func (a *asker) unknownCursor(ctx context.Context) error {
	for _, l := range a.lists {
		c := a.Plan.Collection(l.line.Collection)
		if a.done() || l.paging.After == "" || l.paging.Opaque || c == nil || len(c.Identity) != 1 {
			continue
		}
		got, page, text, err := a.ask(ctx, l, l.paging.After, items.Nobody(c))
		switch {
		case err != nil:
			return err
		case got.Refused():
			a.saw("reject", text)
		case got.Ok() && len(page) == 0:
			a.saw("empty", text)
		default:
			a.saw("", text)
		}
	}
	return nil
}

// deletedCursor names an item that was there.
func (a *asker) deletedCursor(ctx context.Context) error {
	for _, l := range a.lists {
		c := a.Plan.Collection(l.line.Collection)
		if len(a.seen) > 0 || l.paging.After == "" || l.paging.Opaque || c == nil || len(c.Identity) != 1 || len(c.Parents) > 0 {
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
		if err := a.deletedCursorOf(ctx, l, c); err != nil {
			return err
		}
	}
	return nil
}

func (a *asker) deletedCursorOf(ctx context.Context, l *list, c *plan.Collection) error {
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
		cursor := one.Names[c.Identity[0].Property]
		_, behind, _, err := a.ask(ctx, l, l.paging.After, cursor)
		if err != nil {
			return err
		}
		if len(behind) == 0 {
			continue
		}
		if err := a.maker.Remove(ctx, a.Session, one); err != nil || !one.Gone() {
			return err
		}
		got, page, text, err := a.ask(ctx, l, l.paging.After, cursor)
		text = "after its deletion " + text
		switch {
		case err != nil:
			return err
		case got.Refused() || got.Ok() && len(page) == 0:
			a.saw("as_unknown", text)
		case got.Ok() && same(page, behind):
			a.saw("resume", text+", those before its deletion")
		default:
			a.saw("", text)
		}
		return nil
	}
	return nil
}

// emptyList asks for a page of nothing, filtered so if need be.
func (a *asker) emptyList(ctx context.Context) error {
	for _, l := range a.lists {
		if a.done() || l.paging.Page == "" {
			continue
		}
		pages := []string{l.paging.Page, strconv.Itoa(l.paging.FirstPage)}
		asks := [][]string{}
		if len(l.items) == 0 {
			asks = append(asks, pages)
		}
		for _, f := range l.line.List.Filters {
			if f.Match == plan.Contains || f.Match == plan.Equal {
				asks = append(asks, append([]string{f.Parameter, "digakit-nobody-has-this"}, pages...))
			}
		}
		for _, pairs := range asks {
			got, page, text, err := a.ask(ctx, l, pairs...)
			if err != nil {
				return err
			}
			total, of, there := member(l, got, plan.TotalPages)
			if !there || total == nil || !got.Ok() || len(page) > 0 {
				continue
			}
			a.sawTotal(total, fmt.Sprintf("%s and %s %v", text, of.Pointer[1:], total))
			break
		}
	}
	if len(a.seen) == 0 {
		a.open = "no list with numbers of pages is empty, nor could be made so by a filter"
	}
	return nil
}

func (a *asker) sawTotal(total any, text string) {
	switch total {
	case json.Number("0"):
		a.saw("zero", text)
	case json.Number("1"):
		a.saw("one", text)
	default:
		a.saw("", text)
	}
}

// repeatedParameter gives a limit twice.
func (a *asker) repeatedParameter(ctx context.Context) error {
	for _, l := range a.lists {
		p := l.paging
		if a.done() || p.Limit == "" || p.Min != nil && *p.Min > 1 {
			continue
		}
		if a.open = "no list with a limit holds two items"; len(l.items) < 2 {
			continue
		}
		got, page, text, err := a.ask(ctx, l, p.Limit, "1", p.Limit, "2")
		switch {
		case err != nil:
			return err
		case got.Refused():
			a.saw("reject", text)
		case got.Ok() && len(page) == 1:
			a.saw("first", text)
		case got.Ok() && len(page) == 2:
			a.saw("last", text)
		default:
			a.saw("", text)
		}
	}
	return nil
}

// unrestrictedPermissions looks at keys that may do everything.
func (a *asker) unrestrictedPermissions(ctx context.Context) error {
	const pages = 10 // looked at
	for _, l := range a.lists {
		if schema := a.Spec.Schema(l.line.Answer.Item); schema == nil || schema.Property("restricted") == nil || schema.Property("permissions") == nil {
			continue
		}
		a.open = "no unrestricted key was listed"
		page, cursor := l.items, ""
		for range pages {
			for _, key := range page {
				if restricted, is := key["restricted"].(bool); len(a.seen) > 0 || !is || restricted {
					continue
				}
				what := http.MethodGet + " " + l.op.Path + " shows an unrestricted key with permissions "
				switch permissions, list := key["permissions"].([]any); {
				case key["permissions"] == nil:
					a.saw("null", what+"null")
				case list && len(permissions) == 0:
					a.saw("empty", what+"[]")
				default:
					a.saw("", what+"that are neither null nor empty")
				}
			}
			if len(a.seen) > 0 || len(page) == 0 {
				break
			}
			last := a.id(l, page[len(page)-1])
			if last == "" || last == cursor {
				break
			}
			cursor = last
			var err error
			if _, page, _, err = a.ask(ctx, l, l.paging.After, cursor); err != nil {
				return err
			}
		}
	}
	return nil
}
