package spec

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// plainNumber writes equal numbers equally: 1.0, 1e0 and 10e-1 are 1. All digits are
// kept; a number is written plainly as long as that takes at most 40 of them.
func plainNumber(number json.Number) json.Number {
	text, negative := strings.CutPrefix(string(number), "-")
	text = strings.ToLower(text)
	mantissa, exponent, _ := strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	e := new(big.Int)
	if exponent != "" {
		if _, ok := e.SetString(strings.TrimPrefix(exponent, "+"), 10); !ok {
			return number
		}
	}
	e.Sub(e, big.NewInt(int64(len(fraction))))
	digits := strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return "0"
	}
	e.Add(e, big.NewInt(int64(len(digits)-len(short))))
	sign := ""
	if negative {
		sign = "-"
	}
	if !e.IsInt64() || e.Int64() > 40 || e.Int64() < -40 || len(short) > 40 {
		return json.Number(sign + short + "e" + e.String())
	}
	shift := int(e.Int64())
	if shift >= 0 {
		return json.Number(sign + short + strings.Repeat("0", shift))
	}
	short = strings.Repeat("0", max(0, 1-shift-len(short))) + short
	return json.Number(sign + short[:len(short)+shift] + "." + short[len(short)+shift:])
}

// checkNumber refuses a scalar that is a number beyond these bounds.
func (n *node) checkNumber() error {
	if n.literal == "true" || n.literal == "false" || n.literal == "null" || compiler.InBounds(n.literal) {
		return nil
	}
	return n.fail("a number beyond all bounds: more than 4300 digits, or an exponent beyond 1000", "write a number that programs can hold")
}
