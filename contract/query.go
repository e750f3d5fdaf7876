package contract

import (
	"strings"
)

// pair is one name=value of a query or a form.
type pair struct {
	name  string // decoded, or raw when that fails
	value string
	raw   string // of the value, still encoded
	bad   bool   // not percent-encoded UTF-8
}

// parseQuery splits a query as browsers and servers do (WHATWG URL,
// application/x-www-form-urlencoded): at &, then at the first =, + is a space.
// It never fails: what cannot be decoded is marked.
func parseQuery(query string) []pair {
	if query == "" {
		return nil
	}
	pairs := make([]pair, 0, 1+strings.Count(query, "&"))
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		p := pair{raw: value}
		var nameOK, valueOK bool
		p.name, nameOK = unescape(name, true)
		if !nameOK {
			p.name = name
		}
		p.value, valueOK = unescape(value, true)
		p.bad = !nameOK || !valueOK
		pairs = append(pairs, p)
	}
	return pairs
}

// judgeQuery judges all query parameters of an operation.
func (v *Validator) judgeQuery(o *Operation, query string, f *findings) {
	params := o.plan.query
	if query == "" && len(params) == 0 {
		return
	}
	pairs := parseQuery(query)
	for i := range params {
		v.judgeQueryParameter(&params[i], pairs, f)
	}
	for _, p := range pairs {
		declared := o.plan.declares(p.name)
		switch {
		case p.bad && !declared:
			f.add(Violation{Kind: KindMalformedParameter, In: inQuery, Name: safeName(p.name), Message: "must be percent-encoded UTF-8"})
		case v.strict && !declared:
			f.add(Violation{Kind: KindUndeclaredParameter, In: inQuery, Name: safeName(p.name),
				Message: "must not be there: the document declares no such parameter"})
		}
	}
}

func (v *Validator) judgeQueryParameter(p *parameter, pairs []pair, f *findings) {
	where := Violation{In: inQuery, Name: p.Name}
	values := p.queryValues(pairs)
	for _, value := range values {
		v.judgeStyled(p, value, f, where)
	}
	switch scalar := p.media == nil && p.schema.shape.scalar(); {
	case len(values) == 0 && p.Required:
		missing(f, where)
	case len(values) > 1 && scalar && v.strict:
		f.addAt(where, KindRepeatedParameter, "", "must be given once")
	}
}

func malformed(f *findings, where Violation) {
	f.addAt(where, KindMalformedParameter, "", "must be percent-encoded UTF-8")
}

func missing(f *findings, where Violation) {
	f.addAt(where, KindMissingParameter, "required", "must be there")
}
