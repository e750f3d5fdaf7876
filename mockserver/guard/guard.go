package guard

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Config says where a server is bound and what it trusts.
type Config struct {
	// Addr is the address the server is bound to, HOST:PORT or HOST; empty: all
	// interfaces. Bound to loopback (see [Loopback]) it answers to loopback names and
	// addresses; bound beyond, to the name in Addr and any IP address too, and it needs a
	// Token. A server that listens nowhere, such as a handler under test, is "localhost".
	Addr string

	// AllowHosts are further hosts to answer to, whatever the port: "mock",
	// "*.example.test", or IP addresses.
	AllowHosts []string

	// AllowOrigins are web origins whose pages may use the control API, as a browser
	// sends them: "http://localhost:3000". Neither "*" nor "null" can be allowed. The API
	// itself is open to every origin.
	AllowOrigins []string

	// Refused, if set, is called for each request that is refused, with what ends the
	// problem's type: host-not-allowed, cross-site-request or token-required.
	Refused func(r *http.Request, why string)

	// Open, if set, tells of requests that need no token: for what is no secret.
	Open func(r *http.Request) bool

	// Token is what requests to the control API must bring as a bearer token. Empty, the
	// default, none; that is refused beyond loopback. [NewToken] makes one.
	Token string
}

// Guard decides which requests reach a server. Make one with [New]. It is safe for
// concurrent use.
type Guard struct {
	hosts   hosts
	origins origins
	cors    crossOrigin
	// token is a digest, so that comparing takes the same time for tokens of any length, and
	// no dump shows it; nil: none is needed.
	token   *[sha256.Size]byte
	open    func(r *http.Request) bool
	refused func(r *http.Request, why string)
}

// New returns a guard, or all mistakes in c with remedies and without the token.
func New(c Config) (*Guard, error) {
	hosts, hostErrs := newHosts(c.Addr, c.AllowHosts)
	origins, originErrs := newOrigins(c.AllowOrigins)
	errs := slices.Concat(hostErrs, originErrs)
	var token *[sha256.Size]byte
	if c.Token != "" {
		token = new(sha256.Sum256([]byte(c.Token)))
	}
	if strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		errs = append(errs, errors.New("guard: the token has a space or a character that no header can carry; use visible ASCII characters"))
	}
	if c.Token == "" && !Loopback(c.Addr) {
		errs = append(errs, fmt.Errorf("guard: other machines can reach the address %q, so the control API needs a token; give one, or bind 127.0.0.1", c.Addr))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	cors, err := newCrossOrigin(c.AllowOrigins)
	if err != nil {
		return nil, err
	}
	return &Guard{hosts: hosts, origins: origins, cors: cors, token: token, open: c.Open, refused: c.Refused}, nil
}

// Wrap returns a handler that lets through to next what the guard allows, and answers the
// rest and all CORS preflight requests itself. It must be around everything that routes
// or cleans paths, and next must tell control API and API apart by [IsControl].
func (g *Guard) Wrap(next http.Handler) http.Handler {
	api := g.cors.wrapAPI(g.origins, g.check(g.hosts.refusal, next))
	control := g.check(g.hosts.refusal, g.check(g.origins.refusal, g.cors.wrapControl(g.origins, g.check(g.tokenRefusal, next))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if IsControl(r) {
			protect(w.Header())
			control.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

func (g *Guard) refuse(p *contract.Problem, w http.ResponseWriter, r *http.Request) {
	if path := r.URL.EscapedPath(); len(path) <= maxInstance {
		p.Instance = path
	}
	p.Write(w)
	if g.refused != nil {
		g.refused(r, strings.TrimPrefix(p.Type, contract.ProblemType))
	}
}

// check lets through to next what refusal returns nil for.
func (g *Guard) check(refusal func(*http.Request) *contract.Problem, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := refusal(r); p != nil {
			g.refuse(p, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// protect adds what keeps browsers from handing an answer to another site. Allowed
// origins, which use CORS, are not subject to the resource policy (Fetch, "cross-origin
// resource policy check").
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Add("Vary", "Sec-Fetch-Site")
}

// CheckHost is what a [Guard] does first, for a server without control API and CORS: only
// requests for a host that a server bound to addr answers to go through. All mistakes in
// allow are reported together.
func CheckHost(addr string, allow []string, next http.Handler) (http.Handler, error) {
	known, errs := newHosts(addr, allow)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return new(Guard).check(known.refusal, next), nil
}

// Prefix is the path under which the control API lies.
const Prefix = "/_mock/"

// healthPath needs no token: the health check of a container has none.
const healthPath = Prefix + "health"

// IsControl reports whether r is for the control API: its path, percent-decoded once, is
// "/_mock" or begins with "/_mock/"; so /_MOCK/, //_mock/ and /x/../_mock/ are not. What
// stands behind the guard must route by it, before it cleans or redirects.
func IsControl(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, Prefix[:len(Prefix)-1])
	return ok && (rest == "" || rest[0] == '/')
}

// isHealth reports whether r asks for the server's health, spelled plainly.
func isHealth(r *http.Request) bool {
	return r.URL.Path == healthPath && r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}

// forbidden returns a refusal of a kind, always 403: a 401 would ask for credentials
// where the API expects keys, and make HTTP clients try others.
func forbidden(kind, title, detail string) *contract.Problem {
	return &contract.Problem{Type: contract.ProblemType + kind, Title: title, Status: http.StatusForbidden, Detail: detail}
}

const (
	maxInstance = 256 // of the path that an answer repeats, in bytes
	maxShown    = 100 // of a header that it repeats
)

// shown returns what an answer may repeat of a header: printable ASCII without quotes.
func shown(s string) string {
	dots := ""
	if len(s) > maxShown {
		s, dots = s[:maxShown], "..."
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune("\"'\\", r) {
			return '?'
		}
		return r
	}, s) + dots
}

// NewToken returns random letters and digits, with at least 128 bits of entropy.
func NewToken() string { return rand.Text() }

// tokenRefusal returns nil when r brings the token, or needs none. The scheme's case does
// not matter, and one or more spaces follow it (RFC 9110, section 11.4).
func (g *Guard) tokenRefusal(r *http.Request) *contract.Problem {
	if g.token == nil || g.open != nil && g.open(r) || isHealth(r) {
		return nil
	}
	const remedy = " Send the header \"Authorization: Bearer TOKEN\" with the token that --token set or that the server printed at its start."
	given := r.Header.Values("Authorization")
	var why string
	switch scheme, secret, _ := strings.Cut(strings.Join(given, ""), " "); {
	case len(given) == 0:
		why = "Requests to " + Prefix + " need a token, because other machines can reach this server or its operator asked for one." + remedy
	case len(given) > 1: // of two, a proxy in front may have judged the other one
		why = "There is more than one Authorization header. Send one."
	case !strings.EqualFold(scheme, "Bearer") || strings.Trim(secret, " ") == "":
		why = "The Authorization header is not of the form \"Bearer TOKEN\"." + remedy
	default:
		digest := sha256.Sum256([]byte(strings.Trim(secret, " ")))
		if subtle.ConstantTimeCompare(digest[:], g.token[:]) == 1 {
			return nil
		}
		why = "The token is not this server's." + remedy
	}
	return forbidden("token-required", "Token required", why)
}
