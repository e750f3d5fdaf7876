package call

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Setting gives a parameter a value.
type Setting struct {
	Parameter *Parameter
	Value     Value
}

// With returns settings with more, each of which replaces one of the same parameter.
func With(settings []Setting, more ...Setting) []Setting {
	replaced := func(s Setting) bool {
		return slices.ContainsFunc(more, func(m Setting) bool { return m.Parameter == s.Parameter })
	}
	return append(slices.DeleteFunc(slices.Clone(settings), replaced), more...)
}

// ComposeFor is compose for trying one value, told apart by its parameter.
func ComposeFor(o *contract.Operation, base []Setting, one Setting) Call {
	c := Compose(o, With(base, one))
	c.About, c.Label = one.Parameter.Name, one.Parameter.Name+": "+one.Value.Class
	return c
}

// Compose makes the call that has these parameters and no others.
func Compose(o *contract.Operation, settings []Setting) Call {
	c := Call{bare: true, Path: o.Path, Header: http.Header{}}
	var pairs, cookies []string
	for _, s := range settings {
		switch text := s.Text(); s.Parameter.In {
		case PathPlace:
			c.Path = strings.ReplaceAll(c.Path, "{"+s.Parameter.Name+"}", text)
		case QueryPlace:
			pairs = append(pairs, text)
		case HeaderPlace:
			c.Header[http.CanonicalHeaderKey(s.Parameter.Name)] = []string{text}
		case CookiePlace:
			cookies = append(cookies, text)
		}
	}
	c.Query = strings.Join(pairs, "&")
	if len(cookies) > 0 {
		c.Header["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return c
}

// Text is the value in the style of its parameter (OpenAPI 3.1, 4.8.12.4), escaped for
// its place.
func (s Setting) Text() string {
	p := s.Parameter
	escape := url.QueryEscape
	switch p.In {
	case PathPlace:
		escape = url.PathEscape
	case HeaderPlace:
		escape = func(text string) string { return text }
	}
	first, next := "", ","
	switch p.Style {
	case "label":
		first = "."
	case "matrix":
		first = ";" + escape(p.Name) + "="
	case "spaceDelimited":
		next = "%20"
	case "pipeDelimited":
		next = "%7C"
	}
	switch {
	case p.In == CookiePlace:
		first = p.Name + "="
	case p.In == QueryPlace:
		if first = escape(p.Name) + "="; p.Explode {
			next = "&" + first
		}
	case p.Explode && first != "":
		next = first
	}
	var texts []string
	for _, text := range s.Value.Texts {
		if !s.Value.Raw {
			text = escape(text)
		}
		texts = append(texts, text)
	}
	return first + strings.Join(texts, next)
}

// fits asks the validator whether a value is one of its parameter. False, too,
// for one that only fits in more than 64 bits, which nobody has to take.
func (d *Document) fits(o *contract.Operation, one Setting) bool {
	return len(d.objections(o, one)) == 0
}

// breaks asks the validator whether a value is certainly none of its parameter.
func (d *Document) breaks(o *contract.Operation, one Setting) bool {
	return slices.ContainsFunc(d.objections(o, one), func(v contract.Violation) bool {
		return v.Kind == contract.KindInvalidParameter || v.Kind == contract.KindMalformedParameter
	})
}

func (d *Document) objections(o *contract.Operation, one Setting) []contract.Violation {
	c := Compose(o, []Setting{one})
	u := &url.URL{RawPath: c.Path, RawQuery: c.Query}
	u.Path, _ = url.PathUnescape(c.Path) // what cannot be unescaped is judged as it is
	r := &http.Request{Method: o.Method, URL: u, Header: c.Header}
	return slices.DeleteFunc(d.Validator.Request(o, r, nil), func(v contract.Violation) bool {
		return v.In != one.Parameter.In || http.CanonicalHeaderKey(v.Name) != http.CanonicalHeaderKey(one.Parameter.Name)
	})
}
