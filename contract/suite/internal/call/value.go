package call

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/sample"
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

// valid lists values at the boundaries of a form. Some may not fit after all:
// the validator has the last word.
func (f form) valid() []Value {
	var list []Value
	for _, text := range f.enum() {
		list = append(list, scalar(text, text))
	}
	if f.Default != nil {
		list = appendValue(list, "default", *f.Default)
	}
	for _, v := range f.Examples {
		list = appendValue(list, "example", v)
	}
	switch {
	case len(f.enum()) > 0:
		return list
	case f.kind == booleanKind:
		return append(list, scalar("true", "true"), scalar("false", "false"))
	case f.kind == stringKind:
		return append(list, f.validStrings()...)
	case f.kind == ArrayKind:
		return append(list, f.validArrays()...)
	}
	return append(list, f.validNumbers()...)
}

var one = big.NewRat(1, 1)

func (f form) validNumbers() []Value {
	var list []Value
	low, high, step := f.bounds()
	free := f.kind == numberKind && step == nil
	if step == nil || step.Sign() <= 0 {
		step = one
	}
	around := func(name string, bound, inwards *big.Rat) {
		next := new(big.Rat).Add(bound, inwards)
		list = append(list, scalar(name, decimal(bound)), scalar("next to the "+name, decimal(next)))
	}
	if low == nil && high == nil {
		switch f.Format {
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
	if free {
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

func (f form) validStrings() []Value {
	if list, ok := formatValues[f.Format]; ok {
		return list
	}
	if f.Format == "uuid" {
		return []Value{{Class: "made-up uuid", Texts: []string{madeUpUUID}, Guess: true}}
	}
	var list []Value
	for i, text := range f.matching() {
		list = append(list, Value{Class: fmt.Sprintf("matches the pattern (%d)", i+1), Texts: []string{text}, Guess: true})
	}
	if len(f.Patterns) > 0 {
		return list
	}
	if f.MinLength > 0 && f.MinLength <= maxLongText {
		list = append(list, scalar("minLength", strings.Repeat("a", f.MinLength)))
	}
	if f.MaxLength > 0 && f.MaxLength <= maxLongText {
		list = append(list, scalar("maxLength", strings.Repeat("a", f.MaxLength)))
	}
	if len(list) == 0 {
		list = append(list, Value{Class: "a word", Texts: []string{"digakit"}, Guess: true})
	}
	return list
}

// matching are texts that match the patterns of a form; none without any, or when none
// can be made.
func (f form) matching() (texts []string) {
	for n := range 2 * min(len(f.Patterns), 1) {
		v, err := sample.New(1, nil).Value(f.Schema, sample.Place{Collection: "digakit-verify", Ordinal: n, Request: true})
		if text, is := v.(string); err == nil && is && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

func (f form) validArrays() []Value {
	items := f.itemTexts()
	guess := slices.ContainsFunc(f.items, func(i form) bool {
		return slices.ContainsFunc(i.valid(), func(v Value) bool { return v.Guess })
	})
	var list []Value
	for _, one := range []struct {
		class string
		n     int
	}{{"one item", 1}, {"all kinds of items", len(items)}, {"minItems", f.MinItems}, {"maxItems", f.MaxItems}} {
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
func (f form) itemTexts() []string {
	var texts []string
	for _, item := range f.items {
		for _, v := range item.valid() {
			if !v.array && !slices.Contains(texts, v.Texts[0]) {
				texts = append(texts, v.Texts[0])
			}
		}
	}
	return texts
}
