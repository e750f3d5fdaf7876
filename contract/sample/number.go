package sample

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// number makes a number within the bounds, of a size that its name suggests.
func (w *work) number(s *spec.Schema, path, name string, whole bool) (any, error) {
	if v, ok := w.example(s, path); ok {
		return v, nil
	}
	low, high := bounds(name)
	if name == "duration" || strings.HasPrefix(name, "duration_") {
		low = int64(w.duration().Seconds())
		if strings.HasSuffix(name, "_ms") {
			low *= 1000
		}
		high = low
	}
	r := numbersOf(s, low, high, whole)
	if r.count.Sign() <= 0 {
		if !whole && s.MultipleOf == "" && s.Minimum != nil && s.Maximum != nil { // between two close bounds
			middle := new(big.Rat).Add(s.Minimum.Rat(), s.Maximum.Rat())
			return decimal(middle.Quo(middle, big.NewRat(2, 1))), nil
		}
		return nil, impossible(s, "no number lies within its bounds")
	}
	pick := new(big.Int).SetUint64(w.random(path).Uint64())
	pick.Add(pick.Mod(pick, r.count), r.first)
	if r.step.IsInt() {
		return json.Number(pick.Mul(pick, r.step.Num()).String()), nil
	}
	return decimal(new(big.Rat).Mul(new(big.Rat).SetInt(pick), r.step)), nil
}

// numbers are multiples of a step, the first of which is given as how often it has it.
type numbers struct {
	first, count *big.Int
	step         *big.Rat
}

// numbersOf are those from low to high, as far as the schema allows them, else others.
func numbersOf(s *spec.Schema, low, high int64, whole bool) numbers {
	lowest, highest := big.NewRat(low, 1), big.NewRat(high, 1)
	step := big.NewRat(1, 100)
	if whole {
		step = big.NewRat(1, 1)
	}
	if m, ok := new(big.Rat).SetString(string(s.MultipleOf)); ok && m.Sign() > 0 {
		if step = m; whole && !m.IsInt() {
			step = new(big.Rat).SetInt(m.Num()) // the least whole multiple
		}
	}
	if s.Minimum != nil {
		if bound := s.Minimum.Rat(); lowest.Cmp(bound) < 0 {
			highest = new(big.Rat).Add(bound, new(big.Rat).Sub(highest, lowest))
			lowest = bound
		}
	}
	if s.Maximum != nil {
		if bound := s.Maximum.Rat(); highest.Cmp(bound) > 0 {
			highest = bound
			if lowest.Cmp(highest) > 0 && s.Minimum == nil {
				lowest = new(big.Rat).Sub(highest, big.NewRat(100, 1))
			} else if s.Minimum != nil && lowest.Cmp(highest) > 0 {
				lowest = s.Minimum.Rat()
			}
		}
	}
	first, last := steps(lowest, step, true), steps(highest, step, false)
	fits := func(n *big.Int) bool {
		v := new(big.Rat).Mul(new(big.Rat).SetInt(n), step)
		return (s.Minimum == nil || !outside(v.Cmp(s.Minimum.Rat()), s.Minimum.Exclusive)) &&
			(s.Maximum == nil || !outside(-v.Cmp(s.Maximum.Rat()), s.Maximum.Exclusive))
	}
	one := big.NewInt(1)
	if !fits(first) {
		first.Add(first, one)
	}
	if !fits(last) {
		last.Sub(last, one)
	}
	return numbers{first: first, count: last.Add(last.Sub(last, first), one), step: step}
}

func outside(compared int, exclusive bool) bool { return compared < 0 || compared == 0 && exclusive }

// steps is how often a step goes into a bound, rounded into the range.
func steps(bound, step *big.Rat, up bool) *big.Int {
	quotient := new(big.Rat).Quo(bound, step)
	n := new(big.Int).Div(quotient.Num(), quotient.Denom()) // Euclidean: down
	if up && !quotient.IsInt() {
		n.Add(n, big.NewInt(1))
	}
	return n
}

func decimal(r *big.Rat) json.Number {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 12
	}
	return json.Number(r.FloatString(digits))
}

// ranges are what the names of numbers suggest.
var ranges = []struct {
	low, high int64
	names     []string
}{
	{0, 100, []string{"percent", "progress", "score"}},
	{2027, 2032, []string{"year"}},
	{1, 12, []string{"month"}},
	{1 << 10, 4 << 20, []string{"bytes", "size"}},
	{200, 60_000, []string{"_ms", "millis"}},
	{30, 3000, []string{"minutes"}},
	{-60, 70, []string{"latitude", "=lat"}},
	{-170, 170, []string{"longitude", "=lng", "=lon"}},
	{1, 500, []string{"price", "amount", "total_due", "cost"}},
	{0, 2, []string{"index", "volume", "speed", "rate", "ratio", "temperature"}},
	{1, 40, []string{"count", "number", "limit", "total", "max"}},
	{1, 100, []string{""}},
}

// bounds is the range that the name of a number suggests.
func bounds(name string) (low, high int64) {
	i := 0
	for !called(name, ranges[i].names...) {
		i++
	}
	return ranges[i].low, ranges[i].high
}
