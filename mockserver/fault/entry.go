package fault

import (
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
)

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
	if m.Operation != "" && m.Operation != r.Operation.ID && m.Operation != r.Operation.Method+" "+r.Operation.Path {
		return false
	}
	if e.key != uuid.Nil && e.key != r.KeyID {
		return false
	}
	for name, value := range m.Query {
		if !slices.Contains(r.Query[name], value) {
			return false
		}
	}
	return true
}

// garbage is drawn when it is wanted, so that the order of draws depends on
// nothing but the calls.
func (e *entry) garbage() []byte {
	if e.spec.Kind != RandomDataThenClose && e.spec.Kind != MalformedResponseChunk {
		return nil
	}
	return e.random.garbage()
}
