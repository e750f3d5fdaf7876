package mockserver

import (
	"cmp"
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
)

// identify finds out whose key the request carries, and so which project it is
// for.
func (s *Server) identify(x *exchange, h http.Header) {
	var secret string
	if secret, x.bearer = bearerToken(h); !x.bearer {
		return
	}
	x.project, x.key, _ = s.store.Authenticate(secret)
	switch {
	case len(s.credentials) == 0:
	case s.api.diga && x.key == nil && s.accepts(secret):
		x.project, x.key = s.store.First()
	case !s.api.diga && x.key != nil && x.project.Name() == demoProject && !s.accepts(secret):
		x.project, x.key = nil, nil // well known, and not among those given
	}
}

// accepts tells whether a credential is one of those given to the server; without any,
// all are.
func (s *Server) accepts(credential string) bool {
	sum := sha256.Sum256([]byte(credential)) // so that no time tells how much of one was right
	return len(s.credentials) == 0 || s.credentials[sum]
}

// authorize notes a refusal when the request's key will not do. It comes before
// the parameters are looked at, so that a denied key learns nothing about them.
//
// A document that is not Diga's names its own credentials: any are taken that are of
// its kinds, or those that the server was given, and they are for the first project
// unless a key is of another.
func (s *Server) authorize(x *exchange) {
	wanted := len(x.operation.Security) > 0
	switch {
	case x.key != nil && !s.api.allows(x.key.Allows, x.operation):
		x.refuse("insufficient", errForbidden)
	case x.key != nil:
	case !wanted, !s.api.diga && presents(x.request, x.operation, s.accepts):
		x.project, x.key = s.store.First()
	case !s.api.diga && presents(x.request, x.operation, func(string) bool { return true }):
		x.refuse("unknown", s.unauthenticated(x, "Invalid API key"))
	case !x.bearer && x.request.Header["Authorization"] == nil:
		x.refuse("missing", s.unauthenticated(x, "Not authenticated"))
	case !x.bearer:
		x.refuse("malformed", s.unauthenticated(x, "Not authenticated"))
	default:
		x.refuse("unknown", s.unauthenticated(x, "Invalid API key"))
	}
	if x.refusal == nil && x.project == nil {
		x.refuse("unknown", errForbidden) // there is no project at all
	}
}

// presents tells whether a request carries all credentials of one alternative that
// an operation names, and each is accepted.
func presents(r *http.Request, op *contract.Operation, accepts func(string) bool) bool {
	for _, alternative := range op.Security {
		missing := false
		for _, scheme := range alternative {
			carried, ok := credential(r, scheme)
			alone, isKey := strings.CutSuffix(carried, ":") // of basic authentication a key is a user without a password
			isKey = isKey && strings.EqualFold(scheme.Scheme, "basic")
			missing = missing || !ok || scheme.Type != "mutualTLS" && !accepts(carried) && (!isKey || !accepts(alone))
		}
		if !missing {
			return true
		}
	}
	return false
}

// credential is what a request carries for a scheme: of basic authentication
// USER:PASSWORD. False: nothing.
func credential(r *http.Request, s contract.SecurityRequirement) (string, bool) {
	var text string
	switch {
	case s.Type == "mutualTLS":
		return "", true
	case s.Type == "apiKey" && s.In == "query":
		text = r.URL.Query().Get(s.Key)
	case s.Type == "apiKey" && s.In == "cookie":
		if cookie, err := r.Cookie(s.Key); err == nil {
			text = cookie.Value
		}
	case s.Type == "apiKey":
		text = r.Header.Get(s.Key)
	case s.Type == "http" && strings.EqualFold(s.Scheme, "basic"):
		if user, password, ok := r.BasicAuth(); ok {
			text = user + ":" + password
		}
	default:
		scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if strings.EqualFold(scheme, cmp.Or(s.Scheme, "Bearer")) { // RFC 6750 for oauth2 and openIdConnect
			text = strings.TrimSpace(rest)
		}
	}
	return text, text != ""
}

// unauthenticated refuses a missing or unknown key: as the profile says, or with
// 401 where that alone is documented.
func (s *Server) unauthenticated(x *exchange, message string) *refusal {
	p := s.profile
	if documented(x.operation, http.StatusUnauthorized) != nil && documented(x.operation, http.StatusForbidden) == nil {
		p.Unauthenticated = UnauthenticatedUnauthorized
	}
	return unauthenticated(p, message)
}

// refuse refuses the key; why is for the log.
func (x *exchange) refuse(why string, r *refusal) {
	x.refusal, x.badKey = r, why
	if r.status == http.StatusUnauthorized && documented(x.operation, r.status) == nil {
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
