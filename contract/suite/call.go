package suite

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
)

// call is a request in the making. The zero call is the operation's own, with
// the target's key and the required parameters alone.
type call struct {
	method string      // empty: the operation's
	path   string      // escaped; empty: the operation's, with a value for each parameter
	query  string      // as it goes on the wire, without the question mark
	header http.Header // besides those of the target
	auth   credential
	beside bool                // of no operation: the path is not one of the document's
	like   *contract.Operation // whose credentials are wanted, for a call of no operation
	bare   bool                // as it is here, without the operation's required parameters
	about  string              // what a failure of the server over it is told apart by: a parameter
	label  string              // what is special about it, for the message
	// edge: what stands before the application (a proxy, the HTTP server) may
	// refuse it with a 4xx of its own, documented or not.
	edge bool
}

// credential is what a call authenticates with. The zero credential is the
// target's key.
type credential struct {
	kind   credentialKind
	secret string // of literal kinds; the whole value of the header for rawHeader
	// variable is how a shell makes the secret from the real key, when it was
	// made from it: DIGAKIT_KEY and what is done to it, without the first $.
	variable string
}

type credentialKind int

const (
	fullKey  credentialKind = iota
	otherKey                // secret, as the document wants keys to be sent
	noKey
	rawHeader // Authorization: secret, whatever it is
)

// query writes pairs of names and values as a query, escaped, in the order given.
func query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

// authenticate sets a credential as an operation wants it; without an operation
// it goes into Authorization as a bearer token.
func (s *session) authenticate(r *http.Request, o *contract.Operation, c credential) {
	secret := c.secret
	if c.kind == fullKey {
		secret = s.target.Key
	} else {
		withoutCredentials(r, o)
	}
	switch {
	case c.kind == noKey:
		return
	case c.kind == rawHeader:
		r.Header.Set("Authorization", c.secret)
		return
	case secret == "":
		return
	case o == nil:
		r.Header.Set("Authorization", "Bearer "+secret)
		return
	case len(o.Security) == 0:
		return
	}
	for _, want := range o.Security[0] {
		switch {
		case want.Type == "apiKey" && want.In == "query":
			if r.URL.RawQuery != "" {
				r.URL.RawQuery += "&"
			}
			r.URL.RawQuery += query(want.Key, secret)
		case want.Type == "apiKey" && want.In == "cookie":
			r.AddCookie(&http.Cookie{Name: want.Key, Value: secret}) //nolint:gosec // of a request: the attributes are a response's
		case want.Type == "apiKey":
			r.Header.Set(want.Key, secret)
		case strings.EqualFold(want.Scheme, "basic"):
			user, password, _ := strings.Cut(secret, ":")
			r.SetBasicAuth(user, password)
		default: // bearer, OAuth 2, OpenID Connect
			r.Header.Set("Authorization", "Bearer "+secret)
		}
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
			if want.Type == "apiKey" && want.In == headerPlace {
				r.Header.Del(want.Key)
			}
		}
	}
}
