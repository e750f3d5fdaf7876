package state_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/state"
)

// keys returns how many keys the file's only project has.
func keys(t *testing.T, path string) int {
	t.Helper()
	return len(load(t, path).Projects[0].Keys)
}

// advance lets the time of a synctest bubble pass and the keeper settle.
func advance(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestKeeperSavesBurstsTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	synctest.Test(t, func(t *testing.T) {
		s, p := demo(t, 1)
		k, err := state.Keep(t.Context(), s, path)
		try(t, err)
		if keys(t, path) != 1 {
			t.Error("Keep did not save")
		}
		before, err := os.Stat(path)
		try(t, err)
		for range 100 {
			create(t, p)
		}
		advance(199 * time.Millisecond)
		create(t, p)
		if now, err := os.Stat(path); err != nil || !os.SameFile(before, now) {
			t.Errorf("saved before the interval was over: %v", err)
		}
		advance(time.Millisecond)
		if got := keys(t, path); got != 102 {
			t.Errorf("after the interval the file has %d keys, want 102", got)
		}
		before, err = os.Stat(path)
		try(t, err)
		advance(time.Hour)
		if now, err := os.Stat(path); err != nil || !os.SameFile(before, now) {
			t.Errorf("saved again without a change: %v", err)
		}
		create(t, p)
		advance(200 * time.Millisecond)
		if got := keys(t, path); got != 103 {
			t.Errorf("after the next change the file has %d keys, want 103", got)
		}
		try(t, k.Close())
	})
	wantAlone(t, path)
}

func TestKeeperLosesNothing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		end       func(cancel func(), create func())
	}{
		{"close", "a server that ends by itself", func(_, create func()) { create() }},
		{"ctx", "a signal ends the context, then the server drains", func(cancel, create func()) { cancel(); create() }},
		{"drained", "requests change the store after the last save of ctx", func(cancel, create func()) {
			create()
			cancel()
			synctest.Wait()
			create()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.json")
			synctest.Test(t, func(t *testing.T) {
				s, p := demo(t, 1)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				k, err := state.Keep(ctx, s, path, state.WithInterval(time.Hour))
				try(t, err)
				tc.end(cancel, func() { create(t, p) })
				try(t, k.Close())
				if diff := cmp.Diff(s.Snapshot(), load(t, path).Projects, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-store +file):\n%s", tc.why, diff)
				}
				try(t, k.Close())
			})
		})
	}
}

func TestKeeperSavesAtTheEndOfItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	synctest.Test(t, func(t *testing.T) {
		s, p := demo(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := state.Keep(ctx, s, path, state.WithInterval(time.Hour))
		try(t, err)
		create(t, p)
		cancel()
		synctest.Wait()
		if got := keys(t, path); got != 2 {
			t.Errorf("the file has %d keys, want 2", got)
		}
	})
}

func TestKeeperReportsAFailureOnceAChangeAndTriesAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	synctest.Test(t, func(t *testing.T) {
		s, p := demo(t, 1)
		var failures []error
		k, err := state.Keep(t.Context(), s, path, state.OnError(func(err error) { failures = append(failures, err) }))
		try(t, err)
		try(t, os.Rename(path, path+".old"))
		try(t, os.Mkdir(path, 0o700)) // now nobody can save, not even root
		for want := 1; want <= 2; want++ {
			create(t, p)
			advance(time.Hour)
			if len(failures) != want {
				t.Fatalf("after %d changes that could not be saved: %v", want, failures)
			}
		}
		if !strings.Contains(failures[0].Error(), path) {
			t.Errorf("the failure does not name the file: %v", failures[0])
		}
		if err := k.Close(); err == nil {
			t.Error("Close: no error, although the file lacks changes")
		}
		try(t, os.Remove(path))
		try(t, k.Close())
		if got := keys(t, path); got != 3 {
			t.Errorf("at last the file has %d keys, want 3", got)
		}
		if len(failures) != 2 {
			t.Errorf("Close reported its failure twice: %v", failures)
		}
	})
}

func TestKeeperRecovers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	synctest.Test(t, func(t *testing.T) {
		s, p := demo(t, 1)
		k, err := state.Keep(t.Context(), s, path)
		try(t, err)
		try(t, os.Remove(path))
		try(t, os.Mkdir(path, 0o700))
		create(t, p)
		advance(time.Second)
		try(t, os.Remove(path))
		create(t, p)
		advance(time.Second)
		if got := keys(t, path); got != 3 {
			t.Errorf("the file has %d keys, want 3", got)
		}
		try(t, k.Close())
	})
}

func TestKeeperSeedDigest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	synctest.Test(t, func(t *testing.T) {
		s, _ := demo(t, 1)
		k, err := state.Keep(t.Context(), s, path, state.WithSeedDigest("one"))
		try(t, err)
		if got := load(t, path).SeedDigest; got != "one" {
			t.Errorf("the seed digest is %q, want one", got)
		}
		k.SetSeedDigest("two")
		advance(200 * time.Millisecond)
		if got := load(t, path).SeedDigest; got != "two" {
			t.Errorf("the seed digest is %q, want two", got)
		}
		try(t, k.Close())
	})
}

func TestKeepRefuses(t *testing.T) {
	t.Parallel()
	s, _ := demo(t, 1)
	for _, tc := range []struct {
		name, path, want string
		opts             []state.Option
	}{
		{"a directory", t.TempDir(), "is not a regular file", nil},
		{"no interval", filepath.Join(t.TempDir(), "a"), "the interval must be positive, not 0s", []state.Option{state.WithInterval(0)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := state.Keep(t.Context(), s, tc.path, tc.opts...); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want that %s", err, tc.want)
			}
		})
	}
}

// Changes from many goroutines while the keeper saves as often as it can.
func TestKeeperUnderLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	s, p := demo(t, project.DemoKeys)
	k, err := state.Keep(t.Context(), s, path, state.WithInterval(time.Microsecond), state.OnError(func(err error) { t.Error(err) }))
	try(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 50 {
				key, _, err := p.CreateKey(project.KeySpec{Name: "x"})
				if err == nil && key.Created.Nanosecond()%2 == 0 {
					err = p.DeleteKey(key.ID)
				}
				if err != nil {
					t.Error(err)
				}
				if i%10 == 0 {
					if _, _, err := state.Load(path); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	try(t, k.Close())
	if diff := cmp.Diff(s.Snapshot(), load(t, path).Projects, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("at the end (-store +file):\n%s", diff)
	}
}
