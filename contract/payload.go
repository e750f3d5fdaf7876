package contract

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/digakit/digakit/contract/spec"
)

// requestBody compiles the request body at a pointer, when there is one.
func (b *builder) requestBody(o *Operation, at string) error {
	if _, ok := b.doc.Lookup(at); !ok {
		return nil
	}
	at, obj, err := b.doc.Resolve(at)
	if err != nil {
		return err
	}
	required, _ := obj["required"].(bool)
	o.plan.request = &body{required: required}
	o.RequestBody = &RequestBody{Required: required}
	o.RequestBody.Content, err = b.content(spec.Join(at, "content"), o.plan.request)
	return err
}

// response compiles the answer for one status.
func (b *builder) response(o *Operation, status, at string) error {
	at, obj, err := b.doc.Resolve(at)
	if err != nil {
		return err
	}
	r := Response{Status: status}
	r.Description, _ = obj["description"].(string)
	r.Content, err = b.content(spec.Join(at, "content"), &r.body)
	errs := []error{err}
	for _, name := range b.doc.Keys(spec.Join(at, "headers")) {
		if http.CanonicalHeaderKey(name) == "Content-Type" { // OpenAPI 3.1, 4.8.17: "SHALL be ignored"
			continue
		}
		p, err := b.parameterAt(spec.Join(at, "headers", name), name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r.headers, r.Headers = append(r.headers, p), append(r.Headers, p.Parameter)
	}
	o.Responses = append(o.Responses, r)
	return errors.Join(errs...)
}

// content compiles the media types of a body, in document order.
func (b *builder) content(at string, to *body) ([]MediaType, error) {
	var list []MediaType
	var errs []error
	for _, name := range b.doc.Keys(at) {
		m, err := parseMediaType(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("contract: media type at %s: %w", at, err))
			continue
		}
		here := spec.Join(at, name)
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
	return list, errors.Join(errs...)
}

func (b *builder) examples(at string) []Example {
	var list []Example
	if raw := b.doc.Raw(spec.Join(at, "example")); raw != nil {
		list = append(list, Example{Value: raw})
	}
	for _, name := range b.doc.Keys(spec.Join(at, "examples")) {
		where, _, err := b.doc.Resolve(spec.Join(at, "examples", name))
		if err != nil {
			continue
		}
		if raw := b.doc.Raw(spec.Join(where, "value")); raw != nil {
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
			scopes, _ := b.doc.Lookup(spec.Join(here, name))
			list, _ := scopes.([]any)
			for _, scope := range list {
				if text, ok := scope.(string); ok {
					r.Scopes = append(r.Scopes, text)
				}
			}
			if r.In == inQuery {
				o.plan.credentials[r.Key] = true
			}
			all = append(all, r)
		}
		o.Security = append(o.Security, all)
	}
}
