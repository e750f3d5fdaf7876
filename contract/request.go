package contract

import (
	"net/http"
	"slices"
)

// Request judges a request against an operation: path, query, headers,
// cookies and body, and returns the violations in a stable order, nil when
// there are none. Credentials are not judged (see Operation.Security).
//
// body is the whole body as sent; r.Body is not touched, and nothing of r is
// changed: no default is filled in, no query rewritten. A repeated scalar
// parameter is judged in every occurrence.
func (v *Validator) Request(o *Operation, r *http.Request, body []byte) []Violation {
	f := findings{side: SideRequest, operation: o.plan.name}
	pairs := parseQuery(r.URL.RawQuery)
	v.given(o, r, pairs, func(_ int, p *parameter, values []styled) {
		if p.schema != nil {
			v.judgeParameter(p, values, &f)
		}
	})
	v.judgeUndeclared(o, pairs, &f)
	v.judgeRequestBody(o, r, body, &f)
	return f.result()
}

// Sent calls f for every parameter of an operation, by its index in Parameters, with
// what a request gives it, decoded: of a plain value one text each time that it is
// there, of an array the texts of its items. Objects, and what cannot be decoded, are
// there without texts.
func (v *Validator) Sent(o *Operation, r *http.Request, f func(parameter int, values [][]string)) {
	v.given(o, r, parseQuery(r.URL.RawQuery), func(i int, p *parameter, values []styled) {
		var sent [][]string
		for _, value := range values {
			var texts []string
			if p.whole() || p.schema.shape.array && !p.schema.shape.object {
				texts, _ = p.texts(value)
			}
			sent = append(sent, texts)
		}
		f(i, sent)
	})
}

// given calls f for every parameter with what a request gives it, as often as it is there.
func (v *Validator) given(o *Operation, r *http.Request, pairs []pair, f func(i int, p *parameter, values []styled)) {
	var path []string
	for i := range o.plan.parameters {
		p := &o.plan.parameters[i]
		var values []styled
		switch p.In {
		case inQuery:
			values = p.queryValues(pairs)
		case inHeader:
			values = p.headerValues(r.Header)
		case inCookie:
			for _, c := range r.CookiesNamed(p.Name) {
				values = append(values, styled{text: c.Value})
			}
		case inPath:
			if path == nil {
				path, _ = v.routes.capture(o, r.URL.EscapedPath())
			}
			if index := slices.Index(o.plan.template.names, p.Name); index < len(path) {
				values = []styled{{text: path[index], escaped: true}}
			}
		}
		f(i, p, values)
	}
}

// judgeParameter judges a parameter of a request, or a header of a response, each time
// that it is there.
func (v *Validator) judgeParameter(p *parameter, values []styled, f *findings) {
	where := Violation{In: p.In, Name: p.Name}
	if len(values) == 0 && (p.Required || p.In == inPath) {
		absent := KindMissingParameter
		if f.side == SideResponse {
			absent = KindMissingHeader
		}
		f.addAt(where, absent, "required", "must be there")
	}
	if p.schema == nil {
		return
	}
	for _, value := range values {
		v.judgeStyled(p, value, f, where)
	}
	if v.strict && p.In == inQuery && len(values) > 1 && p.media == nil && p.schema.shape.scalar() {
		f.addAt(where, KindRepeatedParameter, "", "must be given once")
	}
}

func (v *Validator) judgeRequestBody(o *Operation, r *http.Request, body []byte, f *findings) {
	doc := o.plan.request
	switch {
	case doc == nil && len(body) == 0:
	case doc == nil:
		if v.strict {
			f.add(Violation{Kind: KindUnexpectedBody, In: inBody, Keyword: "requestBody", Message: "must be empty: no request body is documented"})
		}
	case len(body) == 0:
		if doc.required {
			f.add(Violation{Kind: KindMissingBody, In: inBody, Keyword: "required", Message: "must be there"})
		}
	default:
		v.judgeBody(doc, r.Header, body, f)
	}
}

func (r *routes) capture(o *Operation, path string) ([]string, bool) {
	for rest := range r.below(path) {
		if raw, ok := o.plan.template.capture(rest); ok {
			return raw, true
		}
	}
	return nil, false
}
