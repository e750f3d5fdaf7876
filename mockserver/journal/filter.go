package journal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Filter chooses exchanges; the zero Filter chooses all. An exchange has to meet
// every field that is set.
type Filter struct {
	Operation string
	Status    string    // a status, "403", or a class, "4xx"
	KeyID     string    // as recorded
	Since     time.Time // requests that came after this instant, not at it
	// Violations chooses exchanges with violations (true) or without (false).
	Violations *bool
	// Limit is the largest number of entries, the newest of those chosen; 0 sets
	// none. [Journal.Count] does not look at it.
	Limit int
}

// Validate returns an error that names every field no exchange could ever meet.
// Such a filter chooses nothing.
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
	if len(s) != 3 || s[0] < '1' || s[0] > '5' {
		return false
	}
	if strings.EqualFold(s[1:], "xx") {
		return true
	}
	return '0' <= s[1] && s[1] <= '9' && '0' <= s[2] && s[2] <= '9'
}

// chooses needs a valid filter.
func (f *Filter) chooses(r *record) bool {
	if f.Operation != "" && f.Operation != r.operation || f.KeyID != "" && f.KeyID != r.keyID {
		return false
	}
	if f.Violations != nil && *f.Violations != (len(r.violations) > 0) {
		return false
	}
	if !f.Since.IsZero() && !r.time.After(f.Since) {
		return false
	}
	if f.Status == "" {
		return true
	}
	if f.Status[1]|0x20 == 'x' {
		return r.status/100 == int(f.Status[0]-'0')
	}
	return strconv.Itoa(r.status) == f.Status
}

// Entries returns the exchanges f chooses, oldest first, as a log has them; the
// newest Limit of them. An invalid filter chooses none.
func (j *Journal) Entries(f Filter) []Entry {
	records := j.records(f)
	entries := make([]Entry, len(records))
	for i, r := range records {
		entries[i] = r.entry()
	}
	return entries
}

// Count returns how many exchanges f chooses, whatever its Limit. An invalid
// filter chooses none.
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
	for _, r := range slices.Backward(j.all()) {
		if f.chooses(r) {
			if list = append(list, r); len(list) == f.Limit {
				break
			}
		}
	}
	slices.Reverse(list)
	return list
}

// all returns what is kept, oldest first.
func (j *Journal) all() []*record {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.allLocked()
}

func (j *Journal) allLocked() []*record {
	list := make([]*record, 0, j.next-j.first)
	for id := j.first; id < j.next; id++ {
		list = append(list, j.ring[id%uint64(len(j.ring))])
	}
	return list
}
