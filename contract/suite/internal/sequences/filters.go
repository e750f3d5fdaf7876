package sequences

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

const maxFilterValues = 40 // of one parameter

// filtered asks for a list by each filter, and compares what is shown with the list
// as a whole: every item shown has to fit, and every one that fits has to be shown.
func (t *story) filtered(ctx context.Context) {
	place := t.settle(ctx, t.line, nil)
	all, _, whole := t.whole(ctx, place, "")
	if !whole || len(all) == 0 {
		session.Cannot("the list is empty, or too long to compare it as a whole")
	}
	for _, f := range t.line.List.Filters {
		values := t.filterValues(f, all)
		if len(values) == 0 {
			t.Skip("no item shows what " + f.Parameter + " filters by")
		}
		for _, v := range values {
			t.filter(ctx, place, f, v, all)
		}
	}
}

// filterValues are values to filter by: all that the parameter's enum has, both of a
// boolean, else some that items show. Of a range it is what stands in the middle.
func (t *story) filterValues(f plan.Filter, all []map[string]any) (list []string) {
	add := func(text string) {
		if text != "" && !slices.Contains(list, text) && len(list) < maxFilterValues {
			list = append(list, text)
		}
	}
	if f.Match == plan.Named {
		return nil
	}
	for _, q := range t.Parameters(t.Op) {
		if q.Name != f.Parameter || q.In != call.QueryPlace {
			continue
		}
		for _, v := range t.Values(t.Op, q) {
			if q.Enumerates(v.Texts[0]) || q.Kind() == "boolean" && !f.Flag {
				add(v.Texts[0])
			}
		}
	}
	if f.Flag {
		add("true")
	}
	seen := []string{}
	for _, one := range all {
		for _, v := range shownAt(one, f.Properties) {
			if text := call.Text(v); text != "" && !slices.Contains(seen, text) {
				seen = append(seen, text)
			}
		}
	}
	slices.Sort(seen)
	switch {
	case len(list) > 0, len(seen) == 0:
	case f.Match == plan.From || f.Match == plan.To:
		add(seen[len(seen)/2])
	default:
		for _, n := range []int{0, len(seen) / 2, len(seen) - 1} {
			add(seen[n])
		}
	}
	return list
}

// shownAt is what an item shows at pointers with * for the items of arrays.
func shownAt(one map[string]any, at []string) (found []any) {
	for _, pointer := range at {
		for _, place := range items.Pointers(one, pointer) {
			v, _ := call.At(one, place)
			if list, is := v.([]any); is {
				found = append(found, list...)
			} else {
				found = append(found, v)
			}
		}
	}
	return found
}

// fit says whether an item belongs to what a filter asks for.
type fit int

const (
	open fit = iota // the document does not say
	out
	in
)

// fits compares an item with the value of a filter. At the ends of a range, and in
// a search for a part of a text, the document leaves open what belongs to it.
func fits(f plan.Filter, value string, one map[string]any) fit {
	shown := shownAt(one, f.Properties)
	if len(shown) == 0 {
		return open
	}
	verdict := out
	for _, v := range shown {
		text := call.Text(v)
		switch f.Match {
		case plan.From, plan.To:
			a, okA := spec.Date(text)
			b, okB := spec.Date(value)
			switch {
			case !okA || !okB || a.Equal(b):
				return open
			case a.After(b) == (f.Match == plan.From):
				return in
			}
		case plan.Contains:
			if text == value {
				return in
			}
			verdict = open
		case plan.Equal, plan.Has, plan.Named:
			if text == "" && v != nil {
				return open
			}
			if text == value || alike(value, text) {
				return in
			}
		}
	}
	return verdict
}

// filter asks by one value.
func (t *story) filter(ctx context.Context, place *items.Place, f plan.Filter, value string, all []map[string]any) {
	shown, a, whole := t.whole(ctx, place, call.Query(f.Parameter, value))
	switch {
	case a.Failed() || a.Status == http.StatusTooManyRequests:
		return
	case !a.Ok():
		t.Skip("a list filtered by " + f.Parameter + " is " + a.Outcome())
		return
	case !whole:
		t.Skip("a filtered list is too long to compare it")
		return
	}
	if slices.ContainsFunc(shown, func(one map[string]any) bool { return fits(f, value, one) == out }) {
		t.Fail(f.Parameter+": shows others", a, "%s=%s shows an item whose %s is something else", f.Parameter, short(value), where(f))
		return
	}
	i := slices.IndexFunc(all, func(one map[string]any) bool {
		return fits(f, value, one) == in && !slices.ContainsFunc(shown, func(other map[string]any) bool { return t.same(one, other) })
	})
	if i < 0 {
		t.Pass()
		return
	}
	again, _, _ := t.whole(ctx, place, "") // it may have gone meanwhile
	if slices.ContainsFunc(again, func(other map[string]any) bool { return t.same(all[i], other) && fits(f, value, other) == in }) {
		t.Fail(f.Parameter+": leaves out", a, "%s=%s does not show an item whose %s is that", f.Parameter, short(value), where(f))
	}
}

func where(f plan.Filter) string {
	return strings.TrimPrefix(strings.Join(f.Properties, " or "), "/")
}

func short(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}

// same tells whether two objects are one item.
func (t *story) same(a, b map[string]any) bool {
	if len(t.of.Identity) == 0 || t.of.Identity[0].Property == "" {
		return kept(nil, any(a), any(b))
	}
	for _, id := range t.of.Identity {
		if call.Text(a[id.Property]) != call.Text(b[id.Property]) {
			return false
		}
	}
	return true
}
