package coverage

import "sync/atomic"

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
