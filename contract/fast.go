package contract

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

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
func (n *node) match(s string, i, depth int) (end int, ok bool) {
	if n.refuse || depth > fastDepth || i >= len(s) {
		return i, false
	}
	for _, part := range n.allOf {
		if end, ok = part.match(s, i, depth+1); !ok {
			return i, false
		}
	}
	for _, branch := range n.anyOf {
		if end, ok = branch.match(s, i, depth+1); ok {
			break
		}
	}
	if n.anyOf != nil && !ok {
		return i, false
	}
	if !n.own {
		return end, true // a part has read the whole value
	}
	switch s[i] {
	case '{':
		return n.object(s, i, depth)
	case '[':
		return n.array(s, i, depth)
	case '"':
		return n.text(s, i)
	case 't', 'f', 'n':
		return n.word(s, i)
	}
	return n.number(s, i)
}

// words are the values of JSON that are words, by their first letter.
var words = map[byte]string{'t': "true", 'f': "false", 'n': "null"}

func (n *node) word(s string, i int) (int, bool) {
	word, t := words[s[i]], typeBoolean
	if s[i] == 'n' {
		t = typeNull
	}
	return i + len(word), strings.HasPrefix(s[i:], word) && n.types&t != 0 && n.lists(word)
}

func (n *node) number(s string, i int) (int, bool) {
	end := numberEnd(s, i)
	number := s[i:end]
	if end == i || n.enum != nil || !compiler.InBounds(number) {
		return i, false // numbers of an enum are the engine's to compare
	}
	_, err := strconv.ParseInt(number, 10, n.intBits)
	whole := err == nil
	isType := n.types&typeNumber != 0 || whole && n.types&typeInteger != 0
	if !isType || n.intBits > 0 && !whole {
		return i, false
	}
	if !n.bounded {
		return end, true
	}
	v, err := strconv.ParseFloat(number, 64)
	// Rounding keeps the order, so what lies strictly between lies there unrounded.
	exact := whole && len(number) <= 15
	return end, err == nil && (n.minimum < v && v < n.maximum || exact && n.minimum <= v && v <= n.maximum)
}

func (n *node) text(s string, i int) (int, bool) {
	end, plain, ok := stringEnd(s, i)
	if !ok || n.types&typeString == 0 || !n.lists(s[i:end]) {
		return i, false
	}
	if len(n.checks) > 0 && !plain {
		return i, false // where the content matters, escapes are the engine's to undo
	}
	for _, fits := range n.checks {
		if !fits(s[i+1 : end-1]) {
			return i, false
		}
	}
	return end, true
}

func (n *node) array(s string, i, depth int) (int, bool) {
	if n.types&typeArray == 0 || n.enum != nil {
		return i, false
	}
	count := 0
	end, ok := between(s, i, ']', func(i int) (int, bool) {
		count++
		return n.items.match(s, i, depth+1)
	})
	return end, ok && n.minItems <= count && count <= n.maxItems
}

func (n *node) object(s string, i, depth int) (int, bool) {
	if n.types&typeObject == 0 || n.enum != nil {
		return i, false
	}
	var seen uint64
	end, ok := between(s, i, '}', func(i int) (int, bool) {
		end, plain, ok := stringEnd(s, i)
		if !ok || !plain {
			return i, false
		}
		p, named := n.properties[s[i+1:end-1]]
		if !named {
			p.node = n.additional
		}
		if n.strict && seen&p.bit != 0 {
			return i, false
		}
		seen |= p.bit
		if i = skipSpace(s, end); i >= len(s) || s[i] != ':' {
			return i, false
		}
		return p.node.match(s, skipSpace(s, i+1), depth+1)
	})
	return end, ok && seen&n.required == n.required
}

// between has each read what stands, apart by commas, between the bracket at i and
// its closing one, and returns where that ends.
func between(s string, i int, closing byte, each func(i int) (int, bool)) (end int, ok bool) {
	if i = skipSpace(s, i+1); i < len(s) && s[i] == closing {
		return i + 1, true
	}
	for {
		if i, ok = each(skipSpace(s, i)); !ok {
			return i, false
		}
		i = skipSpace(s, i)
		switch {
		case i < len(s) && s[i] == closing:
			return i + 1, true
		case i >= len(s) || s[i] != ',':
			return i, false
		}
		i++
	}
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// stringEnd returns where the JSON string (RFC 8259, section 7) at i ends, and whether
// it is plain: without escapes.
func stringEnd(s string, i int) (end int, plain, ok bool) {
	if i >= len(s) || s[i] != '"' {
		return i, false, false
	}
	plain = true
	for i++; i < len(s) && s[i] >= ' '; i++ {
		switch s[i] {
		case '"':
			return i + 1, plain, true
		case '\\':
			escape := escapePattern.FindString(s[i:min(i+6, len(s))])
			if escape == "" {
				return i, false, false
			}
			plain = false
			i += len(escape) - 1
		}
	}
	return i, false, false
}

var escapePattern = regexp.MustCompile(`^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})`)

// numberEnd returns where the JSON number (RFC 8259, section 6) at i ends; i when
// there is none.
func numberEnd(s string, i int) int {
	end := i
	for end < len(s) && strings.IndexByte(numeric, s[end]) >= 0 {
		end++
	}
	if !isNumber(s[i:end]) {
		return i
	}
	return end
}

// numeric are the characters of JSON numbers.
const numeric = "+-.0123456789eE"

// isNumber tells a JSON number.
func isNumber(text string) bool {
	return strings.Trim(text, numeric) == "" && json.Valid([]byte(text))
}
