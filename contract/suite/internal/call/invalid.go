package call

import (
	"math/big"
	"strings"
	"unicode"

	"github.com/digakit/digakit/contract"
)

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
