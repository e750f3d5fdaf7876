package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
)

// Bounds on a Set.
const (
	MaxFaults    = 1000     // how many faults a Set holds
	MaxTotalSize = 16 << 20 // of all specs of a Set together as JSON, in bytes
)

// ErrFull is returned for more than [MaxFaults] faults or [MaxTotalSize] bytes.
var ErrFull = fmt.Errorf("fault: a set holds at most %d faults and %d bytes of them; remove some", MaxFaults, MaxTotalSize)

// Fault is a [Spec] in a [Set], with what became of it.
type Fault struct {
	ID string `json:"id"` // "fault-" and a number that counts the faults ever added to the Set
	Spec
	// Matched counts the matching calls on which no earlier fault fired, while it could
	// still fire.
	Matched   int  `json:"matched"`
	Fired     int  `json:"fired"`
	Remaining *int `json:"remaining,omitempty"` // how often it will still fire; nil: for ever
}

// Set holds the faults of one project, in the order they were added. Make one with
// [NewSet]. It is safe for concurrent use: a fault with times: 10 fires on exactly 10 of
// any number of concurrent calls.
type Set struct {
	validator *contract.Validator
	sleep     func(context.Context, time.Duration) error

	armed atomic.Int64 // faults that may still fire; 0 spares calls the lock

	mu      sync.Mutex
	created uint64
	size    int
	faults  []*entry
}

// Option changes how a [Set] is made. Give options to [NewSet].
type Option func(*Set)

// WithSleep has f, safe for concurrent use, wait for delays: until d is over, or with an
// error as soon as ctx, that of the request, ends. Without it, delays pass in real time.
func WithSleep(f func(ctx context.Context, d time.Duration) error) Option {
	return func(s *Set) { s.sleep = f }
}

// NewSet returns an empty Set. v, which must not be nil, has the operations a fault can
// name, and judges whether the document allows the answer of a fault.
func NewSet(v *contract.Validator, opts ...Option) *Set {
	s := &Set{validator: v, sleep: sleep}
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// Add puts a copy of a fault behind the others. The error is a [*SpecError] or [ErrFull].
func (s *Set) Add(spec Spec) (Fault, error) {
	if err := spec.Validate(s.validator.Operations()); err != nil {
		return Fault{}, err
	}
	e := newEntry(spec)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) >= MaxFaults || s.size+e.size > MaxTotalSize {
		return Fault{}, ErrFull
	}
	s.created++
	e.id = idOf(s.created)
	e.random = newSource(spec.Seed, s.created)
	s.faults = append(s.faults, e)
	s.changedLocked()
	return e.fault(), nil
}

// Remove removes a fault, and reports whether it was there. Its calls under way go on.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(e *entry) bool { return e.id == id })
	s.changedLocked()
	return len(s.faults) < before
}

// Clear removes all faults.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.changedLocked()
}

// List returns the faults in order, spent ones included. It is never nil.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, e := range s.faults {
		list = append(list, e.fault())
	}
	return list
}

// Unfired returns the faults that have never fired.
func (s *Set) Unfired() []Fault {
	return slices.DeleteFunc(s.List(), func(f Fault) bool { return f.Fired > 0 })
}

// changedLocked brings what is derived from the faults up to date.
func (s *Set) changedLocked() {
	s.size = 0
	armed := int64(0)
	for _, e := range s.faults {
		s.size += e.size
		if !e.spent() {
			armed++
		}
	}
	s.armed.Store(armed)
}

// Armed reports whether any fault may still fire; if not, Fire need not be asked.
func (s *Set) Armed() bool { return s.armed.Load() > 0 }

// Fire decides what happens to a call, and counts. It returns nil when no fault fires;
// otherwise the Decision's Serve must answer. The first fault that fires wins; those
// behind it do not see the call. A matching fault first lets its skip calls pass, then
// draws by its probability.
func (s *Set) Fire(r Request) *Decision {
	if r.Operation == nil || !s.Armed() {
		return nil
	}
	d := s.decide(r)
	if d != nil {
		d.prepare(s.validator, r.Operation)
	}
	return d
}

func (s *Set) decide(r Request) *Decision {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.faults {
		if e.spent() || !e.matches(r) {
			continue
		}
		e.matched++
		if e.matched <= e.spec.Skip {
			continue
		}
		if p := e.spec.Probability; p != nil && e.random.rand().Float64() >= *p {
			continue
		}
		e.fired++
		if e.spent() {
			s.armed.Add(-1)
		}
		return &Decision{id: e.id, spec: &e.spec, sleep: s.sleep, delay: e.spec.delay(e.random), garbage: e.garbage()}
	}
	return nil
}

// Request is what decides about a call.
type Request struct {
	Operation *contract.Operation // nil: no fault fires
	Query     url.Values
	KeyID     uuid.UUID // Nil: the call has no key
}

