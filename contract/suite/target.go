// Package suite checks a server that claims to be the one an OpenAPI document
// describes.
//
// Two doors lead to the same checks: [Run] makes a subtest of each, [Check] returns a
// report. What is sent is derived from the document, so that a new operation or
// parameter is covered without new code; every answer is judged by the validator of
// package contract. Only GET, HEAD and OPTIONS are sent, unless Target.Unsafe or
// Target.Lab says otherwise.
//
// A check never guesses. What the data of the server cannot show is reported as
// skipped, with the reason; what the document leaves open is no finding; what rests on
// an assumption is at most a warning. Two runs over the same data send the same
// requests in the same order, one at a time.
//
// The rooms, each in a package below internal, and what they stand on:
//
//	call         values and calls derived from a document
//	session      sending and judging, on call
//	credentials  who may call an operation, on both, as all that follow
//	values       what an operation takes
//	paths        what lies beside the documented operations
//	paging       lists: walks, orders, cursors and pages
//	items        making and removing items, for those that follow
//	bodies       what an operation takes as its body
//	sequences    what calls do to each other: created, changed, deleted
//	calibration  what a server does where the document leaves it open
package suite

import (
	"github.com/digakit/digakit/contract/suite/internal/session"
)

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
