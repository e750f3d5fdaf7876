package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// The types below are written as oapi-codegen writes them for lists of other
// shapes than that of the API keys.

type robot struct {
	RobotID uuid.UUID `json:"robot_id"`
	Parent  uuid.UUID `json:"parent_id"`
}

// robotPage has no current_page, and ends that are required.
type robotPage struct {
	Data    []robot                      `json:"data"`
	FirstID nullable.Nullable[uuid.UUID] `json:"first_id"`
	LastID  nullable.Nullable[uuid.UUID] `json:"last_id"`
	HasMore bool                         `json:"has_more"`
}

func (p *robotPage) Items() []robot { return p.Data }

type robotResponse struct{ JSON200 *robotPage }

func (r robotResponse) GetJSON200() *robotPage { return r.JSON200 }

type flow struct {
	ID    string                    `json:"id"`
	Note  nullable.Nullable[string] `json:"note"`
	Steps *[]struct {
		Number int `json:"number"`
	} `json:"steps,omitempty"`
}

type flowPage struct {
	TotalPages nullable.Nullable[int]    `json:"total_pages,omitempty"`
	Data       []flow                    `json:"data"`
	FirstID    nullable.Nullable[string] `json:"first_id,omitempty"`
	LastID     nullable.Nullable[string] `json:"last_id,omitempty"`
	HasMore    bool                      `json:"has_more"`
}

func (p *flowPage) Items() []flow { return p.Data }

type flowResponse struct{ JSON200 *flowPage }

func (r flowResponse) GetJSON200() *flowPage { return r.JSON200 }

// filter stands for the query parameters of a list.
type filter struct{ Query string }

// ask is what the methods of a generated client do, for a list at a path.
func ask[R any](ctx context.Context, c *client.Client, path string, p *filter) (*R, error) {
	raw := c.Raw()
	url := strings.TrimSuffix(raw.Server, "/") + path
	if p != nil {
		url += "?" + p.Query
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := raw.Client.Do(req)
	if err != nil {
		return nil, err
	}
	return new(R), res.Body.Close()
}

// shelf serves lists of three items, or of one item and its namesakes.
type shelf struct {
	ids      []string
	item     func(id string) string
	oneOrder bool
	requests []string
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, r.URL.RequestURI())
	query := r.URL.Query()
	ids := slices.Clone(s.ids)
	if query.Get("order") == "asc" {
		if s.oneOrder {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = w.Write([]byte(`{"detail":[{"loc":["query","order"],"msg":"Input should be 'desc'","type":"literal_error"}]}`))
			return
		}
		slices.Reverse(ids)
	}
	from := slices.Index(ids, query.Get("after")) + 1
	if page, err := strconv.Atoi(query.Get("page")); err == nil {
		from = (page - 1) * 2
	}
	to := min(from+2, len(ids))
	more := to < len(ids)
	if before := query.Get("before"); before != "" {
		to = slices.Index(ids, before)
		from = max(to-2, 0)
		more = from > 0
	}
	data := []json.RawMessage{}
	for _, id := range ids[from:to] {
		data = append(data, json.RawMessage(s.item(id)))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"data": data, "first_id": ids[from], "last_id": ids[to-1], "has_more": more, "total_pages": json.RawMessage("2.0"),
	})
}

