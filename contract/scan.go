package contract

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// maxNesting bounds how deeply JSON may nest and still be judged.
const maxNesting = 500

// scan reads one JSON value (RFC 8259) without building it. It knows the
// syntax, and those things an ordinary decoder is silent about.
type scan struct {
	s          string
	i          int
	duplicates bool // look for duplicate keys

	problem  Kind     // empty, or why the value cannot be judged
	message  string   // for problem
	path     []string // the keys and places that lead to where it is
	repeated []string // pointers of the first maxViolations keys that were there before
	more     int      // such keys than repeated has
}

// scanJSON reads the value at the start of s and returns where it ends,
// white space behind it included.
func scanJSON(s string, duplicates bool) *scan {
	sc := &scan{s: s, duplicates: duplicates}
	sc.space()
	if sc.value(0) {
		sc.space()
	}
	return sc
}

func (sc *scan) malformed() bool {
	if sc.problem == "" {
		sc.problem = KindMalformedBody
		if sc.i >= len(sc.s) {
			sc.message = "must be JSON, but ends before its value is complete"
		} else {
			sc.message = "must be JSON, but is not from byte " + strconv.Itoa(sc.i) + " on"
		}
	}
	return false
}

func (sc *scan) cannotJudge(message string) bool {
	sc.problem, sc.message = KindCannotJudge, message
	return false
}

func (sc *scan) space() { sc.i = skipSpace(sc.s, sc.i) }

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

func (sc *scan) value(depth int) bool {
	if depth > maxNesting {
		return sc.cannotJudge("must not nest deeper than " + strconv.Itoa(maxNesting) + " levels")
	}
	if sc.i >= len(sc.s) {
		return sc.malformed()
	}
	switch sc.s[sc.i] {
	case '{':
		return sc.object(depth)
	case '[':
		return sc.array(depth)
	case '"':
		_, ok := sc.text()
		return ok
	case 't':
		return sc.word("true")
	case 'f':
		return sc.word("false")
	case 'n':
		return sc.word("null")
	}
	end, ok := numberEnd(sc.s, sc.i)
	start := sc.i
	sc.i = end
	if !ok {
		return sc.malformed()
	}
	if !compiler.InBounds(sc.s[start:end]) {
		return sc.cannotJudge("must not hold numbers of more than 4300 digits or with exponents beyond 1000")
	}
	return true
}

// below reads the value of a key or at a place.
func (sc *scan) below(token string, depth int) bool {
	sc.path = append(sc.path, token)
	ok := sc.value(depth + 1)
	sc.path = sc.path[:len(sc.path)-1]
	return ok
}

func (sc *scan) word(w string) bool {
	for k := range len(w) {
		if sc.i >= len(sc.s) || sc.s[sc.i] != w[k] {
			return sc.malformed()
		}
		sc.i++
	}
	return true
}

// text reads a string and returns it still quoted.
func (sc *scan) text() (string, bool) {
	start := sc.i
	end, _, ok := stringEnd(sc.s, sc.i)
	sc.i = end
	if !ok {
		return "", sc.malformed()
	}
	return sc.s[start:end], true
}

func (sc *scan) array(depth int) bool {
	sc.i++
	sc.space()
	if sc.i < len(sc.s) && sc.s[sc.i] == ']' {
		sc.i++
		return true
	}
	for n := 0; ; n++ {
		sc.space()
		if !sc.below(strconv.Itoa(n), depth) {
			return false
		}
		sc.space()
		if sc.i >= len(sc.s) || (sc.s[sc.i] != ',' && sc.s[sc.i] != ']') {
			return sc.malformed()
		}
		sc.i++
		if sc.s[sc.i-1] == ']' {
			return true
		}
	}
}

func (sc *scan) object(depth int) bool {
	sc.i++
	sc.space()
	if sc.i < len(sc.s) && sc.s[sc.i] == '}' {
		sc.i++
		return true
	}
	var seen map[string]bool
	if sc.duplicates {
		seen = map[string]bool{}
	}
	for {
		sc.space()
		if sc.i >= len(sc.s) || sc.s[sc.i] != '"' {
			return sc.malformed()
		}
		quoted, ok := sc.text()
		if !ok {
			return false
		}
		key := quoted[1 : len(quoted)-1]
		if seen != nil {
			if strings.Contains(key, `\`) {
				_ = json.Unmarshal([]byte(quoted), &key) // text() has checked it
			}
			switch {
			case !seen[key]:
				seen[key] = true
			case len(sc.repeated) < maxViolations:
				sc.repeated = append(sc.repeated, pointerTo(append(sc.path, key)))
			default:
				sc.more++
			}
		}
		sc.space()
		if sc.i >= len(sc.s) || sc.s[sc.i] != ':' {
			return sc.malformed()
		}
		sc.i++
		sc.space()
		if !sc.below(key, depth) {
			return false
		}
		sc.space()
		if sc.i >= len(sc.s) || (sc.s[sc.i] != ',' && sc.s[sc.i] != '}') {
			return sc.malformed()
		}
		sc.i++
		if sc.s[sc.i-1] == '}' {
			return true
		}
	}
}

// numberEnd returns where the JSON number (RFC 8259, section 6) starting at i ends.
func numberEnd(s string, i int) (int, bool) {
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i >= len(s) || !isDigit(s[i]):
		return i, false
	case s[i] == '0':
		i++
	default:
		i = digitsEnd(s, i)
	}
	if i < len(s) && s[i] == '.' {
		end := digitsEnd(s, i+1)
		if end == i+1 {
			return end, false
		}
		i = end
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		end := digitsEnd(s, i)
		if end == i {
			return end, false
		}
		i = end
	}
	return i, true
}

func digitsEnd(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
