package mockserver

import (
	"net/http"
	"strings"

	"github.com/digakit/digakit/gen"
)

// permissions says what each operation needs; an unrestricted key needs none of
// it. Operations are named by their published ids.
var permissions = map[string]gen.Permission{
	"list_api_keys_v1_api_key__get": "api_keys.view",
}

// identify finds out whose key the request carries, and so which project it is
// for.
func (s *Server) identify(x *exchange, h http.Header) {
	var secret string
	if secret, x.bearer = bearerToken(h); x.bearer {
		x.project, x.key, _ = s.store.Authenticate(secret)
	}
}

// authorize notes a refusal when the request's key will not do. It comes before
// the parameters are looked at, so that a denied key learns nothing about them.
func (s *Server) authorize(x *exchange) {
	needed, known := permissions[x.operation.ID]
	switch {
	case !x.bearer && x.request.Header["Authorization"] == nil:
		x.refuse("missing", unauthenticated(s.profile, "Not authenticated"))
	case !x.bearer:
		x.refuse("malformed", unauthenticated(s.profile, "Not authenticated"))
	case x.key == nil:
		x.refuse("unknown", unauthenticated(s.profile, "Invalid API key"))
	case known && !x.key.Allows(needed):
		x.refuse("insufficient", errForbidden)
	}
}

// refuse refuses the key; why is for the log.
func (x *exchange) refuse(why string, r *refusal) {
	x.refusal, x.badKey = r, why
	if r.status == http.StatusUnauthorized {
		x.departure = "profile unauthenticated: unauthorized"
	}
}

// bearerToken returns the credential of the one Authorization header. The
// scheme's case does not matter and one or more spaces may follow it (RFC 9110,
// section 11).
func bearerToken(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}
