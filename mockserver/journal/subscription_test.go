package journal_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/mockserver/journal"
)

func subscribe(t testing.TB, j *journal.Journal, after uint64) *journal.Subscription {
	t.Helper()
	s, err := j.Subscribe(after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// TestSlowSubscriberIsToldWhatItLost: whatever happens between its turns, what it
// gets and what it is told it lost are together all there was, in order.
func TestSlowSubscriberIsToldWhatItLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		j := newJournal(t, journal.MaxEntries(rapid.IntRange(1, 5).Draw(rt, "entries")))
		s := subscribe(t, j, 0)
		defer s.Close()
		had := uint64(0)
		take := func() {
			e, err := s.Next(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			if e.Dropped > 0 {
				had += e.Dropped
			} else if had++; e.Entry.ID != had {
				rt.Fatalf("got entry %d, want %d", e.Entry.ID, had)
			}
			if e.Last != had {
				rt.Fatalf("the event ends at %d, want %d", e.Last, had)
			}
		}
		for range rapid.IntRange(1, 40).Draw(rt, "turns") {
			switch rapid.IntRange(0, 9).Draw(rt, "turn") {
			case 0:
				j.Clear()
			case 1, 2, 3, 4, 5:
				j.Record(listExchange(nil))
			default:
				if had < j.Last() {
					take()
				}
			}
		}
		for had < j.Last() {
			take()
		}
	})
}

func TestNextWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(t)
		s := subscribe(t, j, 0)
		got := make(chan journal.Event)
		go func() {
			e, err := s.Next(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- e
		}()
		synctest.Wait()
		select {
		case e := <-got:
			t.Errorf("got %+v before anything happened", e)
		default:
		}
		j.Record(listExchange(nil))
		if e := <-got; e.Entry.ID != 1 {
			t.Errorf("got %+v", e)
		}
	})
}

func TestNextEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*journal.Journal, *journal.Subscription, func())
		want error
	}{
		{"context", func(_ *journal.Journal, _ *journal.Subscription, cancel func()) { cancel() }, context.Canceled},
		{"journal", func(j *journal.Journal, _ *journal.Subscription, _ func()) { j.Close() }, journal.ErrClosed},
		{"subscription", func(_ *journal.Journal, s *journal.Subscription, _ func()) { s.Close(); s.Close() }, journal.ErrClosed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				j := newJournal(t)
				s := subscribe(t, j, 0)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ended := make(chan error)
				go func() {
					_, err := s.Next(ctx)
					ended <- err
				}()
				synctest.Wait()
				c.end(j, s, cancel)
				if err := <-ended; !errors.Is(err, c.want) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestSubscribersAreBounded(t *testing.T) {
	t.Parallel()
	j := newJournal(t, journal.MaxSubscribers(2))
	first := subscribe(t, j, 0)
	subscribe(t, j, 0)
	if _, err := j.Subscribe(0); !errors.Is(err, journal.ErrTooManySubscribers) {
		t.Errorf("the third: %v", err)
	}
	first.Close()
	subscribe(t, j, 0)
	j.Close()
	if _, err := j.Subscribe(0); !errors.Is(err, journal.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// TestTogether has everyone at work at once, for the race detector; subscribers
// fast enough get everything in order.
func TestTogether(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 200
	j := newJournal(t, journal.MaxEntries(writers*each))
	small := newJournal(t, journal.MaxEntries(7), journal.MaxBody(1<<10), journal.MaxBytes(300<<10))
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			x := listExchange(slices.Clone(page()[:2000+w]))
			for i := range each {
				x.ResponseBody[100] = byte('a' + i%5)
				j.Record(x)
				small.Record(x)
			}
		})
	}
	for range 3 {
		s := subscribe(t, j, 0)
		lossy := subscribe(t, small, 0)
		wg.Go(func() {
			for id := uint64(1); id <= writers*each; id++ {
				if e, err := s.Next(t.Context()); err != nil || e.Entry.ID != id {
					t.Errorf("got %d, %v, want %d", e.Entry.ID, err, id)
					return
				}
			}
		})
		wg.Go(func() {
			for last := uint64(0); last < writers*each; {
				e, err := lossy.Next(t.Context())
				if err != nil || e.Last <= last {
					t.Errorf("got %d after %d, %v", e.Last, last, err)
					return
				}
				last = e.Last
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			if n := len(small.Entries(journal.Filter{Status: "2xx"})); n > 7 {
				t.Errorf("%d entries", n)
			}
			if n := small.Bytes(); n > 300<<10 {
				t.Errorf("%d bytes", n)
			}
			small.Count(journal.Filter{})
			journal.AssertNoViolations(&failureLog{}, j)
		}
	})
	wg.Wait()
}
