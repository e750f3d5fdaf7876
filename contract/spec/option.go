package spec

import (
	"errors"
	"fmt"
	"io"
	"os"
)

type config struct {
	stdin    io.Reader
	maxBytes int64
	progress func(line string)
	errs     []error
}

func newConfig(opts []LoadOption) (*config, error) {
	c := &config{stdin: os.Stdin, maxBytes: 32 << 20, progress: func(string) {}}
	for _, o := range opts {
		o(c)
	}
	return c, errors.Join(c.errs...)
}

// LoadOption changes how [Load] works.
type LoadOption func(*config)

// Stdin is what the source "-" reads. Default [os.Stdin].
func Stdin(r io.Reader) LoadOption { return func(c *config) { c.stdin = r } }

// MaxBytes bounds what all sources together may hold, in bytes, after
// decompression. Default 32 MiB.
func MaxBytes(n int64) LoadOption {
	return func(c *config) {
		if n < 1 {
			c.errs = append(c.errs, fmt.Errorf("spec: MaxBytes(%d): must be at least 1", n))
			return
		}
		c.maxBytes = n
	}
}

// Progress is called with a line for each thing that may take a while: an
// address that is fetched. Default: nobody is told.
func Progress(tell func(line string)) LoadOption { return func(c *config) { c.progress = tell } }
