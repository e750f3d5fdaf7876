package session

import (
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

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
	case c.Kind == call.NoKey:
		return
	case c.Kind == call.RawHeader:
		r.Header.Set("Authorization", c.Secret)
		return
	case secret == "":
		return
	case o == nil:
		r.Header.Set("Authorization", "Bearer "+secret)
		return
	}
	o.Authenticate(r, secret)
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
