package suite

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Bounds of what is remembered of answers.
const (
	maxPooled     = 8   // values of one name
	maxPooledText = 128 // bytes
)

// pool holds values seen in answers, by the name of their property: a parameter
// that names something needs the name of something that is there.
type pool struct {
	values map[string][]string            // by property name
	from   map[string]map[string][]string // the same, by path of the operation that showed them
	filled map[string]bool                // by path: the answer held a list with something in it
}

func newPool() *pool {
	return &pool{values: map[string][]string{}, from: map[string]map[string][]string{}, filled: map[string]bool{}}
}

// learn remembers the scalars of an answer.
func (p *pool) learn(o *contract.Operation, body []byte) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return // the validator has said so
	}
	seen, held := map[string][]string{}, map[string][]string{}
	p.filled[o.Path] = collect(v, "", seen, held)
	for name, texts := range held {
		if seen[name] == nil {
			seen[name] = texts
		}
	}
	p.from[o.Path] = seen
	for name, texts := range seen {
		if p.values[name] == nil {
			p.values[name] = texts
		}
	}
}

// collect adds the scalars of JSON to those seen, by the name of their property,
// and tells whether there is an array with something in it. What an object holds in
// an object of its own is kept apart: the id of an item is not that of its owner.
func collect(v any, name string, seen, held map[string][]string) (filled bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			into := seen
			if _, ok := v[key].(map[string]any); ok {
				into = held
			}
			filled = collect(v[key], key, into, held) || filled
		}
	case []any:
		for _, item := range v {
			collect(item, name, seen, held)
		}
		return len(v) > 0
	case bool, nil:
	default:
		if text, ok := wireText(v); ok && text != "" && len(text) <= maxPooledText && len(seen[name]) < maxPooled && !slices.Contains(seen[name], text) {
			seen[name] = append(seen[name], text)
		}
	}
	return filled
}

// windows are the usual names of parameters that count through a list: what lies
// behind its end may be refused.
var windows = []string{"page", "page_number", "pagenumber", "page_no", "offset", "skip", "start", "start_index", "startindex"}

// cursors are the usual names of parameters that name an item of the very list
// they are parameters of.
var cursors = []string{"after", "before", "starting_after", "ending_before", "cursor", "id"}

// known lists values seen that a parameter can be expected to take, then those
// it may take, marked as guesses.
func (p *pool) known(o *contract.Operation, q *parameter) []value {
	var list []value
	add := func(class string, guess bool, texts []string) {
		for _, text := range texts {
			if !slices.ContainsFunc(list, func(v value) bool { return v.texts[0] == text }) {
				list = append(list, value{class: class, texts: []string{text}, guess: guess, seen: true})
			}
		}
	}
	own := p.from[o.Path]
	if q.in != pathPlace && slices.Contains(cursors, strings.ToLower(q.name)) {
		add("id of an item", false, own["id"])
	}
	if q.in == pathPlace {
		if above, _, ok := strings.Cut(o.Path, "{"+q.name+"}"); ok {
			for _, path := range []string{above, strings.TrimSuffix(above, "/")} {
				add("id of an item", false, p.from[path][q.name])
				add("id of an item", false, p.from[path]["id"])
			}
		}
	}
	add("value of "+q.name+" seen", false, p.values[q.name])
	if q.identifies() {
		for _, name := range []string{"id", "first_id", "last_id"} {
			add("id seen", true, p.values[name])
		}
	}
	return list
}

// identifies tells whether a parameter names something, by its schema or name:
// which values do, only the server knows.
func (p *parameter) identifies() bool {
	for _, d := range p.domains {
		if d.format == "uuid" {
			return true
		}
	}
	kind := p.kind()
	if kind != stringKind && kind != integerKind {
		return false
	}
	if p.in == pathPlace || slices.Contains(cursors, strings.ToLower(p.name)) {
		return true
	}
	lower := strings.ToLower(p.name)
	return lower == "id" || hasAnySuffix(p.name, "_id", "-id", "Id", "ID") || hasAnySuffix(lower, "key", "slug", "token", "cursor")
}

func hasAnySuffix(text string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(text, ending) })
}

// values lists valid values of a parameter, known ones first, each once. A value
// of the document's that does not fit its own schema is left out.
func (s *session) values(o *contract.Operation, p *parameter) []value {
	candidates := slices.Clone(p.examples)
	for i := range p.domains {
		candidates = append(candidates, p.domains[i].valid()...)
	}
	if p.identifies() {
		for i, v := range candidates {
			if v.class != "default" && !slices.Contains(p.enumerated(), v.texts[0]) {
				candidates[i].guess = true
			}
		}
	}
	if p.kind() == integerKind && slices.Contains(windows, strings.ToLower(p.name)) {
		for i, v := range candidates {
			candidates[i].guess = v.class != "minimum" || !s.pool.filled[o.Path]
		}
	}
	known := s.pool.known(o, p)
	if !p.identifies() && p.kind() != stringKind {
		known = nil
	}
	// Three of what was seen are enough: the first, the last and one between.
	if n := len(known); n > 3 {
		known = []value{known[0], known[n/2], known[n-1]}
	}
	var list []value
	for _, v := range append(known, candidates...) {
		if v.guess && len(list) > 0 && list[0].seen && !list[0].guess {
			continue // no need to guess
		}
		if v.texts == nil || p.in == pathPlace && strings.Join(v.texts, "") == "" {
			continue
		}
		same := func(w value) bool { return w.array == v.array && slices.Equal(w.texts, v.texts) }
		if !slices.ContainsFunc(list, same) && s.fits(o, setting{p, v}) {
			list = append(list, v)
		}
	}
	return list
}

func (p *parameter) enumerated() []string {
	var list []string
	for _, d := range p.domains {
		list = append(list, d.enum...)
	}
	return list
}
