package call

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Value is a value of a parameter, as text.
type Value struct {
	Class string   // what is special about it: "maximum"; the same in every run
	Texts []string // of an array; else one
	array bool
	// guess: the schema allows it, but whether it names something only the
	// server knows, so that a documented refusal is no finding.
	Guess bool
	Seen  bool // in an answer
	Raw   bool // texts[0] goes on the wire as it is, not escaped
}

func scalar(class, text string) Value { return Value{Class: class, Texts: []string{text}} }

// ValueOf is a JSON value, numbers as json.Number; false for what cannot stand in a
// parameter.
func ValueOf(v any) (Value, bool) {
	list := appendValue(nil, "", v)
	return append(list, Value{})[0], len(list) > 0
}

// appendValue adds a value of the document, if it can stand in a parameter.
func appendValue(list []Value, class string, v any) []Value {
	if items, ok := v.([]any); ok {
		texts := []string{}
		for _, item := range items {
			text, ok := wireText(item)
			if !ok {
				return list
			}
			texts = append(texts, text)
		}
		return append(list, Value{Class: class, Texts: texts, array: true})
	}
	if text, ok := wireText(v); ok {
		return append(list, scalar(class, text))
	}
	return list
}

// maxLongText bounds the values made for a maxLength, in bytes: a URL is not
// without end.
const maxLongText = 4096

// valid lists values at the boundaries of a domain. Some may not fit after all:
// the validator has the last word.
func (d *domain) valid() []Value {
	var list []Value
	for _, text := range d.enum {
		list = append(list, scalar(text, text))
	}
	list = append(list, d.examples...)
	if len(d.enum) > 0 {
		return list
	}
	switch d.kind {
	case integerKind, numberKind:
		list = append(list, d.validNumbers()...)
	case booleanKind:
		list = append(list, scalar("true", "true"), scalar("false", "false"))
	case stringKind:
		list = append(list, d.validStrings()...)
	case ArrayKind:
		list = append(list, d.validArrays()...)
	}
	return list
}

var one = big.NewRat(1, 1)

func (d *domain) validNumbers() []Value {
	var list []Value
	step := one
	if d.step != nil && d.step.Sign() > 0 {
		step = d.step
	}
	around := func(name string, bound, inwards *big.Rat) {
		next := new(big.Rat).Add(bound, inwards)
		list = append(list, scalar(name, decimal(bound)), scalar("next to the "+name, decimal(next)))
	}
	low, high := d.low, d.high
	if low == nil && high == nil {
		switch d.format {
		case "int32":
			low, high = big.NewRat(-1<<31, 1), big.NewRat(1<<31-1, 1)
		case "int64":
			low, high = big.NewRat(-1<<63, 1), big.NewRat(1<<63-1, 1)
		}
		list = append(list, scalar("small number", decimal(step)))
	}
	if low != nil {
		around("minimum", low, step)
	}
	if high != nil {
		around("maximum", high, new(big.Rat).Neg(step))
	}
	if d.kind == numberKind && d.step == nil {
		list = append(list, scalar("fraction", fraction(low, high, "0.5")))
	}
	return list
}

// fraction lies within bounds; without any it is another.
func fraction(low, high *big.Rat, other string) string {
	half := big.NewRat(1, 2)
	switch {
	case low != nil:
		return decimal(new(big.Rat).Add(low, half))
	case high != nil:
		return decimal(new(big.Rat).Sub(high, half))
	}
	return other
}

// decimal writes a number as plain digits.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(20), "0")
}

// formatValues are valid values of the formats that name nothing.
var formatValues = map[string][]Value{
	"date-time": {scalar("date-time", "2024-02-29T23:59:59Z")},
	"date":      {scalar("date", "2024-02-29")},
	"email":     {scalar("email", "digakit@example.com")},
	"ipv4":      {scalar("ipv4", "192.0.2.1")},
	"ipv6":      {scalar("ipv6", "2001:db8::1")},
	"uri":       {scalar("uri", "https://example.com/a?b=c&d=%C3%A9")},
}

func (d *domain) validStrings() []Value {
	if list, ok := formatValues[d.format]; ok {
		return list
	}
	if d.format == "uuid" {
		return []Value{{Class: "made-up uuid", Texts: []string{madeUpUUID}, Guess: true}}
	}
	if d.pattern != "" {
		var list []Value
		for i, text := range matching(d.pattern) {
			list = append(list, Value{Class: fmt.Sprintf("matches the pattern (%d)", i+1), Texts: []string{text}, Guess: true})
		}
		return list
	}
	var list []Value
	if d.minLength > 0 && d.minLength <= maxLongText {
		list = append(list, scalar("minLength", strings.Repeat("a", d.minLength)))
	}
	if d.maxLength > 0 && d.maxLength <= maxLongText {
		list = append(list, scalar("maxLength", strings.Repeat("a", d.maxLength)))
	}
	if len(list) == 0 {
		list = append(list, Value{Class: "a word", Texts: []string{"digakit"}, Guess: true})
	}
	return list
}

func (d *domain) validArrays() []Value {
	items := d.itemTexts()
	guess := slices.ContainsFunc(d.items, func(i domain) bool {
		return slices.ContainsFunc(i.valid(), func(v Value) bool { return v.Guess })
	})
	var list []Value
	for _, one := range []struct {
		class string
		n     int
	}{{"one item", 1}, {"all kinds of items", len(items)}, {"minItems", d.minItems}, {"maxItems", d.maxItems}} {
		list = appendArray(list, one.class, items, one.n, guess)
	}
	return list
}

// appendArray adds an array of n items, the given ones over and over, if it can be.
func appendArray(list []Value, class string, items []string, n int, guess bool) []Value {
	if n < 1 || n > maxArray || len(items) == 0 {
		return list // no items are no parameter
	}
	texts := slices.Repeat(items, n/len(items)+1)[:n]
	return append(list, Value{Class: class, Texts: texts, array: true, Guess: guess})
}

// maxArray bounds the arrays that are made.
const maxArray = 200

// itemTexts lists values for the items of an array, each once.
func (d *domain) itemTexts() []string {
	var texts []string
	for i := range d.items {
		for _, v := range d.items[i].valid() {
			if !v.array && !slices.Contains(texts, v.Texts[0]) {
				texts = append(texts, v.Texts[0])
			}
		}
	}
	return texts
}
