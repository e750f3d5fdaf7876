package coverage

import (
	"bytes"
	"sync/atomic"
)

// rememberedBodies is how many counted bodies are remembered for each status, at
// eight bytes each.
const rememberedBodies = 256

// memory holds the digests of bodies that were counted: one seen again has nothing
// to add. What it forgets is looked at again, which changes no count. Two bodies
// of the same 64-bit digest, whose seed is random, would be taken for one: that
// is expected once in 2^64 pairs.
type memory [rememberedBodies]atomic.Uint64

func (m *memory) knows(digest uint64) bool {
	return m[digest%rememberedBodies].Load() == digest
}

func (m *memory) keep(digest uint64) { m[digest%rememberedBodies].Store(digest) }

// latest is a body that came more than once and its digest: to compare takes a
// third of the time to make the digest anew, and clients that poll get the same
// answer again and again.
type latest struct{ body atomic.Pointer[digested] }

type digested struct {
	text   []byte
	digest uint64
}

// maxLatest is the longest body that is kept so, in bytes.
const maxLatest = 64 << 10

// digest returns the digest of a body, and false when it is not the latest.
func (l *latest) digest(body []byte) (uint64, bool) {
	if kept := l.body.Load(); kept != nil && bytes.Equal(kept.text, body) {
		return kept.digest, true
	}
	return 0, false
}

func (l *latest) keep(body []byte, digest uint64) {
	if len(body) <= maxLatest {
		l.body.Store(&digested{bytes.Clone(body), digest})
	}
}
