package call

import (
	"slices"

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
