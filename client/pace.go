package client

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pace decides how long to wait before the next attempt, or that waiting is in
// vain. It is a backoff.BackOff: the doubling is the library's; the jitter is
// ours because the library's draws from the global source and cannot be seeded,
// and its RetryAfterError knows neither a limit nor the context's deadline.
type pace struct {
	exponential   *backoff.ExponentialBackOff
	jitter        func() float64
	maxRetryAfter time.Duration
	deadline      time.Time // zero: none

	asked time.Duration // the Retry-After of the last answer
}

func newPace(cfg *config, deadline time.Time) *pace {
	return &pace{
		exponential: &backoff.ExponentialBackOff{
			InitialInterval: cfg.base,
			Multiplier:      2,
			MaxInterval:     cfg.max,
		},
		jitter:        cfg.jitter,
		maxRetryAfter: cfg.maxRetryAfter,
		deadline:      deadline,
	}
}

// NextBackOff implements backoff.BackOff.
func (p *pace) NextBackOff() time.Duration {
	wait := p.exponential.NextBackOff()
	half := wait / 2
	wait = half + time.Duration(min(max(p.jitter(), 0), 1)*float64(wait-half))
	if p.asked > 0 {
		if p.asked > p.maxRetryAfter {
			return backoff.Stop
		}
		wait = p.asked
	}
	if !p.deadline.IsZero() && time.Until(p.deadline) <= wait {
		return backoff.Stop
	}
	return wait
}

// Reset implements backoff.BackOff.
func (p *pace) Reset() { p.exponential.Reset() }
