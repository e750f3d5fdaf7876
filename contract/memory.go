package contract

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// memory remembers verdicts. A verdict is a pure function of its key, so a
// remembered one is as good as a computed one. The bytes themselves are part of
// the key and are compared in full: a hash only finds the place to look, so that
// no collision can change a verdict, and a comparison costs an eighth of a
// SHA-256 digest.
//
// Only what comes a second time is kept. Two generations: what was not asked for
// since the last turn is forgotten.
type memory struct {
	hash func([]byte) uint64

	mu       sync.RWMutex
	limit    int64
	size     int64
	recent   map[verdictKey]verdict
	previous map[verdictKey]verdict

	seen [4096]atomic.Uint64
}

// familiar guesses whether bytes of that hash came by lately, and notes that
// they did. A guess is all it is: it decides where to look, never what to answer.
func (m *memory) familiar(hash uint64) bool {
	slot := &m.seen[hash%uint64(len(m.seen))]
	return slot.Swap(hash) == hash
}

// verdictKey is the schema (which stands for side, operation and media type),
// the operation's name and status as violations carry them, and the hash of the
// bytes.
type verdictKey struct {
	schema    *schema
	side      Side
	operation string
	status    int
	hash      uint64
}

func newVerdictKey(s *schema, f *findings, hash uint64) verdictKey {
	return verdictKey{schema: s, side: f.side, operation: f.operation, status: f.status, hash: hash}
}

type verdict struct {
	body string // what was judged, the rest of the key
	list []Violation
}

// entrySize is about what one remembered verdict takes besides its body, and
// about what a violation takes.
const entrySize = 256

func (v verdict) size() int64 { return int64(len(v.body) + entrySize*(1+len(v.list))) }

func newMemory(limit int64) *memory {
	if limit < entrySize {
		return nil
	}
	seed := maphash.MakeSeed()
	return &memory{
		hash:  func(body []byte) uint64 { return sampleHash(seed, body) },
		limit: limit, recent: map[verdictKey]verdict{}, previous: map[verdictKey]verdict{},
	}
}

// sampleHash hashes the length and a sixteenth or so of a long body: its beginning,
// its end and stripes between them. Bodies that differ elsewhere alone share a
// place in the memory, and the later takes it; they never share a verdict.
func sampleHash(seed maphash.Seed, body []byte) uint64 {
	const stripe, stripes = 64, 16
	if len(body) <= 2*stripe*stripes {
		return maphash.Bytes(seed, body)
	}
	h := uint64(len(body))
	for i := range stripes {
		at := (len(body) - stripe) * i / (stripes - 1)
		h = h*0x9e3779b97f4a7c15 + maphash.Bytes(seed, body[at:at+stripe])
	}
	return h
}

func (m *memory) recall(key verdictKey, body []byte) ([]Violation, bool) {
	m.mu.RLock()
	known, ok := m.recent[key]
	old, was := m.previous[key]
	m.mu.RUnlock()
	if ok && known.body == string(body) {
		return known.list, true
	}
	if was && old.body == string(body) {
		m.store(key, old)
		return old.list, true
	}
	return nil, false
}

func (m *memory) remember(key verdictKey, body []byte, list []Violation) {
	m.store(key, verdict{body: string(body), list: slices.Clone(list)})
}

func (m *memory) store(key verdictKey, v verdict) {
	if v.size() > m.limit/2 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if there, ok := m.recent[key]; ok {
		m.size -= there.size()
	}
	if m.size+v.size() > m.limit/2 {
		m.previous, m.recent, m.size = m.recent, map[verdictKey]verdict{}, 0
	}
	m.recent[key] = v
	m.size += v.size()
}
