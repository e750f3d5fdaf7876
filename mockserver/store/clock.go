package store

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Instants of clocks and dates lie in [firstInstant, endOfTime): RFC 3339 has four
// digits for a year, and a clock may run on from where it was set.
var (
	firstInstant = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	endOfTime    = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// ErrInstant is that of an instant which no clock takes. It is wrapped in what names it.
var ErrInstant = errors.New("store: an instant must be in the years 1970 to 9998")

func checkInstant(t time.Time) error {
	if t.Before(firstInstant) || !t.Before(endOfTime) {
		return fmt.Errorf("%w, not %s", ErrInstant, t.UTC().Format("2006-01-02"))
	}
	return nil
}

// Clock is the time of one project. It runs with the store's time or stands
// still, and can be moved. It is safe for concurrent use.
type Clock struct {
	real func() time.Time

	mu     sync.Mutex
	frozen bool
	at     time.Time // the clock's time
	since  time.Time // the store's time when it was that; of no meaning when frozen
}

// ClockSnapshot is a clock as data.
type ClockSnapshot struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

func newClock(c Config) *Clock {
	k := &Clock{real: c.Now}
	k.reset(c.Frozen)
	return k
}

// reset lets the clock stand still at an instant, or run with the store's time.
func (c *Clock) reset(frozen time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen, c.at, c.since = !frozen.IsZero(), frozen, c.real()
	if !c.frozen {
		c.at = c.since
	}
}

// Now returns the project's time, in UTC and whole microseconds.
func (c *Clock) Now() time.Time { return c.Snapshot().Now }

// Snapshot returns the clock as data.
func (c *Clock) Snapshot() ClockSnapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ClockSnapshot{c.nowLocked(), c.frozen}
}

func (c *Clock) nowLocked() time.Time {
	t := c.at
	if !c.frozen {
		t = c.at.Add(c.real().Sub(c.since))
	}
	return t.UTC().Truncate(time.Microsecond)
}

// copy is the clock as it is now.
func (c *Clock) copy() *Clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Clock{real: c.real, frozen: c.frozen, at: c.at, since: c.since}
}

// movedSince tells whether the clock does not show what its copy would; stopping and
// starting cut it to microseconds.
func (c *Clock) movedSince(was *Clock) bool {
	now := c.copy()
	if now.frozen || was.frozen {
		return now.frozen != was.frozen || !now.at.Equal(was.at)
	}
	return (now.at.Sub(now.since) - was.at.Sub(was.since)).Abs() > time.Millisecond
}

// Restore puts the clock back to what it was. The error is [ErrInstant].
func (c *Clock) Restore(s ClockSnapshot) error {
	if err := checkInstant(s.Now); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since, c.frozen = s.Now, c.real(), s.Frozen
	return nil
}

// Freeze stops the clock where it is.
func (c *Clock) Freeze() { c.switchTo(true) }

// Run lets the clock run on from where it is.
func (c *Clock) Run() { c.switchTo(false) }

func (c *Clock) switchTo(frozen bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since, c.frozen = c.nowLocked(), c.real(), frozen
}

// Set moves the clock to t, back or forth. It runs or stands still as before. The error
// is [ErrInstant].
func (c *Clock) Set(t time.Time) error {
	if err := checkInstant(t); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since = t, c.real()
	return nil
}

// Advance moves the clock by d, back when d is negative. The error is [ErrInstant].
func (c *Clock) Advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.nowLocked().Add(d)
	if err := checkInstant(t); err != nil {
		return err
	}
	c.at, c.since = t, c.real()
	return nil
}
