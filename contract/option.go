package contract

import (
	"errors"
	"fmt"
)

type config struct {
	strict  bool
	exact   bool
	maxBody int64
	memory  int64
	errs    []error
}

// Option changes what [New] and [For] build.
type Option func(*config)

func newConfig(opts []Option) (*config, error) {
	c := &config{maxBody: defaultMaxBody, memory: 4 << 20}
	for _, opt := range opts {
		opt(c)
	}
	return c, errors.Join(c.errs...)
}

// Strict adds what a schema leaves open: undeclared properties, query
// parameters and response headers, repeated scalar parameters, duplicate keys
// and bytes after the JSON value become violations. Off by default.
//
// A property is declared when any applicable schema declares it (through
// $ref, allOf, and those branches of anyOf, oneOf, if that match), or when
// additionalProperties is there and lets it pass. Undeclared properties are
// looked for only in bodies that otherwise fit their schema.
func Strict() Option { return func(c *config) { c.strict = true } }

// ExactRequests makes duplicate keys and bytes after the JSON value of a request
// violations, as [Strict] does with those of both sides.
func ExactRequests() Option { return func(c *config) { c.exact = true } }

// MaxBody is the largest body, in bytes, that is judged, as sent and after
// decompression alike; larger ones are a violation. Default 10 MiB.
func MaxBody(bytes int64) Option {
	return func(c *config) {
		if bytes < 1 {
			c.errs = append(c.errs, fmt.Errorf("contract: MaxBody(%d): must be at least 1", bytes))
			return
		}
		c.maxBody = bytes
	}
}

// MaxBody returns the cap of the option [MaxBody], in bytes.
func (v *Validator) MaxBody() int64 { return v.maxBody }

// Memory bounds what remembered verdicts may take, in bytes (approximately).
// Default 4 MiB; 0 remembers none. A remembered verdict is the verdict that
// was computed for the same bytes, schema, status and media type: remembering
// changes speed, never an answer. Bodies that came twice are held in memory for
// it while there is room.
func Memory(bytes int64) Option {
	return func(c *config) {
		if bytes < 0 {
			c.errs = append(c.errs, fmt.Errorf("contract: Memory(%d): must not be negative", bytes))
			return
		}
		c.memory = bytes
	}
}
