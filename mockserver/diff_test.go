package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// brief is a diff in words: what, where, which pointers.
func brief(d server.Diff) []string {
	lines := []string{}
	lists := d.Collections
	for _, other := range []*server.Changes{d.Members, d.Faults} {
		if other != nil {
			lists = append(lists, *other)
		}
	}
	for _, c := range lists {
		for _, change := range c.Changes {
			line := change.Change + " " + c.Name
			for _, f := range change.Differences {
				if f.Pointer != "" {
					line += fmt.Sprintf(" %s %v>%v", f.Pointer, shown(f.Before), shown(f.After))
				}
			}
			lines = append(lines, line)
		}
	}
	if d.Clock != nil {
		lines = append(lines, fmt.Sprintf("clock %s", d.Clock.After.Now.Sub(d.Clock.Before.Now)))
	}
	if d.LeftOff > 0 {
		lines = append(lines, fmt.Sprintf("and %d", d.LeftOff))
	}
	return lines
}

func shown(v *any) any {
	if v == nil {
		return "nothing"
	}
	return *v
}

func TestDiff(t *testing.T) {
	t.Parallel()
	whole := mockserver.WithDocument(parsed(t, string(spectest.Document(30))))
	type world struct {
		*mockserver.Project
		srv *mockserver.Server
	}
	read := func(t *testing.T, w world) {
		if a := call(t, http.MethodGet, w.srv.URL()+"/v1/vessel/", as(mockserver.UnrestrictedKey)); a.status != http.StatusOK {
			t.Fatalf("the list answers %d", a.status)
		}
	}
	first := func(t *testing.T, w world) string {
		items, _, err := w.Collection("vessel").List(engineSearch(1))
		try(t, err)
		return items[0].ID
	}
	rename := func(t *testing.T, w world, name string) {
		_, err := w.Collection("vessel").Update(first(t, w), map[string]any{"name": name})
		try(t, err)
	}
	for _, tc := range []struct {
		why           string
		before, after func(t *testing.T, w world) // around the snapshot
		since         []string                    // the snapshot
		start         []string                    // nil: as since the snapshot
	}{
		{why: "nothing was touched"},
		{
			why: "reading makes items, and changes nothing", after: read,
		},
		{
			why: "items that were made by reading before the snapshot are none of it", before: read, after: read,
		},
		{
			why: "a property that was changed of an item that nobody had looked at", after: func(t *testing.T, w world) { rename(t, w, "Ada") },
			since: []string{"changed vessel /name OLD>Ada"},
		},
		{
			why: "changed before the snapshot", before: func(t *testing.T, w world) { rename(t, w, "Ada") },
			since: []string{}, start: []string{"changed vessel /name OLD>Ada"},
		},
		{
			why: "changed and changed back", after: func(t *testing.T, w world) {
				item, err := w.Collection("vessel").Get(first(t, w))
				try(t, err)
				rename(t, w, "Ada")
				var old struct{ Name string }
				unmarshal(t, item.Value, &old)
				rename(t, w, old.Name)
			},
		},
		{
			why: "made", after: func(t *testing.T, w world) {
				_, err := w.Collection("vessel").Create(map[string]any{"name": "Ada"})
				try(t, err)
			},
			since: []string{"added vessel"},
		},
		{
			why: "made and removed", after: func(t *testing.T, w world) {
				item, err := w.Collection("vessel").Create(map[string]any{"name": "Ada"})
				try(t, err)
				try(t, w.Collection("vessel").Delete(item.ID))
			},
		},
		{
			why: "removed", after: func(t *testing.T, w world) { try(t, w.Collection("vessel").Delete(first(t, w))) },
			since: []string{"removed vessel"},
		},
		{
			why: "keys are a collection, and those that nobody looked at are not made", after: func(t *testing.T, w world) {
				keys, err := w.Keys("")
				try(t, err)
				try(t, w.DeleteKey(keys[0].ID))
				_, _, err = w.CreateKey(mockserver.KeySpec{Name: "New"})
				try(t, err)
			},
			since: []string{"removed api_key", "added api_key"},
		},
		{
			why: "members, faults and the clock", after: func(t *testing.T, w world) {
				_, err := w.AddMember("Ada", store.PlainMember)
				try(t, err)
				_, err = w.Inject(fault.Spec{Status: 503, Probability: new(0.5)})
				try(t, err)
				try(t, w.Advance(time.Hour))
			},
			since: []string{"added members", "added faults", "clock 1h0m0s"},
		},
		{
			why: "a reset goes back to the start, and not to the snapshot", before: func(t *testing.T, w world) { rename(t, w, "Ada") },
			after: func(t *testing.T, w world) { try(t, w.Reset()) },
			since: []string{"changed vessel /name Ada>OLD"}, start: []string{},
		},
		{
			why: "restoring another state is a change like any other", after: func(t *testing.T, w world) {
				shot, err := w.Snapshot()
				try(t, err)
				rename(t, w, "Ada")
				other, err := w.Snapshot()
				try(t, err)
				try(t, w.Restore(shot))
				try(t, w.Restore(other))
			},
			since: []string{"changed vessel /name OLD>Ada"},
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t, whole, mockserver.WithItems(3))
			p, err := srv.Project("demo")
			try(t, err)
			w := world{p, srv}
			old := oldName(t, whole)
			if tc.before != nil {
				tc.before(t, w)
			}
			shot, err := p.Snapshot()
			try(t, err)
			if tc.after != nil {
				tc.after(t, w)
			}
			if tc.start == nil {
				tc.start = tc.since
			}
			for since, want := range map[string][]string{shot.ID: tc.since, server.Start: tc.start} {
				d, err := p.Diff(since, 0)
				try(t, err)
				if got, want := strings.Join(brief(d), "\n"), strings.ReplaceAll(strings.Join(want, "\n"), "OLD", old); got != want {
					t.Errorf("since %s:\n%s\nwant:\n%s", since, got, want)
				}
				over, err := controlOf(t, srv).GetDiffWithResponse(t.Context(), "demo", &control.GetDiffParams{Since: &since})
				ok(t, over, err)
				if !reflect.DeepEqual(brief(*over.JSON200), brief(d)) {
					t.Errorf("over HTTP %s, in Go %v", over.Body, brief(d))
				}
			}
		})
	}
}

