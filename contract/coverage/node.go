package coverage

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"sync/atomic"
)

// node is the plan of the values at one place of a body. Nodes are a tree: what
// is referred to from two places is planned twice.
type node struct {
	id, parent int    // in plan.nodes; -1 above the root
	path       string // data[].permissions[]
	present    int    // counter of the property itself; -1 when it is none
	properties []property
	byName     map[string]int // index in properties
	// after guesses which property comes next: the index of the one that last
	// followed each, first the one that came first. Senders mostly keep one order.
	after []atomic.Int32
	rest  *node // of additionalProperties and patternProperties
	items *node

	values        []value        // in the document's order
	words         map[string]int // counters of strings and numbers
	numbers       map[string]int
	null, yes, no int // counters; -1: nothing to count
}

type property struct {
	key  string // as it stands in JSON; empty when there is more than one way
	node *node
}

// value is one value of an enum, a boolean, or null.
type value struct {
	text    string
	counter int
}

// add makes a value countable. Arrays and objects in an enum are not.
func (n *node) add(v any, count func() int) {
	into, key := (*int)(nil), ""
	switch v := v.(type) {
	case nil:
		into = &n.null
	case bool:
		if into = &n.no; v {
			into = &n.yes
		}
	case string:
		if _, known := n.words[v]; known {
			return
		}
		key = v
	case json.Number:
		key = canonical(string(v))
		if _, known := n.numbers[key]; known {
			return
		}
	default:
		return
	}
	if into != nil && *into >= 0 {
		return
	}
	counter := count()
	n.values = append(n.values, value{textOf(v), counter})
	switch v.(type) {
	case string:
		n.words = put(n.words, key, counter)
	case json.Number:
		n.numbers = put(n.numbers, key, counter)
	default:
		*into = counter
	}
}

func put[K comparable](m map[K]int, key K, n int) map[K]int {
	if m == nil {
		m = map[K]int{}
	}
	m[key] = n
	return m
}

// join adds a name to a path; one that could be mistaken for more than a name is
// quoted.
func join(path, name string) string {
	if name == "" || strings.ContainsAny(name, ".[]*\"") || !printable(name) {
		return path + "[" + strconv.Quote(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// printable tells whether text can be shown as it is.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) })
}

// maxText bounds how much of a value is shown, in bytes.
const maxText = 80

// textOf shows a value: as JSON, but strings that can only be strings as they are.
func textOf(v any) string {
	if text, ok := v.(string); ok && !json.Valid([]byte(text)) && strings.TrimSpace(text) != "" && printable(text) {
		return cut(text)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "?"
	}
	return cut(strings.TrimSuffix(b.String(), "\n"))
}

func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}

// canonical is the same for numbers that are equal, within what matters: integers
// of up to 18 digits exactly, others as far as a float64 tells them apart.
func canonical(number string) string {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	if f > -1e15 && f < 1e15 && f == float64(int64(f)) {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
