package suite

import (
	"net/http"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// Places of parameters.
const (
	queryPlace  = "query"
	headerPlace = "header"
	pathPlace   = "path"
	cookiePlace = "cookie"
)

// parameter is a documented parameter with what is needed to make values of it.
type parameter struct {
	name     string
	in       string
	required bool
	style    string
	explode  bool
	empty    bool     // allowEmptyValue
	domains  []domain // alternatives, null left out; none: no values can be made
	examples []value  // of the parameter object; those of schemas are in domains
}

// kind is what all alternatives have in common; empty when they differ.
func (p *parameter) kind() string {
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

// parametersOf reads the parameters of an operation off the document, in its
// order.
func (s *session) parametersOf(o *contract.Operation) []*parameter {
	if known, ok := s.parameters[o]; ok {
		return known
	}
	var list []*parameter
	for _, documented := range o.Parameters {
		if p := s.parameterAt(documented.Pointer); p != nil {
			list = append(list, p)
		}
	}
	s.parameters[o] = list
	return list
}

// parameterAt reads one; nil for those OpenAPI says to ignore.
func (s *session) parameterAt(pointer string) *parameter {
	pointer, obj, err := s.document.Resolve(pointer)
	if err != nil {
		return nil
	}
	p := &parameter{}
	p.name, _ = obj["name"].(string)
	p.in, _ = obj["in"].(string)
	p.required, _ = obj["required"].(bool)
	p.empty, _ = obj["allowEmptyValue"].(bool)
	if p.in == headerPlace {
		switch http.CanonicalHeaderKey(p.name) {
		case "Accept", "Content-Type", "Authorization": // OpenAPI 3.1, 4.8.12.2.1
			return nil
		}
	}
	p.style, _ = obj["style"].(string)
	if p.style == "" {
		p.style = map[string]string{queryPlace: "form", cookiePlace: "form", pathPlace: "simple", headerPlace: "simple"}[p.in]
	}
	explode, set := obj["explode"].(bool)
	p.explode = explode || !set && p.style == "form"
	p.domains = domainsOf(s.schemaOf(pointer), 0)
	if example, ok := obj["example"]; ok {
		p.examples = appendValue(p.examples, "example", example)
	}
	for _, name := range s.document.Keys(spec.Join(pointer, "examples")) {
		at := spec.Join(pointer, "examples", name)
		if resolved, _, err := s.document.Resolve(at); err == nil {
			at = resolved
		}
		if example, ok := s.document.Lookup(spec.Join(at, "value")); ok {
			p.examples = appendValue(p.examples, "example "+name, example)
		}
	}
	return p
}
