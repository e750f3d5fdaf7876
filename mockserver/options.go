package mockserver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/guard"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// Option changes how a [Server] is made. Give options to [New] or [Start].
type Option func(*config)

type config struct {
	document    *spec.Document // nil: Diga's
	keys        int
	items       int
	world       []server.Seeded
	worldGiven  bool
	created     uint64    // projects that were ever made
	record      io.Writer // nil: nothing is recorded
	steps       *steps
	profile     Profile
	latency     time.Duration
	log         *slog.Logger
	access      *slog.Logger
	store       store.Config
	guard       guard.Config
	prefix      string
	credentials map[[sha256.Size]byte]bool
	noJournal   bool
	version     string
	plan        []plan.Override
	overrides   []Override
	handlers    gen.StrictServerInterface // nil: the mock's own
	errs        []error
}

func newConfig(opts []Option) (config, error) {
	c := config{version: moduleVersion(), keys: diga.DemoKeys, items: DefaultItems, log: slog.New(slog.DiscardHandler), guard: guard.Config{Addr: "localhost"}}
	for _, opt := range opts {
		opt(&c)
	}
	var err error
	if c.profile, err = c.profile.withDefaults(); err != nil {
		c.errs = append(c.errs, fmt.Errorf("mockserver: profile: %w", err))
	}
	return c, errors.Join(c.errs...)
}

// WithDocument serves another OpenAPI document than Diga's, such as one of
// [spec.Parse]: requests are routed and judged by it, /_mock/openapi.json shows it,
// and its operations are answered as [plan.New] infers. A document that is not one
// of Diga's takes whatever credentials it names; they are for the first project. A
// document that cannot be used is an error of [New].
func WithDocument(document *spec.Document) Option {
	return func(c *config) { c.document = document }
}

// WithPlan changes lines of what is inferred of the document's operations; see
// [plan.ParseOverrides].
func WithPlan(overrides ...plan.Override) Option {
	return func(c *config) { c.plan = append(c.plan, overrides...) }
}

// WithOverrides sets what operations answer in place of what they would; see
// [ParseOverrides]. What does not fit the document is an error of [New].
func WithOverrides(list ...Override) Option {
	return func(c *config) { c.overrides = append(c.overrides, list...) }
}

// WithKeys sets how many keys the demo project has: 0 to 1,000,000, 60 when not
// given. The three keys with known secrets are the first of them, so with fewer
// than three some of those secrets are unknown to the server.
func WithKeys(n int) Option {
	return func(c *config) { c.number(&c.keys, "keys", n, diga.MaxDemoKeys) }
}

// number sets how many there are of something, if there can be so many.
func (c *config) number(of *int, what string, n, most int) {
	if n < 0 || n > most {
		c.errs = append(c.errs, fmt.Errorf("mockserver: the number of %s must be 0 to %d, not %d", what, most, n))
		return
	}
	*of = n
}

// DefaultItems is how many items a collection begins with.
const DefaultItems = 25

const maxItems = 100_000

// WithItems sets how many items each collection of a project begins with: 0 to
// 100,000, 25 when not given. Of those that belong to an item of another
// collection there are 8 at most.
func WithItems(n int) Option {
	return func(c *config) { c.number(&c.items, "items", n, maxItems) }
}

// WithWorld starts the server with the given projects, which may be none,
// instead of the demo project. WithKeys then has no effect.
func WithWorld(projects []server.Seeded) Option {
	return func(c *config) { c.world, c.worldGiven = projects, true }
}

// WithProfile sets how the server behaves where Diga's documents leave it open.
func WithProfile(p Profile) Option {
	return func(c *config) { c.profile = p }
}

// WithLatency makes every answer wait for d first, 0 when not given. A client
// that goes away ends the wait.
func WithLatency(d time.Duration) Option {
	return func(c *config) {
		if d < 0 {
			c.errs = append(c.errs, fmt.Errorf("mockserver: the latency must not be negative, but is %s", d))
			return
		}
		c.latency = d
	}
}

// WithFrozenClock lets the clocks of all projects stand still at the given time
// at first. [Start] does so unless told otherwise; in [New] they run.
func WithFrozenClock(at time.Time) Option {
	return func(c *config) { c.store.Frozen = at }
}

// WithKnownSecrets makes the secrets of new keys from the project and their
// number, so that a test gets the same in every run. [Start] does so.
func WithKnownSecrets() Option {
	return func(c *config) { c.store.KnownSecrets = true }
}

// WithGuard says where the server is bound and whom it trusts; without it, it is
// taken to be bound to loopback.
func WithGuard(g guard.Config) Option {
	return func(c *config) { c.guard = g }
}

// WithCredentials sets what credentials are accepted: bearer tokens, API keys, and
// USER:PASSWORD for basic authentication. With a document of Diga's they are further
// secrets of the demo project's first unrestricted key. With another document they are
// all that is accepted, beside the keys of other projects; without them, anything is.
func WithCredentials(secrets ...string) Option {
	return func(c *config) {
		for _, secret := range secrets {
			if secret == "" || strings.ContainsFunc(secret, unicode.IsControl) {
				c.errs = append(c.errs, errors.New("mockserver: a credential is empty or has a control character: give a token, or USER:PASSWORD"))
			}
			if c.credentials == nil {
				c.credentials = map[[sha256.Size]byte]bool{}
			}
			c.credentials[sha256.Sum256([]byte(secret))] = true
		}
	}
}

// demoProject is the project that a server has without a world of its own.
const demoProject = "demo"

// WithPrefix serves the API below a path, such as /api, and redirects below it; the
// control API stays where it is. By default there is none.
func WithPrefix(prefix string) Option {
	return func(c *config) {
		prefix = strings.TrimSuffix(prefix, "/")
		if prefix != "" && (!strings.HasPrefix(prefix, "/") || path.Clean(prefix) != prefix || (&url.URL{Path: prefix}).EscapedPath() != prefix || strings.HasPrefix(prefix+"/", "/_mock/")) {
			c.errs = append(c.errs, fmt.Errorf("mockserver: the prefix %q is no path that an API can be below: write one such as /api", prefix))
		}
		c.prefix = prefix
	}
}

// WithoutJournal keeps no journal and fires no faults, for a server that only has
// to be fast.
func WithoutJournal() Option {
	return func(c *config) { c.noJournal = true }
}

// WithVersion sets what health tells as the version; the digakit module's when
// not given.
func WithVersion(v string) Option {
	return func(c *config) { c.version = v }
}

// WithLogger sends what an operator should know, failures above all, to l. They
// are discarded when not given.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) { c.log = l }
}

// WithAccessLog writes one record for each request to l: method, path and query
// as message, and what became of it as attributes. Keys appear with their last
// four characters, undeclared parameters without their values. Not written when
// not given.
func WithAccessLog(l *slog.Logger) Option {
	return func(c *config) { c.access = l }
}
