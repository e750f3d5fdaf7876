package seed

import (
	"regexp"
	"strconv"
)

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,9})$`)

// integer returns a whole number of at most ten digits.
func (v value) integer() (int, bool) {
	n, err := strconv.Atoi(v.node.Value)
	if v.kind() != "a number" || !wholeNumber.MatchString(v.node.Value) || err != nil {
		v.mistake("this must be a whole number, in decimal digits, at most ten of them")
		return 0, false
	}
	return n, true
}

// natural returns a whole number that 64 bits without a sign hold.
func (v value) natural() (uint64, bool) {
	n, err := strconv.ParseUint(v.node.Value, 10, 64)
	if v.kind() != "a number" || !jsonNumber.MatchString(v.node.Value) || err != nil {
		v.mistake("this must be a whole number from 0 to 18446744073709551615, in decimal digits")
		return 0, false
	}
	return n, true
}

// fraction returns a number.
func (v value) fraction() (float64, bool) {
	n, err := strconv.ParseFloat(v.node.Value, 64)
	if v.kind() != "a number" || !jsonNumber.MatchString(v.node.Value) || err != nil {
		v.mistake("this must be a number in decimal digits, such as 10 or 0.5")
		return 0, false
	}
	return n, true
}
