package fault

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Spec is a fault as data. One of status, body, fault, truncateBodyAtFraction or a delay
// must be there; see [Spec.Validate]. The names in camel case are WireMock's and
// MockServer's.
type Spec struct {
	Match Match `json:"match,omitzero"` // the calls the fault is for; empty: all of them

	// Status of the answer, 200 to 599. 0: 200 when there is a Body, otherwise
	// the fault does not answer itself.
	Status int `json:"status,omitempty"`
	// Body of the answer. A JSON string is sent as the text it holds, as text/plain, any
	// other value as application/json. Absent: the documented example for the status, or
	// else the error envelope.
	Body      json.RawMessage `json:"body,omitempty"`
	ErrorCode string          `json:"error_code,omitempty"` // in place of the default body's; Message likewise
	Message   string          `json:"message,omitempty"`
	// RetryAfter is sent as the header Retry-After, in seconds. nil: not sent.
	RetryAfter *int `json:"retry_after,omitempty"`

	Times int `json:"times,omitempty"` // how often the fault fires; 0: for ever
	Skip  int `json:"skip,omitempty"`  // matching calls to let pass before the fault may fire
	// Probability, 0 to 1, of firing on a matching call that is not skipped; nil: 1. A
	// call that is let off does not count against Times.
	Probability *float64 `json:"probability,omitempty"`
	Seed        uint64   `json:"seed,omitempty"` // seed of all that is random; 0: the number in the fault's id

	Kind                   Kind          `json:"fault,omitempty"`                  // breaks the connection instead of answering
	FixedDelayMilliseconds int           `json:"fixedDelayMilliseconds,omitempty"` // waited before anything else; 0: not
	DelayDistribution      *Distribution `json:"delayDistribution,omitempty"`      // a random delay, added to the fixed one
	ChunkedDribbleDelay    *Dribble      `json:"chunkedDribbleDelay,omitempty"`    // sends the body, whoever made it, bit by bit
	// TruncateBodyAtFraction sends that part of the body, 0 or more and less than 1, in
	// whole bytes. The header declares the whole length.
	TruncateBodyAtFraction *float64 `json:"truncateBodyAtFraction,omitempty"`
}

// Match says which calls a fault is for. All that is given must hold. A call
// for no documented operation is never matched.
type Match struct {
	Operation string `json:"operation,omitempty"` // an operationId as published, or method and path: "GET /pets/{id}"
	// Query holds parameters that must be there with exactly this value, among others or
	// not.
	Query map[string]string `json:"query,omitempty"`
	KeyID string            `json:"key_id,omitempty"` // the id, a UUID, of the API key that calls
}

// Kind is a way to break a connection. The names are WireMock's.
type Kind string

// The kinds. Over HTTP/2 each of them resets the stream.
const (
	EmptyResponse          Kind = "EMPTY_RESPONSE"           // closes the connection without a byte
	MalformedResponseChunk Kind = "MALFORMED_RESPONSE_CHUNK" // sends status 200, then garbage for a chunk, then closes
	RandomDataThenClose    Kind = "RANDOM_DATA_THEN_CLOSE"   // sends garbage, then closes
	ConnectionResetByPeer  Kind = "CONNECTION_RESET_BY_PEER" // makes TCP send RST; without TCP it is an EmptyResponse
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{EmptyResponse, MalformedResponseChunk, RandomDataThenClose, ConnectionResetByPeer}
}

// Types of a [Distribution].
const (
	LogNormal = "lognormal" // with Median, Sigma and MaxValue
	Uniform   = "uniform"   // with Lower and Upper
)

// Distribution is a random delay; all but Sigma in milliseconds.
type Distribution struct {
	Type string `json:"type"`

	// Median is the delay that half of the calls stay below; Sigma is the standard
	// deviation of its logarithm.
	Median float64 `json:"median,omitempty"`
	Sigma  float64 `json:"sigma,omitempty"`
	// MaxValue, at least Median: longer delays are drawn again. 0: [MaxDelay].
	MaxValue float64 `json:"maxValue,omitempty"`

	Lower float64 `json:"lower,omitempty"`
	Upper float64 `json:"upper,omitempty"`
}

// Dribble sends a body in NumberOfChunks equal parts, at most one a byte, over
// TotalDuration milliseconds; the header at once.
type Dribble struct {
	NumberOfChunks int `json:"numberOfChunks"`
	TotalDuration  int `json:"totalDuration"`
}

// clone returns a copy that shares nothing with s.
func (s Spec) clone() Spec {
	s.Match.Query = maps.Clone(s.Match.Query)
	s.Body = slices.Clone(s.Body)
	s.RetryAfter = clonePointer(s.RetryAfter)
	s.Probability = clonePointer(s.Probability)
	s.DelayDistribution = clonePointer(s.DelayDistribution)
	s.ChunkedDribbleDelay = clonePointer(s.ChunkedDribbleDelay)
	s.TruncateBodyAtFraction = clonePointer(s.TruncateBodyAtFraction)
	return s
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// source is where one fault's chance comes from. Its position can be saved.
type source struct{ pcg *rand.PCG }

// newSource returns the source of a seed, or of the fault's number.
func newSource(seed, number uint64) source {
	seed = cmp.Or(seed, number)
	return source{rand.NewPCG(seed, seed)}
}

func (s source) rand() *rand.Rand {
	return rand.New(s.pcg) //nolint:gosec // repeatable is what it must be
}

// garbage returns bytes that start no protocol and, but for the line's end, are no ASCII.
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
	longest := cmp.Or(d.MaxValue, float64(maxDelayMilliseconds))
	// At least half of the draws are good, as the median is not above longest.
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
