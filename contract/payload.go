package contract

import (
	"fmt"
	"net/http"

	"github.com/digakit/digakit/contract/spec"
)

// requestBody compiles the request body at a pointer, when there is one.
func (b *builder) requestBody(o *Operation, at string) {
	if _, ok := b.doc.Lookup(at); !ok {
		return
	}
	at, obj := b.resolve(at)
	required, _ := obj["required"].(bool)
	o.plan.request = &body{required: required}
	o.RequestBody = &RequestBody{Required: required, Content: b.content(spec.Join(at, "content"), o.plan.request)}
}

// response compiles the answer for one status.
func (b *builder) response(o *Operation, status, at string) {
	at, obj := b.resolve(at)
	r := Response{Status: status}
	r.Description, _ = obj["description"].(string)
	r.Content = b.content(spec.Join(at, "content"), &r.body)
	for _, name := range b.doc.Keys(spec.Join(at, "headers")) {
		if http.CanonicalHeaderKey(name) == "Content-Type" { // OpenAPI 3.1, 4.8.17: "SHALL be ignored"
			continue
		}
		p := b.parameterAt(spec.Join(at, "headers", name), name)
		r.headers, r.Headers = append(r.headers, p), append(r.Headers, p.Parameter)
	}
	o.Responses = append(o.Responses, r)
}

// content compiles the media types of a body, in document order.
func (b *builder) content(at string, to *body) (list []MediaType) {
	for _, name := range b.doc.Keys(at) {
		m, here := b.mediaType(at, name), spec.Join(at, name)
		if _, ok := b.doc.Lookup(spec.Join(here, "schema")); ok {
			compile := b.schemaAt
			if !m.isJSON() {
				compile = b.shapedAt
			}
			m.schema = compile(spec.Join(here, "schema"))
		}
		to.media = append(to.media, m)
		list = append(list, MediaType{Name: name, Pointer: here, Schema: b.doc.Raw(spec.Join(here, "schema")), Examples: b.examples(here)})
	}
	return list
}

// mediaType reads the name of one that is documented at a pointer.
func (b *builder) mediaType(at, name string) mediaType {
	m, err := parseMediaType(name)
	if err != nil {
		b.note(fmt.Errorf("media type at %s: %w", at, err))
	}
	return m
}

func (b *builder) examples(at string) []Example {
	var list []Example
	if raw := b.doc.Raw(spec.Join(at, "example")); raw != nil {
		list = append(list, Example{Value: raw})
	}
	for _, name := range b.doc.Keys(spec.Join(at, "examples")) {
		where, _, err := b.doc.Resolve(spec.Join(at, "examples", name))
		if raw := b.doc.Raw(spec.Join(where, "value")); raw != nil && err == nil {
			list = append(list, Example{Name: name, Value: raw})
		}
	}
	return list
}

// security reads the requirements of an operation, or the document's.
func (b *builder) security(o *Operation, at string) {
	from := spec.Join(at, "security")
	v, ok := b.doc.Lookup(from)
	if !ok {
		from = "/security"
		v, _ = b.doc.Lookup(from)
	}
	alternatives, _ := v.([]any)
	for i := range alternatives {
		here := spec.Join(from, itoa(i))
		all := []SecurityRequirement{}
		for _, name := range b.doc.Keys(here) {
			r := SecurityRequirement{Name: name}
			if _, scheme, err := b.doc.Resolve(spec.Join("/components/securitySchemes", name)); err == nil {
				r.Type, _ = scheme["type"].(string)
				r.Scheme, _ = scheme["scheme"].(string)
				r.In, _ = scheme["in"].(string)
				r.Key, _ = scheme["name"].(string)
			}
			if r.In == inQuery {
				o.plan.credentials[r.Key] = true
			}
			all = append(all, r)
		}
		o.Security = append(o.Security, all)
	}
}
