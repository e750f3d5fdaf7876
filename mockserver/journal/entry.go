package journal

import (
	"net/http"
	"time"

	"github.com/digakit/digakit/contract"
)

// Entry is one exchange as the journal shows it, redacted. It is the caller's
// own, but for Violations, which is shared and must not be changed.
type Entry struct {
	// ID counts from 1 in each journal, in the order in which exchanges were
	// completed. No id is given twice, even after [Journal.Clear].
	ID       uint64        `json:"id"`
	Time     time.Time     `json:"time"` // when the request came, UTC
	Duration time.Duration `json:"duration_ns"`

	Project   string `json:"project,omitempty"`
	Operation string `json:"operation,omitempty"` // empty: the request was for none
	Client    string `json:"client,omitempty"`    // address and port
	Key       *Key   `json:"key,omitempty"`       // nil: no valid key

	Request  Request  `json:"request"`
	Response Response `json:"response"`

	Violations []contract.Violation `json:"violations"` // the request's first; in JSON never null
	Departure  string               `json:"departure,omitempty"`
	FaultID    string               `json:"fault_id,omitempty"`
	Preference string               `json:"preference,omitempty"`
}

// Key is what is told of the API key a request carried.
type Key struct {
	ID       string `json:"id"`
	LastFour string `json:"last_four_digits"` // Diga's name for the secret's last four characters
}

// Request is the request of an [Entry].
type Request struct {
	Method  string      `json:"method"`
	Path    string      `json:"path"`            // percent-encoded, as sent
	Query   string      `json:"query,omitempty"` // as sent, without "?"; values left out read "…"
	Headers http.Header `json:"headers"`
	// HeadersTruncated says that the headers were over 32 kB and some are missing.
	HeadersTruncated bool  `json:"headers_truncated,omitempty"`
	Body             *Body `json:"body,omitempty"` // nil: none
}

// Response is the response of an [Entry].
type Response struct {
	Status           int         `json:"status"` // 0: no answer was sent
	Headers          http.Header `json:"headers"`
	HeadersTruncated bool        `json:"headers_truncated,omitempty"`
	Body             *Body       `json:"body,omitempty"`
}

// entry returns r as the journal shows it.
func (r *record) entry() Entry {
	e := Entry{
		ID: r.id, Time: r.time, Duration: r.duration,
		Project: r.project, Operation: r.operation, Client: r.client,
		Request: Request{
			Method: r.method, Path: r.path, Query: r.query,
			Headers: parseHeader(r.requestHeader), HeadersTruncated: r.requestHeaderCut, Body: r.requestBody.show(),
		},
		Response: Response{
			Status:  r.status,
			Headers: parseHeader(r.responseHeader), HeadersTruncated: r.responseHeaderCut, Body: r.responseBody.show(),
		},
		Violations: r.violations, Departure: r.departure, FaultID: r.faultID, Preference: r.preference,
	}
	if r.keyID != "" {
		e.Key = &Key{ID: r.keyID, LastFour: r.lastFour}
	}
	if e.Violations == nil {
		e.Violations = []contract.Violation{}
	}
	return e
}
