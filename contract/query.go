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

// judgeUndeclared judges what in a query is of no documented parameter.
func (v *Validator) judgeUndeclared(o *Operation, pairs []pair, f *findings) {
	for _, p := range pairs {
		switch {
		case !p.bad && !v.strict || o.plan.declares(p.name):
		case p.bad:
			f.add(Violation{Kind: KindMalformedParameter, In: inQuery, Name: safeName(p.name), Message: "must be percent-encoded UTF-8"})
		default:
			f.add(Violation{Kind: KindUndeclaredParameter, In: inQuery, Name: safeName(p.name),
				Message: "must not be there: the document declares no such parameter"})
		}
	}
}
