package mockserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// Secrets of the demo project's well-known keys. They open this mock and
// nothing else.
const (
	UnrestrictedKey = project.DemoUnrestricted // has every permission
	ReadOnlyKey     = project.DemoReadOnly     // restricted to api_keys.view
	NoAccessKey     = project.DemoNoAccess     // restricted to calls.view: may not list keys
)

// Bounds on what one client can hold on to.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	drainTimeout      = 5 * time.Second
)

// Server is the mock: an [http.Handler] with the state behind it. Make one with
// [New] or [Start]. It is safe for concurrent use.
type Server struct {
	store *project.Store
	echo  *echo.Echo
	url   string // set by Start
}

// New returns a server with the well-known demo project, not yet listening. The
// error joins the mistakes of all options.
func New(opts ...Option) (*Server, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{store: project.NewStore(nil)}
	if _, err := s.store.AddDemo(c.keys); err != nil {
		return nil, err
	}
	s.echo = s.routes()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.echo.ServeHTTP(w, r)
}

// Serve answers requests on l until ctx ends, then lets requests under way
// finish for up to 5 seconds, and closes l. It returns nil after such an end.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	hs := s.httpServer()
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := hs.Shutdown(drain); err != nil {
		return errors.Join(err, hs.Close())
	}
	return nil
}

func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}

// routes mounts the generated handlers.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { s.refuse(c, err) }
	e.Use(recoverPanics)
	gen.RegisterHandlersWithOptions(e, gen.NewStrictHandler(handlers{}, nil), gen.RegisterHandlersOptions{
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{
			"ListAPIKeys": {s.require(gen.PermissionAPIKeysView), checkQuery},
		},
	})
	return e
}
