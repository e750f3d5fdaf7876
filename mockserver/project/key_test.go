package project_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// frozen is a clock that stands still.
func frozen() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8009, time.UTC) }

func TestCreateKey(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{Now: frozen})
	p, err := s.AddDemo(3)
	if err != nil {
		t.Fatal(err)
	}
	var before time.Time
	for i, permissions := range [][]gen.Permission{nil, {}, {"calls.view"}} {
		k, secret, err := p.CreateKey(project.KeySpec{Name: "New", Permissions: permissions})
		if err != nil {
			t.Fatal(err)
		}
		if owner, got, ok := s.Authenticate(secret); !ok || owner != p || got != k {
			t.Errorf("key %d: its secret does not open it", i)
		}
		if !strings.HasSuffix(secret, k.LastFour) || strings.Trim(k.LastFour, "0123456789") != "" || len(k.LastFour) != 4 {
			t.Errorf("key %d: last four digits %q are not the end of the secret", i, k.LastFour)
		}
		if k.Restricted != (permissions != nil) {
			t.Errorf("key %d: restricted is %t", i, k.Restricted)
		}
		if !k.Created.After(before) {
			t.Errorf("key %d: created at %s, not after %s, although the clock stands still", i, k.Created, before)
		}
		before = k.Created
		if newest := page(t, p, project.PageQuery{Limit: 1}).Keys[0]; newest != k {
			t.Errorf("key %d is not listed as the newest", i)
		}
	}
}

func TestCreateKeyRefuses(t *testing.T) {
	t.Parallel()
	p := demo(t, 0)
	for _, tc := range []struct {
		name string
		spec project.KeySpec
	}{
		{"no name", project.KeySpec{}},
		{"long name", project.KeySpec{Name: strings.Repeat("ñ", 256)}},
		{"not UTF-8", project.KeySpec{Name: "\xff"}},
		{"unknown permission", project.KeySpec{Name: "x", Permissions: []gen.Permission{"calls.listen"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := p.CreateKey(tc.spec); err == nil {
				t.Error("no error")
			}
		})
	}
	if _, _, err := p.CreateKey(project.KeySpec{Name: strings.Repeat("ñ", 255)}); err != nil {
		t.Errorf("a name of 255 characters: %v", err)
	}
}

func TestDeleteKey(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	p, err := s.AddDemo(5)
	if err != nil {
		t.Fatal(err)
	}
	all := page(t, p, project.PageQuery{Order: project.OldestFirst, Limit: 5}).Keys
	gone := all[1].ID // the read-only one
	if err := p.DeleteKey(gone); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.Authenticate(project.DemoReadOnly); ok {
		t.Error("the deleted key's secret still works")
	}
	if err := p.DeleteKey(gone); !errors.Is(err, project.ErrNoKey) {
		t.Errorf("deleting it again: %v, want ErrNoKey", err)
	}
	if _, err := p.Page(project.PageQuery{Limit: 1, After: &gone}); !errors.Is(err, project.ErrUnknownCursor) {
		t.Errorf("as a cursor: %v, want ErrUnknownCursor", err)
	}
	resumed := project.PageQuery{Order: project.OldestFirst, Limit: 2, Resume: true}
	resumed.After = &gone
	if diff := cmp.Diff(ids(all[2:4]), ids(page(t, p, resumed).Keys)); diff != "" {
		t.Errorf("resumed after it (-want +got):\n%s", diff)
	}
	resumed.After, resumed.Before = nil, &gone
	if diff := cmp.Diff(ids(all[:1]), ids(page(t, p, resumed).Keys)); diff != "" {
		t.Errorf("resumed before it (-want +got):\n%s", diff)
	}
}

func TestIDsAreTheSameWheneverTheSameIsDone(t *testing.T) {
	t.Parallel()
	play := func() (out []uuid.UUID) {
		p := demo(t, 3)
		for range 3 {
			k, _, err := p.CreateKey(project.KeySpec{Name: "x"})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, k.ID)
			if err := p.DeleteKey(k.ID); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	first := play()
	if diff := cmp.Diff(first, play()); diff != "" {
		t.Errorf("two runs (-first +second):\n%s", diff)
	}
	if first[0] == first[1] || first[1] == first[2] {
		t.Error("an id was used twice")
	}
}

// Readers walk while keys come and go: no page repeats a key or is out of order,
// and no walk misses a key that was there throughout.
func TestPagesHoldWhileKeysComeAndGo(t *testing.T) {
	t.Parallel()
	const readers, changes = 1000, 300
	p := demo(t, project.DemoKeys)
	stable := ids(page(t, p, project.PageQuery{Limit: project.DemoKeys}).Keys)
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		for i := range changes {
			k, _, err := p.CreateKey(project.KeySpec{Name: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				if err := p.DeleteKey(k.ID); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range readers {
		reading.Go(func() {
			seen := map[uuid.UUID]bool{}
			q := project.PageQuery{Limit: 7, Resume: true}
			for {
				got, err := p.Page(q)
				if err != nil {
					t.Error(err)
					return
				}
				for _, k := range got.Keys {
					if seen[k.ID] {
						t.Errorf("key %s came twice", k.ID)
					}
					seen[k.ID] = true
				}
				if !got.More {
					break
				}
				q.After = &got.Keys[len(got.Keys)-1].ID
			}
			for _, id := range stable {
				if !seen[id] {
					t.Errorf("key %s, there throughout, was missed", id)
				}
			}
		})
	}
	writing.Wait()
	reading.Wait()
}
