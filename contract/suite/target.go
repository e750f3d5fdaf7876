package suite

import "github.com/digakit/digakit/contract/suite/internal/session"

// Target is the server to check, and how.
type Target = session.Target

// Lab makes data to look at.
type Lab = session.Lab

// Progress is how far a run has come.
type Progress = session.Progress

// ErrTarget: the Target itself is wrong. ErrUnreachable: no answer came.
// ErrRefused: the server answers, but takes the key for no operation at all.
var (
	ErrTarget      = session.ErrTarget
	ErrUnreachable = session.ErrUnreachable
	ErrRefused     = session.ErrRefused
)
