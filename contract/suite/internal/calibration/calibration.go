// Package calibration asks a server what the document leaves open: for each assumption
// of a profile that has alternatives, the few requests that tell them apart.
package calibration

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Line is what one assumption came to.
type Line struct {
	ID          string
	Alternative string // empty: it stays open
	// Evidence is what was asked and what was answered; of an open line why it is open.
	Evidence string
}

// questions are the assumptions with alternatives, in the order of the profile, and how a
// server is asked about them; nil: by what its lists show.
var questions = []struct {
	id  string
	ask func(*asker, context.Context)
}{
	{"page_with_cursor", nil},
	{"page_fields", nil},
	{"unknown_cursor", nil},
	{"deleted_cursor", (*asker).deletedCursor},
	{"empty_list", nil},
	{"unauthenticated", (*asker).unauthenticated},
	{"unrestricted_permissions", nil},
	{"trailing_slash", (*asker).trailingSlash},
	{"missing_item", (*asker).missingItem},
	{"repeated_parameter", nil},
	{"in_use", (*asker).inUse},
}

// Settle asks the questions. The session has greeted its target. What is made for it is
// removed when the session finishes.
func Settle(ctx context.Context, s *session.Session) ([]Line, error) {
	a := &asker{Session: s, maker: items.New()}
	var lines []Line
	for _, q := range questions {
		a.seen, a.open = nil, "nothing in the document asks for it"
		err := session.Ended(func() {
			if q.ask == nil {
				a.askLists(ctx, q.id)
			} else {
				q.ask(a, ctx)
			}
		})
		if reason := session.GivenUp(err); reason != "" {
			a.open, err = reason, nil
		}
		if err != nil {
			return lines, err
		}
		lines = append(lines, a.line(q.id))
	}
	return lines, nil
}

// asker asks, and remembers what it saw for the question at hand.
type asker struct {
	*session.Session
	maker *items.Maker
	seen  []Line // of the same id; two that differ settle nothing
	open  string // why nothing was seen
}

// enough is how many operations are asked the same question.
const enough = 3

// saw notes what an answer shows.
func (a *asker) saw(alternative, evidence string) {
	a.seen = append(a.seen, Line{Alternative: alternative, Evidence: evidence})
}

// done tells whether the question has been asked often enough.
func (a *asker) done() bool { return len(a.seen) >= enough }

// line is what the question came to.
func (a *asker) line(id string) Line {
	if len(a.seen) == 0 {
		return Line{ID: id, Evidence: a.open}
	}
	first := a.seen[0]
	for _, other := range a.seen[1:] {
		if other.Alternative != first.Alternative {
			return Line{ID: id, Evidence: "it is not the same everywhere: " + first.Evidence + "; " + other.Evidence}
		}
	}
	if first.Alternative == "" {
		return Line{ID: id, Evidence: "as none of the alternatives: " + first.Evidence}
	}
	evidence := first.Evidence
	if more := len(a.seen) - 1; more > 0 {
		evidence += fmt.Sprintf("; %d more operations alike", more)
	}
	return Line{ID: id, Alternative: first.Alternative, Evidence: evidence}
}

// send sends a call of an operation; the text is what was asked and answered, without
// what a credential may be in.
func (a *asker) send(ctx context.Context, o *contract.Operation, c call.Call) (*session.Answer, string) {
	method, of := o.Method, o
	if c.Beside {
		c.Like, of = o, nil
	}
	got := a.Send(ctx, of, c)
	text := method + " " + c.Path
	if c.Query != "" {
		text += "?" + c.Query
	}
	return got, fmt.Sprintf("%s answered %d", text, got.Status)
}
