package mockserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/console"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/guard"
	"github.com/digakit/digakit/mockserver/recording"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// Secrets of the demo project's well-known keys. They open this mock and
// nothing else.
const (
	UnrestrictedKey = diga.DemoUnrestricted // has every permission
	ReadOnlyKey     = diga.DemoReadOnly     // restricted to api_keys.view
	NoAccessKey     = diga.DemoNoAccess     // restricted to calls.view: may not list keys
	NothingKey      = diga.DemoNothing      // has no permission; with a whole document alone
)

// Bounds on what one client can hold on to.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 30 * time.Minute // longer than any fault takes; see lettingGo
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	drainTimeout      = 5 * time.Second
)

// Server is the mock: an [http.Handler] with the state behind it. Make one with
// [New] or [Start]. It is safe for concurrent use.
type Server struct {
	store     *store.Store
	world     *server.World
	profile   Profile // no field is empty
	api       *api
	engine    *engine.Engine
	validated http.Handler // the generated handlers behind the validator
	control   http.Handler // everything under /_mock/
	guarded   http.Handler // serveUnguarded behind the guard
	draining  chan struct{}
	drainOnce sync.Once
	latency   time.Duration
	overrides atomic.Pointer[overrides]
	// credentials are digests of those accepted; none: any.
	credentials map[[sha256.Size]byte]bool
	prefix      string // of all paths of the API; empty, or without a final slash
	noJournal   bool   // no faults either
	log         *slog.Logger
	access      *slog.Logger // nil: no access log
	url         string       // set by Start

	tape         atomic.Pointer[tape] // nil: nothing is recorded
	head         recording.Header     // without what changes
	badResponses atomic.Int64
}

// New returns a server with the well-known demo project, not yet listening. The
// error joins the mistakes of all options.
func New(opts ...Option) (*Server, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	compiled := digaAPI
	switch {
	case c.document != nil:
		compiled = func() (*api, error) { return newAPI(c.document, c.plan) }
	case len(c.plan) > 0:
		compiled = func() (*api, error) { return parsedAPI(gen.OpenAPI(), c.plan) }
	}
	served, err := compiled()
	if err != nil {
		return nil, err
	}
	c.store.Permits, c.store.Keys = served.permits(), served.keysName()
	c.store.EmptyPermissions = c.profile.UnrestrictedPermissions == UnrestrictedPermissionsEmpty
	s := &Server{
		store:       store.New(c.store),
		profile:     c.profile,
		api:         served,
		latency:     c.latency,
		prefix:      c.prefix,
		credentials: c.credentials,
		noJournal:   c.noJournal,
		log:         c.log,
		access:      c.access,
		draining:    make(chan struct{}),
	}
	if err := s.SetOverrides(c.overrides...); err != nil {
		return nil, err
	}
	keys := diga.NewWorld(c.store.Permits, len(served.lines) > 1)
	if c.handlers == nil {
		c.handlers = handlers{server: s}
	}
	s.validated = s.contractBound(c.handlers)
	s.engine = newEngine(served, c)
	s.world = server.New(server.Config{
		Store: s.store, Engine: s.engine, Validator: served.validator, Uncovered: served.uncovered, Key: keys.Key,
	})
	if err := s.begin(c, keys); err != nil {
		return nil, err
	}
	s.control = control.Lazily(control.Config{
		World: s.world, Document: served.published, Version: c.version, Prefix: c.prefix, Served: served.served, Try: s.Try, Access: s.accepted, BadResponses: s.BadResponses, Log: c.log, Done: s.draining,
	})
	c.guard.Refused, c.guard.Open = s.logRefused, console.Serves
	g, err := guard.New(c.guard)
	if err != nil {
		return nil, err
	}
	s.guarded = g.Wrap(http.HandlerFunc(s.serveUnguarded))
	s.store.SetCreated(c.created)
	return s, s.prepareTape(c)
}

// begin fills the store with the projects given, or with the demo project.
func (s *Server) begin(c config, keys *diga.World) error {
	if c.worldGiven {
		return s.world.Replace(nil, c.world, "")
	}
	demo, err := keys.Demo(c.keys)
	if err == nil {
		_, err = s.store.AddProject(demo)
	}
	return err
}

// Served says what of the document the server answers, in words.
func (s *Server) Served() string { return s.api.served }

// Keyed reports whether requests want one of the server's own API keys. With a
// document that is not one of Diga's any credential will do, or those of
// [WithCredentials].
func (s *Server) Keyed() bool { return s.api.diga }

// KnownKey is a key whose secret everybody may know.
type KnownKey = control.KnownKey

// KnownKeys are those of the well-known keys that are there. With a document that is not
// one of Diga's there is none.
func (s *Server) KnownKeys() []KnownKey {
	var known []KnownKey
	for _, k := range []KnownKey{
		{Secret: UnrestrictedKey, Can: "unrestricted"},
		{Secret: ReadOnlyKey, Can: "restricted to api_keys.view"},
		{Secret: NoAccessKey, Can: "restricted to calls.view: gets a 403 for the list of keys"},
		{Secret: NothingKey, Can: "restricted to nothing"},
	} {
		if p, _, ok := s.store.Authenticate(k.Secret); ok && s.Keyed() {
			k.Project = p.Name()
			known = append(known, k)
		}
	}
	return known
}

// accepted is [Server.KnownKeys], or says what is accepted instead.
func (s *Server) accepted() ([]KnownKey, string) {
	known := s.KnownKeys()
	switch {
	case len(known) > 0:
		return known, ""
	case s.Keyed():
		return nil, "None of the well-known keys is there: use one of the seed file, or make one with POST /_mock/projects/{project}/api_keys, which shows its secret."
	case len(s.credentials) > 0:
		return nil, "The credentials that the mock was started with (--key), and the admin_key of a project that POST /_mock/projects makes."
	}
	return nil, "Any credential will do, sent as the document says (verify finds that as ignored_auth; --key takes one alone); it is for the first project. The admin_key of a project that POST /_mock/projects makes is for that."
}