func TestDiffIsBounded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	p, err := srv.Project("demo")
	try(t, err)
	for range 5 {
		_, _, err := p.CreateKey(mockserver.KeySpec{Name: "New"})
		try(t, err)
	}
	limit := 2
	got, err := controlOf(t, srv).GetDiffWithResponse(t.Context(), "demo", &control.GetDiffParams{Limit: &limit})
	ok(t, got, err)
	if d := *got.JSON200; d.LeftOff != 3 || len(d.Collections[0].Changes) != 2 || d.Collections[0].Added != 5 {
		t.Errorf("of 5 changes 2 were to be shown and all counted: %s", got.Body)
	}
	if strings.Contains(string(got.Body), "digest") {
		t.Errorf("what is never shown of a key is: %s", got.Body)
	}
	other, err := srv.CreateProject("other", 1)
	try(t, err)
	foreign, err := other.Snapshot()
	try(t, err)
	for _, since := range []string{foreign.ID, "", uuid.NewString()} {
		if _, err := p.Diff(since, 0); !errors.Is(err, server.ErrNoSnapshot) {
			t.Errorf("since %q gives %v", since, err)
		}
	}
	unknown := "snapshot"
	refused, err := controlOf(t, srv).GetDiffWithResponse(t.Context(), "demo", &control.GetDiffParams{Since: &unknown})
	try(t, err)
	if refused.StatusCode() != http.StatusNotFound || !strings.Contains(string(refused.Body), "take one") {
		t.Errorf("an unknown snapshot is answered %d %s", refused.StatusCode(), refused.Body)
	}
	shot, err := p.Snapshot()
	try(t, err)
	for range 16 {
		try(t, p.Advance(time.Second))
		_, err := p.Snapshot()
		try(t, err)
	}
	if _, err := p.Diff(shot.ID, 0); !errors.Is(err, server.ErrNoSnapshot) {
		t.Errorf("the 17th newest snapshot is remembered: %v", err)
	}
}

