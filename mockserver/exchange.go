package mockserver

import (
	"context"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/project"
)

// exchange is what is known of one request and its answer while they pass
// through the server. One goroutine works on it at a time.
type exchange struct {
	operation *contract.Operation // nil when the request is for none
	project   *project.Project    // nil without a valid key
	key       *project.Key
	refusal   *refusal // decided before the request was validated; nil: none

	violations []contract.Violation // of the request
	broken     []contract.Violation // of an answer of ours, which was not sent
	departure  string               // why the answer may leave the spec; empty: it may not
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeFrom returns the exchange that ServeHTTP put into every context.
func exchangeFrom(ctx context.Context) *exchange {
	return ctx.Value(exchangeKey{}).(*exchange)
}
