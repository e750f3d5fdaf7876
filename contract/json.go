package contract

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// maxNesting bounds how deeply JSON may nest and still be judged.
const maxNesting = 500

// jsonText is a text that begins with a JSON value, and what an ordinary decoder is
// silent about.
type jsonText struct {
	value   any // numbers as json.Number
	end     int // where the value ends
	problem Kind
	message string // for problem, why the value cannot be judged
}

// readJSON reads the value at the start of a text, and the white space behind it.
func readJSON(text string) jsonText {
	var read jsonText
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err := d.Decode(&read.value)
	read.end = int(d.InputOffset())
	syntax, _ := errors.AsType[*json.SyntaxError](err)
	switch {
	case err == nil:
		read.end = len(text) - len(strings.TrimLeft(text[read.end:], " \t\r\n"))
		read.message = beyondReason(read.value, 0)
	case syntax == nil:
		read.problem, read.message = KindMalformedBody, "must be JSON, but ends before its value is complete"
	case strings.Contains(syntax.Error(), "max depth"):
		read.message = tooDeep
	default:
		read.problem, read.message = KindMalformedBody, "must be JSON, but is not from byte "+strconv.FormatInt(syntax.Offset-1, 10)+" on"
	}
	if read.problem == "" && read.message != "" {
		read.problem = KindCannotJudge
	}
	return read
}

var tooDeep = "must not nest deeper than " + strconv.Itoa(maxNesting) + " levels"

// beyondReason says why a value cannot be judged; "" when it can.
func beyondReason(v any, depth int) (why string) {
	if depth > maxNesting {
		return tooDeep
	}
	switch v := v.(type) {
	case map[string]any:
		for _, item := range v {
			why = max(why, beyondReason(item, depth+1)) // the same one, whatever the order
		}
	case []any:
		for _, item := range v {
			why = max(why, beyondReason(item, depth+1))
		}
	case json.Number:
		if !compiler.InBounds(string(v)) {
			return "must not hold numbers of more than 4300 digits or with exponents beyond 1000"
		}
	}
	return why
}

// repeatedKeys returns the pointers to the first keys that stand twice in one object of
// a text, which begins with a JSON value, and how many more there are than it tells.
func repeatedKeys(text string) (pointers []string, more int) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var path []string
	var read func(token string)
	read = func(token string) {
		path = append(path, token)
		defer func() { path = path[:len(path)-1] }()
		open, _ := d.Token() // no error: the text has been decoded before
		if _, compound := open.(json.Delim); !compound {
			return
		}
		seen := map[string]bool{}
		for i := 0; d.More(); i++ {
			if open == json.Delim('[') {
				read(strconv.Itoa(i))
				continue
			}
			token, _ := d.Token()
			key, _ := token.(string)
			switch {
			case !seen[key]:
				seen[key] = true
			case len(pointers) < maxViolations:
				pointers = append(pointers, pointerTo(append(path[1:], key)))
			default:
				more++
			}
			read(key)
		}
		_, _ = d.Token()
	}
	read("")
	return pointers, more
}
