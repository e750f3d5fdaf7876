package contract

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// fastDepth bounds how deep node looks, references included; deeper values
// are the engine's.
const fastDepth = 100

// document reports whether text is one JSON value that surely fits. The text
// must be valid UTF-8, which the caller has checked.
func (n *node) document(text string) bool {
	i, ok := n.match(text, skipSpace(text, 0), 0)
	return ok && skipSpace(text, i) == len(text)
}

// match judges the value that starts at i and returns where it ends.
func (n *node) match(s string, i, depth int) (int, bool) {
	if n.refuse || depth > fastDepth || i >= len(s) {
		return i, false
	}
	end := i
	var ok bool
	if n.ref != nil {
		if end, ok = n.ref.match(s, i, depth+1); !ok {
			return i, false
		}
	}
	for _, branch := range n.allOf {
		if end, ok = branch.match(s, i, depth+1); !ok {
			return i, false
		}
	}
	if n.anyOf != nil {
		if end, ok = n.matchAny(s, i, depth); !ok {
			return i, false
		}
	}
	if !n.own {
		return end, true // a branch has read the whole value
	}
	switch s[i] {
	case '{':
		if !n.allows(typeObject) || n.hasEnum {
			return i, false
		}
		return n.object(s, i, depth)
	case '[':
		if !n.allows(typeArray) || n.hasEnum {
			return i, false
		}
		return n.array(s, i, depth)
	case '"':
		return n.text(s, i)
	case 't':
		return n.word(s, i, "true", typeTrue)
	case 'f':
		return n.word(s, i, "false", typeFalse)
	case 'n':
		return n.word(s, i, "null", typeNull)
	}
	return n.number(s, i)
}

func (n *node) allows(t jsonTypes) bool { return n.anyType || n.types&t != 0 }

func (n *node) matchAny(s string, i, depth int) (int, bool) {
	for _, branch := range n.anyOf {
		if end, ok := branch.match(s, i, depth+1); ok {
			return end, true
		}
	}
	return i, false
}

func (n *node) word(s string, i int, w string, t jsonTypes) (int, bool) {
	if !strings.HasPrefix(s[i:], w) || !n.allows(t) || (n.hasEnum && n.literals&t == 0) {
		return i, false
	}
	return i + len(w), true
}

func (n *node) number(s string, i int) (int, bool) {
	end, ok := numberEnd(s, i)
	if !ok || n.hasEnum {
		return i, false
	}
	if n.anyType && !n.bounded && n.intBits == 0 || n.types&typeNumber != 0 && !n.bounded && n.intBits == 0 {
		return end, compiler.InBounds(s[i:end])
	}
	v, plain := plainInt(s[i:end])
	if !plain && n.types&typeNumber != 0 && n.intBits == 0 {
		// Rounding keeps the order, so what lies strictly between lies there unrounded.
		v, err := strconv.ParseFloat(s[i:end], 64)
		return end, err == nil && float64(n.minimum) < v && v < float64(n.maximum) && compiler.InBounds(s[i:end])
	}
	if !plain || !n.allows(typeInteger) {
		return i, false
	}
	if n.bounded && (v < n.minimum || v > n.maximum) || n.intBits == 32 && v != int64(int32(v)) { //nolint:gosec // G115: the overflow is the question
		return i, false
	}
	return end, true
}

func (n *node) text(s string, i int) (int, bool) {
	if !n.allows(typeString) {
		return i, false
	}
	end, plain, ok := stringEnd(s, i)
	if !ok {
		return i, false
	}
	if n.format == nil && n.pattern == nil && !n.hasEnum && n.minLength == 0 && n.maxLength < 0 {
		return end, true
	}
	// Where the content matters, escapes are the engine's to undo.
	return end, plain && n.plainTextFits(s[i+1:end-1])
}

// plainTextFits judges a string as it is.
func (n *node) plainTextFits(text string) bool {
	if n.hasEnum {
		if len(n.words) <= 8 {
			if !slices.Contains(n.words, text) {
				return false
			}
		} else if _, found := slices.BinarySearch(n.words, text); !found {
			return false
		}
	}
	if n.minLength > 0 || n.maxLength >= 0 {
		length := utf8.RuneCountInString(text)
		if length < n.minLength || (n.maxLength >= 0 && length > n.maxLength) {
			return false
		}
	}
	if n.format != nil && !n.format(text) {
		return false
	}
	return n.pattern == nil || n.pattern.MatchString(text)
}

func (n *node) array(s string, i, depth int) (int, bool) {
	count := 0
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1, n.minItems <= 0
	}
	for {
		var ok bool
		if i, ok = n.part(n.items, s, skipSpace(s, i), depth+1); !ok {
			return i, false
		}
		count++
		i = skipSpace(s, i)
		if i >= len(s) {
			return i, false
		}
		i++
		switch s[i-1] {
		case ',':
		case ']':
			return i, count >= n.minItems && (n.maxItems < 0 || count <= n.maxItems)
		default:
			return i, false
		}
	}
}

func (n *node) object(s string, i, depth int) (int, bool) {
	var seen uint64
	next := 0 // senders mostly keep one order: look there first
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1, n.required == 0
	}
	for {
		i = skipSpace(s, i)
		if i >= len(s) || s[i] != '"' {
			return i, false
		}
		end, plain, ok := stringEnd(s, i)
		if !ok || !plain {
			return i, false
		}
		key := s[i+1 : end-1]
		i = skipSpace(s, end)
		if i >= len(s) || s[i] != ':' {
			return i, false
		}
		value := n.additional
		at := n.find(key, next)
		// In strict mode only objects whose every key is declared here, once,
		// are surely valid; that keeps unevaluatedProperties: false as well.
		if n.strict && (at < 0 || n.properties[at].node == nil || seen&n.properties[at].bit != 0) {
			return i, false
		}
		if at >= 0 {
			value, seen, next = n.properties[at].node, seen|n.properties[at].bit, at+1
		}
		if i, ok = n.part(value, s, skipSpace(s, i+1), depth+1); !ok {
			return i, false
		}
		i = skipSpace(s, i)
		if i >= len(s) {
			return i, false
		}
		i++
		switch s[i-1] {
		case ',':
		case '}':
			return i, seen&n.required == n.required
		default:
			return i, false
		}
	}
}

func (n *node) find(key string, next int) int {
	if next < len(n.properties) && n.properties[next].name == key {
		return next
	}
	if len(n.properties) > 16 {
		at, found := slices.BinarySearchFunc(n.properties, key, func(p property, k string) int { return strings.Compare(p.name, k) })
		if !found {
			return -1
		}
		return at
	}
	for i := range n.properties {
		if n.properties[i].name == key {
			return i
		}
	}
	return -1
}

// part matches a property or an item against its schema, or any value when it
// has none.
func (n *node) part(schema *node, s string, i, depth int) (int, bool) {
	if schema != nil {
		return schema.match(s, i, depth)
	}
	if i >= len(s) || n.strict && s[i] == '{' || n.strict && s[i] == '[' {
		return i, false
	}
	sc := scan{s: s, i: i}
	ok := sc.value(depth)
	return sc.i, ok
}
