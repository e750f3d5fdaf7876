package call

import (
	"net/http"

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
	Name     string
	In       string
	Required bool
	Nullable bool // null is one of its values
	style    string
	explode  bool
	empty    bool     // allowEmptyValue
	domains  []domain // alternatives, null left out; none: no values can be made
	examples []Value  // of the parameter object; those of schemas are in domains
}

// Kind is what all alternatives have in common; empty when they differ.
func (p *Parameter) Kind() string {
	if len(p.domains) == 0 {
		return ""
	}
	for _, d := range p.domains {
		if d.kind != p.domains[0].kind {
			return ""
		}
	}
	return p.domains[0].kind
}

// Parameters reads the parameters of an operation off the document, in its
// order.
func (d *Document) Parameters(o *contract.Operation) []*Parameter {
	if known, ok := d.parameters[o]; ok {
		return known
	}
	var list []*Parameter
	for _, documented := range o.Parameters {
		if p := d.parameterAt(documented.Pointer); p != nil {
			list = append(list, p)
		}
	}
	d.parameters[o] = list
	return list
}

// parameterAt reads one; nil for those OpenAPI says to ignore.
func (d *Document) parameterAt(pointer string) *Parameter {
	pointer, obj, err := d.Spec.Resolve(pointer)
	if err != nil {
		return nil
	}
	p := &Parameter{}
	p.Name, _ = obj["name"].(string)
	p.In, _ = obj["in"].(string)
	p.Required, _ = obj["required"].(bool)
	p.empty, _ = obj["allowEmptyValue"].(bool)
	if p.In == HeaderPlace {
		switch http.CanonicalHeaderKey(p.Name) {
		case "Accept", "Content-Type", "Authorization": // OpenAPI 3.1, 4.8.12.2.1
			return nil
		}
	}
	p.style, _ = obj["style"].(string)
	if p.style == "" {
		p.style = map[string]string{QueryPlace: "form", CookiePlace: "form", PathPlace: "simple", HeaderPlace: "simple"}[p.In]
	}
	explode, set := obj["explode"].(bool)
	p.explode = explode || !set && p.style == "form"
	schema := d.Schema(pointer)
	p.domains = domainsOf(schema, 0)
	p.Nullable = schema != nil && d.Validator.Fits(schema.Pointer, nil)
	if example, ok := obj["example"]; ok {
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