// Try is a curl command that asks for the document's first list that can be asked for as it
// is, below the URL base and with the credential where the document wants it. It is empty
// when there is no such list.
func (s *Server) Try(base, credential string) string {
	for _, op := range s.api.validator.Operations() {
		line := s.api.lines[op]
		if line == nil || line.Kind != plan.List || strings.Contains(op.Path, "{") {
			continue
		}
		r, err := http.NewRequestWithContext(context.Background(), op.Method, base+op.Path, nil)
		if err != nil {
			return "" // a path that no URL can have
		}
		op.Authenticate(r, credential)
		known := []contract.Credential{{Secret: credential}}
		for _, values := range r.Header { // as Basic and Cookie have it
			known = append(known, contract.Credential{Secret: values[0]})
		}
		return s.api.validator.Curl(r, nil, known...)
	}
	return ""
}

// Impossible calls each for the operations whose answer cannot be made up, in the
// document's order: by method and path, with the place and the reason. They answer 500
// unless they are overridden. It takes as long as to make one answer of each operation.
func (s *Server) Impossible(each func(operation string, why error)) {
	s.engine.Impossible(func(l *plan.Line, why error) { each(l.Method+" "+l.Path, why) })
}

// Store returns the state behind the server: its projects and their keys. What
// changes there is seen by the next request.
func (s *Server) Store() *store.Store { return s.store }

// BadResponses returns how many answers of the server's own broke the contract.
// They were replaced by the documented 500, and each is a bug in the mock.
func (s *Server) BadResponses() int64 { return s.badResponses.Load() }

// Project is a handle on one project, with the powers of the control API; it is
// safe for concurrent use. AdminKey, AdminKeyID and AdminID are set by
// [Server.CreateProject] alone. Package server says of each method what it does:
//
//	Name() string
//	ID() uuid.UUID
//	Reset() error
//	Delete() error
//	Snapshot() (Snapshot, error)
//	Restore(s Snapshot) error
//	Diff(since string, limit int) (server.Diff, error)
//
//	Keys(search string) ([]*store.Key, error)
//	SearchKeys(search string, limit int) ([]*store.Key, int, error)
//	CreateKey(spec KeySpec) (*store.Key, string, error)
//	UpdateKey(id uuid.UUID, change func(*store.Key)) (*store.Key, error)
//	DeleteKey(id uuid.UUID) error
//	Len() (int, error)
//
//	Members() ([]store.Member, error)
//	AddMember(name string, role store.Role) (store.Member, error)
//	Acting(member *uuid.UUID) (uuid.UUID, error)
//
//	Collections() []*plan.Collection
//	Collection(name string) Collection
//	Properties(c *plan.Collection) []spec.Property
//	SeedItems(lists map[string][]map[string]any) error
//
//	Inject(spec fault.Spec) (fault.Fault, error)
//	Faults() ([]fault.Fault, error)
//	RemoveFault(id string) error
//	ClearFaults() error
//	Seed(specs []fault.Spec) error
//
//	Requests(f journal.Filter) []journal.Entry
//	Journal() *journal.Journal
//	Coverage() coverage.Report
//
//	Clock() (now time.Time, frozen bool, err error)
//	Freeze() error
//	Run() error
//	SetClock(t time.Time) error
//	Advance(d time.Duration) error
type Project = server.Project

// KeySpec says what key to create: see [Project.CreateKey].
type KeySpec = store.KeySpec

// CreateProject makes a project of one's own with the given number of keys, its
// admin key among them. Tests with a project each never see each other.
func (s *Server) CreateProject(name string, keys int) (*Project, error) {
	return s.world.CreateProject(name, keys)
}

// Project returns the project with the given id or name, such as "demo". The
// error is [server.ErrNoProject].
func (s *Server) Project(idOrName string) (*Project, error) { return s.world.Project(idOrName) }

// Reset puts everything back to how the server began.
func (s *Server) Reset() error { return s.world.Reset() }

// State is a state file: see [Server.Keep].
type State = server.State

// OpenState reads the state file at path, if it is there, and keeps other processes from
// it. A file that is none is an error that says so; it is never a fresh world.
func OpenState(path string) (*State, error) { return server.OpenState(path) }

// Keep is [server.World.Keep]. Call it before the server is used, and [Server.Close] afterwards.
func (s *Server) Keep(state *State, seedDigest string, stays func(id uuid.UUID, name string) bool, told func(error)) error {
	return s.world.Keep(state, seedDigest, stays, told)
}

// Close writes the state file, if there is one, and lets others have it.
func (s *Server) Close() error { return s.world.Close() }

// Reseed removes the projects with the given ids and adds others, in one step: on an error
// nothing has changed, and no request meets a project without its items.
func (s *Server) Reseed(remove []uuid.UUID, add []server.Seeded, seedDigest string) error {
	return s.world.Replace(remove, add, seedDigest)
}

// moduleVersion is that of the digakit module in this program.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == "github.com/digakit/digakit" && m.Version != "" {
			return m.Version
		}
	}
	return "(devel)"
}

// Serve answers requests on l until ctx ends, then lets requests under way
// finish for up to 5 seconds, ends the rest, and closes l. It returns nil after such
// an end. A client that takes nothing of an answer for 30 seconds is let go.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	hs := s.httpServer()
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.drainOnce.Do(func() { close(s.draining) })
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := hs.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests that did not finish were ended")
		err = hs.Close()
	}
	return err
}

func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           lettingGo(s),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}
