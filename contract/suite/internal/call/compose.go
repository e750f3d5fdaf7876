package call

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Setting gives a parameter a value.
type Setting struct {
	Parameter *Parameter
	Value     Value
}

// With returns settings with one more, which replaces one of the same parameter.
func With(settings []Setting, more ...Setting) []Setting {
	var list []Setting
	for _, s := range settings {
		replaced := false
		for _, m := range more {
			replaced = replaced || m.Parameter == s.Parameter
		}
		if !replaced {
			list = append(list, s)
		}
	}
	return append(list, more...)
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
		switch s.Parameter.In {
		case PathPlace:
			c.Path = strings.ReplaceAll(c.Path, "{"+s.Parameter.Name+"}", s.inPath())
		case QueryPlace:
			pairs = append(pairs, s.InQuery()...)
		case HeaderPlace:
			c.Header[http.CanonicalHeaderKey(s.Parameter.Name)] = []string{strings.Join(s.Value.Texts, ",")}
		case CookiePlace:
			cookies = append(cookies, s.Parameter.Name+"="+strings.Join(s.escaped(url.QueryEscape), ","))
		}
	}
	c.Query = strings.Join(pairs, "&")
	if len(cookies) > 0 {
		c.Header["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return c
}

func (s Setting) escaped(escape func(string) string) []string {
	if s.Value.Raw {
		return s.Value.Texts
	}
	var list []string
	for _, text := range s.Value.Texts {
		list = append(list, escape(text))
	}
	return list
}

// InQuery writes the value in the style of the parameter (OpenAPI 3.1, 4.8.12.4).
func (s Setting) InQuery() []string {
	name := url.QueryEscape(s.Parameter.Name)
	texts := s.escaped(url.QueryEscape)
	separator := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[s.Parameter.Style]
	switch {
	case s.Value.array && s.Parameter.Explode:
		var pairs []string
		for _, text := range texts {
			pairs = append(pairs, name+"="+text)
		}
		return pairs
	case separator == "":
		separator = ","
	}
	return []string{name + "=" + strings.Join(texts, separator)}
}

func (s Setting) inPath() string {
	texts := s.escaped(url.PathEscape)
	name := url.PathEscape(s.Parameter.Name)
	switch {
	case s.Parameter.Style == "label" && s.Parameter.Explode:
		return "." + strings.Join(texts, ".")
	case s.Parameter.Style == "label":
		return "." + strings.Join(texts, ",")
	case s.Parameter.Style == "matrix" && s.Parameter.Explode:
		return ";" + name + "=" + strings.Join(texts, ";"+name+"=")
	case s.Parameter.Style == "matrix":
		return ";" + name + "=" + strings.Join(texts, ",")
	}
	return strings.Join(texts, ",")
}

// fits asks the validator whether a value is one of its parameter. False, too,
// for one that only fits in more than 64 bits, which nobody has to take.
func (d *Document) fits(o *contract.Operation, one Setting) bool {
	return len(d.objections(o, one)) == 0
}

// breaks asks the validator whether a value is certainly none of its parameter.
func (d *Document) breaks(o *contract.Operation, one Setting) bool {
	for _, v := range d.objections(o, one) {
		if v.Kind == contract.KindInvalidParameter || v.Kind == contract.KindMalformedParameter {
			return true
		}
	}
	return false
}

func (d *Document) objections(o *contract.Operation, one Setting) []contract.Violation {
	c := Compose(o, []Setting{one})
	u := &url.URL{RawPath: c.Path, RawQuery: c.Query}
	u.Path, _ = url.PathUnescape(c.Path) // what cannot be unescaped is judged as it is
	r := &http.Request{Method: o.Method, URL: u, Header: c.Header}
	var list []contract.Violation
	for _, v := range d.Validator.Request(o, r, nil) {
		if v.In == one.Parameter.In && (v.Name == one.Parameter.Name || http.CanonicalHeaderKey(v.Name) == http.CanonicalHeaderKey(one.Parameter.Name)) {
			list = append(list, v)
		}
	}
	return list
}
