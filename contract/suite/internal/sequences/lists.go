package sequences

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

const (
	maxPages    = 30  // of a list that is looked through
	pageOfItems = 100 // asked for, if the list takes it
)

// whole walks through a list at a place, filtered by a query; false: not to its end.
func (t *story) whole(ctx context.Context, l *plan.Line, place *items.Place, query string) ([]map[string]any, *session.Answer, bool, error) {
	o := items.Operation(t.Session, l)
	paging, c := l.List.Paging, t.Plan.Collection(l.Collection)
	var all []map[string]any
	var a *session.Answer
	next := ""
	for page := range maxPages {
		one := call.Compose(o, place.Settings)
		one.Query = join(one.Query, query, next)
		if paging.Limit != "" && !strings.Contains(one.Query, paging.Limit+"=") {
			limit := pageOfItems
			if paging.Max != nil {
				limit = min(limit, *paging.Max)
			}
			one.Query = join(one.Query, call.Query(paging.Limit, strconv.Itoa(limit)))
		}
		var err error
		if a, err = t.Send(ctx, o, one); err != nil || !good(a) {
			return nil, a, false, err
		}
		shown := items.Shown(l, a)
		all = append(all, shown...)
		body := items.Decode(a.Body)
		if len(shown) == 0 || len(l.List.Members) == 0 && paging.After == "" && paging.Page == "" && paging.Offset == "" {
			array := t.Spec.Schema(l.Answer.Schema)
			for _, name := range spec.Tokens(l.Answer.Data) {
				array = array.Property(name)
			}
			return all, a, array == nil || array.MaxItems != len(shown) || len(shown) == 0, nil // of a full one the rest is not shown
		}
		if more := member(l, body, plan.HasMore); more == false {
			return all, a, true, nil
		}
		last := ""
		if len(c.Identity) > 0 {
			last = items.Text(shown[len(shown)-1][c.Identity[0].Property])
		}
		asked := next
		switch cursor := items.Text(member(l, body, plan.NextCursor)); {
		case paging.After != "" && paging.Opaque:
			if cursor == "" {
				return all, a, true, nil
			}
			next = call.Query(paging.After, cursor)
		case paging.After != "" && last != "":
			next = call.Query(paging.After, last)
		case paging.Page != "":
			next = call.Query(paging.Page, strconv.Itoa(paging.FirstPage+page+1))
		case paging.Offset != "":
			next = call.Query(paging.Offset, strconv.Itoa(len(all)))
		default:
			return all, a, member(l, body, plan.HasMore) == nil, nil
		}
		if next == asked {
			break // it would go on and on
		}
	}
	return all, a, false, nil
}

func join(parts ...string) string {
	var all []string
	for _, part := range parts {
		if part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, "&")
}

// member is what the envelope of a list says; nil when it does not.
func member(l *plan.Line, body any, role plan.Role) any {
	for _, m := range l.List.Members {
		if m.Role == role {
			v, _ := call.At(body, m.Pointer)
			return v
		}
	}
	return nil
}

// inList looks for an item in its list.
func (t *story) inList(ctx context.Context, one *items.Item) (map[string]any, *session.Answer, bool, error) {
	l := items.Find(t.Session, one.Of, plan.List)
	if l == nil {
		return nil, nil, false, cannot("no operation shows the items of " + one.Of.Name)
	}
	place, reason, err := t.maker.Settle(ctx, t.Session, l, false, one.Above)
	if err != nil {
		return nil, nil, false, err
	}
	if place == nil {
		return nil, nil, false, cannot(reason)
	}
	all, a, whole, err := t.whole(ctx, l, place, "")
	if err != nil {
		return nil, a, false, err
	}
	for _, shown := range all {
		if items.Is(one.Of, shown, one) {
			return shown, a, whole, nil
		}
	}
	return nil, a, whole, nil
}

// scoped makes an item below one of two parents, and looks for it below both.
func (t *story) scoped(ctx context.Context) error {
	parent := t.Plan.Collection(t.of.Parents[len(t.of.Parents)-1].Collection)
	if parent == nil {
		return cannot("nothing is known of what its items lie below")
	}
	first, err := t.fresh(ctx, parent, nil)
	if err != nil {
		return err
	}
	second, err := t.fresh(ctx, parent, first.Above)
	if err != nil {
		return err
	}
	below := func(one *items.Item) map[string]*items.Item {
		above := maps.Clone(one.Above)
		above[parent.Name] = one
		return above
	}
	child, err := t.fresh(ctx, t.of, below(first))
	if err != nil {
		return err
	}
	for _, over := range []*items.Item{first, second} {
		place, reason, err := t.maker.Settle(ctx, t.Session, t.line, false, below(over))
		if err != nil {
			return err
		}
		if place == nil {
			return cannot(reason)
		}
		all, a, whole, err := t.whole(ctx, t.line, place, "")
		if err != nil {
			return err
		}
		found := false
		for _, shown := range all {
			found = found || items.Is(t.of, shown, child)
		}
		switch {
		case a == nil || !a.Ok():
		case over == first && !found && whole:
			t.Fail("own parent", a, "an item of %s was created below one of %s, whose list does not show it", t.of.Name, parent.Name)
		case over == second && found:
			t.Fail("other parent", a, "an item of %s that was created below one of %s is shown below another", t.of.Name, parent.Name)
		case whole:
			t.Pass()
		}
	}
	return t.readBelow(ctx, child, second, below(second))
}

// readBelow reads an item below a parent that is not its own.
func (t *story) readBelow(ctx context.Context, child, other *items.Item, above map[string]*items.Item) error {
	l := items.Find(t.Session, t.of, plan.Read)
	if l == nil || !strings.Contains(l.Path, "}/") {
		return nil
	}
	stranger := *child
	stranger.Above = above
	place, err := t.at(ctx, l, &stranger)
	if err != nil || place.Items[other.Of.Name] != other {
		return err
	}
	o := items.Operation(t.Session, l)
	a, err := t.Send(ctx, o, call.Compose(o, place.Settings))
	switch {
	case err != nil:
		return err
	case a.Failed():
	case a.Status >= 200 && a.Status < 300:
		t.Fail("read below another parent", a, "an item of %s can be read below a parent that is not its own", t.of.Name)
	default:
		t.Pass()
	}
	return nil
}
