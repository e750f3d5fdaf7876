package journal

import (
	"errors"
	"fmt"
)

// Defaults, and the bounds of what may be asked for.
const (
	DefaultEntries     = 1000     // exchanges
	DefaultBytes       = 16 << 20 // of all that is kept
	DefaultBody        = 64 << 10 // of each body
	DefaultSubscribers = 100

	maxEntries = 1_000_000
)

type config struct {
	entries, body, subscribers int
	bytes                      int64
}

// Option bounds a [Journal]. Give options to [New].
type Option func(*config) error

// MaxEntries sets how many exchanges are kept, 1 to 1,000,000; 1,000 when not
// given.
func MaxEntries(n int) Option {
	return func(c *config) error {
		if n < 1 || n > maxEntries {
			return fmt.Errorf("journal: entries must be 1 to %d, not %d", maxEntries, n)
		}
		c.entries = n
		return nil
	}
}

// MaxBytes sets how much memory the exchanges may take, in bytes; 16 MiB when
// not given. It must be at least 256 KiB and the two largest bodies, so that
// the newest exchange always fits.
func MaxBytes(n int64) Option {
	return func(c *config) error {
		c.bytes = n
		return nil
	}
}

// MaxBody sets how much of each body is kept, in bytes; 64 KiB when not given. Of
// a longer one the beginning is kept. 0 keeps no bodies, only their sizes.
func MaxBody(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return fmt.Errorf("journal: the largest body must not be negative, but is %d", n)
		}
		c.body = n
		return nil
	}
}

// MaxSubscribers sets how many [Subscription] there may be at a time; 100 when
// not given.
func MaxSubscribers(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return fmt.Errorf("journal: the number of subscribers must not be negative, but is %d", n)
		}
		c.subscribers = n
		return nil
	}
}

func newConfig(opts []Option) (config, error) {
	c := config{entries: DefaultEntries, bytes: DefaultBytes, body: DefaultBody, subscribers: DefaultSubscribers}
	var errs []error
	for _, opt := range opts {
		errs = append(errs, opt(&c))
	}
	if least := maxBeside + 2*int64(c.body); c.bytes < least {
		errs = append(errs, fmt.Errorf("journal: with bodies up to %d bytes at least %d bytes are needed, not %d", c.body, least, c.bytes))
	}
	return c, errors.Join(errs...)
}
