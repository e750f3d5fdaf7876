// Package calibration asks a server what the document leaves open: for each assumption
// of a profile that has alternatives, the few requests that tell them apart.
package calibration

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
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

// question is an assumption and how a server is asked about it.
type question struct {
	id  string
	ask func(*asker, context.Context) error
}

// questions are those with alternatives, in the order of the profile.
var questions = []question{
	{"page_with_cursor", (*asker).pageWithCursor},
	{"page_fields", (*asker).pageFields},
	{"unknown_cursor", (*asker).unknownCursor},
	{"deleted_cursor", (*asker).deletedCursor},
	{"empty_list", (*asker).emptyList},
	{"unauthenticated", (*asker).unauthenticated},
	{"unrestricted_permissions", (*asker).unrestrictedPermissions},
	{"trailing_slash", (*asker).trailingSlash},
	{"missing_item", (*asker).missingItem},
	{"repeated_parameter", (*asker).repeatedParameter},
	{"in_use", (*asker).inUse},
}

// Settle asks the questions. The session has greeted its target. What is made for it is
// removed when the session finishes.
func Settle(ctx context.Context, s *session.Session) ([]Line, error) {
	a := &asker{Session: s, maker: items.New()}
	for _, l := range s.Plan.Lines {
		a.addList(l)
	}
	var lines []Line
	for _, q := range questions {
		a.seen, a.open = nil, "nothing in the document asks for it"
		err := q.ask(a, ctx)
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
	lists []*list
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
func (a *asker) send(ctx context.Context, o *contract.Operation, c call.Call) (*session.Answer, string, error) {
	method, of := o.Method, o
	if c.Beside {
		c.Like, of = o, nil
	}
	got, err := a.Send(ctx, of, c)
	if err != nil {
		return nil, "", err
	}
	text := method + " " + c.Path
	if c.Query != "" {
		text += "?" + c.Query
	}
	return got, fmt.Sprintf("%s answered %d", text, got.Status), nil
}

// list is an operation that lists and whose plain call is answered with a page.
type list struct {
	line   *plan.Line
	op     *contract.Operation
	base   []call.Setting
	paging plan.Paging
	items  []map[string]any // of its first page
}

func (a *asker) addList(l *plan.Line) {
	o := items.Operation(a.Session, l)
	greeting := a.Greetings[o]
	if l.Kind != plan.List || l.List == nil || greeting == nil || !greeting.Ok() {
		return
	}
	base, _ := a.Required(o)
	a.lists = append(a.lists, &list{l, o, base, l.List.Paging, items.Shown(l, greeting)})
}

// ask asks for a page of the list.
func (a *asker) ask(ctx context.Context, l *list, pairs ...string) (*session.Answer, []map[string]any, string, error) {
	c := call.Compose(l.op, l.base)
	c.Query = strings.Trim(c.Query+"&"+call.Query(pairs...), "&")
	got, text, err := a.send(ctx, l.op, c)
	if err != nil {
		return nil, nil, "", err
	}
	page := items.Shown(l.line, got)
	if got.Status < 300 {
		text += fmt.Sprintf(" with %d items", len(page))
	}
	return got, page, text, nil
}

// id is what a cursor names an item by; empty when the list has no such cursors.
func (a *asker) id(l *list, item map[string]any) string {
	c := a.Plan.Collection(l.line.Collection)
	if c == nil || len(c.Identity) != 1 || l.paging.Opaque || l.paging.After == "" {
		return ""
	}
	return call.Text(item[c.Identity[0].Property])
}

// member is a part of the answer's envelope; false when the list has none of the role.
func member(l *list, got *session.Answer, role plan.Role) (value any, of plan.Member, there bool) {
	i := slices.IndexFunc(l.line.List.Members, func(m plan.Member) bool { return m.Role == role })
	if i < 0 {
		return nil, of, false
	}
	of = l.line.List.Members[i]
	value, _ = call.At(items.Decode(got.Body), of.Pointer)
	return value, of, true
}

// same tells whether two pages have the same items.
func same(one, other []map[string]any) bool {
	a, _ := json.Marshal(one) // JSON values marshal
	b, _ := json.Marshal(other)
	return string(a) == string(b)
}
