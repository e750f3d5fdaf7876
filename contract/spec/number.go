package spec

import (
	"encoding/json"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// plainNumber writes equal numbers equally, with all digits: 1.0, 1e0 and 10e-1 are 1. A
// number beyond all bounds stays as it is.
func plainNumber(number json.Number) json.Number {
	if !compiler.InBounds(string(number)) {
		return number
	}
	r := ratOf(number)
	if r == nil {
		return number
	}
	digits, _ := r.FloatPrec()
	text := r.FloatString(digits)
	short := strings.TrimRight(text, "0")
	if zeros := len(text) - len(short); r.IsInt() && zeros > 40 {
		text = short + "e" + itoa(zeros)
	}
	return json.Number(text)
}

// checkNumber refuses a scalar that is a number beyond these bounds.
func (n *node) checkNumber() error {
	if n.literal == "true" || n.literal == "false" || n.literal == "null" || compiler.InBounds(n.literal) {
		return nil
	}
	return n.fail("a number beyond all bounds: more than 4300 digits, or an exponent beyond 1000", "write a number that programs can hold")
}
