package mockserver

import (
	"errors"
	"fmt"

	"github.com/digakit/digakit/mockserver/project"
)

// Option changes how a [Server] is made. Give options to [New] or [Start].
type Option func(*config)

type config struct {
	keys int
	errs []error
}

func newConfig(opts []Option) (config, error) {
	c := config{keys: project.DemoKeys}
	for _, opt := range opts {
		opt(&c)
	}
	return c, errors.Join(c.errs...)
}

// WithKeys sets how many keys the demo project has: 0 to 1,000,000, 60 when not
// given. The three keys with known secrets are the first of them, so with fewer
// than three some of those secrets are unknown to the server.
func WithKeys(n int) Option {
	return func(c *config) {
		if n < 0 || n > project.MaxDemoKeys {
			c.errs = append(c.errs, fmt.Errorf("mockserver: the number of keys must be 0 to %d, not %d", project.MaxDemoKeys, n))
			return
		}
		c.keys = n
	}
}
