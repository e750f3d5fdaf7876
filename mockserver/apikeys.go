package mockserver

import (
	"context"
	"net/http"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
)

// handlers implements the operations in handled of the strict server generated
// from Diga's spec. The embedded interface is nil: it makes handlers compile
// whatever the spec has, and none of its methods is reached.
type handlers struct {
	gen.StrictServerInterface

	server *Server
}

// handled names the method of handlers that answers an operation, by method and
// path. What is not here is answered by the plan alone.
var handled = map[string]string{
	"GET /v1/api_key/": "ListAPIKeys",
}

func handles(op *contract.Operation) bool { return handled[op.Method+" "+op.Path] != "" }

// ListAPIKeys answers GET /v1/api_key/ with one page of the project's keys.
func (h handlers) ListAPIKeys(ctx context.Context, _ gen.ListAPIKeysRequestObject) (gen.ListAPIKeysResponseObject, error) {
	return planned{h.server, exchangeFrom(ctx)}, nil
}

// planned is an answer that the plan says how to make.
type planned struct {
	server *Server
	x      *exchange
}

// VisitListAPIKeysResponse makes planned a gen.ListAPIKeysResponseObject.
func (p planned) VisitListAPIKeysResponse(w http.ResponseWriter) error {
	p.server.answerPlanned(w, p.x.valid, p.x)
	return nil
}
