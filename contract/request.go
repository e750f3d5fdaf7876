package contract

import (
	"net/http"
	"slices"
	"strings"
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
	v.judgePath(o, r, &f)
	v.judgeQuery(o, r.URL.RawQuery, &f)
	for i := range o.plan.header {
		v.judgeHeader(&o.plan.header[i], r.Header[http.CanonicalHeaderKey(o.plan.header[i].Name)], &f, KindMissingParameter)
	}
	if len(o.plan.cookie) > 0 {
		v.judgeCookies(o, r, &f)
	}
	v.judgeRequestBody(o, r, body, &f)
	return f.result()
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

func (v *Validator) judgePath(o *Operation, r *http.Request, f *findings) {
	if len(o.plan.path) == 0 {
		return
	}
	raw, ok := v.routes.capture(o, r.URL.EscapedPath())
	for i := range o.plan.path {
		p := &o.plan.path[i]
		where := Violation{In: inPath, Name: p.Name}
		index := slices.Index(o.plan.template.names, p.Name)
		if !ok || index < 0 {
			missing(f, where)
			continue
		}
		v.judgeStyled(p, styled{text: raw[index], escaped: true}, f, where)
	}
}

func (r *routes) capture(o *Operation, path string) ([]string, bool) {
	if raw, ok := o.plan.template.capture(path); ok {
		return raw, true
	}
	for _, base := range r.bases {
		if rest, ok := strings.CutPrefix(path, base); ok {
			if raw, ok := o.plan.template.capture(rest); ok {
				return raw, true
			}
		}
	}
	return nil, false
}

// judgeHeader judges a request or response header. Several lines of an array
// are one list (RFC 9110, 5.3); of a scalar, each line is judged.
func (v *Validator) judgeHeader(p *parameter, lines []string, f *findings, absent Kind) {
	where := Violation{In: inHeader, Name: p.Name}
	if len(lines) == 0 {
		if p.Required {
			f.addAt(where, absent, "required", "must be there")
		}
		return
	}
	if p.schema == nil {
		return
	}
	if !p.schema.shape.scalar() {
		lines = []string{strings.Join(lines, ",")}
	}
	for _, line := range lines {
		v.judgeStyled(p, styled{text: line}, f, where)
	}
}

func (v *Validator) judgeCookies(o *Operation, r *http.Request, f *findings) {
	cookies := r.Cookies()
	for i := range o.plan.cookie {
		p := &o.plan.cookie[i]
		found := false
		for _, c := range cookies {
			if c.Name == p.Name {
				found = true
				v.judgeStyled(p, styled{text: c.Value}, f, Violation{In: inCookie, Name: p.Name})
			}
		}
		if !found && p.Required {
			missing(f, Violation{In: inCookie, Name: p.Name})
		}
	}
}
