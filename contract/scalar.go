package contract

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// judgeScalar judges the text of a parameter, header or form field that is a
// plain value: it fits when it fits as one of the types the schema allows.
//
// Text becomes an integer when it is ASCII digits with at most a minus before
// them, a number when it is one in JSON, a boolean when it is true or false,
// a string always. Nothing becomes null.
func judgeScalar(s *schema, text string, f *findings, where Violation) {
	types := s.shape.types
	var first any
	tried := false
	for _, t := range []jsonTypes{typeInteger, typeNumber, typeBoolean, typeString} {
		if types&t == 0 || t == typeInteger && types&typeNumber != 0 {
			continue
		}
		value, ok := scalar(text, t)
		if !ok {
			continue
		}
		if !tried {
			first, tried = value, true
		}
		if s.engines[0].at(s.pointer).ok(value) {
			if n, ok := value.(json.Number); ok && t == typeInteger && !compiler.FitsInt(string(n), 64) {
				f.addAt(where, KindBeyondInt64, "type", "must fit in 64 bits: no format says so, but no receiver can be expected to hold more")
			}
			return
		}
	}
	if tried {
		s.judge(first, len(text), f, where)
		return
	}
	r := reporter{findings: f, where: where}
	f.addAt(where, r.kindOf(), "type", typeMessage(typeNames(types)))
}

func scalar(text string, t jsonTypes) (any, bool) {
	switch t { //nolint:exhaustive // the rest are text as they are
	case typeInteger:
		return integer(text)
	case typeNumber:
		if n, ok := integer(text); ok {
			return n, true
		}
		return json.Number(text), isNumber(text) && compiler.InBounds(text)
	case typeBoolean:
		return text == "true", text == "true" || text == "false"
	}
	return text, true
}

// integer reads -?digits, of any length up to the bound of number.go. Leading
// zeros are dropped: JSON has none.
func integer(text string) (json.Number, bool) {
	sign, rest := "", text
	if strings.HasPrefix(text, "-") {
		sign, rest = "-", text[1:]
	}
	if rest == "" || len(rest) > compiler.MaxNumberDigits || strings.Trim(rest, "0123456789") != "" {
		return "", false
	}
	if rest[0] != '0' {
		return json.Number(text), true
	}
	rest = strings.TrimLeft(rest, "0")
	if rest == "" {
		return "0", true
	}
	return json.Number(sign + rest), true
}

// best turns text into the most specific value its shape allows.
func (s *shape) best(text string) any {
	for _, t := range []jsonTypes{typeInteger, typeNumber, typeBoolean} {
		if s.types&t != 0 {
			if v, ok := scalar(text, t); ok {
				return v
			}
		}
	}
	return text
}

func typeNames(t jsonTypes) []string {
	var names []string
	for name, bits := range typesByName {
		if t&bits == bits && (name != "integer" || t&typeNumber == 0) && name != "null" {
			names = append(names, name)
		}
	}
	return names // typeMessage sorts
}

func itoa(i int) string { return strconv.Itoa(i) }
