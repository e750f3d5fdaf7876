package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is one documented operation. Everything in it is read off the
// document once, by [New]; changing the fields of an Operation changes
// nothing a Validator does, but is seen by everyone who holds it: don't.
type Operation struct {
	ID          string // operationId; may be empty
	Method      string // GET, POST, ...
	Path        string // as published, a template: /pets/{id}
	Summary     string
	Parameters  []Parameter // path item's and operation's, in document order
	RequestBody *RequestBody
	Responses   []Response // in document order
	// Security lists alternatives; each wants all of its schemes. Empty: no
	// credentials wanted. The document's own list stands in for an operation
	// without one. A Validator does not judge credentials.
	Security [][]SecurityRequirement

	plan *plan
}

// Name is the operationId, or the method and path of an operation without one.
func (o *Operation) Name() string {
	if o.ID != "" {
		return o.ID
	}
	return o.Method + " " + o.Path
}

// RequestBody is the documented body of a request.
type RequestBody struct {
	Required bool
	Content  []MediaType
}

// Response is the documented answer for a status.
type Response struct {
	Status      string // "200", "4XX" or "default", as published
	Description string
	Headers     []Parameter
	Content     []MediaType

	body    // its compiled half
	headers []parameter
}

// MediaType is one documented representation of a body.
type MediaType struct {
	Name     string          // application/json
	Schema   json.RawMessage // as published; nil when there is none
	Pointer  string          // to the Media Type Object
	Examples []Example       // `example` first, then `examples` in document order
}

// Example is a documented example.
type Example struct {
	Name  string          // its key in `examples`; empty for `example`
	Value json.RawMessage // as published
}

// SecurityRequirement is one scheme an operation wants, with the definition
// of the scheme.
type SecurityRequirement struct {
	Name   string // key in components.securitySchemes
	Type   string // http, apiKey, oauth2, openIdConnect, mutualTLS
	Scheme string // of type http: bearer, basic
	In     string // of type apiKey: query, header, cookie
	Key    string // of type apiKey: the name of the parameter
}

// Authenticate puts a credential on a request in every place that the first alternative
// of Security names; of basic authentication it is USER:PASSWORD. An operation that wants
// none gets none.
func (o *Operation) Authenticate(r *http.Request, credential string) {
	if len(o.Security) == 0 {
		return
	}
	for _, want := range o.Security[0] {
		switch {
		case want.Type == "apiKey" && want.In == "query":
			if r.URL.RawQuery != "" {
				r.URL.RawQuery += "&"
			}
			r.URL.RawQuery += url.QueryEscape(want.Key) + "=" + url.QueryEscape(credential)
		case want.Type == "apiKey" && want.In == "cookie":
			r.AddCookie(&http.Cookie{Name: want.Key, Value: credential}) //nolint:gosec // of a request: the attributes are a response's
		case want.Type == "apiKey":
			r.Header.Set(want.Key, credential)
		case strings.EqualFold(want.Scheme, "basic"):
			user, password, _ := strings.Cut(credential, ":")
			r.SetBasicAuth(user, password)
		default: // bearer, OAuth 2, OpenID Connect
			r.Header.Set("Authorization", "Bearer "+credential)
		}
	}
}

// plan is the compiled half of an Operation.
type plan struct {
	of          *Operation
	parameters  []parameter // as in Operation.Parameters
	request     *body       // nil: no body documented
	template    *template
	name        string
	credentials map[string]bool // query parameters of apiKey schemes
}

// declares reports whether a query parameter of that name is documented.
func (p *plan) declares(name string) bool {
	return p.credentials[name] || slices.ContainsFunc(p.parameters, func(q parameter) bool { return q.In == inQuery && q.takes(name) })
}

// Response finds what is documented for a status: itself, its range, default
// (OpenAPI 3.1, 4.8.16: the exact code takes precedence); nil when nothing is.
func (o *Operation) Response(status int) *Response {
	code := itoa(status)
	for _, want := range []string{code, code[:1] + "XX", "default"} {
		for i := range o.Responses {
			if strings.EqualFold(o.Responses[i].Status, want) {
				return &o.Responses[i]
			}
		}
	}
	return nil
}

func (p *plan) answer(status int) *Response { return p.of.Response(status) }
