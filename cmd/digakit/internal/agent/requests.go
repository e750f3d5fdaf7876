package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
)

type requestsIn struct {
	Project    string `json:"project,omitempty" jsonschema:"id or name; _unauthenticated has the requests without a valid key"`
	Operation  string `json:"operation,omitempty" jsonschema:"requests for this operationId alone"`
	Status     string `json:"status,omitempty" jsonschema:"answers with this status alone, such as 403 or 4xx"`
	Violations *bool  `json:"violations,omitempty" jsonschema:"true: those alone that break the document; false: the others"`
	Limit      int    `json:"limit,omitempty" jsonschema:"requests at most, the newest; 10 when left out"`
}

type exchange struct {
	ID         uint64          `json:"id"`
	Time       time.Time       `json:"time"`
	Request    string          `json:"request" jsonschema:"method and path with the query, as sent"`
	Operation  string          `json:"operation,omitempty"`
	Status     int             `json:"status"`
	Violations []violation     `json:"violations,omitempty" jsonschema:"what breaks the document, and how to mend it"`
	Departure  string          `json:"departure,omitempty" jsonschema:"why the answer leaves the document on purpose"`
	Fault      string          `json:"fault,omitempty" jsonschema:"that disturbed it"`
	Sent       json.RawMessage `json:"sent,omitempty" jsonschema:"body of the request"`
}

type requestsOut struct {
	Requests []exchange `json:"requests" jsonschema:"oldest first"`
	Hint     string     `json:"hint,omitempty"`
}

type requestIn struct {
	projectIn
	ID       uint64 `json:"id" jsonschema:"as list_requests tells it"`
	MaxBytes int    `json:"max_bytes,omitempty" jsonschema:"of each body; 4000 when left out"`
}

type requestOut struct {
	exchange
	RequestHeaders  map[string][]string `json:"request_headers"`
	ResponseHeaders map[string][]string `json:"response_headers"`
	Answer          json.RawMessage     `json:"answer,omitempty" jsonschema:"body of the answer"`
	Basis           string              `json:"basis,omitempty" jsonschema:"what the answer rests on"`
}

type explainIn struct {
	projectIn
	Operation string `json:"operation,omitempty" jsonschema:"requests for this operationId alone"`
	Limit     int    `json:"limit,omitempty" jsonschema:"requests at most, the newest; 5 when left out"`
}

// maxSent is how much of the body of a request that is explained is shown, in bytes.
const maxSent = 2000

func (m *mock) addRequests(s *mcp.Server) {
	add(s, "list_requests", reads, "List what was asked of the API and answered: the newest requests of a project, without headers and bodies.", m.listRequests)
	add(s, "get_request", reads, "Show one request and its answer with headers and bodies, secrets left out.", m.getRequest)
	add(s, "explain_violations", reads, "Say of the last requests that broke the document what is wrong with each and how to mend it. Begin with it when a program gets a 422.", m.explain)
}

// journalled asks for the newest requests of a project, and what may be shown of the
// bodies that were sent.
func (m *mock) journalled(ctx context.Context, in requestsIn, sent int) ([]journal.Entry, []exchange, error) {
	params := &control.ListRequestsParams{Operation: given(in.Operation), Status: given(in.Status), Violations: in.Violations, Limit: &in.Limit}
	found, err := asked[control.ListRequests200JSONResponse](m.control.ListRequests(ctx, m.of(in.Project), params))
	list := []exchange{}
	for _, e := range found.Requests {
		target := e.Request.Method + " " + e.Request.Path
		if e.Request.Query != "" {
			target += "?" + e.Request.Query
		}
		one := exchange{e.ID, e.Time, target, e.Operation, e.Response.Status, m.inShort(e.Violations), e.Departure, e.FaultID, nil}
		if sent > 0 {
			one.Sent = bodyOf(e.Request.Body, sent)
		}
		list = append(list, one)
	}
	return found.Requests, list, err
}

// bodyOf is at most so many bytes of a body as the journal has it.
func bodyOf(b *journal.Body, most int) json.RawMessage {
	switch {
	case b == nil:
		return nil
	case b.JSON != nil:
		return bounded(b.JSON, most)
	}
	return bounded([]byte(b.Text+b.Omitted), most)
}

func (m *mock) listRequests(ctx context.Context, in requestsIn) (requestsOut, error) {
	in.Limit = orElse(in.Limit, 10)
	_, list, err := m.journalled(ctx, in, 0)
	out := requestsOut{Requests: list}
	switch len(list) {
	case 0:
		out.Hint = "none; those without a valid key are of project " + server.Unauthenticated
	case in.Limit:
		out.Hint = "there may be older ones: ask with a higher limit, or by operation and status"
	}
	return out, err
}

func (m *mock) getRequest(ctx context.Context, in requestIn) (requestOut, error) {
	most := orElse(in.MaxBytes, 4000)
	all, list, err := m.journalled(ctx, requestsIn{Project: in.Project, Limit: 1000}, most)
	i := slices.IndexFunc(all, func(e journal.Entry) bool { return e.ID == in.ID })
	switch {
	case err != nil:
		return requestOut{}, err
	case i < 0:
		return requestOut{}, fmt.Errorf("the journal has no request %d; list_requests tells what it has", in.ID)
	}
	e := all[i]
	return requestOut{list[i], e.Request.Headers, e.Response.Headers, bodyOf(e.Response.Body, most), e.Basis}, nil
}

func (m *mock) explain(ctx context.Context, in explainIn) (requestsOut, error) {
	_, list, err := m.journalled(ctx, requestsIn{Project: in.Project, Operation: in.Operation, Violations: new(true), Limit: orElse(in.Limit, 5)}, maxSent)
	out := requestsOut{list, "describe_operation tells what an operation takes, with an example; call_operation tries the mended request"}
	if len(list) == 0 {
		out.Hint = "no request of the project broke the document; list_requests with status 4xx tells what was refused for another reason, and with project " + server.Unauthenticated + " what had no valid key"
	}
	return out, err
}
