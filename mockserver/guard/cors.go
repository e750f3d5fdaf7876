package guard

import (
	"fmt"
	"net/http"

	"github.com/jub0bs/cors"
)

// preflightMaxAge is how long browsers may remember a preflight answer, in
// seconds: as long as Safari does at most, and short enough for a server that is
// started anew with other flags.
const preflightMaxAge = 600

// exposed are the response headers that scripts may read besides those that the
// Fetch standard always lets them read.
var exposed = []string{"Sl-Violations", "Retry-After", "Contract-Departure", "Preference-Applied", "Location"}

// crossOrigin answers preflight requests and tells browsers which pages may read
// an answer. Neither part ever allows the browser's own credentials.
type crossOrigin struct {
	api     *cors.Middleware
	control *cors.Middleware // nil: no origin is allowed
}

func newCrossOrigin(allowOrigins []string) (crossOrigin, error) {
	// Any method: a page that uses a wrong one should see the documented 405. The
	// wildcard would not cover Authorization, so the headers are named.
	api, err := newCORS(cors.Config{
		Origins:        []string{"*"},
		Methods:        []string{"*"},
		RequestHeaders: []string{"Authorization", "Prefer", "Content-Type"},
	})
	if err != nil {
		return crossOrigin{}, err
	}
	if len(allowOrigins) == 0 {
		return crossOrigin{api: api}, nil
	}
	control, err := newCORS(cors.Config{
		Origins:        allowOrigins,
		Methods:        []string{http.MethodPut, http.MethodDelete}, // GET, HEAD and POST need no mention
		RequestHeaders: []string{"Authorization", "Prefer", "Content-Type", "X-Mock-Member"},
	})
	return crossOrigin{api: api, control: control}, err
}

func newCORS(c cors.Config) (*cors.Middleware, error) {
	c.MaxAgeInSeconds, c.ResponseHeaders = preflightMaxAge, exposed
	m, err := cors.NewMiddleware(c)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	// A refused preflight then names what is allowed, and the browser tells the
	// developer which header or method is not, instead of "no
	// Access-Control-Allow-Origin header".
	m.SetDebug(true)
	return m, nil
}

// wrapAPI opens next to pages of every origin. It goes around the check of the
// host: who is refused for that should be able to read why.
func (c crossOrigin) wrapAPI(next http.Handler) http.Handler {
	open := c.api.Wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) {
			allowPrivateNetwork(w, r)
		}
		open.ServeHTTP(w, r)
	})
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
