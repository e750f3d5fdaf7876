package mockserver

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/store"
)

// exchange is what is known of one request and its answer while they pass
// through the server. One goroutine works on it at a time.
type exchange struct {
	start   time.Time
	request *http.Request // as it came
	body    *recordedBody // nil: none

	bearer    bool                // the request carries a bearer key, known or not
	operation *contract.Operation // nil when the request is for none
	project   *store.Project      // nil without a valid key
	key       *store.Key
	valid     *http.Request // as handlers get it; set before they are called
	refusal   *refusal      // decided before the request was validated; nil: none

	query      string               // canonical, once credentials were accepted
	violations []contract.Violation // of the request
	broken     []contract.Violation // of an answer of ours, which was not sent
	departure  string               // why the mock's answer may leave the spec; empty: it may not
	faultID    string               // of the fault that disturbed; empty: none
	disturbed  string               // how the fault makes the answer leave the spec; empty: it does not
	badKey     string               // for the log: what is wrong with the key; empty: nothing
	advice     string               // for the log, on a request that found no handler
	preference string               // what of the Prefer header was applied
	decided    string               // line of the profile that decided the answer; empty: none
	basis      string               // what the answer rests on; empty: no handler made it
	covered    bool                 // counted already, as the validator judged it
	secret     string               // of a key that was made
	settled    bool                 // in the journal
	taped      *taped               // what a recording has of it; nil: none is made
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeFrom returns the exchange that every context carries.
func exchangeFrom(ctx context.Context) *exchange {
	return ctx.Value(exchangeKey{}).(*exchange)
}

// projectID is uuid.Nil without a valid key.
func (x *exchange) projectID() uuid.UUID {
	if x.project == nil {
		return uuid.Nil
	}
	return x.project.ID()
}

// allViolations are those of both sides, the request's first.
func (x *exchange) allViolations() []contract.Violation {
	return slices.Concat(x.violations, x.broken)
}

// declare says in the answer's header, and to the validator, that the answer departs; it
// does nothing to one that does not.
func (x *exchange) declare(ctx context.Context, h http.Header) {
	if x.departure != "" {
		h.Set(departureHeader, x.departure)
		contract.DeclareDeparture(ctx, x.departure)
	}
}

// allDepartures says why the answer leaves the spec; empty: it does not.
func (x *exchange) allDepartures() string {
	if x.disturbed != "" {
		return x.disturbed
	}
	return x.departure
}

// entry is the exchange as the journal wants it.
func (x *exchange) entry(w *recorder) journal.Exchange {
	e := journal.Exchange{
		Time: x.start, Duration: time.Since(x.start), Request: x.request,
		Status: w.status, ResponseBody: w.body.Bytes()[:min(w.body.Len(), maxRecorded)], ResponseSize: w.size,
		Violations: x.allViolations(), Departure: x.allDepartures(), FaultID: x.faultID, Preference: x.preference, Basis: x.basis, Secret: x.secret,
	}
	if w.status != 0 {
		e.ResponseHeader = w.Header()
	}
	if x.body != nil {
		e.RequestBody, e.RequestSize = x.body.kept, x.body.size
	}
	if x.operation != nil {
		e.Operation = x.operation.Name()
		e.Declared = func(name string) bool { return declaresQuery(x.operation, name) }
	}
	if x.project != nil {
		e.Time = x.project.Clock().Now()
		e.Project, e.KeyID, e.KeyLastFour = x.project.Name(), x.key.ID.String(), x.key.LastFour
	}
	return e
}
