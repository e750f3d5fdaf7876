package journal

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// Journal keeps the latest exchanges, redacted. Make one with [New]. It is safe
// for concurrent use.
type Journal struct {
	config

	mu          sync.Mutex       // guards what is below
	ring        []*record        // the record with id i is at i % len; nil before the first
	first, next uint64           // ids kept: first <= id < next
	used        int64            // bytes
	texts       map[string]*text // bodies in the ring as they were sent
	dropped     uint64
	unclean     uint64 // dropped ones that had violations
	subscribers map[*Subscription]struct{}
	closed      bool
}

// New returns an empty journal: for 1,000 exchanges and 16 MiB, unless an option says
// otherwise. The error joins the mistakes of all options.
func New(opts ...Option) (*Journal, error) {
	c := config{entries: DefaultEntries, bytes: DefaultBytes, body: DefaultBody, subscribers: DefaultSubscribers}
	var errs []error
	for _, opt := range opts {
		errs = append(errs, opt(&c))
	}
	if least := maxBeside + 2*int64(c.body); c.bytes < least {
		errs = append(errs, fmt.Errorf("journal: with bodies up to %d bytes at least %d bytes are needed, not %d", c.body, least, c.bytes))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Journal{config: c, first: 1, next: 1, texts: make(map[string]*text), subscribers: make(map[*Subscription]struct{})}, nil
}

// Record keeps x, redacted, and returns its id. The oldest exchanges make room. It never
// waits for a reader or a subscriber.
func (j *Journal) Record(x Exchange) uint64 {
	m := newMasker(&x)
	r := newRecord(&x, m)
	r.requestBody = j.keep(m, x.RequestBody, x.RequestSize, x.Request.Header)
	// A server does not answer with its client's credential, and looking for it in
	// every answer would cost more than all else.
	m.own = x.Secret
	r.responseBody = j.keep(m, x.ResponseBody, x.ResponseSize, x.ResponseHeader)

	j.mu.Lock()
	defer j.mu.Unlock()
	if j.ring == nil {
		j.ring = make([]*record, j.entries)
	}
	if j.next-j.first == uint64(len(j.ring)) {
		j.dropLocked()
	}
	r.id = j.next
	j.next++
	j.ring[r.id%uint64(len(j.ring))] = r
	j.used += r.bytes
	j.holdLocked(r.requestBody.text)
	j.holdLocked(r.responseBody.text)
	for j.used > j.bytes && j.next-j.first > 1 {
		j.dropLocked()
	}
	for s := range j.subscribers {
		s.notify()
	}
	return r.id
}

// keep returns what is kept of a body.
func (j *Journal) keep(m masker, b []byte, size int64, h http.Header) kept {
	k := kept{size: max(size, int64(len(b)))}
	if len(b) == 0 || j.body == 0 {
		k.cut = k.size > 0
		return k
	}
	of := mediaOf(h)
	if of.encoded {
		k.omitted = "in a Content-Encoding"
		return k
	}
	b = cutBytes(b, j.body)
	if !of.form && !of.multipart && m.own == "" {
		j.mu.Lock()
		k.text = j.texts[string(b)]
		j.mu.Unlock()
	}
	if k.text == nil {
		if k.text, k.omitted = m.newText(b, of); k.text == nil {
			return k
		}
	}
	k.cut = k.size > int64(len(b))
	if len(k.s) > j.body { // redaction can make it a little longer
		k.text, k.cut = &text{s: string(cutBytes([]byte(k.s), j.body))}, true
	}
	return k
}

// holdLocked notes that one more record has t.
func (j *Journal) holdLocked(t *text) {
	if t == nil {
		return
	}
	if t.refs++; t.refs == 1 {
		j.used += int64(len(t.s))
		if t.shared {
			j.texts[t.s] = t
		}
	}
}

func (j *Journal) releaseLocked(t *text) {
	if t == nil {
		return
	}
	if t.refs--; t.refs == 0 {
		j.used -= int64(len(t.s))
		if j.texts[t.s] == t {
			delete(j.texts, t.s)
		}
	}
}

// dropLocked drops the oldest record, and counts it.
func (j *Journal) dropLocked() {
	at := j.first % uint64(len(j.ring))
	r := j.ring[at]
	j.ring[at] = nil
	j.first++
	j.used -= r.bytes
	j.releaseLocked(r.requestBody.text)
	j.releaseLocked(r.responseBody.text)
	j.dropped++
	if len(r.violations) > 0 {
		j.unclean++
	}
}

// Clear forgets all exchanges and the number of those dropped. Ids go on.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.first < j.next {
		j.dropLocked()
	}
	j.dropped, j.unclean = 0, 0
}

// Dropped returns how many exchanges made room for newer ones since [Journal.Clear].
func (j *Journal) Dropped() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Bytes returns how much is kept, in bytes, 512 for the fixed parts of each exchange
// included.
func (j *Journal) Bytes() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.used
}

// Last returns the id of the newest exchange ever recorded, kept or not; 0 before
// the first.
func (j *Journal) Last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next - 1
}

// Close ends all subscriptions, and every one to come. Recording and reading go on.
func (j *Journal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	for s := range j.subscribers {
		s.endLocked()
	}
}

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

// MaxEntries sets how many exchanges are kept, 1 to 1,000,000. Default: 1,000.
func MaxEntries(n int) Option {
	return func(c *config) error {
		if n < 1 || n > maxEntries {
			return fmt.Errorf("journal: entries must be 1 to %d, not %d", maxEntries, n)
		}
		c.entries = n
		return nil
	}
}

// MaxBytes sets how much memory the exchanges may take, in bytes: at least 256 KiB and
// the two largest bodies. Default: 16 MiB.
func MaxBytes(n int64) Option {
	return func(c *config) error {
		c.bytes = n
		return nil
	}
}

// MaxBody sets how much of the beginning of each body is kept, in bytes; 0 keeps only
// sizes. Default: 64 KiB.
func MaxBody(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return fmt.Errorf("journal: the largest body must not be negative, but is %d", n)
		}
		c.body = n
		return nil
	}
}

// MaxSubscribers sets how many [Subscription] there may be at a time. Default: 100.
func MaxSubscribers(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return fmt.Errorf("journal: the number of subscribers must not be negative, but is %d", n)
		}
		c.subscribers = n
		return nil
	}
}
