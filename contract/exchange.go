package contract

import (
	"context"
	"net/http"
)

// Exchange is what an observer is told about one request and its response.
type Exchange struct {
	// Operation is nil when no documented operation matched.
	Operation *Operation
	// Request is the request as it came; its body has been read.
	Request *http.Request
	// RequestBody is the request's body as judged; nil when none was.
	RequestBody []byte
	// Status is that of the response judged; 0 when there was none. A
	// replaced response is the one reported, not its replacement.
	Status int
	// Header and Body are those of the response judged, as sent; Header is nil
	// when none was judged, Body too when it was over the cap. Like RequestBody
	// they are good during the call alone: copy what is to be kept.
	Header http.Header
	Body   []byte
	// Violations of both sides, the request's first; nil when there are none.
	Violations []Violation
	// Departure is the reason given to [DeclareDeparture]; empty when none was.
	Departure string
	// Basis is what the answer of a mock rests on, such as "inferred"; empty when
	// nobody told.
	Basis string
	// Unjudged says why the response, or a request body, was not judged: a
	// departure, a hijacked connection, a panic, a body not read to its end.
	Unjudged string
	// Refused and Replaced say that a RefuseRequests or ReplaceResponses
	// function answered instead of the handler; on a Transport, that the
	// caller got an error instead of the exchange.
	Refused, Replaced bool
}

// PlainBody returns Body with its Content-Encoding undone, never more than
// [MaxBody]'s default; Body itself when it has none. It fails on an encoding
// other than gzip, deflate, br and zstd, and on a body that is not what it says.
func (x Exchange) PlainBody() ([]byte, error) { return PlainBody(x.Header, x.Body, defaultMaxBody) }

// PlainRequestBody is PlainBody of the request.
func (x Exchange) PlainRequestBody() ([]byte, error) {
	return PlainBody(x.Request.Header, x.RequestBody, defaultMaxBody)
}

// notModified tells the 304 that a conditional request asked for (RFC 9110, 13.1
// and 15.4.5), where the document says nothing of it.
func (x *Exchange) notModified() bool {
	asked := x.Request.Header
	return x.Status == http.StatusNotModified && x.Operation.plan.answer(x.Status) == nil &&
		(asked.Get("If-None-Match") != "" || asked.Get("If-Modified-Since") != "")
}

// notModifiedReason is why such an answer is not judged.
const notModifiedReason = "a 304 to a conditional request stands for the answer that the client holds"

// exchangeKey finds the running exchange in a context.
type exchangeKey struct{}

// DeclareDeparture says that the answer to the request of ctx leaves the
// document on purpose, and why. The Middleware around the handler then sends
// it as it is, unjudged, and tells the observer. Declare before writing: from
// that moment on nothing is held back.
//
// It returns false, and does nothing, outside of a Middleware. It is safe to
// call from any goroutine; the first reason stays.
func DeclareDeparture(ctx context.Context, reason string) bool {
	e, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return false
	}
	e.departure.CompareAndSwap(nil, &reason)
	return true
}

// OperationFrom returns the operation a Middleware routed the request of ctx
// to, and its path parameters, decoded; false when there is none.
func OperationFrom(ctx context.Context) (*Operation, map[string]string, bool) {
	e, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok || e.operation == nil {
		return nil, nil, false
	}
	return e.operation, e.params, true
}

// Violations words e as a Validator's doors tell it: one violation, of the path
// or of the method.
func (e *RouteError) Violations() []Violation {
	f := findings{side: SideRequest}
	if e.Allow != nil {
		f.add(Violation{Kind: KindUndocumentedMethod, In: inMethod, Keyword: "paths", Message: "must be a documented method of this path"})
	} else {
		f.add(Violation{Kind: KindUndocumentedPath, In: inPath, Keyword: "paths", Message: "must be a documented path"})
	}
	return f.result()
}
