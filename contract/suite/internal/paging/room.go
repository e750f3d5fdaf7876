package paging

import (
	"context"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// room is what the checks of paging share in one run.
type room struct {
	listings map[*contract.Operation]*listing // nil in it: the operation does not page
	failures int                              // of the check at work
	told     map[string]report.Finding        // by what they say, but for numbers
}

// pager is an operation that pages, with what was seen of its list so far.
type pager struct {
	*session.Probe
	room     *room
	list     *listing
	name     string // before the name of each case; empty for the target's own list
	project  string // of the lab; empty: the target's own
	known    known
	bases    map[string]*walk // the whole list, by order
	survey   *survey
	seen     map[string]*seen // by id of a check that looks at every page
	sizes    map[int]*sizes   // by limit
	restless int              // cases given up because the data changed all the time
	ended    error            // why the check at work cannot go on
}

// call sends a call of the operation, unless the check has ended.
func (p *pager) call(ctx context.Context, c call.Call) (*session.Answer, error) {
	if p.ended != nil {
		return nil, p.ended
	}
	return p.Probe.Call(ctx, c)
}

// listingOf recognises an operation that pages; nil: it does not.
func (r *room) listingOf(s *session.Session, o *contract.Operation) *listing {
	l, known := r.listings[o]
	if !known {
		l = recognise(s.Document, o)
		r.listings[o] = l
	}
	return l
}
