package guard

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Config says where a server is bound and what it trusts.
type Config struct {
	// Addr is the address the server is bound to, as HOST:PORT or HOST. Bound to
	// loopback (see [Loopback]) it answers to loopback names and addresses. Bound
	// beyond, it answers to the name in Addr and to any IP address too, and needs
	// a Token. An empty Addr means all interfaces; a server that listens nowhere,
	// such as a handler under test, is best described by "localhost".
	Addr string

	// AllowHosts are further hosts to answer to, whatever the port: names such as
	// "mock", all names below one such as "*.example.test", or IP addresses.
	AllowHosts []string

	// AllowOrigins are web origins whose pages may use the control API, in the
	// form a browser sends: "http://localhost:3000", "https://example.test". Each
	// must be exact: neither "*" nor "null" can be allowed. The API itself is open
	// to every origin.
	AllowOrigins []string

	// Refused, if set, is called for each request that is refused, with what ends
	// the type of the answer's problem document: host-not-allowed,
	// cross-site-request or token-required.
	Refused func(r *http.Request, why string)

	// Token is what requests to the control API must bring as "Authorization:
	// Bearer TOKEN". Empty, the default, means that they need not, and is refused
	// for a server bound beyond loopback. [NewToken] makes one.
	Token string
}

// Guard decides which requests reach a server. Make one with [New]. It cannot be
// changed afterwards and is safe for concurrent use.
type Guard struct {
	hosts   hosts
	origins origins
	cors    crossOrigin
	token   *token // nil: none needed
	refused func(r *http.Request, why string)
}

// New returns a guard, or all mistakes in c joined, each with its remedy. No
// error contains the token.
func New(c Config) (*Guard, error) {
	hosts, hostErrs := newHosts(c.Addr, c.AllowHosts)
	origins, originErrs := newOrigins(c.AllowOrigins)
	token, tokenErr := newToken(c.Token)
	errs := slices.Concat(hostErrs, originErrs, []error{tokenErr})
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
	return &Guard{hosts: hosts, origins: origins, cors: cors, token: token, refused: c.Refused}, nil
}

// Wrap returns a handler that lets through to next what the guard allows, and
// answers the rest and all CORS preflight requests itself. Answers of the
// control API get headers that keep browsers from handing them to other sites;
// answers of the API get CORS headers and nothing else.
//
// A guard inside next, or behind a router that cleans paths, comes too late: put
// it around everything. next must tell control API and API apart by [IsControl].
func (g *Guard) Wrap(next http.Handler) http.Handler {
	api := g.cors.wrapAPI(g.origins, g.checkHost(next))
	control := g.checkHost(g.checkSite(g.cors.wrapControl(g.origins, g.checkToken(next))))
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

func (g *Guard) checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.hosts.allow(r.Host) {
			g.refuse(g.hosts.refusal(r.Host), w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *Guard) checkSite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := g.origins.refusal(r); p != nil {
			g.refuse(p, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *Guard) checkToken(next http.Handler) http.Handler {
	if g.token == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isHealth(r) {
			if p := g.token.refusal(r.Header); p != nil {
				g.refuse(p, w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// protect adds what keeps browsers from handing an answer to another site. CORS
// requests, and so allowed origins, are not subject to the resource policy
// (Fetch, "cross-origin resource policy check"). Under the referrer policy, form
// posts of the server's own pages have "Origin: null" and are refused; fetch()
// keeps its origin (Fetch, "append a request `Origin` header").
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Add("Vary", "Sec-Fetch-Site")
}

// CheckHost lets through to next only requests for a host that a server bound to
// addr answers to, as [Config] says of Addr and AllowHosts: what a [Guard] does
// first, for a server that has neither a control API nor CORS of its own. All
// mistakes in allow are reported together.
func CheckHost(addr string, allow []string, next http.Handler) (http.Handler, error) {
	known, errs := newHosts(addr, allow)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	g := &Guard{hosts: known}
	return g.checkHost(next), nil
}

// Prefix is the path under which the control API lies.
const Prefix = "/_mock/"

// healthPath needs no token: the health check of a container has none, and the
// answer says no more than that the server runs.
const healthPath = Prefix + "health"

// IsControl reports whether r is for the control API: its path, percent-decoded
// once, is "/_mock" or begins with "/_mock/". Nothing else is done to the path,
// so /_MOCK/, //_mock/ and /x/../_mock/ are not for the control API.
//
// The guard decides by it what to protect, so whatever stands behind the guard
// must route by it too, before it cleans or redirects: an [http.ServeMux] alone
// would lead //_mock/ to the control API.
func IsControl(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, Prefix[:len(Prefix)-1])
	return ok && (rest == "" || rest[0] == '/')
}

// isHealth reports whether r asks for the server's health, spelled plainly:
// other spellings of the path may mean something else to a router.
func isHealth(r *http.Request) bool {
	return r.URL.Path == healthPath && r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}

// forbidden returns a refusal of a kind. All are 403, that of a missing token too:
// a 401 would ask for credentials in the place where the API behind the guard
// expects keys, and browsers and HTTP clients react to it by trying others.
func forbidden(kind, title, detail string) *contract.Problem {
	return &contract.Problem{Type: contract.ProblemType + kind, Title: title, Status: http.StatusForbidden, Detail: detail}
}

// maxInstance bounds the path that an answer repeats, in bytes.
const maxInstance = 256

// maxShown bounds what an answer repeats of a header, in bytes.
const maxShown = 100

// shown returns what may stand in an answer of a header that anyone can send:
// printable ASCII without quotes, and not much of it.
func shown(s string) string {
	cut := len(s) > maxShown
	if cut {
		s = s[:maxShown]
	}
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == '"' || r == '\'' || r == '\\' {
			return '?'
		}
		return r
	}, s)
	if cut {
		s += "..."
	}
	return s
}
