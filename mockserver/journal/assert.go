package journal

import (
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
// number of times. The failure shows the nearest other exchange and in what it
// differs. When older exchanges were dropped it says so; those cannot count. It
// reports whether the assertion held.
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
	var b strings.Builder
	fmt.Fprintf(&b, "journal: not requested as wanted\n  want: %s\n  have: %d of %s\n", w, len(matching), held(len(records), dropped))
	listRecords(&b, matching)
	if len(others) > 0 && len(matching) < max(w.Times, 1) && w.Times != Never {
		nearest, differs := w.nearest(others)
		fmt.Fprintf(&b, "  nearest: %s\n", nearest.line())
		for _, d := range differs {
			fmt.Fprintf(&b, "    %s\n", d)
		}
	}
	t.Errorf("%s", strings.TrimSuffix(b.String(), "\n"))
	return false
}

// AssertNoViolations fails the test if an exchange in j broke the contract, on
// either side, and when nothing was recorded: then nothing was checked. It
// reports whether the assertion held.
func AssertNoViolations(t TestingT, j *Journal) bool {
	t.Helper()
	records, dropped, unclean := j.kept()
	clean := len(records)
	records = slices.DeleteFunc(records, func(r *record) bool { return len(r.violations) == 0 })
	clean -= len(records)
	switch {
	case clean+len(records) == 0:
		t.Errorf("journal: no exchange was recorded, so none was checked")
		return false
	case len(records) == 0 && unclean == 0:
		return true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "journal: the contract was broken in %d of %s", len(records), held(clean+len(records), dropped))
	if unclean > 0 {
		fmt.Fprintf(&b, ", and in %d of those dropped", unclean)
	}
	b.WriteByte('\n')
	listRecords(&b, records)
	t.Errorf("%s", strings.TrimSuffix(b.String(), "\n"))
	return false
}

// kept returns what is kept, oldest first, how many were dropped, and how many
// of those had violations.
func (j *Journal) kept() (records []*record, dropped, unclean uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.allLocked(), j.dropped, j.unclean
}

func held(n int, dropped uint64) string {
	s := fmt.Sprintf("%d recorded", n)
	if dropped > 0 {
		s += fmt.Sprintf(" (and %d older ones dropped)", dropped)
	}
	return s
}

// listRecords writes the newest records with their violations.
func listRecords(b *strings.Builder, records []*record) {
	if more := len(records) - maxShown; more > 0 {
		fmt.Fprintf(b, "  … %d earlier\n", more)
		records = records[more:]
	}
	for _, r := range records {
		fmt.Fprintf(b, "  %s\n", r.line())
		for _, v := range r.violations {
			fmt.Fprintf(b, "    %s\n", printable(v.String()))
		}
	}
}

// Never is the [Want.Times] of an exchange there must not be.
const Never = -1

// Want describes exchanges; the zero Want describes all. An exchange has to meet
// every field that is set.
type Want struct {
	Operation string
	Method    string // any case
	Path      string // percent-encoded, as sent
	// Query holds parameters the request must have, by decoded name, each with one
	// of its values. Others may be there too. Values that the journal leaves out,
	// those of undeclared parameters, read "…".
	Query  map[string]string
	Status int
	KeyID  string
	// Times is how many such exchanges there must be; 0 means one or more, [Never]
	// none.
	Times int
}

// mismatch is one field in which an exchange is not as wanted.
type mismatch struct{ field, want, have string }

func (m mismatch) String() string { return m.field + ": want " + m.want + ", have " + m.have }

// mismatches returns what differs in r, in the order of Want's fields.
func (w Want) mismatches(r *record) []mismatch {
	var list []mismatch
	differ := func(field, want, have string) {
		if want != "" && want != have {
			list = append(list, mismatch{field, quoted(want), quoted(have)})
		}
	}
	differ("operation", w.Operation, r.operation)
	if !strings.EqualFold(w.Method, r.method) {
		differ("method", w.Method, r.method)
	}
	differ("path", w.Path, r.path)
	query := queryValues(r.query)
	for _, name := range slices.Sorted(maps.Keys(w.Query)) {
		if values := query[name]; !slices.Contains(values, w.Query[name]) {
			list = append(list, mismatch{"query " + printable(name), quoted(w.Query[name]), quotedAll(values)})
		}
	}
	if w.Status != 0 && w.Status != r.status {
		list = append(list, mismatch{"status", statusText(w.Status), statusText(r.status)})
	}
	differ("key_id", w.KeyID, r.keyID)
	return list
}

// queryValues decodes what it can.
func queryValues(query string) url.Values {
	values := url.Values{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		values[name] = append(values[name], value)
	}
	return values
}

// nearest returns the record that differs from w in the fewest fields; of equal
// ones that with the most similar path, then the newest. It needs one record at
// least.
func (w Want) nearest(records []*record) (*record, []mismatch) {
	var best *record
	var differs []mismatch
	bestPath := 0
	for _, r := range slices.Backward(records) {
		list := w.mismatches(r)
		if best != nil && len(list) > len(differs) {
			continue
		}
		path := 0
		if w.Path != "" {
			path = levenshtein.ComputeDistance(cutString(w.Path, 256), cutString(r.path, 256))
		}
		if best == nil || len(list) < len(differs) || path < bestPath {
			best, differs, bestPath = r, list, path
		}
	}
	return best, differs
}

// String returns one line: the number of times, then the fields that are set.
func (w Want) String() string {
	var fields []string
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, name+" "+quoted(value))
		}
	}
	add("operation", w.Operation)
	add("method", w.Method)
	add("path", w.Path)
	for _, name := range slices.Sorted(maps.Keys(w.Query)) {
		fields = append(fields, "query "+printable(name)+" "+quoted(w.Query[name]))
	}
	if w.Status != 0 {
		fields = append(fields, "status "+statusText(w.Status))
	}
	add("key_id", w.KeyID)
	if len(fields) == 0 {
		fields = []string{"anything"}
	}
	return w.times() + " with " + strings.Join(fields, ", ")
}

func (w Want) times() string {
	switch {
	case w.Times == 0:
		return "one or more exchanges"
	case w.Times < 0:
		return "no exchange"
	case w.Times == 1:
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
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = strconv.Quote(v)
	}
	return strings.Join(list, " and ")
}

// Dump writes the journal for a person to read, oldest first: one line for each
// exchange, its violations indented below. A test prints it when it fails. The
// error is that of w.
func Dump(w io.Writer, j *Journal) error {
	records, dropped, _ := j.kept()
	if dropped > 0 {
		if _, err := fmt.Fprintf(w, "(%d older exchanges dropped)\n", dropped); err != nil {
			return err
		}
	}
	for _, r := range records {
		text := r.time.Format("15:04:05.000") + " " + r.line() + "\n"
		for _, v := range r.violations {
			text += "    " + printable(v.String()) + "\n"
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// line returns r in one line without its time.
func (r *record) line() string {
	target := r.path
	if r.query != "" {
		target += "?" + r.query
	}
	parts := []string{fmt.Sprintf("#%d %s %s -> %s in %s", r.id, r.method, target, statusText(r.status), r.duration.Round(10*time.Microsecond))}
	if r.keyID != "" {
		parts = append(parts, "key "+ellipsis+r.lastFour)
	}
	if r.departure != "" {
		parts = append(parts, "departure: "+r.departure)
	}
	if r.faultID != "" {
		parts = append(parts, "fault "+r.faultID)
	}
	if r.preference != "" {
		parts = append(parts, "prefer "+r.preference)
	}
	return printable(strings.Join(parts, ", "))
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
