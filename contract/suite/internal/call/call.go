package call

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Call is a request in the making. The zero call is the operation's own, with
// the target's key and the required parameters alone.
type Call struct {
	Method string      // empty: the operation's
	Path   string      // escaped; empty: the operation's, with a value for each parameter
	Query  string      // as it goes on the wire, without the question mark
	Header http.Header // besides those of the target
	Body   []byte      // nil: none
	Media  string      // of Body; empty: as Header says, if it does
	Auth   Credential
	Beside bool                // of no operation: the path is not one of the document's
	Like   *contract.Operation // whose credentials are wanted, for a call of no operation
	bare   bool                // as it is here, without the operation's required parameters
	About  string              // what a failure of the server over it is told apart by: a parameter
	Label  string              // what is special about it, for the message
	// Edge: what stands before the application (a proxy, the HTTP server) may
	// refuse it with a 4xx of its own, documented or not.
	Edge     bool
	Bodiless bool // without the body that the operation requires
}

// Credential is what a call authenticates with. The zero credential is the
// target's key.
type Credential struct {
	Kind   CredentialKind
	Secret string // of literal kinds; the whole value of the header for RawHeader
	// Variable is how a shell makes the secret from the real key, when it was
	// made from it: DIGAKIT_KEY and what is done to it, without the first $.
	Variable string
}

// CredentialKind is where a credential goes.
type CredentialKind int

// The kinds of credentials.
const (
	FullKey   CredentialKind = iota // the target's
	OtherKey                        // Secret, as the document wants keys to be sent
	NoKey                           // none
	RawHeader                       // Authorization: Secret, whatever it is
)

// Query writes pairs of names and values as a query, escaped, in the order given.
func Query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

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

// breaks asks the validator whether a value is certainly none of its parameter.
func (d *Document) breaks(o *contract.Operation, one Setting) bool {
	return slices.ContainsFunc(d.objections(o, one), func(v contract.Violation) bool {
		return v.Kind == contract.KindInvalidParameter || v.Kind == contract.KindMalformedParameter
	})
}

// objections are those of the validator to a value of its parameter, also to one that only
// fits in more than 64 bits, which nobody has to take.
func (d *Document) objections(o *contract.Operation, one Setting) []contract.Violation {
	c := Compose(o, []Setting{one})
	u := &url.URL{RawPath: c.Path, RawQuery: c.Query}
	u.Path, _ = url.PathUnescape(c.Path) // what cannot be unescaped is judged as it is
	r := &http.Request{Method: o.Method, URL: u, Header: c.Header}
	return slices.DeleteFunc(d.Validator.Request(o, r, nil), func(v contract.Violation) bool {
		return v.In != one.Parameter.In || http.CanonicalHeaderKey(v.Name) != http.CanonicalHeaderKey(one.Parameter.Name)
	})
}
