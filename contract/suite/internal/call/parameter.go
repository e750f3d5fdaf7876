package call

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// Places of parameters.
const (
	QueryPlace  = "query"
	HeaderPlace = "header"
	PathPlace   = "path"
	CookiePlace = "cookie"
)

// Parameter is a documented parameter with what is needed to make values of it.
type Parameter struct {
	contract.Parameter
	Nullable bool    // null is one of its values
	empty    bool    // allowEmptyValue
	forms    []form  // none: no values can be made
	examples []Value // of the parameter object; those of schemas are in forms
}

// Kind is what all alternatives have in common; empty when they differ.
func (p *Parameter) Kind() string {
	if len(p.forms) == 0 || slices.ContainsFunc(p.forms, func(f form) bool { return f.kind != p.forms[0].kind }) {
		return ""
	}
	return p.forms[0].kind
}

// Parameters reads the parameters of an operation off the document, in its
// order.
func (d *Document) Parameters(o *contract.Operation) []*Parameter {
	if known, ok := d.parameters[o]; ok {
		return known
	}
	var list []*Parameter
	for _, documented := range o.Parameters {
		list = append(list, d.parameter(documented))
	}
	d.parameters[o] = list
	return list
}

func (d *Document) parameter(documented contract.Parameter) *Parameter {
	pointer := documented.Pointer
	p := &Parameter{Parameter: documented}
	schema := d.Schema(pointer)
	p.forms = formsOf(schema, 0)
	p.Nullable = schema != nil && d.Validator.Fits(schema.Pointer, nil)
	empty, _ := d.Spec.Lookup(spec.Join(pointer, "allowEmptyValue"))
	p.empty, _ = empty.(bool)
	if example, ok := d.Spec.Lookup(spec.Join(pointer, "example")); ok {
		p.examples = appendValue(p.examples, "example", example)
	}
	for _, name := range d.Spec.Keys(spec.Join(pointer, "examples")) {
		at := spec.Join(pointer, "examples", name)
		if resolved, _, err := d.Spec.Resolve(at); err == nil {
			at = resolved
		}
		if example, ok := d.Spec.Lookup(spec.Join(at, "value")); ok {
			p.examples = appendValue(p.examples, "example "+name, example)
		}
	}
	return p
}

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