// entry is a fault in a Set.
type entry struct {
	id     string
	spec   Spec      // never changes, nor does anything it points to
	key    uuid.UUID // of spec.Match.KeyID; Nil: any
	size   int
	random source

	matched, fired int
}

func newEntry(spec Spec) *entry {
	e := &entry{spec: spec.clone(), size: spec.size()}
	e.key, _ = uuid.Parse(spec.Match.KeyID) // valid, or empty and Nil
	return e
}

func (e *entry) fault() Fault {
	f := Fault{ID: e.id, Spec: e.spec.clone(), Matched: e.matched, Fired: e.fired}
	if e.spec.Times > 0 {
		f.Remaining = new(e.spec.Times - e.fired)
	}
	return f
}

func (e *entry) spent() bool { return e.spec.Times > 0 && e.fired >= e.spec.Times }

// matches says whether the fault is for the call.
func (e *entry) matches(r Request) bool {
	m := e.spec.Match
	if m.Operation != "" && !m.names(r.Operation) || e.key != uuid.Nil && e.key != r.KeyID {
		return false
	}
	for name, value := range m.Query {
		if !slices.Contains(r.Query[name], value) {
			return false
		}
	}
	return true
}

// garbage is drawn when it is wanted: the order of draws depends on the calls alone.
func (e *entry) garbage() []byte {
	if e.spec.Kind != RandomDataThenClose && e.spec.Kind != MalformedResponseChunk {
		return nil
	}
	return e.random.garbage()
}

// errSnapshot is why a Snapshot cannot be restored.
var errSnapshot = errors.New("fault: the snapshot is not one of a set")

// Snapshot is the whole content of a [Set] as data.
type Snapshot struct {
	Created uint64          `json:"created"` // faults ever added; decides the next one's id
	Faults  []EntrySnapshot `json:"faults,omitempty"`
}

// EntrySnapshot is one fault as data.
type EntrySnapshot struct {
	ID string `json:"id"`
	Spec
	Matched int    `json:"matched,omitempty"`
	Fired   int    `json:"fired,omitempty"`
	Random  []byte `json:"random,omitempty"` // where its draws stand; absent: at the start
}

// Snapshot returns the content of the Set; a Set restored from it goes on as this one.
func (s *Set) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap := Snapshot{Created: s.created}
	for _, e := range s.faults {
		random, _ := e.random.pcg.MarshalBinary() // never fails
		snap.Faults = append(snap.Faults, EntrySnapshot{ID: e.id, Spec: e.spec.clone(), Matched: e.matched, Fired: e.fired, Random: random})
	}
	return snap
}

// Restore replaces the content of the Set in one step. The error names the fault and
// wraps a [*SpecError] or [ErrFull] where one is the reason; nothing has changed then.
func (s *Set) Restore(snap Snapshot) error {
	operations := s.validator.Operations()
	faults := make([]*entry, 0, len(snap.Faults))
	size := 0
	for i, f := range snap.Faults {
		number, err := f.check(snap.Created)
		if err == nil {
			err = f.Validate(operations)
		}
		if err == nil && slices.ContainsFunc(faults, func(e *entry) bool { return e.id == f.ID }) {
			err = fmt.Errorf("%w: its id is there twice", errSnapshot)
		}
		e := newEntry(f.Spec)
		if size += e.size; err == nil && (i >= MaxFaults || size > MaxTotalSize) {
			err = ErrFull
		}
		if err != nil {
			return fmt.Errorf("%w (fault %d, id %q)", err, i, f.ID)
		}
		e.id, e.matched, e.fired, e.random = f.ID, f.Matched, f.Fired, newSource(f.Seed, number)
		if len(f.Random) > 0 {
			e.random = source{new(rand.PCG)}
			if err := e.random.pcg.UnmarshalBinary(f.Random); err != nil {
				return fmt.Errorf("%w: random is not what a snapshot holds (fault %d, id %q)", errSnapshot, i, f.ID)
			}
		}
		faults = append(faults, e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.created, s.faults = snap.Created, faults
	s.changedLocked()
	return nil
}

// check returns the number in the id.
func (f EntrySnapshot) check(created uint64) (uint64, error) {
	digits, _ := strings.CutPrefix(f.ID, idPrefix)
	number, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case err != nil || idOf(number) != f.ID || number == 0 || number > created:
		return 0, fmt.Errorf("%w: ids are %s1 to %s", errSnapshot, idPrefix, idOf(created))
	case f.Fired < 0 || f.Matched < f.Fired || (f.Times > 0 && f.Fired > f.Times):
		return 0, fmt.Errorf("%w: matched and fired contradict each other, or times", errSnapshot)
	}
	return number, nil
}

const idPrefix = "fault-"

func idOf(number uint64) string { return idPrefix + strconv.FormatUint(number, 10) }
