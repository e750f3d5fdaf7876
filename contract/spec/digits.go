package spec

import "github.com/digakit/digakit/contract/internal/compiler"

// checkNumber refuses a scalar that is a number beyond these bounds.
func (n *node) checkNumber() error {
	if n.literal == "true" || n.literal == "false" || n.literal == "null" || compiler.InBounds(n.literal) {
		return nil
	}
	return n.fail("a number beyond all bounds: more than 4300 digits, or an exponent beyond 1000", "write a number that programs can hold")
}
