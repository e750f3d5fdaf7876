package call

import (
	"encoding/json"
	"math/big"
	"strconv"

	"github.com/digakit/digakit/contract/spec"
)

// The types of JSON Schema that values are made of.
const (
	integerKind = "integer"
	numberKind  = "number"
	booleanKind = "boolean"
	stringKind  = "string"
	ArrayKind   = "array"
)

// maxSchemaDepth bounds how deep a schema is read: a schema may contain itself.
const maxSchemaDepth = 8

// form is one type of one alternative of a schema. What is made of it is shown to the
// validator before it is sent.
type form struct {
	*spec.Schema
	kind  string
	items []form // of an array
}

// formsOf are those of a schema whose values can stand in a parameter: null and objects
// are left out.
func formsOf(s *spec.Schema, depth int) (list []form) {
	if s == nil || depth > maxSchemaDepth {
		return nil
	}
	for _, one := range s.Forms() {
		kinds := one.Types
		if kinds == nil && (one.Patterns != nil || one.Format != "") {
			kinds = []string{stringKind}
		}
		for _, kind := range kinds {
			switch kind {
			case ArrayKind:
				list = append(list, form{one, kind, formsOf(one.Items(), depth+1)})
			case integerKind, numberKind, booleanKind, stringKind:
				list = append(list, form{one, kind, nil})
			}
		}
	}
	return list
}

// enum are the values of the schema's enum that can stand in a URL; a const is one.
func (f form) enum() (texts []string) {
	for _, v := range f.Enum {
		if text, ok := wireText(v); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// bounds are the least and the largest number, exclusive or not, and the step between
// numbers; nil where there is none.
func (f form) bounds() (low, high, step *big.Rat) {
	if f.Minimum != nil {
		low = f.Minimum.Rat()
	}
	if f.Maximum != nil {
		high = f.Maximum.Rat()
	}
	step, _ = new(big.Rat).SetString(string(f.MultipleOf))
	return low, high, step
}

// Text is a scalar of JSON as it stands in a URL; empty of anything else.
func Text(v any) string {
	text, _ := wireText(v)
	return text
}

// wireText is Text, and false for what is no scalar.
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
