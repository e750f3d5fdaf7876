package project_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/digakit/digakit/mockserver/project"
)

func TestClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := project.NewStore(project.Config{})
		p, err := s.AddDemo(0)
		if err != nil {
			t.Fatal(err)
		}
		c := p.Clock()
		start := time.Now().UTC()
		want := func(what string, d time.Duration, frozen bool) {
			t.Helper()
			if got := c.Now().Sub(start); got != d || c.Frozen() != frozen {
				t.Errorf("%s: %s after the start, frozen %t; want %s, %t", what, got, c.Frozen(), d, frozen)
			}
		}
		pass := func(d time.Duration) {
			time.Sleep(d) //nolint:forbidigo // passes at once: the time is synctest's
		}
		want("at the start", 0, false)
		pass(time.Second)
		want("it runs", time.Second, false)
		c.Advance(time.Hour)
		want("advanced while running", time.Hour+time.Second, false)
		c.Freeze()
		pass(time.Minute)
		want("frozen", time.Hour+time.Second, true)
		c.Advance(-time.Hour)
		want("advanced while frozen", time.Second, true)
		c.Run()
		want("runs on from where it stood", time.Second, false)
		pass(time.Second)
		want("and goes on", 2*time.Second, false)
		c.Set(start.Add(24 * time.Hour))
		pass(time.Second)
		want("set while running", 24*time.Hour+time.Second, false)
		c.Freeze()
		c.Set(start)
		pass(time.Second)
		want("set while frozen", 0, true)
	})
}

func TestAFrozenClockIsFixed(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{Frozen: frozen()})
	p, err := s.AddDemo(0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		k, _, err := p.CreateKey(project.KeySpec{Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if want := frozen().Truncate(time.Microsecond).Add(time.Duration(i) * time.Microsecond); !k.Created.Equal(want) {
			t.Errorf("key %d was created at %s, want %s", i, k.Created, want)
		}
	}
}
