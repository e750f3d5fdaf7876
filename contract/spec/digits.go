package spec

import (
	"strconv"
	"strings"
)

// Numbers are compared exactly, so their size must have a bound: 1e999999999
// would fill the memory.
const (
	maxNumberLength   = 4300 // Python's own bound for int(text)
	maxNumberExponent = 1000
)

// checkNumber refuses a scalar that is a number beyond these bounds.
func (n *node) checkNumber() error {
	if n.literal == "true" || n.literal == "false" || n.literal == "null" {
		return nil
	}
	mantissa, exponent, has := strings.Cut(strings.ToLower(n.literal), "e")
	e, err := strconv.Atoi(exponent)
	if len(mantissa) <= maxNumberLength && (!has || (err == nil && -maxNumberExponent <= e && e <= maxNumberExponent)) {
		return nil
	}
	return n.fail("a number beyond all bounds: more than 4300 digits, or an exponent beyond 1000", "write a number that programs can hold")
}
