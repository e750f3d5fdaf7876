package call

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
func (p *pool) known(o *contract.Operation, q *Parameter) []Value {
	var list []Value
	add := func(class string, guess bool, texts []string) {
		for _, text := range texts {
			if !slices.ContainsFunc(list, func(v Value) bool { return v.Texts[0] == text }) {
				list = append(list, Value{Class: class, Texts: []string{text}, Guess: guess, Seen: true})
			}
		}
	}
	own := p.from[o.Path]
	if q.In != PathPlace && slices.Contains(cursors, strings.ToLower(q.Name)) {
		add("id of an item", false, own["id"])
	}
	if q.In == PathPlace {
		if above, _, ok := strings.Cut(o.Path, "{"+q.Name+"}"); ok {
			for _, path := range []string{above, strings.TrimSuffix(above, "/")} {
				add("id of an item", false, p.from[path][q.Name])
				add("id of an item", false, p.from[path]["id"])
			}
		}
	}
	add("value of "+q.Name+" seen", false, p.values[q.Name])
	if q.identifies() {
		for _, name := range []string{"id", "first_id", "last_id"} {
			add("id seen", true, p.values[name])
		}
	}
	return list
}

// identifies tells whether a parameter names something, by its schema or name:
// which values do, only the server knows.
func (p *Parameter) identifies() bool {
	for _, d := range p.domains {
		if d.format == "uuid" {
			return true
		}
	}
	kind := p.Kind()
	if kind != StringKind && kind != IntegerKind {
		return false
	}
	if p.In == PathPlace || slices.Contains(cursors, strings.ToLower(p.Name)) {
		return true
	}
	return Identifies(p.Name)
}

// Identifies tells whether something is called as what names something.
func Identifies(name string) bool {
	lower := strings.ToLower(name)
	return lower == "id" || hasAnySuffix(name, "_id", "-id", "Id", "ID", "_ids", "Ids") || hasAnySuffix(lower, "key", "slug", "token", "cursor")
}

func hasAnySuffix(text string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(text, ending) })
}

// Values lists valid values of a parameter, known ones first, each once. A value
// of the document's that does not fit its own schema is left out.
func (d *Document) Values(o *contract.Operation, p *Parameter) []Value {
	candidates := slices.Clone(p.examples)
	for i := range p.domains {
		candidates = append(candidates, p.domains[i].valid()...)
	}
	if p.identifies() {
		for i, v := range candidates {
			if v.Class != "default" && !slices.Contains(p.enumerated(), v.Texts[0]) {
				candidates[i].Guess = true
			}
		}
	}
	if p.Kind() == IntegerKind && slices.Contains(windows, strings.ToLower(p.Name)) {
		for i, v := range candidates {
			candidates[i].Guess = v.Class != "minimum" || !d.pool.filled[o.Path]
		}
	}
	known := d.pool.known(o, p)
	if !p.identifies() && p.Kind() != StringKind {
		known = nil
	}
	// Three of what was seen are enough: the first, the last and one between.
	if n := len(known); n > 3 {
		known = []Value{known[0], known[n/2], known[n-1]}
	}
	var list []Value
	for _, v := range append(known, candidates...) {
		if v.Guess && len(list) > 0 && list[0].Seen && !list[0].Guess {
			continue // no need to guess
		}
		if v.Texts == nil || p.In == PathPlace && strings.Join(v.Texts, "") == "" {
			continue
		}
		same := func(w Value) bool { return w.array == v.array && slices.Equal(w.Texts, v.Texts) }
		if !slices.ContainsFunc(list, same) && d.fits(o, Setting{p, v}) {
			list = append(list, v)
		}
	}
	return list
}

func (p *Parameter) enumerated() []string {
	var list []string
	for _, d := range p.domains {
		list = append(list, d.enum...)
	}
	return list
}
