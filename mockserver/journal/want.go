package journal

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

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
