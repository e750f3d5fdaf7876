package control

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
)

// defaultRequests is the documented default of the parameter limit.
const defaultRequests = 100

// ListRequests answers GET /_mock/projects/{project}/requests.
func (h handlers) ListRequests(ctx context.Context, request ListRequestsRequestObject) (ListRequestsResponseObject, error) {
	p := projectFrom(ctx)
	q := request.Params
	f := filter(q.Operation, q.Status, q.KeyID, q.Since, q.Violations)
	f.Limit = valueOr(q.Limit, defaultRequests)
	requests := p.Requests(f)
	size := 0
	for _, e := range slices.Backward(requests) {
		for _, body := range []*journal.Body{e.Request.Body, e.Response.Body} {
			if body == nil {
				continue
			}
			if text, err := json.Marshal(body); err != nil || size+len(text) > largeAnswer {
				*body = journal.Body{Size: body.Size, Omitted: "the answer would be too large: ask for fewer requests with limit"}
			} else {
				size += len(text)
			}
		}
	}
	return ListRequests200JSONResponse{Requests: requests, Dropped: int(p.Journal().Dropped())}, nil //nolint:gosec // G115: a count
}

// CountRequests answers GET /_mock/projects/{project}/requests/count.
func (h handlers) CountRequests(ctx context.Context, request CountRequestsRequestObject) (CountRequestsResponseObject, error) {
	p := projectFrom(ctx)
	q := request.Params
	return CountRequests200JSONResponse{Count: p.Journal().Count(filter(q.Operation, q.Status, q.KeyID, q.Since, q.Violations))}, nil
}

func filter(operation, status *string, keyID *uuid.UUID, since *time.Time, violations *bool) journal.Filter {
	f := journal.Filter{Operation: valueOf(operation), Status: valueOf(status), Since: valueOf(since), Violations: violations}
	if keyID != nil {
		f.KeyID = keyID.String()
	}
	return f
}

// ClearRequests answers DELETE /_mock/projects/{project}/requests.
func (h handlers) ClearRequests(ctx context.Context, _ ClearRequestsRequestObject) (ClearRequestsResponseObject, error) {
	p := projectFrom(ctx)
	p.Journal().Clear()
	return ClearRequests204Response{}, nil
}

// GetCoverage answers GET /_mock/projects/{project}/coverage.
func (h handlers) GetCoverage(ctx context.Context, _ GetCoverageRequestObject) (GetCoverageResponseObject, error) {
	p := projectFrom(ctx)
	return GetCoverage200JSONResponse(p.Coverage()), nil
}

// events is the stream of a journal.
type events struct {
	request *http.Request
	journal *journal.Journal
	done    <-chan struct{}
}

func (e events) VisitStreamEventsResponse(w http.ResponseWriter) error {
	// Held back for judgement, a stream would never arrive.
	contract.DeclareDeparture(e.request.Context(), "a stream")
	if r, ok := w.(*echo.Response); ok {
		w = r.Writer // echo would send the status again, not knowing that a flush has
	}
	return journal.ServeEvents(w, e.request, e.journal, e.done)
}

// StreamEvents answers GET /_mock/projects/{project}/events.
func (h handlers) StreamEvents(ctx context.Context, request StreamEventsRequestObject) (StreamEventsResponseObject, error) {
	p := projectFrom(ctx)
	return events{request: requestFrom(ctx), journal: p.Journal(), done: h.Done}, nil
}
