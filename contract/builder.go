package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// builder reads the operations off a document. Schemas of requests and of
// responses are compiled apart: readOnly and writeOnly mean different things there.
type builder struct {
	doc     *spec.Document
	engines map[Side][]*engine // as published, then strict
	side    Side
	known   map[Side]map[string]*schema
	schemas []*schema // all of known, as they were met
	reading string    // method and path of the operation at hand
	errs    []error   // what could not be understood
}

func newBuilder(doc *spec.Document, strict bool) *builder {
	b := &builder{doc: doc, engines: map[Side][]*engine{}, known: map[Side]map[string]*schema{}}
	for _, side := range []Side{SideRequest, SideResponse} {
		b.engines[side], b.known[side] = []*engine{newEngine(doc, side, false)}, map[string]*schema{}
		if strict {
			b.engines[side] = append(b.engines[side], newEngine(doc, side, true))
		}
	}
	return b
}

// schemaAt is the schema at a pointer for the side being built.
func (b *builder) schemaAt(pointer string) *schema {
	s := b.known[b.side][pointer]
	if s == nil {
		s = &schema{pointer: pointer, engines: b.engines[b.side]}
		b.known[b.side][pointer] = s
		b.schemas = append(b.schemas, s)
	}
	return s
}

// resolve goes where references lead; it is noted when that is no object.
func (b *builder) resolve(pointer string) (string, map[string]any) {
	at, obj, err := b.doc.Resolve(pointer)
	b.note(err)
	return at, obj
}

func (b *builder) note(err error) {
	if err != nil {
		b.errs = append(b.errs, fmt.Errorf("contract: %s: %w", b.reading, err))
	}
}

// operations reads all of them, in document order; all that cannot be understood is
// reported.
func (b *builder) operations() (list []*Operation, err error) {
	for _, path := range b.doc.Keys("/paths") {
		if strings.HasPrefix(path, "x-") {
			continue
		}
		b.reading = path
		item, _ := b.resolve(spec.Join("/paths", path))
		for _, method := range b.doc.Keys(item) {
			if slices.Contains(spec.Methods(), method) {
				list = append(list, b.operation(path, method, item))
			}
		}
	}
	return list, errors.Join(b.errs...)
}

func (b *builder) operation(path, method, item string) *Operation {
	b.reading = strings.ToUpper(method) + " " + path
	at := spec.Join(item, method)
	_, obj := b.resolve(at)
	o := &Operation{Method: strings.ToUpper(method), Path: "/" + strings.TrimPrefix(path, "/")}
	o.ID, _ = obj["operationId"].(string)
	o.Summary, _ = obj["summary"].(string)
	o.plan = &plan{of: o, name: o.Name(), template: newTemplate(o.Path), credentials: map[string]bool{}}
	b.side = SideRequest
	b.parameters(o, spec.Join(item, "parameters"), spec.Join(at, "parameters"))
	b.requestBody(o, spec.Join(at, "requestBody"))
	b.side = SideResponse
	for _, status := range b.doc.Keys(spec.Join(at, "responses")) {
		if !strings.HasPrefix(status, "x-") {
			b.response(o, status, spec.Join(at, "responses", status))
		}
	}
	b.security(o, at)
	return o
}

// parameters merges those of the path item with those of the operation, which
// override them by name and place.
func (b *builder) parameters(o *Operation, lists ...string) {
	for _, at := range lists {
		v, _ := b.doc.Lookup(at)
		items, _ := v.([]any)
		for i := range items {
			p := b.parameterAt(spec.Join(at, itoa(i)), "")
			if p.ignored(o.plan.template.names) {
				continue
			}
			same := func(q parameter) bool { return q.Name == p.Name && q.In == p.In }
			if j := slices.IndexFunc(o.plan.parameters, same); j >= 0 {
				o.plan.parameters[j], o.Parameters[j] = p, p.Parameter
			} else {
				o.plan.parameters, o.Parameters = append(o.plan.parameters, p), append(o.Parameters, p.Parameter)
			}
		}
	}
}

// ignored tells of parameters that say nothing: of no place, headers that "shall be
// ignored" (OpenAPI 3.1, 4.8.12.2.1), and names that the path does not have, which spec
// warns of.
func (p *parameter) ignored(inTemplate []string) bool {
	switch p.In {
	case inHeader:
		return slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, http.CanonicalHeaderKey(p.Name))
	case inPath:
		return !slices.Contains(inTemplate, p.Name)
	}
	return p.In != inQuery && p.In != inCookie
}

// check finds the schemas that operations use, directly or by reference, and that
// are none.
func (b *builder) check() error {
	var used []string
	for _, s := range b.schemas {
		used = append(used, s.pointer)
	}
	var errs []error
	for _, e := range b.doc.IllFormed(used) {
		errs = append(errs, fmt.Errorf("contract: a schema does not compile: %w", e))
	}
	return errors.Join(errs...)
}
