package contract

import (
	"crypto/sha256"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// memory remembers verdicts. A verdict is a pure function of its key, so a
// remembered one is as good as a computed one. The key holds a SHA-256 digest
// and not the bytes: payloads, which may hold secrets, are not kept.
//
// Two generations: what was not asked for since the last turn is forgotten.
type memory struct {
	mu       sync.Mutex
	limit    int64
	size     int64
	recent   map[verdictKey][]Violation
	previous map[verdictKey][]Violation

	seed maphash.Seed
	seen [4096]atomic.Uint64
}

// familiar guesses whether these bytes came by lately, and notes that they
// did. A guess is all it is: it decides where to look, never what to answer.
func (m *memory) familiar(body []byte) bool {
	hash := maphash.Bytes(m.seed, body)
	slot := &m.seen[hash%uint64(len(m.seen))]
	return slot.Swap(hash) == hash
}

// verdictKey is the schema (which stands for side, operation and media type),
// the operation's name and status as violations carry them, and the bytes.
type verdictKey struct {
	schema    *schema
	side      Side
	operation string
	status    int
	length    int
	digest    [sha256.Size]byte
}

func newVerdictKey(s *schema, f *findings, body []byte) verdictKey {
	return verdictKey{schema: s, side: f.side, operation: f.operation, status: f.status, length: len(body), digest: sha256.Sum256(body)}
}

// entrySize is about what one remembered verdict takes without violations.
const entrySize = 256

func newMemory(limit int64) *memory {
	if limit < entrySize {
		return nil
	}
	return &memory{limit: limit, seed: maphash.MakeSeed(), recent: map[verdictKey][]Violation{}, previous: map[verdictKey][]Violation{}}
}

func (m *memory) recall(key verdictKey) ([]Violation, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list, ok := m.recent[key]
	if ok {
		return list, true
	}
	if list, ok = m.previous[key]; ok {
		m.store(key, list)
	}
	return list, ok
}

func (m *memory) remember(key verdictKey, list []Violation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.store(key, slices.Clone(list))
}

func (m *memory) store(key verdictKey, list []Violation) {
	if _, ok := m.recent[key]; ok {
		return
	}
	size := int64(entrySize * (1 + len(list)))
	if size > m.limit/2 {
		return
	}
	if m.size+size > m.limit/2 {
		m.previous, m.recent, m.size = m.recent, map[verdictKey][]Violation{}, 0
	}
	m.recent[key] = list
	m.size += size
}
