package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

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

// Snapshot returns the content of the Set, with counters and the positions of
// the generators: a Set restored from it goes on as this one would.
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

// Restore replaces the content of the Set, in one step. On an error, which
// names the fault and wraps a [*SpecError] or [ErrFull] where one is the reason,
// nothing has changed. The zero Snapshot empties the Set and starts ids anew.
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
