package suite

import "github.com/digakit/digakit/contract/suite/internal/session"

// Target is the server to check, and how: its URL, the document it is held to, and a key.
// What its other fields are, and what they are without a value, stands with each.
type Target = session.Target

// Lab makes data to look at. The server must have isolated projects: what is
// done in one is not seen in another. A lab is used from one goroutine.
type Lab = session.Lab

// Progress is how far a run has come: checks of operations, and requests.
type Progress = session.Progress

// ErrTarget: the Target itself is wrong. ErrUnreachable: no answer came.
// ErrRefused: the server answers, but takes the key for no operation at all.
var (
	ErrTarget      = session.ErrTarget
	ErrUnreachable = session.ErrUnreachable
	ErrRefused     = session.ErrRefused
)
