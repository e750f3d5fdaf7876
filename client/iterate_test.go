package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// walkCase is one way to walk a project, and what must be seen.
type walkCase struct {
	project *project
	opts    []client.ListOption
	size    int
	want    []gen.APIKey // in the order visited
	back    bool
}

func drawWalk(t *rapid.T) walkCase {
	n := rapid.IntRange(0, 40).Draw(t, "keys")
	w := walkCase{project: newProject(n), size: 50}
	list := slices.Clone(w.project.keys)
	switch order := rapid.SampledFrom([]string{"", "asc", "desc"}).Draw(t, "order"); order {
	case "":
		slices.Reverse(list)
	case "desc":
		slices.Reverse(list)
		w.opts = append(w.opts, client.Order(gen.ListAPIKeysParamsOrderDesc))
	case "asc":
		w.opts = append(w.opts, client.Order(gen.ListAPIKeysParamsOrderAsc))
	}
	if size := rapid.IntRange(0, 12).Draw(t, "size"); size > 0 {
		w.size = size
		w.opts = append(w.opts, client.PageSize(size))
	}
	starts := []string{"start", "end"}
	if n > 0 {
		starts = append(starts, "after", "before")
	}
	switch start := rapid.SampledFrom(starts).Draw(t, "start"); start {
	case "start":
		w.want = list
	case "end":
		w.opts, w.want, w.back = append(w.opts, client.FromEnd()), list, true
	case "after":
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		w.opts, w.want = append(w.opts, client.After(list[at].ID)), list[at+1:]
	case "before":
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		w.opts, w.want, w.back = append(w.opts, client.Before(list[at].ID)), list[:at], true
	}
	if w.back {
		w.want = slices.Clone(w.want)
		slices.Reverse(w.want)
	}
	return w
}

func names(keys []gen.APIKey) []string {
	out := []string{}
	for _, key := range keys {
		out = append(out, key.Name)
	}
	return out
}

func TestEveryKeyIsVisitedOnceInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWalk(t)
		c := dial(t, "https://diga.test", inProcess(w.project.ServeHTTP))

		keys := c.APIKeys(context.Background(), w.opts...)
		requests := max(1, (len(w.want)+w.size-1)/w.size)
		for range 2 { // a second time from the start
			w.project.requests = nil
			var got []gen.APIKey
			for key, err := range keys {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, key)
			}
			if diff := cmp.Diff(names(w.want), names(got)); diff != "" {
				t.Fatalf("keys (-want +got):\n%s", diff)
			}
			if len(w.project.requests) != requests {
				t.Fatalf("%d requests, want %d: %q", len(w.project.requests), requests, w.project.requests)
			}
		}

		var pages, want [][]string
		for page, err := range c.APIKeyPages(context.Background(), w.opts...) {
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, names(page.Data))
			if len(page.Data) > 0 {
				first, last := page.Data[0].ID, page.Data[len(page.Data)-1].ID
				if id, err := page.FirstID.Get(); err != nil || id != first {
					t.Fatalf("first_id %v, %v; want %v", id, err, first)
				}
				if id, err := page.LastID.Get(); err != nil || id != last {
					t.Fatalf("last_id %v, %v; want %v", id, err, last)
				}
			}
		}
		for chunk := range slices.Chunk(names(w.want), w.size) {
			if w.back { // inside a page the order is the list's
				slices.Reverse(chunk)
			}
			want = append(want, chunk)
		}
		if want == nil {
			want = [][]string{{}}
		}
		if diff := cmp.Diff(want, pages); diff != "" {
			t.Fatalf("pages (-want +got):\n%s", diff)
		}

		// Leaving the loop sends no further request.
		if len(w.want) > 0 {
			stop := rapid.IntRange(1, len(w.want)).Draw(t, "stop")
			w.project.requests = nil
			seen := 0
			for _, err := range keys {
				if err != nil {
					t.Fatal(err)
				}
				if seen++; seen == stop {
					break
				}
			}
			if want := (stop + w.size - 1) / w.size; len(w.project.requests) != want {
				t.Fatalf("stopped after key %d with %d requests, want %d", stop, len(w.project.requests), want)
			}
		}
	})
}

func TestRequestsOfAWalk(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		opts []client.ListOption
		want []string
	}{
		{"nothing said", nil, []string{""}},
		{"forward", []client.ListOption{client.PageSize(2)}, []string{"limit=2", "after=" + keyID(1).String() + "&limit=2"}},
		{"backward", []client.ListOption{client.Before(keyID(0)), client.PageSize(1)},
			[]string{"before=" + keyID(0).String() + "&limit=1", "before=" + keyID(1).String() + "&limit=1"}},
		{"from the end", []client.ListOption{client.FromEnd()}, []string{"order=asc"}},
		{"from the end of asc", []client.ListOption{client.FromEnd(), client.Order("asc")}, []string{"order=desc"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newProject(3)
			c := dial(t, "https://diga.test", inProcess(p.ServeHTTP))
			for _, err := range c.APIKeyPages(t.Context(), test.opts...) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, p.requests); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOptionsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		opts       []client.ListOption
	}{
		{"size zero", "PageSize: 0", []client.ListOption{client.PageSize(0)}},
		{"size 1001", "PageSize: 1001", []client.ListOption{client.PageSize(1001)}},
		{"order", "Order", []client.ListOption{client.Order("newest")}},
		{"nil", "nil", []client.ListOption{nil}},
		{"two starts", "only one", []client.ListOption{client.After(keyID(1)), client.Before(keyID(2))}},
		{"start and end", "only one", []client.ListOption{client.After(keyID(1)), client.FromEnd()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newProject(3)
			c := dial(t, "https://diga.test", inProcess(p.ServeHTTP))
			var errs []error
			for _, err := range c.APIKeys(t.Context(), test.opts...) {
				errs = append(errs, err)
			}
			for _, err := range c.APIKeyPages(t.Context(), test.opts...) {
				errs = append(errs, err)
			}
			if len(errs) != 2 || len(p.requests) != 0 {
				t.Fatalf("%d requests, errors %v; want none and one from each iterator", len(p.requests), errs)
			}
			for _, err := range errs {
				if !errors.Is(err, client.ErrInvalidOption) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want an ErrInvalidOption with %q", err, test.want)
				}
			}
		})
	}
}

func TestAnErrorIsYieldedOnceAndEndsTheSequence(t *testing.T) {
	t.Parallel()
	p := newProject(5)
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("after") != "" {
			refuse(w, http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Missing required permissions")
			return
		}
		p.ServeHTTP(w, r)
	})
	var got []string
	for key, err := range c.APIKeys(t.Context(), client.PageSize(2)) {
		got = append(got, fmt.Sprintf("%s %v", key.Name, errors.Is(err, client.ErrForbidden)))
	}
	if diff := cmp.Diff([]string{"key 4 false", "key 3 false", " true"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheContextEndsAWalk(t *testing.T) {
	t.Parallel()
	p := newProject(5)
	c := dial(t, "https://diga.test", inProcess(p.ServeHTTP))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	seen := 0
	for _, err := range c.APIKeys(ctx, client.PageSize(2)) {
		seen++
		last = err
		cancel()
	}
	if seen != 3 || !errors.Is(last, context.Canceled) || len(p.requests) != 1 {
		t.Errorf("%d yields, %d requests, %v; want the first page's two keys and the context's error", seen, len(p.requests), last)
	}
}