// A clock that runs is no change by itself.
func TestDiffOfARunningClock(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithFrozenClock(time.Time{}))
	p, err := srv.Project("demo")
	try(t, err)
	shot, err := p.Snapshot()
	try(t, err)
	try(t, p.Freeze())
	try(t, p.Run())
	try(t, p.SetClock(shot.Clock.Now.Add(-time.Hour)))
	moved, err := p.Diff(shot.ID, 0)
	try(t, err)
	fresh, err := p.Snapshot()
	try(t, err)
	still, err := p.Diff(fresh.ID, 0)
	try(t, err)
	if moved.Clock == nil || still.Clock != nil {
		t.Errorf("moved: %v; running on: %v", moved.Clock, still.Clock)
	}
}

// No secret is in a diff, wherever in an item it stands.
func TestDiffShowsNoSecret(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"Hooks","version":"1"},"paths":{
		"/hooks":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Hook"}}}}}}}},
		"/hooks/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Hook"}}}}}}}},
		"components":{"schemas":{"Hook":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"access_token":{"type":"string"},"auth":{"type":"object","properties":{"password":{"type":"string"}}}}}}}}`)))
	p, err := srv.Project("demo")
	try(t, err)
	name := p.Collections()[0].Name
	made, err := p.Collection(name).Create(map[string]any{"access_token": "first-of-secrets-1111", "auth": map[string]any{"password": "second-of-secrets-2222"}})
	try(t, err)
	shot, err := p.Snapshot()
	try(t, err)
	_, err = p.Collection(name).Update(made.ID, map[string]any{"access_token": "third-of-secrets-3333", "auth": map[string]any{"password": "fourth-of-secrets-4444"}})
	try(t, err)
	for _, since := range []string{server.Start, shot.ID} {
		d, err := p.Diff(since, 0)
		try(t, err)
		if text := asJSON(t, d); strings.Contains(text, "of-secrets") || !strings.Contains(text, "…4444") {
			t.Errorf("since %s: %s", since, text)
		}
	}
}

func oldName(t *testing.T, opts ...mockserver.Option) string {
	t.Helper()
	srv := mockserver.Start(t, append(opts, mockserver.WithItems(3))...)
	p, err := srv.Project("demo")
	try(t, err)
	items, _, err := p.Collection("vessel").List(engineSearch(1))
	try(t, err)
	var old struct{ Name string }
	unmarshal(t, items[0].Value, &old)
	return old.Name
}

func engineSearch(limit int) engine.Search { return engine.Search{Limit: limit} }

func unmarshal(t *testing.T, text []byte, to any) {
	t.Helper()
	try(t, json.Unmarshal(text, to))
}

// Whatever is made up when an operation reads is no change.
func TestReadingIsNoDiff(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		p, err := c.srv.Project("demo")
		try(t, err)
		read := 0
		for _, l := range c.plan.Lines {
			if path, ok := c.paths(l); ok && l.Method == http.MethodGet {
				if c.send(l, path, nil, nil).status == http.StatusOK {
					read++
				}
			}
		}
		d, err := p.Diff(server.Start, 0)
		try(t, err)
		made := 0 // for a path that needs an item which is not there
		for _, x := range p.Requests(journal.Filter{}) {
			if x.Request.Method == http.MethodPost {
				made++
			}
		}
		if lines := brief(d); read == 0 || len(lines) != made {
			t.Errorf("after %d reads, and %d items made: %v", read, made, lines)
		}
	})
}
