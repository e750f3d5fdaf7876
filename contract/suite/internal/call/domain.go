package call

import (
	"encoding/json"
	"math/big"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// Kinds of domains: the types of JSON Schema that values are made of.
const (
	integerKind = "integer"
	numberKind  = "number"
	booleanKind = "boolean"
	stringKind  = "string"
	ArrayKind   = "array"
)

// maxSchemaDepth bounds how deep a schema is read: a schema may contain itself.
const maxSchemaDepth = 8

// domain is what a schema says about its values, as far as it helps to make
// some. It need not be exact: what is made of it is shown to the validator
// before it is sent.
type domain struct {
	kind                 string
	enum                 []string // as text; const is an enum of one
	examples             []Value  // default, example and examples
	low, high            *big.Rat // smallest and largest bound, exclusive or not
	step                 *big.Rat
	minLength, maxLength int // no maxLength is -1
	pattern, format      string
	items                []domain // of an array
	minItems, maxItems   int      // no maxItems is -1
	unique               bool
}

// domainsOf reads a schema: one domain for each type of each alternative, null and
// objects left out.
func domainsOf(s *spec.Schema, depth int) []domain {
	if s == nil || depth > maxSchemaDepth {
		return nil
	}
	var list []domain
	for _, form := range s.Forms() {
		kinds := form.Types
		if kinds == nil && (form.Patterns != nil || form.Format != "") {
			kinds = []string{stringKind}
		}
		for _, kind := range kinds {
			switch kind {
			case ArrayKind:
				d := readDomain(kind, form)
				d.items = domainsOf(form.Items(), depth+1)
				list = append(list, d)
			case integerKind, numberKind, booleanKind, stringKind:
				list = append(list, readDomain(kind, form))
			}
		}
	}
	return list
}

func readDomain(kind string, s *spec.Schema) domain {
	d := domain{
		kind: kind, format: s.Format, minLength: s.MinLength, maxLength: s.MaxLength,
		minItems: s.MinItems, maxItems: s.MaxItems, unique: s.UniqueItems,
	}
	if len(s.Patterns) > 0 {
		d.pattern = s.Patterns[0]
	}
	for _, v := range s.Enum {
		if text, ok := wireText(v); ok {
			d.enum = append(d.enum, text)
		}
	}
	if s.Minimum != nil {
		d.low = s.Minimum.Rat()
	}
	if s.Maximum != nil {
		d.high = s.Maximum.Rat()
	}
	if step, ok := new(big.Rat).SetString(string(s.MultipleOf)); ok {
		d.step = step
	}
	if s.Default != nil {
		d.examples = appendValue(d.examples, "default", *s.Default)
	}
	for _, v := range s.Examples {
		d.examples = appendValue(d.examples, "example", v)
	}
	return d
}

// wireText is how a scalar of JSON stands in a URL.
func wireText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
