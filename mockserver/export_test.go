package mockserver

import (
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/store"
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
	empty, err := s.store.AddProject(store.Origin{ID: uuid.New(), Name: "empty"})
	if err != nil {
		panic(err)
	}
	x := &exchange{project: empty, operation: s.api.validator.Operations()[0], query: "page=1"}
	r := httptest.NewRequest(http.MethodGet, "/v1/api_key/?page=1", nil)
	w := httptest.NewRecorder()
	s.answerPlanned(w, r.WithContext(withExchange(r.Context(), x)), x)
	return w.Body.Bytes()
}

// Handled is what [handled] names: the methods the mock answers operations with.
func Handled() map[string]string { return handled }

// Handlers is a value of what has those methods.
func Handlers() any { return handlers{} }

// InProcess is Server.Transport around another handler.
func InProcess(h http.Handler) http.RoundTripper { return inProcess{h} }
