package control

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/server"
)

const (
	// maxBody bounds a snapshot that is put back, and maxWrite all else that is sent, as
	// the API does: what is stored must fit its answers.
	maxBody  = 64 << 20
	maxWrite = 10 << 20
	// largeAnswer is where lists are cut, and what is larger is not judged.
	largeAnswer = 8 << 20
)

//go:embed openapi.yaml
var openAPI []byte

// Config says what the control API controls.
type Config struct {
	World    *server.World
	Document []byte // that the mock serves, as JSON
	Version  string // of the program, as health tells it
	Prefix   string // of all paths of the API
	Served   string // what is, in words
	// Try is a curl command that asks for a list below a URL with a credential; it is empty
	// when the document has no list.
	Try func(base, credential string) string
	// Access tells the keys that everybody may know, or else in words which
	// credentials are taken.
	Access func() (known []KnownKey, words string)
	// BadResponses counts the answers of the mock that broke the contract.
	BadResponses func() int64
	Log          *slog.Logger
	// Done is closed when the server begins to drain, which ends streams.
	Done <-chan struct{}
}

// handlers implements the strict server generated from openapi.yaml.
type handlers struct {
	Config
	described []byte // openapi.yaml as JSON
	routes    []*contract.Operation
}

var _ StrictServerInterface = handlers{}

// description is openapi.yaml, read.
type description struct {
	document  []byte // as JSON
	validator *contract.Validator
}

// parsed reads openapi.yaml once for all servers of a program.
var parsed = sync.OnceValues(func() (description, error) {
	document, err := spec.Parse(openAPI)
	if err != nil {
		return description{}, err
	}
	validator, err := contract.For(document, contract.ExactRequests(), contract.MaxBody(maxBody))
	return description{document: document.JSON(), validator: validator}, err
})

// New returns the control API: everything under /_mock/. Each request and each
// answer is validated against its document.
func New(c Config) (http.Handler, error) {
	api, err := parsed()
	if err != nil {
		return nil, err
	}
	validator := api.validator
	h := handlers{Config: c, described: api.document, routes: validator.Operations()}
	e := echo.New()
	e.Binder = binder{}
	e.HTTPErrorHandler = h.answerError
	RegisterHandlers(e, NewStrictHandler(h, []StrictMiddlewareFunc{h.findProject}))
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer h.recoverPanic(w, r)
		e.ServeHTTP(w, usualRequest(r.WithContext(context.WithValue(r.Context(), requestKey{}, r))))
	})
	return validator.Middleware(inner,
		contract.RefuseRequests(func(w http.ResponseWriter, r *http.Request, op *contract.Operation, violations []contract.Violation) {
			status := http.StatusUnprocessableEntity
			if op == nil {
				status = http.StatusNotFound
				if _, _, err := validator.Route(r.Method, r.URL.EscapedPath()); err != nil {
					if route, ok := errors.AsType[*contract.RouteError](err); ok && len(route.Allow) > 0 {
						w.Header().Set("Allow", strings.Join(route.Allow, ", "))
						status = http.StatusMethodNotAllowed
					}
				}
			}
			problemFrom(status, violations).write(w, r)
		}),
		contract.ReplaceResponses(func(w http.ResponseWriter, r *http.Request, op *contract.Operation, status int, violations []contract.Violation) {
			for _, v := range violations {
				c.Log.Error("an answer of the control API breaks its contract and was not sent", "operation", op.Name(), "status", status, "violation", v.String())
			}
			failed, _ := problemOf(errors.New("broken"))
			failed.write(w, r)
		}),
	), nil
}

// Lazily returns the control API, made when it is first asked: compiling its
// document takes longer than all else at a server's start, and many servers are
// never asked. Should it not compile, which a test of this package rules out,
// every request is answered with 500.
func Lazily(c Config) http.Handler {
	made := sync.OnceValues(func() (http.Handler, error) { return New(c) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, err := made()
		if err != nil {
			c.Log.Error("the control API could not be made", "error", err)
			failed, _ := problemOf(err)
			failed.write(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

type requestKey struct{}

// requestFrom returns the request itself, which strict handlers do not get.
func requestFrom(ctx context.Context) *http.Request { return ctx.Value(requestKey{}).(*http.Request) }

type projectKey struct{}

// projectFrom returns the project that the request is about.
func projectFrom(ctx context.Context) *server.Project {
	return ctx.Value(projectKey{}).(*server.Project)
}

// findProject looks up the project that the path of a request names, if it names one.
func (h handlers) findProject(next StrictHandlerFunc, _ string) StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		if named := reflect.ValueOf(request).FieldByName("Project"); named.IsValid() {
			p, err := h.World.Project(named.String())
			if err != nil {
				return nil, err
			}
			r := c.Request()
			c.SetRequest(r.WithContext(context.WithValue(r.Context(), projectKey{}, p)))
		}
		return next(c, request)
	}
}

func (h handlers) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p, ours := problemOf(err)
	if !ours {
		h.Log.Error("the control API failed", "path", c.Request().URL.Path, "error", err)
	}
	p.write(c.Response(), c.Request())
}

func (h handlers) recoverPanic(w http.ResponseWriter, r *http.Request) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		h.Log.Error("the control API panicked", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		failed, _ := problemOf(errors.New("panic"))
		failed.write(w, r)
	}
}

// GetHealth answers GET /_mock/health.
func (h handlers) GetHealth(context.Context, GetHealthRequestObject) (GetHealthResponseObject, error) {
	shown := GetHealth200JSONResponse{
		Status: HealthStatusOk, Version: h.Version,
		Projects: len(h.World.Store().Projects()), BadResponses: int(h.BadResponses()),
	}
	if h.Prefix != "" {
		shown.Prefix = &h.Prefix
	}
	if err := h.World.StateError(); err != nil {
		text := plain(err)
		shown.StateError = &text
	}
	return shown, nil
}

// published is a document sent byte for byte.
type published []byte

func (p published) visit(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(p)
	return err
}

func (p published) VisitGetOpenAPIResponse(w http.ResponseWriter) error { return p.visit(w) }
func (p published) VisitGetControlResponse(w http.ResponseWriter) error { return p.visit(w) }

// GetOpenAPI answers GET /_mock/openapi.json.
func (h handlers) GetOpenAPI(context.Context, GetOpenAPIRequestObject) (GetOpenAPIResponseObject, error) {
	return published(h.Document), nil
}

// GetControl answers GET /_mock/control.json.
func (h handlers) GetControl(context.Context, GetControlRequestObject) (GetControlResponseObject, error) {
	return published(h.described), nil
}

// ResetAll answers POST /_mock/reset.
func (h handlers) ResetAll(context.Context, ResetAllRequestObject) (ResetAllResponseObject, error) {
	return ResetAll204Response{}, h.World.Reset()
}
