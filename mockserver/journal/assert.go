package journal

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// TestingT is the part of *testing.T that the assertions need.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
}

// maxShown is how many exchanges a failure lists.
const maxShown = 10

// AssertRequested fails the test unless j holds the wanted exchanges, the right
// number of times, and reports whether it does. Exchanges that were dropped do
// not count. The failure shows how the nearest other exchange differs.
func AssertRequested(t TestingT, j *Journal, w Want) bool {
	t.Helper()
	records, dropped, _ := j.kept()
	var matching []*record
	others := make([]*record, 0, len(records))
	for _, r := range records {
		if len(w.mismatches(r)) == 0 {
			matching = append(matching, r)
		} else {
			others = append(others, r)
		}
	}
	if w.met(len(matching)) {
		return true
	}
	text := fmt.Sprintf("journal: not requested as wanted\n  want: %s\n  have: %d of %s", w, len(matching), held(len(records), dropped)) + newest(matching)
	if len(others) > 0 && len(matching) < max(w.Times, 1) && w.Times != Never {
		nearest, differs := w.nearest(others)
		text += "\n  nearest: " + nearest.line() + "\n    " + strings.Join(differs, "\n    ")
	}
	t.Errorf("%s", text)
	return false
}

// AssertNoViolations fails the test if an exchange in j broke the contract, on
// either side, or none was recorded, and reports whether the assertion held.
func AssertNoViolations(t TestingT, j *Journal) bool {
	t.Helper()
	records, dropped, unclean := j.kept()
	all := len(records)
	records = slices.DeleteFunc(records, func(r *record) bool { return len(r.violations) == 0 })
	switch {
	case all == 0:
		t.Errorf("journal: no exchange was recorded, so none was checked")
		return false
	case len(records) == 0 && unclean == 0:
		return true
	}
	text := fmt.Sprintf("journal: the contract was broken in %d of %s", len(records), held(all, dropped))
	if unclean > 0 {
		text += fmt.Sprintf(", and in %d of those dropped", unclean)
	}
	t.Errorf("%s", text+newest(records))
	return false
}

func held(n int, dropped uint64) string {
	s := fmt.Sprintf("%d recorded", n)
	if dropped > 0 {
		s += fmt.Sprintf(" (and %d older ones dropped)", dropped)
	}
	return s
}

// newest returns lines with the newest records and their violations.
func newest(records []*record) (lines string) {
	if more := len(records) - maxShown; more > 0 {
		lines = fmt.Sprintf("\n  … %d earlier", more)
		records = records[more:]
	}
	for _, r := range records {
		lines += "\n  " + r.line() + r.broken("\n    ")
	}
	return lines
}

// Never is the [Want.Times] of an exchange there must not be.
const Never = -1

// Want describes exchanges by the fields that are set; the zero Want, all.
type Want struct {
	Operation string
	Method    string // any case
	Path      string // percent-encoded, as sent
	// Query holds parameters the request must have, by decoded name, each with one
	// of its values. Those of undeclared parameters read "…".
	Query  map[string]string
	Status int
	KeyID  string
	// Times is how many such exchanges there must be; 0 means one or more, [Never]
	// none.
	Times int
}

// wanted is a field of a Want that is set, and what an exchange has there.
type wanted struct {
	field, want, have string
	met               bool
}

// fields returns those that are set, and what r has there.
func (w Want) fields(r *record) (list []wanted) {
	add := func(field, want, have string, met bool) {
		if want != "" {
			list = append(list, wanted{field, quoted(want), quoted(have), met})
		}
	}
	add("operation", w.Operation, r.operation, w.Operation == r.operation)
	add("method", w.Method, r.method, strings.EqualFold(w.Method, r.method))
	add("path", w.Path, r.path, w.Path == r.path)
	query, _ := url.ParseQuery(r.query) // of one that is none, what can be read
	for _, name := range slices.Sorted(maps.Keys(w.Query)) {
		values := query[name]
		list = append(list, wanted{"query " + printable(name), quoted(w.Query[name]), quotedAll(values), slices.Contains(values, w.Query[name])})
	}
	if w.Status != 0 {
		list = append(list, wanted{"status", statusText(w.Status), statusText(r.status), w.Status == r.status})
	}
	add("key_id", w.KeyID, r.keyID, w.KeyID == r.keyID)
	return list
}

// mismatches returns what differs in r.
func (w Want) mismatches(r *record) (list []string) {
	for _, f := range w.fields(r) {
		if !f.met {
			list = append(list, f.field+": want "+f.want+", have "+f.have)
		}
	}
	return list
}

// nearest returns the record, of one at least, that differs in the fewest fields; of
// equal ones that with the most similar path, then the newest.
func (w Want) nearest(records []*record) (best *record, differs []string) {
	path := func(r *record) int {
		return levenshtein.ComputeDistance(cutString(w.Path, 256), cutString(r.path, 256)) * min(len(w.Path), 1)
	}
	slices.Reverse(records)
	best = slices.MinFunc(records, func(a, b *record) int {
		return cmp.Or(cmp.Compare(len(w.mismatches(a)), len(w.mismatches(b))), cmp.Compare(path(a), path(b)))
	})
	return best, w.mismatches(best)
}

// String returns one line: the number of times, then the fields that are set.
func (w Want) String() string {
	var fields []string
	for _, f := range w.fields(&record{}) {
		fields = append(fields, f.field+" "+f.want)
	}
	return w.times() + " with " + cmp.Or(strings.Join(fields, ", "), "anything")
}

func (w Want) times() string {
	switch max(w.Times, Never) {
	case 0:
		return "one or more exchanges"
	case Never:
		return "no exchange"
	case 1:
		return "1 exchange"
	}
	return strconv.Itoa(w.Times) + " exchanges"
}

// met reports whether n exchanges are the right number.
func (w Want) met(n int) bool {
	if w.Times == 0 {
		return n > 0
	}
	return n == max(w.Times, 0)
}

func statusText(status int) string {
	if status == 0 {
		return "none"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

func quoted(s string) string {
	if s == "" {
		return "none"
	}
	return strconv.Quote(s)
}

func quotedAll(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	text := strconv.Quote(values[0])
	for _, v := range values[1:] {
		text += " and " + strconv.Quote(v)
	}
	return text
}

// Dump writes the journal for a person to read, oldest first: one line for each
// exchange, its violations indented below. The error is that of w.
func Dump(w io.Writer, j *Journal) error {
	records, dropped, _ := j.kept()
	text := ""
	if dropped > 0 {
		text = fmt.Sprintf("(%d older exchanges dropped)\n", dropped)
	}
	for _, r := range records {
		text += r.time.Format("15:04:05.000") + " " + r.line() + r.broken("\n    ") + "\n"
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		text = ""
	}
	return nil
}

// broken returns the violations, each behind sep.
func (r *record) broken(sep string) (text string) {
	for _, v := range r.violations {
		text += sep + printable(v.String())
	}
	return text
}

// line returns r in one line without its time.
func (r *record) line() string {
	target := r.path
	if r.query != "" {
		target += "?" + r.query
	}
	line := fmt.Sprintf("#%d %s %s -> %s in %s", r.id, r.method, target, statusText(r.status), r.duration.Round(10*time.Microsecond))
	for _, part := range []struct{ of, text string }{
		{r.keyID, "key " + ellipsis + r.lastFour}, {r.departure, "departure: " + r.departure},
		{r.faultID, "fault " + r.faultID}, {r.preference, "prefer " + r.preference},
	} {
		if part.of != "" {
			line += ", " + part.text
		}
	}
	return printable(line)
}

// printable replaces what could steer a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, s)
}
