package mockserver

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// api is the document that a server serves, compiled. It holds nothing of a
// server's, so that servers share it.
type api struct {
	published []byte // as JSON
	validator *contract.Validator
	// uncovered has counted nothing: each project counts in a fresh one of it.
	uncovered *coverage.Coverage
	// answered are the operations that have a handler. All others answer 501.
	answered map[*contract.Operation]bool
	served   string // which these are, in words
}

// digaAPI is that of Diga's document. It is compiled once for all servers of a
// program: a test may start hundreds.
var digaAPI = sync.OnceValues(func() (*api, error) { return parsedAPI(gen.OpenAPI()) })

func parsedAPI(openapi []byte) (*api, error) {
	document, err := spec.Parse(openapi)
	if err != nil {
		return nil, err
	}
	a, err := newAPI(document)
	if err == nil {
		a.published = openapi // to the last newline
	}
	return a, err
}

func newAPI(document *spec.Document) (*api, error) {
	v, err := contract.For(document)
	if err != nil {
		return nil, err
	}
	// Nothing is out of reach of a mock: the Prefer header and faults bring about
	// the errors that no real server can be asked for.
	a := &api{
		published: document.JSON(), validator: v, uncovered: coverage.New(v, coverage.UnsafeMethods(), coverage.ServerErrors()),
		answered: map[*contract.Operation]bool{},
	}
	var served []string
	operations := v.Operations()
	for _, op := range operations {
		if hasHandler(v, op) {
			a.answered[op] = true
			served = append(served, op.Method+" "+op.Path)
		}
	}
	if len(served) == 0 {
		served = []string{"nothing"}
	}
	a.served = fmt.Sprintf("%s (%d of the document's %d operations)", strings.Join(served, ", "), len(a.answered), len(operations))
	return a, nil
}

// hasHandler decides which operations of a document are answered: those that
// [handlers] has a method for, as long as what it answers fits the document.
func hasHandler(v *contract.Validator, op *contract.Operation) bool {
	if !handles(op) {
		return false
	}
	sample := apiKeyPage{unrestricted: "null", known: new(renderings), numbered: true, keys: []*project.Key{
		{ID: uuid.New(), CreatorID: uuid.New(), Name: "a", LastFour: "0000", Created: time.Unix(0, 0)},
		{ID: uuid.New(), CreatorID: uuid.New(), Name: "b", LastFour: "0000", Created: time.Unix(0, 0), Restricted: true, Permissions: []gen.Permission{"api_keys.view"}},
	}}
	page, err := sample.appendJSON(nil)
	return err == nil && len(v.Response(op, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, page)) == 0
}

// Words of the log on requests that found no handler: what is served, and what to do.
const (
	adviceUnhandled = "; a fault or the Prefer header makes this operation answer all the same"
	adviceUnrouted  = "; GET /_mock/openapi.json is the document served, --spec or WithDocument serve another"
)
