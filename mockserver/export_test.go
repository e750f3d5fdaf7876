package mockserver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// ServeSeed makes the document that the module began with the one served, whatever
// the module is built from now: it is the subject of this package's tests.
func ServeSeed() {
	digaAPI = sync.OnceValues(func() (*api, error) { return parsedAPI(spectest.Seed(), nil) })
}

// WithHandlers puts other handlers in the place of the mock's own.
func WithHandlers(h gen.StrictServerInterface) Option {
	return func(c *config) { c.handlers = h }
}

// ListOfEmpty returns what the first page of a project without keys looks like.
func ListOfEmpty(s *Server) []byte {
	empty, err := project.NewStore(project.Config{}).AddDemo(0)
	if err != nil {
		panic(err)
	}
	op := s.api.validator.Operations()[0]
	ctx := withExchange(context.Background(), &exchange{project: empty, operation: op, query: "page=1"})
	answer, err := handlers{profile: s.profile, known: new(renderings)}.ListAPIKeys(ctx, gen.ListAPIKeysRequestObject{})
	if err != nil {
		panic(err)
	}
	w := httptest.NewRecorder()
	if err := answer.VisitListAPIKeysResponse(w); err != nil {
		panic(err)
	}
	return w.Body.Bytes()
}

// Renderer returns what appends a page of keys as ListAPIKeys shows it.
func Renderer() func(b []byte, keys []*project.Key) ([]byte, error) {
	h := handlers{known: new(renderings)}
	return func(b []byte, keys []*project.Key) ([]byte, error) {
		return h.page(project.Page{Keys: keys}, project.PageQuery{}).appendJSON(b)
	}
}

// Handled is what [handled] names: the methods the mock answers operations with.
func Handled() map[string]string { return handled }

// Handlers is a value of what has those methods.
func Handlers() any { return handlers{} }

// InProcess is Server.Transport around another handler.
func InProcess(h http.Handler) http.RoundTripper { return inProcess{h} }
