package session

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// request makes the request of a call.
func (s *Session) request(o *contract.Operation, c call.Call) *http.Request {
	c = s.Complete(o, c)
	method := c.Method
	if method == "" && o != nil {
		method = o.Method
	}
	u := *s.Root
	escaped := strings.TrimSuffix(u.EscapedPath(), "/") + c.Path
	if plain, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = plain, escaped
	}
	if u.EscapedPath() != escaped {
		u.Opaque = "//" + u.Host + escaped // as it is, where url.URL would escape it anew or cannot read it
	}
	u.RawQuery = c.Query
	r := &http.Request{Method: method, URL: &u, Host: u.Host, Header: s.Target.Header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	// A body after the answer to HEAD would otherwise be taken for the next
	// answer, and net/http writes it to standard error.
	r.Close = method == http.MethodHead
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if _, given := r.Header["User-Agent"]; !given {
		r.Header.Set("User-Agent", "digakit-verify")
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	if o == nil {
		o = c.Like
	}
	if c.Body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.Body)), int64(len(c.Body))
		if c.Media != "" {
			r.Header.Set("Content-Type", c.Media)
		}
	}
	s.authenticate(r, o, c.Auth)
	return r
}

// MadeUpSecret is a key nobody has.
const MadeUpSecret = "digakit-verify-nobody-has-this-key" //nolint:gosec // nobody's

// WantsCredential tells whether an operation wants any; one that also lists the
// empty alternative does not.
func WantsCredential(o *contract.Operation) bool {
	return len(o.Security) > 0 && !slices.ContainsFunc(o.Security, func(all []contract.SecurityRequirement) bool { return len(all) == 0 })
}

// authenticate sets a credential as an operation wants it; without an operation
// it goes into Authorization as a bearer token.
func (s *Session) authenticate(r *http.Request, o *contract.Operation, c call.Credential) {
	secret := c.Secret
	if c.Kind == call.FullKey {
		secret = s.Target.Key
	} else {
		withoutCredentials(r, o)
	}
	switch {
	case c.Kind == call.RawHeader:
		r.Header.Set("Authorization", secret)
	case c.Kind == call.NoKey, secret == "":
	case o == nil:
		r.Header.Set("Authorization", "Bearer "+secret)
	default:
		o.Authenticate(r, secret)
	}
}

// withoutCredentials takes back what Target.Header may have of them.
func withoutCredentials(r *http.Request, o *contract.Operation) {
	r.Header.Del("Authorization")
	if o == nil {
		return
	}
	for _, all := range o.Security {
		for _, want := range all {
			if want.Type == "apiKey" && want.In == call.HeaderPlace {
				r.Header.Del(want.Key)
			}
		}
	}
}
