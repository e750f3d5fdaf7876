package call

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"

	"github.com/digakit/digakit/contract"
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

// madeUpUUID names nothing.
const madeUpUUID = "d19a0000-0000-4000-8000-00000000d19a"

// invalid lists values that a form does not have, one for each way to be
// wrong. Left out is what servers may read kindly and the document does not
// forbid by name: +5, 007, 1e2, 1.0, spaces around, ids without hyphens or in
// braces, the word null. The validator has the last word.
func (f form) invalid() []Value {
	var list []Value
	switch enum := f.enum(); {
	case len(enum) > 0:
		list = append(list, scalar("not in the enum", "digakit-not-in-enum"))
		for _, text := range enum {
			if other := OtherCase(text); f.kind == stringKind && other != text {
				list = append(list, scalar("enum in another case: "+other, other))
			}
		}
		return append(list, scalar("empty", ""))
	case f.kind == booleanKind:
		return append(list, scalar("not a boolean", "maybe"), scalar("number for a boolean", "2"), scalar("empty", ""))
	case f.kind == stringKind:
		return f.invalidStrings()
	case f.kind == ArrayKind:
		return f.invalidArrays()
	}
	return f.invalidNumbers()
}

// OtherCase is text with its upper-case letters in lower case, and the other way round.
func OtherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

func (f form) invalidNumbers() []Value {
	list := []Value{
		scalar("not a number", "abc"), scalar("digits and letters", "1a"), scalar("boolean for a number", "true"), scalar("empty", ""),
	}
	low, high, step := f.bounds()
	if f.kind == integerKind {
		list = append(list, scalar("fraction", fraction(low, high, "1.5")))
	}
	if low != nil {
		list = append(list,
			scalar("below the minimum", decimal(new(big.Rat).Sub(low, one))),
			scalar("the bound below", decimal(low)), // when it is exclusive
			scalar("far below the minimum", "-9223372036854775809"),
		)
	}
	if high != nil {
		list = append(list,
			scalar("above the maximum", decimal(new(big.Rat).Add(high, one))),
			scalar("the bound above", decimal(high)),
			scalar("far above the maximum", "9223372036854775808"),
			scalar("a number of 40 digits", "1"+strings.Repeat("0", 39)),
		)
	}
	if step != nil {
		anchor := new(big.Rat) // a multiple of the step within the bounds, if 0 or the lowest is one
		if low != nil && low.Sign() > 0 {
			n := new(big.Rat).Quo(low, step)
			q := new(big.Int).Div(n.Num(), n.Denom())
			anchor.Mul(new(big.Rat).SetInt(q.Add(q, big.NewInt(1))), step)
		}
		list = append(list, scalar("no multiple", decimal(new(big.Rat).Add(anchor, new(big.Rat).Quo(step, big.NewRat(2, 1))))))
		if step.IsInt() {
			list = append(list, scalar("one off a multiple", decimal(new(big.Rat).Add(anchor, one))))
		}
	}
	return list
}

// formatBreaks are values that break a format.
var formatBreaks = map[string][]Value{
	"uuid": {
		scalar("not a uuid", "not-a-uuid"),
		scalar("uuid cut by one", madeUpUUID[:len(madeUpUUID)-1]),
		scalar("uuid with one digit more", madeUpUUID+"0"),
		scalar("uuid that is not hexadecimal", "g"+madeUpUUID[1:]),
		scalar("number for a uuid", "1"),
		scalar("empty", ""),
	},
	"date-time": {scalar("not a date", "yesterday"), scalar("month 13", "2024-13-01T00:00:00Z"), scalar("February 30", "2024-02-30T00:00:00Z"), scalar("empty", "")},
	"date":      {scalar("not a date", "yesterday"), scalar("month 13", "2024-13-01"), scalar("February 30", "2024-02-30"), scalar("empty", "")},
	"email":     {scalar("not an address", "nobody"), scalar("empty", "")},
	"ipv4":      {scalar("number above 255", "192.0.2.256"), scalar("three numbers", "192.0.2"), scalar("empty", "")},
	"ipv6":      {scalar("not an address", "2001:db8::g"), scalar("empty", "")},
	"uri":       {scalar("no scheme", "//"), scalar("not a uri", "digakit"), scalar("empty", "")},
}

func (f form) invalidStrings() []Value {
	list := append([]Value(nil), formatBreaks[f.Format]...)
	if f.MinLength > 0 && f.MinLength <= maxLongText {
		list = append(list, scalar("shorter than minLength", strings.Repeat("a", f.MinLength-1)))
	}
	if f.MaxLength >= 0 && f.MaxLength < maxLongText {
		list = append(list, scalar("longer than maxLength", strings.Repeat("a", f.MaxLength+1)))
	}
	if len(f.Patterns) > 0 {
		list = append(list, scalar("breaks the pattern", "digakit!"), scalar("breaks the pattern: empty", ""))
	}
	for _, text := range f.matching() {
		list = append(list, scalar("breaks the pattern after a match", text+"!"))
		break
	}
	return list
}

func (f form) invalidArrays() []Value {
	var list []Value
	items := f.itemTexts()
	for _, item := range f.items {
		for _, v := range item.invalid() {
			if v.array || v.Texts[0] == "" {
				continue // an empty item and no item look the same in most styles
			}
			list = append(list, Value{Class: "item " + v.Class, Texts: v.Texts, array: true})
			if len(items) > 0 {
				list = append(list, Value{Class: "second item " + v.Class, Texts: []string{items[0], v.Texts[0]}, array: true})
			}
			break
		}
	}
	if f.MaxItems >= 0 {
		list = appendArray(list, "more than maxItems", items, f.MaxItems+1, false)
	}
	list = appendArray(list, "fewer than minItems", items, f.MinItems-1, false)
	if f.UniqueItems && len(items) > 0 {
		list = append(list, Value{Class: "the same item twice", Texts: []string{items[0], items[0]}, array: true})
	}
	return list
}

// Invalid lists values that are certainly none of a parameter, each once.
func (d *Document) Invalid(o *contract.Operation, q *Parameter) []Value {
	var list []Value
	seen := map[string]bool{}
	for _, f := range q.forms {
		for _, v := range f.invalid() {
			empty := len(v.Texts) == 1 && v.Texts[0] == ""
			id := Setting{q, v}.Text()
			// An empty segment makes another path, an empty cookie none.
			if seen[id] || empty && (q.empty || q.In == PathPlace || q.In == CookiePlace) || !d.breaks(o, Setting{q, v}) {
				continue
			}
			seen[id] = true
			list = append(list, v)
		}
	}
	return list
}
