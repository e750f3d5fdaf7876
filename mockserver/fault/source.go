package fault

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"
)

// source is where one fault's chance comes from. Its position can be saved.
type source struct{ pcg *rand.PCG }

// newSource returns the source of a seed, or of the fault's number.
func newSource(seed, number uint64) source {
	if seed == 0 {
		seed = number
	}
	return source{rand.NewPCG(seed, seed)}
}

func (s source) rand() *rand.Rand {
	return rand.New(s.pcg) //nolint:gosec // repeatable is what it must be
}

// float returns a number from 0 to less than 1.
func (s source) float() float64 { return s.rand().Float64() }

// garbage returns bytes that start no protocol and, but for the end of the
// line, are no ASCII: a client cannot take them for anything.
func (s source) garbage() []byte {
	r := s.rand()
	var b []byte
	for range 32 {
		b = binary.BigEndian.AppendUint64(b, r.Uint64()|0x8080_8080_8080_8080)
	}
	return append(b, "\r\n"...)
}

// delay draws how long to wait before anything else.
func (s *Spec) delay(random source) time.Duration {
	d := time.Duration(s.FixedDelayMilliseconds) * time.Millisecond
	if s.DelayDistribution != nil {
		d += s.DelayDistribution.draw(random.rand())
	}
	return d
}

// draw returns a delay, at most MaxDelay.
func (d *Distribution) draw(r *rand.Rand) time.Duration {
	if d.Type == Uniform {
		return milliseconds(d.Lower + (d.Upper-d.Lower)*r.Float64())
	}
	longest := d.MaxValue
	if longest == 0 {
		longest = float64(maxDelayMilliseconds)
	}
	// At least half of the draws are good, as the median is not above longest:
	// 100 bad ones in a row do not happen.
	for range 100 {
		if v := d.Median * math.Exp(d.Sigma*r.NormFloat64()); v <= longest {
			return milliseconds(v)
		}
	}
	return milliseconds(longest)
}

func milliseconds(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
