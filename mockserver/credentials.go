package mockserver

import (
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
)

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
//
// A document that is not Diga's names its own credentials: any are taken that are
// of its kinds, and they are for the first project unless a key is of another.
func (s *Server) authorize(x *exchange) {
	wanted := len(x.operation.Security) > 0
	switch {
	case x.key != nil && !s.api.allows(x.key.Allows, x.operation):
		x.refuse("insufficient", errForbidden)
	case x.key != nil:
	case !wanted, !s.api.diga && presents(x.request, x.operation):
		x.project, x.key = s.store.First()
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
// an operation names, whatever they are.
func presents(r *http.Request, op *contract.Operation) bool {
	for _, alternative := range op.Security {
		missing := false
		for _, scheme := range alternative {
			missing = missing || !carries(r, scheme)
		}
		if !missing {
			return true
		}
	}
	return false
}

func carries(r *http.Request, s contract.SecurityRequirement) bool {
	switch {
	case s.Type == "apiKey" && s.In == "query":
		return r.URL.Query().Get(s.Key) != ""
	case s.Type == "apiKey" && s.In == "cookie":
		_, err := r.Cookie(s.Key)
		return err == nil
	case s.Type == "apiKey":
		return r.Header.Get(s.Key) != ""
	case s.Type == "http":
		scheme, credentials, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		return strings.EqualFold(scheme, s.Scheme) && strings.TrimSpace(credentials) != ""
	case s.Type == "mutualTLS":
		return true
	}
	return r.Header.Get("Authorization") != ""
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
