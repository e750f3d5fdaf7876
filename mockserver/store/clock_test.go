package store_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/digakit/digakit/mockserver/store"
)

func TestClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, _ := create(t, store.New(store.Config{}), "shop", 1)
		c := p.Clock()
		start := time.Now().UTC()
		want := func(what string, d time.Duration, frozen bool) {
			t.Helper()
			if got := c.Snapshot(); got.Now.Sub(start) != d || got.Frozen != frozen {
				t.Errorf("%s: %s after the start, frozen %t; want %s, %t", what, got.Now.Sub(start), got.Frozen, d, frozen)
			}
		}
		pass := func(d time.Duration) {
			time.Sleep(d) //nolint:forbidigo // passes at once: the time is synctest's
		}
		want("at the start", 0, false)
		pass(time.Second)
		want("it runs", time.Second, false)
		try(t, c.Advance(time.Hour))
		want("advanced while running", time.Hour+time.Second, false)
		c.Freeze()
		pass(time.Minute)
		want("frozen", time.Hour+time.Second, true)
		try(t, c.Advance(-time.Hour))
		want("advanced while frozen", time.Second, true)
		c.Run()
		want("runs on from where it stood", time.Second, false)
		pass(time.Second)
		want("and goes on", 2*time.Second, false)
		try(t, c.Set(start.Add(24*time.Hour)))
		pass(time.Second)
		want("set while running", 24*time.Hour+time.Second, false)
		c.Freeze()
		try(t, c.Set(start))
		pass(time.Second)
		want("set while frozen", 0, true)
	})
}

func TestAFrozenClockIsFixed(t *testing.T) {
	t.Parallel()
	p, _ := create(t, store.New(store.Config{Frozen: frozen()}), "shop", 1)
	for i := range 3 {
		k, _, err := p.CreateKey(store.KeySpec{Name: "x"})
		try(t, err)
		if want := frozen().Truncate(time.Microsecond).Add(time.Duration(i) * time.Microsecond); !k.Created.Equal(want) {
			t.Errorf("key %d was created at %s, want %s", i, k.Created, want)
		}
	}
}

// An instant that some answer could not show is refused, and nothing has changed.
func TestInstantsThatNoClockTakes(t *testing.T) {
	t.Parallel()
	at := func(year int) time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		why  string
		move func(c *store.Clock) error
		ok   bool
	}{
		{"before there were such dates", func(c *store.Clock) error { return c.Set(at(1969)) }, false},
		{"the first year", func(c *store.Clock) error { return c.Set(at(1970)) }, true},
		{"the last year", func(c *store.Clock) error { return c.Set(at(9998)) }, true},
		{"no room for what comes after it", func(c *store.Clock) error { return c.Set(at(9999)) }, false},
		{"the year 1", func(c *store.Clock) error { return c.Set(at(1)) }, false},
		{"too far on", func(c *store.Clock) error { return errors.Join(c.Set(at(9998)), c.Advance(366*24*time.Hour)) }, false},
		{"too far back", func(c *store.Clock) error { return errors.Join(c.Set(at(1970)), c.Advance(-366*24*time.Hour)) }, false},
		{"a snapshot", func(c *store.Clock) error { return c.Restore(store.ClockSnapshot{Now: at(9999)}) }, false},
	} {
		for _, frozenAt := range []time.Time{{}, frozen()} {
			p, _ := create(t, store.New(store.Config{Frozen: frozenAt}), "shop", 1)
			err := tc.move(p.Clock())
			if (err == nil) != tc.ok || err != nil && !errors.Is(err, store.ErrInstant) {
				t.Errorf("%s: %v", tc.why, err)
			}
			if year := p.Clock().Now().Year(); year < 1970 || year > 9998 {
				t.Errorf("%s: the clock stands in %d", tc.why, year)
			}
		}
	}
}
