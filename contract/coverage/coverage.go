package coverage

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// Coverage counts. Make one with [New]. It is safe for concurrent use.
type Coverage struct {
	plan   *plan
	counts atomic.Pointer[counts]
}

// counts are the counts since the last reset.
type counts struct {
	at     []atomic.Int64         // by counter
	bodies []atomic.Pointer[held] // by place of a body; nil until one came
	bases  sync.Map               // of *atomic.Int64, by basis
}

// basis is what answers of an operation rest on.
type basis struct {
	of   *operation
	name string
}

// held is what the bodies at one place held.
type held struct {
	at   []atomic.Int64 // by counter of the tree
	left []atomic.Int32 // of each node: how many counters in it and below are still 0
	memory
}

func newHeld(t *tree) *held {
	h := &held{at: make([]atomic.Int64, t.counters), left: make([]atomic.Int32, len(t.nodes))}
	for i, all := range t.nodes {
		h.left[i].Store(all)
	}
	return h
}

// New returns a Coverage of the document a validator was made from.
func New(v *contract.Validator, opts ...Option) *Coverage {
	var r reach
	for _, opt := range opts {
		opt(&r)
	}
	return newCoverage(newPlan(v, r))
}

// Fresh returns a Coverage of the same document that has counted nothing. It
// shares what was read off the document, and so costs next to nothing.
func (c *Coverage) Fresh() *Coverage { return newCoverage(c.plan) }

func newCoverage(p *plan) *Coverage {
	c := &Coverage{plan: p}
	c.Reset()
	return c
}

// Reset sets all counts to nothing. An exchange that is being recorded meanwhile
// is counted before or not at all.
func (c *Coverage) Reset() {
	c.counts.Store(&counts{at: make([]atomic.Int64, c.plan.counters), bodies: make([]atomic.Pointer[held], c.plan.bodies)})
}

// Record counts one exchange, as the package's documentation says. An operation
// of another validator is not counted. It keeps nothing of x.
func (c *Coverage) Record(x contract.Exchange) {
	o := c.plan.byContract[x.Operation]
	if o == nil {
		return
	}
	n := c.counts.Load()
	n.at[o.calls].Add(1)
	if x.Basis != "" {
		count, _ := n.bases.LoadOrStore(basis{o, x.Basis}, new(atomic.Int64))
		count.(*atomic.Int64).Add(1) //nolint:forcetypeassert // nothing else is stored
	}
	if x.Status < 100 || x.Departure != "" || x.Unjudged != "" && x.Header == nil {
		return
	}
	s := o.status(x.Status)
	if s == nil {
		return
	}
	n.at[o.counted].Add(1)
	n.at[s.counter].Add(1)
	c.recordParameters(n, o, &x)
	if o.request != nil && len(x.RequestBody) > 0 && x.Request != nil {
		c.recordBody(n, o.request, x.Request.Header, x.RequestBody, x.PlainRequestBody, len(x.Violations) > 0)
	}
	if s.body != nil && len(x.Body) > 0 {
		c.recordBody(n, s.body, x.Header, x.Body, x.PlainBody, len(x.Violations) > 0)
	}
}

// recordBody counts what a body holds, unless that adds nothing. Suspect says that
// the validator found fault with the exchange, so that it may be no JSON at all.
func (c *Coverage) recordBody(n *counts, at *bodyPlace, header http.Header, sent []byte, plain func() ([]byte, error), suspect bool) {
	if header != nil && !spec.IsJSON(header.Get("Content-Type")) {
		return
	}
	tree := at.tree()
	known := n.bodies[at.number].Load()
	if known == nil {
		n.bodies[at.number].CompareAndSwap(nil, newHeld(tree))
		known = n.bodies[at.number].Load()
	}
	if known.left[tree.root.id].Load() == 0 {
		return
	}
	digest, again := c.plan.last.digest(sent)
	if !again {
		digest = maphash.Bytes(c.plan.seed, sent)
	}
	if known.knows(digest) {
		if !again {
			c.plan.last.keep(sent, digest)
		}
		return
	}
	if len(header["Content-Encoding"]) > 0 {
		var err error
		if sent, err = plain(); err != nil {
			return
		}
	}
	if suspect && !json.Valid(sent) {
		return
	}
	w := walk{tree: tree, counts: known, text: sent}
	w.document()
	known.keep(digest)
}

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
