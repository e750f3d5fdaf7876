package guard

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/jub0bs/cors"
)

// preflightMaxAge is how long browsers may remember a preflight answer, in
// seconds: as long as Safari does at most, and short enough for a server that is
// started anew with other flags.
const preflightMaxAge = 600

// exposed are the response headers that scripts may read besides those that the
// Fetch standard always lets them read.
var exposed = []string{"Sl-Violations", "Retry-After", "Contract-Departure", "Mock-Basis", "Preference-Applied", "Location"}

// loopbackOrigins are the origins of pages on this machine, whatever the port.
var loopbackOrigins = []string{
	"http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*", "https://localhost:*", "https://127.0.0.1:*", "https://[::1]:*",
}

// crossOrigin answers preflight requests and tells browsers which pages may read
// an answer. Any request header is allowed: tracing libraries add theirs to every
// request, and the server reads what it knows.
type crossOrigin struct {
	api *cors.Middleware // pages of any origin, without the browser's credentials
	// trusted is for pages of loopback and of allowed origins, which may send
	// credentials (fetch's credentials: "include"). The API reads no cookie, so
	// that these give no power.
	trusted *cors.Middleware
	control *cors.Middleware // nil: no origin is allowed
}

func newCrossOrigin(allowOrigins []string) (crossOrigin, error) {
	// Any method: a page that uses a wrong one should see the documented 405. The
	// wildcard for headers does not cover Authorization.
	open := cors.Config{Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*", "Authorization"}}
	trusted := cors.Config{
		Origins: append(append([]string{}, loopbackOrigins...), allowOrigins...), Credentialed: true,
		Methods: []string{"*"}, RequestHeaders: []string{"*"}, DangerouslyTolerateInsecureOrigins: true, // whoever allows one by name means it
	}
	var c crossOrigin
	var err error
	if c.api, err = newCORS(open); err != nil {
		return c, err
	}
	if c.trusted, err = newCORS(trusted); err != nil || len(allowOrigins) == 0 {
		return c, err
	}
	open.Origins = allowOrigins
	c.control, err = newCORS(open)
	return c, err
}

func newCORS(c cors.Config) (*cors.Middleware, error) {
	c.MaxAgeInSeconds, c.ResponseHeaders = preflightMaxAge, exposed
	m, err := cors.NewMiddleware(c)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return m, nil
}

// wrapAPI opens next to pages of every origin. It goes around the check of the
// host: who is refused for that should be able to read why.
func (c crossOrigin) wrapAPI(allowed origins, next http.Handler) http.Handler {
	open, trusted := withVary(c.api.Wrap(next)), c.trusted.Wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) {
			allowPrivateNetwork(w, r)
		}
		if origin := r.Header.Get("Origin"); origin != "" && (allowed.has(origin) || isLoopbackOrigin(origin)) {
			trusted.ServeHTTP(w, r)
			return
		}
		open.ServeHTTP(w, r)
	})
}

// isLoopbackOrigin reports whether one of loopbackOrigins matches.
func isLoopbackOrigin(origin string) bool {
	scheme, rest, _ := strings.Cut(origin, "://")
	h, ok := parseHost(rest)
	return ok && (scheme == "http" || scheme == "https") && (h.name == "localhost" || h.addr.IsValid() && (h.addr.String() == "127.0.0.1" || h.addr.String() == "::1"))
}

// wrapControl opens next to pages of allowed origins. Other requests, those of
// the server's own pages among them, pass without CORS headers.
func (c crossOrigin) wrapControl(allowed origins, next http.Handler) http.Handler {
	if c.control == nil {
		return withVary(next)
	}
	open, closed := c.control.Wrap(next), withVary(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed.has(r.Header.Get("Origin")) {
			closed.ServeHTTP(w, r)
			return
		}
		if isPreflight(r) {
			allowPrivateNetwork(w, r)
		}
		open.ServeHTTP(w, r)
	})
}

// withVary says what cors.Middleware says by itself.
func withVary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		next.ServeHTTP(w, r)
	})
}

// isPreflight reports whether r is a CORS preflight request (Fetch, "HTTP
// requests"). Any other OPTIONS request is for the server behind the guard.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && len(r.Header["Origin"]) > 0 && len(r.Header["Access-Control-Request-Method"]) > 0
}

// allowPrivateNetwork lets a page from the internet reach a loopback server, as
// Chromium asked for in preflight requests until Local Network Access took the
// place of Private Network Access. jub0bs/cors no longer answers it.
func allowPrivateNetwork(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		w.Header().Set("Access-Control-Allow-Private-Network", "true")
	}
}
