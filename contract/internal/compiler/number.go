package compiler

import (
	"strconv"
	"strings"
)

// MaxNumberDigits bounds the digits of a number; it is Python's own bound for
// int(text). Numbers are compared exactly, so their size must have one:
// 1e999999999 would fill the memory.
const MaxNumberDigits = 4300

const maxNumberExponent = 1000

// InBounds tells whether a JSON number is small enough to be compared exactly:
// at most 4300 digits, an exponent of at most 1000.
func InBounds(number string) bool {
	if len(number) <= 18 && !strings.ContainsAny(number, "eE") {
		return true
	}
	mantissa, exponent := number, "0"
	if i := strings.IndexAny(number, "eE"); i >= 0 {
		mantissa, exponent = number[:i], number[i+1:]
	}
	e, err := strconv.Atoi(exponent)
	return len(mantissa) <= MaxNumberDigits && err == nil && -maxNumberExponent <= e && e <= maxNumberExponent
}
