package sequences

import (
	"context"
	"maps"
	"slices"
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
func (t *story) whole(ctx context.Context, place *items.Place, query string) ([]map[string]any, *session.Answer, bool) {
	l := place.Line
	paging, c := l.List.Paging, t.Plan.Collection(l.Collection)
	var all []map[string]any
	var a *session.Answer
	next := ""
	for page := range maxPages {
		one := place.Call(nil)
		one.Query = join(one.Query, query, next)
		if paging.Limit != "" && !strings.Contains(one.Query, paging.Limit+"=") {
			limit := pageOfItems
			if paging.Max != nil {
				limit = min(limit, *paging.Max)
			}
			one.Query = join(one.Query, call.Query(paging.Limit, strconv.Itoa(limit)))
		}
		if a = t.Send(ctx, place.Op, one); !a.Ok() {
			return nil, a, false
		}
		shown := items.Shown(l, a)
		all = append(all, shown...)
		body := items.Decode(a.Body)
		more := member(l, body, plan.HasMore)
		if len(shown) == 0 || more == false {
			return all, a, true
		}
		if len(l.List.Members) == 0 && paging.After == "" && paging.Page == "" && paging.Offset == "" {
			return all, a, t.most(l) != len(shown) // of a full one the rest is not shown
		}
		last := ""
		if len(c.Identity) > 0 {
			last = call.Text(shown[len(shown)-1][c.Identity[0].Property])
		}
		if paging.Opaque {
			last = call.Text(member(l, body, plan.NextCursor))
		}
		asked := next
		switch {
		case paging.After != "" && last != "":
			next = call.Query(paging.After, last)
		case paging.After != "" && paging.Opaque:
			return all, a, true
		case paging.Page != "":
			next = call.Query(paging.Page, strconv.Itoa(paging.FirstPage+page+1))
		case paging.Offset != "":
			next = call.Query(paging.Offset, strconv.Itoa(len(all)))
		default:
			return all, a, more == nil
		}
		if next == asked {
			break // it would go on and on
		}
	}
	return all, a, false
}

// most is how many items the array of an answer may have; negative: any number.
func (t *story) most(l *plan.Line) int {
	array := t.Spec.Schema(l.Answer.Schema)
	for _, name := range spec.Tokens(l.Answer.Data) {
		if array != nil {
			array = array.Property(name)
		}
	}
	if array == nil {
		return -1
	}
	return array.MaxItems
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "&")
}

// member is what the envelope of a list says; nil when it does not.
func member(l *plan.Line, body any, role plan.Role) any {
	m := l.List.Member(role)
	if m == nil {
		return nil
	}
	v, _ := call.At(body, m.Pointer)
	return v
}

// search looks for an item in a list below those given; false: not to its end.
func (t *story) search(ctx context.Context, l *plan.Line, above map[string]*items.Item, one *items.Item) (map[string]any, *session.Answer, bool) {
	all, a, whole := t.whole(ctx, t.settle(ctx, l, above), "")
	if i := slices.IndexFunc(all, func(shown map[string]any) bool { return items.Is(one.Of, shown, one) }); i >= 0 {
		return all[i], a, whole
	}
	return nil, a, whole
}

// inList looks for an item in its own list.
func (t *story) inList(ctx context.Context, one *items.Item) (map[string]any, *session.Answer, bool) {
	l := items.Find(t.Session, one.Of, plan.List)
	if l == nil {
		session.Cannot("no operation shows the items of " + one.Of.Name)
	}
	return t.search(ctx, l, one.Above, one)
}

// listed makes an item and looks for it in its list.
func (t *story) listed(ctx context.Context) {
	one := t.make(ctx, false)
	shown, a, whole := t.inList(ctx, one)
	if shown == nil && !whole {
		session.Cannot("its list is too long, or was not answered, so that the item could not be looked for")
	}
	t.Expect(shown != nil, "created", a, "an item of %s was created, and its list does not show it", one.Of.Name)
}

// scoped makes an item below one of two parents, and looks for it below both.
func (t *story) scoped(ctx context.Context) {
	parent := t.Plan.Collection(t.of.Parents[len(t.of.Parents)-1].Collection)
	if parent == nil {
		session.Cannot("nothing is known of what its items lie below")
	}
	first := t.fresh(ctx, parent, nil)
	second := t.fresh(ctx, parent, first.Above)
	below := func(one *items.Item) map[string]*items.Item {
		above := maps.Clone(one.Above)
		above[parent.Name] = one
		return above
	}
	var child *items.Item
	if session.Try(func() { child = t.fresh(ctx, t.of, below(first)) }) != "" { // it may be of a kind that takes none
		first, second = second, first
		child = t.fresh(ctx, t.of, below(first))
	}
	for _, over := range []*items.Item{first, second} {
		found, a, whole := t.search(ctx, t.line, below(over), child)
		switch {
		case !a.Ok():
		case over == first && found == nil && whole:
			t.Fail("own parent", a, "an item of %s was created below one of %s, whose list does not show it", t.of.Name, parent.Name)
		case over == second && found != nil:
			t.Fail("other parent", a, "an item of %s that was created below one of %s is shown below another", t.of.Name, parent.Name)
		case whole:
			t.Pass()
		}
	}
	l := t.find(plan.Read)
	if l == nil || !strings.Contains(l.Path, "}/") {
		return
	}
	stranger := *child
	stranger.Above = below(second)
	place := t.maker.At(ctx, t.Session, l, &stranger)
	if place.Items[parent.Name] == second {
		t.Refuses("read below another parent", t.send(ctx, place, nil, ""), "an item of %s can be read below a parent that is not its own", t.of.Name)
	}
}
