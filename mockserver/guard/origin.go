package guard

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/jub0bs/cors"

	"github.com/digakit/digakit/contract"
)

// origins are the web origins whose pages may use the control API, as browsers
// serialise them (HTML, "serialization of an origin").
type origins []string

func newOrigins(allow []string) (origins, []error) {
	var errs []error
	for _, o := range allow {
		if err := checkOrigin(o); err != nil {
			errs = append(errs, fmt.Errorf("guard: cannot allow the origin %q: %w", o, err))
		}
	}
	return slices.Clone(allow), errs
}

func checkOrigin(o string) error {
	switch {
	case o == "null":
		return errors.New("sandboxed frames and local files of any making share it; serve the page from an origin of its own, and allow that")
	case strings.Contains(o, "*"):
		return errors.New("a pattern would open the control API to pages you do not know; name each origin")
	}
	// The library knows what an origin looks like; its error names no remedy.
	if _, err := cors.NewMiddleware(cors.Config{Origins: []string{o}}); err != nil {
		return errors.New("it must be scheme://host[:port] as browsers send it, such as http://localhost:3000: in lower case, without path, default port or final slash")
	}
	return nil
}

func (o origins) has(origin string) bool { return slices.Contains(o, origin) }

// refusal returns nil for a request that no browser sent on behalf of a foreign origin:
// both headers that tell, if there, must allow it. [http.CrossOriginProtection] lets
// every GET through, and a GET under /_mock/ may answer with an admin's key. What remains
// is a GET by a browser that sends no Sec-Fetch-Site, whose answer it withholds from the
// page.
func (o origins) refusal(r *http.Request) *contract.Problem {
	sent := r.Header["Origin"]
	allowed := false
	switch {
	case len(sent) > 1:
		return crossSite("There is more than one Origin header.")
	case len(sent) == 0: // not a browser, or a GET that is not for a script to read
	case sent[0] == "null":
		return crossSite("Requests to " + Prefix + " with \"Origin: null\" are refused, because sandboxed frames and local files of any making send it; so do form posts of pages with the policy no-referrer. " +
			"Serve the page over HTTP, use fetch(), and allow its origin with --allow-origin.")
	case o.has(sent[0]):
		allowed = true
	case !isOwn(r, sent[0]):
		name := shown(sent[0])
		return crossSite("Requests to " + Prefix + " by pages of the origin \"" + name + "\" are refused, so that no web page can change this server without your knowledge. " +
			"If you trust that origin, start the server with --allow-origin " + name + ".")
	}
	// same-site is refused too: any program on another port of localhost is the
	// same site (HTML, "same site": ports do not count).
	switch site := r.Header["Sec-Fetch-Site"]; {
	case len(site) == 0 || allowed && len(site) == 1:
	case len(site) == 1 && (site[0] == "same-origin" || site[0] == "none"):
	default:
		return crossSite("A page of another origin led to this request (Sec-Fetch-Site: " + shown(strings.Join(site, ", ")) + "), and requests to " + Prefix + " are refused to such pages. " +
			"To look at it yourself, type or paste the address; for scripts, use fetch() from an origin that --allow-origin allows.")
	}
	return nil
}

// isOwn reports whether origin is that of the server's own pages: the scheme of the
// connection and the Host, which has been checked.
func isOwn(r *http.Request, origin string) bool {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	host, ok := strings.CutPrefix(origin, scheme)
	return ok && strings.EqualFold(host, r.Host)
}

func crossSite(detail string) *contract.Problem {
	return forbidden("cross-site-request", "Cross-site request refused", detail)
}

// preflightMaxAge is how long browsers may remember a preflight answer, in seconds:
// Safari's most.
const preflightMaxAge = 600

// exposed are the response headers that scripts may read besides those that the
// Fetch standard always lets them read.
var exposed = []string{"Sl-Violations", "Retry-After", "Contract-Departure", "Mock-Basis", "Preference-Applied", "Location"}

// loopbackOrigins are the origins of pages on this machine, whatever the port.
var loopbackOrigins = []string{
	"http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*", "https://localhost:*", "https://127.0.0.1:*", "https://[::1]:*",
}

// crossOrigin answers preflight requests and tells browsers which pages may read an
// answer.
type crossOrigin struct {
	api *cors.Middleware // pages of any origin, without the browser's credentials
	// trusted is for pages of loopback and allowed origins, which may send credentials.
	// The API reads no cookie, so that these give no power.
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

// wrapAPI opens next to pages of every origin, around the check of the host: who is
// refused for that should be able to read why.
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

// allowPrivateNetwork lets a page from the internet reach a loopback server, as Chromium
// asked for in preflight requests before Local Network Access. jub0bs/cors does not
// answer it.
func allowPrivateNetwork(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		w.Header().Set("Access-Control-Allow-Private-Network", "true")
	}
}
