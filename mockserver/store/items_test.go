package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/mockserver/store"
)

// Pages of any size, in both orders and directions, are the windows of one list.
func TestPagesAreWindowsOfOneList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := store.NewItems()
		n := rapid.IntRange(0, 30).Draw(t, "items")
		var list []string
		for i := range n {
			_, err := s.Add("c", "in", strconv.Itoa(i), map[string]any{"even": i%2 == 0}, nil)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, strconv.Itoa(i))
		}
		for i := range n {
			if id := strconv.Itoa(i); rapid.IntRange(0, 4).Draw(t, "deleted") == 0 {
				s.Delete("c", s.Get("c", "in", id))
				list = slices.DeleteFunc(list, func(other string) bool { return other == id })
			}
		}
		q := store.Query{Ascending: rapid.Bool().Draw(t, "ascending"), Limit: rapid.IntRange(1, 7).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "filtered") {
			q.Keep = func(i *store.Item) bool { return i.Value["even"] == true }
			list = slices.DeleteFunc(list, func(id string) bool { n, _ := strconv.Atoi(id); return n%2 == 1 })
		}
		if !q.Ascending {
			slices.Reverse(list)
		}
		want, more := window(list, 0, q.Limit)
		switch how := rapid.SampledFrom([]string{"first", "after", "before", "page", "offset"}).Draw(t, "how"); {
		case how == "page":
			q.Page = rapid.IntRange(1, 9).Draw(t, "page")
			want, more = window(list, (q.Page-1)*q.Limit, q.Limit)
		case how == "offset":
			q.Offset = rapid.IntRange(0, 40).Draw(t, "offset")
			want, more = window(list, q.Offset, q.Limit)
		case how == "after" && len(list) > 0:
			i := rapid.IntRange(0, len(list)-1).Draw(t, "cursor")
			q.After = list[i]
			want, more = window(list, i+1, q.Limit)
		case how == "before" && len(list) > 0:
			i := rapid.IntRange(0, len(list)-1).Draw(t, "cursor")
			q.Before = list[i]
			begin := max(i-q.Limit, 0)
			want, more = list[begin:i], begin > 0
		}
		page, err := s.Page("c", "in", q)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(page.Items); !slices.Equal(got, want) || page.More != more || page.Total != len(list) {
			t.Fatalf("got %v, more %v, of %d; want %v, more %v, of %d", got, page.More, page.Total, want, more, len(list))
		}
	})
}

func window(list []string, begin, limit int) ([]string, bool) {
	begin = min(begin, len(list))
	end := min(begin+limit, len(list))
	return list[begin:end], end < len(list)
}

func ids(items []*store.Item) []string {
	all := []string{}
	for _, i := range items {
		all = append(all, i.ID)
	}
	return all
}

func TestCursorsOfDeletedItems(t *testing.T) {
	t.Parallel()
	s := store.NewItems()
	for i := range 5 {
		if _, err := s.Add("c", "", strconv.Itoa(i), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.Delete("c", s.Get("c", "", "2"))
	for _, tc := range []struct {
		why  string
		q    store.Query
		want []string // nil: an unknown cursor
	}{
		{"it is unknown", store.Query{After: "2", Ascending: true}, nil},
		{"it stands where its item stood", store.Query{After: "2", Ascending: true, Resume: true}, []string{"3", "4"}},
		{"before it, in the other order", store.Query{Before: "2", Resume: true}, []string{"4", "3"}},
		{"what never was there is unknown all the same", store.Query{After: "9", Resume: true}, nil},
	} {
		page, err := s.Page("c", "", tc.q)
		if unknown := errors.Is(err, store.ErrUnknownCursor); unknown != (tc.want == nil) || !unknown && !slices.Equal(ids(page.Items), tc.want) {
			t.Errorf("%s: got %v, %v", tc.why, ids(page.Items), err)
		}
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s := store.NewItems()
	for _, in := range []string{store.Scope("a", "x"), store.Scope("a", "y"), store.Scope("b", "x")} {
		for i := range 2 {
			if _, err := s.Add("c", in, fmt.Sprint(in, i), nil, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := s.Add("c", store.Scope("b", "x"), fmt.Sprint(store.Scope("b", "x"), 0), nil, nil); !errors.Is(err, store.ErrTaken) {
		t.Errorf("an id twice in one scope: %v", err)
	}
	s.Drop("c", func(scope string) bool { return store.Within(scope, 0, "a") })
	if got := s.Scopes("c"); !slices.Equal(got, []string{store.Scope("b", "x")}) || s.Find("c", fmt.Sprint(store.Scope("a", "x"), 0)) != nil {
		t.Errorf("after dropping what is below a: %q", got)
	}
}

// A snapshot is the whole store, also after it has been text.
func TestSnapshotIsTheWholeStore(t *testing.T) {
	t.Parallel()
	s := store.NewItems()
	s.Open("empty", "")
	first, err := s.Add("c", "", "1", map[string]any{"n": json.Number("12345678901234567890")}, map[string]map[string]any{"/s": {"n": nil}})
	if err != nil {
		t.Fatal(err)
	}
	s.Set("c", first, map[string]any{"n": json.Number("2")}, nil)
	text, err := json.Marshal(s.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var shot store.ItemsSnapshot
	if err := json.Unmarshal(text, &shot); err != nil {
		t.Fatal(err)
	}
	again, err := store.From(shot)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Snapshot(), s.Snapshot()) || !again.Has("empty", "") || again.Made("c") != 1 {
		t.Errorf("got %v, want %v", again.Snapshot(), s.Snapshot())
	}
	shot.Collections["c"].Scopes[""][0].Number = 99
	if _, err := store.From(shot); err == nil {
		t.Error("a number beyond the last is taken")
	}
}

// An id may be in several scopes: what goes from one is still found in another.
func TestAnIDOfSeveralScopes(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(s *store.Items, i *store.Item){
		"deleted":        func(s *store.Items, i *store.Item) { s.Delete("c", i) },
		"dropped":        func(s *store.Items, i *store.Item) { s.Drop("c", func(in string) bool { return in == i.Scope }) },
		"an earlier one": func(s *store.Items, _ *store.Item) { s.Delete("c", s.Get("c", "x", "1")) },
	} {
		s := store.NewItems()
		var last *store.Item
		for _, in := range []string{"x", "y", "z"} {
			i, err := s.Add("c", in, "1", map[string]any{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			last = i
		}
		remove(s, last)
		want := "y"
		if name == "an earlier one" {
			want = "z"
		}
		if found := s.Find("c", "1"); found == nil || found.Scope != want {
			t.Errorf("%s: found %v, want the item of %s", name, found, want)
		}
	}
}
