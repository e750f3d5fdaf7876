package project

import (
	"sync"
	"time"
)

// Clock is the time of one project. It runs with the store's time or stands
// still, and can be moved. It is safe for concurrent use.
type Clock struct {
	real func() time.Time

	mu     sync.Mutex
	frozen bool
	at     time.Time     // when frozen
	ahead  time.Duration // of the store's time, when running
}

func newClock(c Config) *Clock {
	return &Clock{real: c.Now, frozen: !c.Frozen.IsZero(), at: c.Frozen}
}

// Now returns the project's time, in UTC and whole microseconds.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *Clock) nowLocked() time.Time {
	t := c.at
	if !c.frozen {
		t = c.real().Add(c.ahead)
	}
	return t.UTC().Truncate(time.Microsecond)
}

// Frozen reports whether the clock stands still.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Freeze stops the clock where it is.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.frozen = c.nowLocked(), true
}

// Run lets the clock run on from where it is.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.frozen = c.nowLocked().Sub(c.real()), false
}

// Set moves the clock to t, back or forth. It runs or stands still as before.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.ahead = t, t.Sub(c.real())
}

// Advance moves the clock by d, back when d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.ahead = c.nowLocked().Add(d), c.ahead+d
}
