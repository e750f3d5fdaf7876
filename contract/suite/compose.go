package suite

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
)

// setting gives a parameter a value.
type setting struct {
	parameter *parameter
	value     value
}

// with returns settings with one more, which replaces one of the same parameter.
func with(settings []setting, more ...setting) []setting {
	var list []setting
	for _, s := range settings {
		replaced := false
		for _, m := range more {
			replaced = replaced || m.parameter == s.parameter
		}
		if !replaced {
			list = append(list, s)
		}
	}
	return append(list, more...)
}

// composeFor is compose for trying one value, told apart by its parameter.
func composeFor(o *contract.Operation, base []setting, one setting) call {
	c := compose(o, with(base, one))
	c.about, c.label = one.parameter.name, one.parameter.name+": "+one.value.class
	return c
}

// compose makes the call that has these parameters and no others.
func compose(o *contract.Operation, settings []setting) call {
	c := call{bare: true, path: o.Path, header: http.Header{}}
	var pairs, cookies []string
	for _, s := range settings {
		switch s.parameter.in {
		case pathPlace:
			c.path = strings.ReplaceAll(c.path, "{"+s.parameter.name+"}", s.inPath())
		case queryPlace:
			pairs = append(pairs, s.inQuery()...)
		case headerPlace:
			c.header[http.CanonicalHeaderKey(s.parameter.name)] = []string{strings.Join(s.value.texts, ",")}
		case cookiePlace:
			cookies = append(cookies, s.parameter.name+"="+strings.Join(s.escaped(url.QueryEscape), ","))
		}
	}
	c.query = strings.Join(pairs, "&")
	if len(cookies) > 0 {
		c.header["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return c
}

func (s setting) escaped(escape func(string) string) []string {
	if s.value.raw {
		return s.value.texts
	}
	var list []string
	for _, text := range s.value.texts {
		list = append(list, escape(text))
	}
	return list
}

// inQuery writes the value in the style of the parameter (OpenAPI 3.1, 4.8.12.4).
func (s setting) inQuery() []string {
	name := url.QueryEscape(s.parameter.name)
	texts := s.escaped(url.QueryEscape)
	separator := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[s.parameter.style]
	switch {
	case s.value.array && s.parameter.explode:
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

func (s setting) inPath() string {
	texts := s.escaped(url.PathEscape)
	name := url.PathEscape(s.parameter.name)
	switch {
	case s.parameter.style == "label" && s.parameter.explode:
		return "." + strings.Join(texts, ".")
	case s.parameter.style == "label":
		return "." + strings.Join(texts, ",")
	case s.parameter.style == "matrix" && s.parameter.explode:
		return ";" + name + "=" + strings.Join(texts, ";"+name+"=")
	case s.parameter.style == "matrix":
		return ";" + name + "=" + strings.Join(texts, ",")
	}
	return strings.Join(texts, ",")
}

// fits asks the validator whether a value is one of its parameter. False, too,
// for one that only fits in more than 64 bits, which nobody has to take.
func (s *session) fits(o *contract.Operation, one setting) bool {
	return len(s.objections(o, one)) == 0
}

// breaks asks the validator whether a value is certainly none of its parameter.
func (s *session) breaks(o *contract.Operation, one setting) bool {
	for _, v := range s.objections(o, one) {
		if v.Kind == contract.KindInvalidParameter || v.Kind == contract.KindMalformedParameter {
			return true
		}
	}
	return false
}

func (s *session) objections(o *contract.Operation, one setting) []contract.Violation {
	c := compose(o, []setting{one})
	u := &url.URL{RawPath: c.path, RawQuery: c.query}
	u.Path, _ = url.PathUnescape(c.path) // what cannot be unescaped is judged as it is
	r := &http.Request{Method: o.Method, URL: u, Header: c.header}
	var list []contract.Violation
	for _, v := range s.validator.Request(o, r, nil) {
		if v.In == one.parameter.in && (v.Name == one.parameter.name || http.CanonicalHeaderKey(v.Name) == http.CanonicalHeaderKey(one.parameter.name)) {
			list = append(list, v)
		}
	}
	return list
}
