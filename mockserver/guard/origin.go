package guard

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/jub0bs/cors"

	"github.com/digakit/digakit/contract"
)

// origins are the web origins whose pages may use the control API, as browsers
// serialise them (HTML, "serialization of an origin").
type origins map[string]struct{}

func newOrigins(allow []string) (origins, []error) {
	set := make(origins, len(allow))
	var errs []error
	for _, o := range allow {
		if err := checkOrigin(o); err != nil {
			errs = append(errs, fmt.Errorf("guard: cannot allow the origin %q: %w", o, err))
			continue
		}
		set[o] = struct{}{}
	}
	return set, errs
}

func checkOrigin(o string) error {
	switch {
	case o == "null":
		return errors.New("sandboxed frames and local files of any making share it; serve the page from an origin of its own, and allow that")
	case strings.Contains(o, "*"):
		return errors.New("a pattern would open the control API to pages you do not know; name each origin")
	}
	// The library knows what an origin looks like; its error does not say what to
	// do about it.
	if _, err := cors.NewMiddleware(cors.Config{Origins: []string{o}}); err != nil {
		return errors.New("it must be scheme://host[:port] as browsers send it, such as http://localhost:3000: in lower case, without path, default port or final slash")
	}
	return nil
}

func (o origins) has(origin string) bool {
	_, ok := o[origin]
	return ok
}

// refusal returns nil for a request that no browser sent on behalf of a foreign
// origin: both headers that tell, if there, must allow it. Neither can be set by
// a page's scripts.
//
// [http.CrossOriginProtection] is for the same purpose, but lets every GET
// through, and a GET under /_mock/ may answer with an admin's key.
//
// What remains is a GET by a browser that sends no Sec-Fetch-Site, which changes
// nothing, and whose answer browsers withhold from the page.
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

// isOwn reports whether origin is that of the server's own pages: the scheme of
// the connection and the Host, which has been checked. Behind a proxy that
// terminates TLS the scheme differs, and the origin must be allowed.
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
