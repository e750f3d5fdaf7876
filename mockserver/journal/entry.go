package journal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
)

// Entry is one exchange, redacted. Violations are shared and must not be changed.
type Entry struct {
	// ID counts from 1 in the order in which exchanges were completed, also after
	// [Journal.Clear].
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
	Basis      string               `json:"basis,omitempty"` // what the answer rests on
}

// Key is what is told of the API key a request carried.
type Key struct {
	ID       string `json:"id"`
	LastFour string `json:"last_four_digits"` // Diga's name for the secret's last four characters
}

// Request is the request of an [Entry].
type Request struct {
	Method           string      `json:"method"`
	Path             string      `json:"path"`            // percent-encoded, as sent
	Query            string      `json:"query,omitempty"` // as sent, without "?"; values left out read "…"
	Headers          http.Header `json:"headers"`
	HeadersTruncated bool        `json:"headers_truncated,omitempty"` // the headers were over 32 kB and some are missing
	Body             *Body       `json:"body,omitempty"`              // nil: none
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
		Violations: r.violations, Departure: r.departure, FaultID: r.faultID, Preference: r.preference, Basis: r.basis,
	}
	if r.keyID != "" {
		e.Key = &Key{ID: r.keyID, LastFour: r.lastFour}
	}
	if e.Violations == nil {
		e.Violations = []contract.Violation{}
	}
	return e
}

// Filter chooses exchanges by the fields that are set; the zero Filter chooses all.
type Filter struct {
	Operation  string
	Status     string    // a status, "403", or a class, "4xx"
	KeyID      string    // as recorded
	Since      time.Time // requests that came after this instant, not at it
	Violations *bool     // chooses exchanges with violations (true) or without (false)
	// Limit is the largest number of entries, the newest; 0 sets none. [Journal.Count]
	// ignores it.
	Limit int
}

// Validate returns an error that names every field no exchange could ever meet.
func (f Filter) Validate() error {
	var errs []error
	if !validStatus(f.Status) {
		errs = append(errs, errors.New(`journal: status must be like "403" or "4xx", 100 to 599`))
	}
	if f.Limit < 0 {
		errs = append(errs, fmt.Errorf("journal: limit must not be negative, but is %d", f.Limit))
	}
	return errors.Join(errs...)
}

func validStatus(s string) bool {
	if s == "" {
		return true
	}
	return len(s) == 3 && s[0] >= '1' && s[0] <= '5' && (strings.EqualFold(s[1:], "xx") || strings.Trim(s, "0123456789") == "")
}

// chooses needs a valid filter.
func (f *Filter) chooses(r *record) bool {
	switch {
	case f.Operation != "" && f.Operation != r.operation, f.KeyID != "" && f.KeyID != r.keyID,
		f.Violations != nil && *f.Violations != (len(r.violations) > 0), !f.Since.IsZero() && !r.time.After(f.Since):
		return false
	case f.Status == "":
		return true
	case f.Status[1]|0x20 == 'x':
		return r.status/100 == int(f.Status[0]-'0')
	}
	return strconv.Itoa(r.status) == f.Status
}

// Entries returns the exchanges f chooses, oldest first. An invalid filter chooses none.
func (j *Journal) Entries(f Filter) []Entry {
	records := j.records(f)
	entries := make([]Entry, len(records))
	for i, r := range records {
		entries[i] = r.entry()
	}
	return entries
}

// Count returns how many exchanges f chooses. An invalid filter chooses none.
func (j *Journal) Count(f Filter) int {
	if f.Limit >= 0 {
		f.Limit = 0
	}
	return len(j.records(f))
}

// Entry returns the exchange with the given id; false when it is not kept.
func (j *Journal) Entry(id uint64) (Entry, bool) {
	j.mu.Lock()
	if id < j.first || id >= j.next {
		j.mu.Unlock()
		return Entry{}, false
	}
	r := j.ring[id%uint64(len(j.ring))]
	j.mu.Unlock()
	return r.entry(), true
}

// records returns the chosen records, oldest first.
func (j *Journal) records(f Filter) []*record {
	if f.Validate() != nil {
		return nil
	}
	var list []*record
	kept, _, _ := j.kept()
	for _, r := range slices.Backward(kept) {
		if f.chooses(r) {
			if list = append(list, r); len(list) == f.Limit {
				break
			}
		}
	}
	slices.Reverse(list)
	return list
}

// kept returns what is kept, oldest first, how many were dropped, and how many
// of those had violations.
func (j *Journal) kept() (records []*record, dropped, unclean uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	records = make([]*record, 0, j.next-j.first)
	for id := j.first; id < j.next; id++ {
		records = append(records, j.ring[id%uint64(len(j.ring))])
	}
	return records, j.dropped, j.unclean
}