func TestListsOfOtherShapes(t *testing.T) {
	t.Parallel()
	a, b, c3 := keyID(1).String(), keyID(2).String(), keyID(3).String()
	robots := shelf{ids: []string{a, b, c3}, item: func(id string) string {
		return `{"robot_id":"` + id + `","parent_id":"` + a + `"}` // each names the first as its parent
	}}
	flows := shelf{ids: []string{"x/1", "y&2", "z 3"}, oneOrder: true, item: func(id string) string {
		return `{"id":"` + id + `","note":null,"steps":[{"number":1e0}]}`
	}}
	robotsOf := func(c *client.Client) client.List[filter, *robotResponse] {
		return func(ctx context.Context, p *filter, _ ...gen.RequestEditorFn) (*robotResponse, error) {
			return ask[robotResponse](ctx, c, "/v1/robots", p)
		}
	}
	below := func(c *client.Client) client.List[filter, *flowResponse] {
		return client.Below(func(ctx context.Context, id string, p *filter, _ ...gen.RequestEditorFn) (*flowResponse, error) {
			return ask[flowResponse](ctx, c, "/v1/folders/"+id+"/flows", p)
		}, "f7")
	}
	walkRobots := func(p *filter, opts ...client.ListOption) func(*client.Client) ([]string, error) {
		return func(c *client.Client) (ids []string, err error) {
			for r, err := range client.All(t.Context(), robotsOf(c), p, opts...) {
				if err != nil {
					return ids, err
				}
				ids = append(ids, r.RobotID.String())
			}
			return ids, nil
		}
	}
	walkFlows := func(p *filter, opts ...client.ListOption) func(*client.Client) ([]string, error) {
		return func(c *client.Client) (ids []string, err error) {
			for f, err := range client.All(t.Context(), below(c), p, opts...) {
				if err != nil {
					return ids, err
				}
				if (*f.Steps)[0].Number != 1 || !f.Note.IsNull() {
					return ids, fmt.Errorf("decoded as %+v", f)
				}
				ids = append(ids, f.ID)
			}
			return ids, nil
		}
	}
	for _, test := range []struct {
		name, why string
		shelf     shelf
		walk      func(*client.Client) ([]string, error)
		want      []string
		requests  []string
		err       error
	}{
		{name: "an id of another name", why: "robot_id, and parent_id names the cursor of nobody", shelf: robots,
			walk: walkRobots(nil), want: []string{a, b, c3}, requests: []string{"/v1/robots", "/v1/robots?after=" + b}},
		{name: "filters", why: "go out with each request", shelf: robots, walk: walkRobots(&filter{"kind=tall&kind=thin"}),
			want: []string{a, b, c3}, requests: []string{"/v1/robots?kind=tall&kind=thin", "/v1/robots?after=" + b + "&kind=tall&kind=thin"}},
		{name: "from the end", why: "the other order", shelf: robots, walk: walkRobots(nil, client.FromEnd()),
			want: []string{c3, b, a}, requests: []string{"/v1/robots?order=asc", "/v1/robots?after=" + b + "&order=asc"}},
		{name: "a start in the parameters", why: "generated parameters have before", shelf: robots, walk: walkRobots(&filter{"before=" + c3}),
			want: []string{b, a}, requests: []string{"/v1/robots?before=" + c3}},
		{name: "an option over the parameters", why: "options win", shelf: robots, walk: walkRobots(&filter{"before=" + c3}, client.After(keyID(1))),
			want: []string{b, c3}, requests: []string{"/v1/robots?after=" + a}},
		{name: "a page in the parameters", why: "the first page alone has a number", shelf: robots, walk: walkRobots(&filter{"page=1"}),
			want: []string{a, b, c3}, requests: []string{"/v1/robots?page=1", "/v1/robots?after=" + b}},
		{name: "two starts", why: "one of them would be lost", shelf: robots, walk: walkRobots(&filter{"after=" + a}, client.FromEnd()),
			err: client.ErrInvalidOption},
		{name: "cursors that are no uuid, below a parent", why: "workflows have such", shelf: flows, walk: walkFlows(nil),
			want: []string{"x/1", "y&2", "z 3"}, requests: []string{"/v1/folders/f7/flows", "/v1/folders/f7/flows?after=y%262"}},
		{name: "before a text", why: "options take both kinds of ids", shelf: flows, walk: walkFlows(nil, client.Before("z 3")),
			want: []string{"y&2", "x/1"}, requests: []string{"/v1/folders/f7/flows?before=z+3"}},
		{name: "one order", why: "the server's own words come out", shelf: flows, walk: walkFlows(nil, client.FromEnd()),
			requests: []string{"/v1/folders/f7/flows?order=asc"}, err: client.ErrorCode("literal_error")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := test.shelf
			got, err := test.walk(dial(t, "https://diga.test", inProcess(server.ServeHTTP)))
			if !errors.Is(err, test.err) || (err != nil) != (test.err != nil) {
				t.Fatalf("%v, want %v (%s)", err, test.err, test.why)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: items (-want +got):\n%s", test.why, diff)
			}
			if diff := cmp.Diff(test.requests, server.requests); diff != "" {
				t.Errorf("%s: requests (-want +got):\n%s", test.why, diff)
			}
		})
	}
}

func TestPagesOfAnotherShapeAreTurnedRound(t *testing.T) {
	t.Parallel()
	server := &shelf{ids: []string{"c", "b", "a"}, item: func(id string) string { return `{"id":"` + id + `","note":"n","steps":[]}` }}
	c := dial(t, "https://diga.test", inProcess(server.ServeHTTP))
	list := func(ctx context.Context, p *filter, _ ...gen.RequestEditorFn) (*flowResponse, error) {
		return ask[flowResponse](ctx, c, "/v1/flows", p)
	}
	var got []string
	for page, err := range client.Pages(t.Context(), list, nil, client.FromEnd()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %s %d %v",
			page.FirstID.MustGet(), page.LastID.MustGet(), page.Data[0].ID, page.TotalPages.MustGet(), page.HasMore))
	}
	if diff := cmp.Diff([]string{"b a b 2 true", "c c c 2 false"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAListOfNobodyIsRefused(t *testing.T) {
	t.Parallel()
	stranger := func(context.Context, *filter, ...gen.RequestEditorFn) (*flowResponse, error) {
		return new(flowResponse), nil
	}
	for _, err := range client.All(t.Context(), stranger, nil) {
		if !errors.Is(err, client.ErrInvalidOption) || !strings.Contains(err.Error(), "not one of a Client's") {
			t.Error(err)
		}
	}
	if _, err := client.Page(t.Context(), stranger, nil); !errors.Is(err, client.ErrInvalidOption) {
		t.Error(err)
	}
}

func TestAPIGivesTypedErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, why string
		handler   http.HandlerFunc
		want      error
	}{
		{"page", "a success", answering(200, "application/json", emptyPage), nil},
		{"204", "a success without a body", answering(204, "", ""), nil},
		{"refusal", "", answering(404, "application/json", `{"error_code":"AGENT_NOT_FOUND","message":"m"}`), client.ErrorCode("AGENT_NOT_FOUND")},
		{"page in HTML", "the generated parser gives neither data nor error", answering(200, "text/html", "<html>"), client.ErrContentType},
		{"half a page", "the generated parser loses the status", answering(200, "application/json", emptyPage[:9]), client.ErrMalformedJSON},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, "https://diga.test", noRetry(), inProcess(test.handler))
			res, err := c.API().ListAPIKeysWithResponse(t.Context(), nil)
			if !errors.Is(err, test.want) || (res == nil) != (test.want != nil) {
				t.Errorf("%+v, %v; want %v", res, err, test.want)
			}
		})
	}
}
