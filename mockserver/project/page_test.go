package project_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/mockserver/project"
)

func demo(t interface{ Fatal(...any) }, n int) *project.Project {
	p, err := project.NewStore(project.Config{}).AddDemo(n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func page(t interface{ Fatal(...any) }, p *project.Project, q project.PageQuery) project.Page {
	got, err := p.Page(q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func ids(keys []*project.Key) []uuid.UUID {
	out := make([]uuid.UUID, len(keys))
	for i, k := range keys {
		out[i] = k.ID
	}
	return out
}

var bothOrders = rapid.SampledFrom([]project.Order{project.NewestFirst, project.OldestFirst})

// Whatever the page, it is a slice of the one list of all keys.
func TestPageIsAWindowOfTheWholeList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "keys")
		limit := rapid.IntRange(1, 45).Draw(t, "limit")
		order := bothOrders.Draw(t, "order")
		p := demo(t, n)
		all := page(t, p, project.PageQuery{Order: order, Limit: n + 1}).Keys
		if len(all) != n {
			t.Fatalf("the whole list has %d keys, want %d", len(all), n)
		}

		check := func(what string, got project.Page, from, to int, more bool) {
			t.Helper()
			if diff := cmp.Diff(ids(all[from:to]), ids(got.Keys)); diff != "" {
				t.Fatalf("%s: keys (-want +got):\n%s", what, diff)
			}
			if got.More != more {
				t.Fatalf("%s: More is %t, want %t", what, got.More, more)
			}
			if want := (n + limit - 1) / limit; got.TotalPages != want {
				t.Fatalf("%s: TotalPages is %d, want %d", what, got.TotalPages, want)
			}
		}

		check("first", page(t, p, project.PageQuery{Order: order, Limit: limit}), 0, min(limit, n), n > limit)

		number := rapid.IntRange(1, n+2).Draw(t, "page")
		from := min((number-1)*limit, n)
		to := min(from+limit, n)
		check("page", page(t, p, project.PageQuery{Order: order, Limit: limit, Number: number}), from, to, to < n)

		if n == 0 {
			return
		}
		at := rapid.IntRange(0, n-1).Draw(t, "cursor")
		cursor := all[at].ID
		to = min(at+1+limit, n)
		check("after", page(t, p, project.PageQuery{Order: order, Limit: limit, After: &cursor}), at+1, to, to < n)
		from = max(at-limit, 0)
		check("before", page(t, p, project.PageQuery{Order: order, Limit: limit, Before: &cursor}), from, at, from > 0)
	})
}

func TestPageOrder(t *testing.T) {
	t.Parallel()
	p := demo(t, project.DemoKeys)
	asc := page(t, p, project.PageQuery{Order: project.OldestFirst, Limit: project.DemoKeys}).Keys
	if !slices.IsSortedFunc(asc, func(a, b *project.Key) int { return a.Created.Compare(b.Created) }) {
		t.Error("OldestFirst is not sorted by creation time")
	}
	desc := page(t, p, project.PageQuery{Order: project.NewestFirst, Limit: project.DemoKeys}).Keys
	slices.Reverse(desc)
	if diff := cmp.Diff(ids(asc), ids(desc)); diff != "" {
		t.Errorf("NewestFirst is not OldestFirst reversed (-want +got):\n%s", diff)
	}
}

func TestPageRefuses(t *testing.T) {
	t.Parallel()
	p := demo(t, 3)
	known := page(t, p, project.PageQuery{Limit: 1}).Keys[0].ID
	unknown := uuid.UUID{1}
	for _, tc := range []struct {
		name  string
		query project.PageQuery
		want  error
	}{
		{"both cursors", project.PageQuery{Limit: 1, After: &known, Before: &known}, project.ErrBothCursors},
		{"page and after", project.PageQuery{Limit: 1, Number: 1, After: &known}, project.ErrPageWithCursor},
		{"page and before", project.PageQuery{Limit: 1, Number: 1, Before: &known}, project.ErrPageWithCursor},
		{"unknown after", project.PageQuery{Limit: 1, After: &unknown}, project.ErrUnknownCursor},
		{"unknown before", project.PageQuery{Limit: 1, Before: &unknown}, project.ErrUnknownCursor},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := p.Page(tc.query); !errors.Is(err, tc.want) {
				t.Errorf("error is %v, want %v", err, tc.want)
			}
		})
	}
}

func TestPageFarPastTheEndIsEmpty(t *testing.T) {
	t.Parallel()
	got := page(t, demo(t, 3), project.PageQuery{Limit: 1000, Number: 1<<63 - 1})
	if len(got.Keys) != 0 || got.More || got.TotalPages != 1 {
		t.Errorf("got %d keys, more %t, %d pages; want none, false, 1", len(got.Keys), got.More, got.TotalPages)
	}
}

func BenchmarkPage(b *testing.B) {
	for _, size := range []struct {
		name string
		keys int
	}{{"1000", 1000}, {"1000000", 1_000_000}} {
		p := demo(b, size.keys)
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			middle := project.PageQuery{Limit: 50, Number: size.keys / 100}
			for b.Loop() {
				if _, err := p.Page(middle); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
