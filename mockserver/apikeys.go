package mockserver

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// handlers implements the operations in handled of the strict server generated
// from Diga's spec. The embedded interface is nil: it makes handlers compile
// whatever the spec has, and none of its methods is reached.
type handlers struct {
	gen.StrictServerInterface

	profile Profile
	known   *renderings
}

// handled names the method of handlers that answers an operation, by method and
// path. What is not here is answered by the plan.
var handled = map[string]string{
	"GET /v1/api_key/": "ListAPIKeys",
}

func handles(op *contract.Operation) bool { return handled[op.Method+" "+op.Path] != "" }

// defaultLimit is the documented default of the parameter limit.
const defaultLimit = 50

// ListAPIKeys answers GET /v1/api_key/ with one page of the project's keys.
func (h handlers) ListAPIKeys(ctx context.Context, request gen.ListAPIKeysRequestObject) (gen.ListAPIKeysResponseObject, error) {
	x := exchangeFrom(ctx)
	q := h.pageQuery(request.Params, x.pageNumber())
	page, err := x.project.Page(q)
	if errors.Is(err, project.ErrUnknownCursor) && h.profile.UnknownCursor == UnknownCursorEmpty {
		page, err = project.Page{Keys: []*project.Key{}}, nil
	}
	if err != nil {
		return nil, refusalOf(err, request.Params)
	}
	return h.page(page, q), nil
}

// pageQuery fills in what Diga's spec says of parameters left out, and settles
// what the profile decides.
func (h handlers) pageQuery(p gen.ListAPIKeysParams, number int) project.PageQuery {
	q := project.PageQuery{
		Limit: defaultLimit, After: p.After, Before: p.Before, Number: number,
		Resume:   h.profile.DeletedCursor == DeletedCursorResume,
		Position: h.profile.PageFields == PageFieldsAlways,
	}
	if p.Limit != nil {
		q.Limit = *p.Limit
	}
	if p.Order != nil && *p.Order == gen.ListAPIKeysParamsOrderAsc {
		q.Order = project.OldestFirst
	}
	if q.Number > 0 {
		switch h.profile.PageWithCursor {
		case PageWithCursorReject:
		case PageWins:
			if q.After == nil || q.Before == nil { // both cursors are refused all the same
				q.After, q.Before = nil, nil
			}
		case CursorWins:
			if q.After != nil || q.Before != nil {
				q.Number = 0
			}
		}
	}
	return q
}

// pageNumber is the parameter page, 0 without it. It is read from the query since
// revisions of the document without it generate no field for it.
func (x *exchange) pageNumber() int {
	if !strings.Contains(x.query, "page") || !declaresQuery(x.operation, "page") {
		return 0
	}
	values, _ := url.ParseQuery(x.query)
	n, _ := strconv.Atoi(values.Get("page")) // valid by now
	return n
}

// page shows a page as the API does. Every field is set, so that what is
// nullable is null and never a zero that nobody meant.
func (h handlers) page(page project.Page, q project.PageQuery) apiKeyPage {
	shown := apiKeyPage{keys: page.Keys, hasMore: page.More, unrestricted: "null", known: h.known}
	if h.profile.UnrestrictedPermissions == UnrestrictedPermissionsEmpty {
		shown.unrestricted = "[]"
	}
	if q.Number > 0 || q.Position {
		shown.numbered = true
		shown.current = max(q.Number, page.Position)
		shown.total = page.TotalPages
		if shown.total == 0 && h.profile.EmptyList == EmptyListOne {
			shown.total = 1
		}
	}
	return shown
}
