package mockserver

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// handlers implements the strict server generated from Diga's spec.
type handlers struct{}

var _ gen.StrictServerInterface = handlers{}

// defaultLimit is the documented default of the parameter limit.
const defaultLimit = 50

// ListAPIKeys answers GET /v1/api_key/ with one page of the project's keys.
func (handlers) ListAPIKeys(ctx context.Context, request gen.ListAPIKeysRequestObject) (gen.ListAPIKeysResponseObject, error) {
	q := pageQuery(request.Params)
	page, err := projectFrom(ctx).Page(q)
	if err != nil {
		return nil, err
	}
	body := gen.APIKeyPage{
		Data:        make([]gen.APIKey, len(page.Keys)), // never null
		HasMore:     page.More,
		FirstID:     nullable.NewNullNullable[uuid.UUID](),
		LastID:      nullable.NewNullNullable[uuid.UUID](),
		CurrentPage: nullable.NewNullNullable[int](),
		TotalPages:  nullable.NewNullNullable[int](),
	}
	for i, k := range page.Keys {
		body.Data[i] = apiKey(k)
	}
	if n := len(body.Data); n > 0 {
		body.FirstID.Set(body.Data[0].ID)
		body.LastID.Set(body.Data[n-1].ID)
	}
	if q.Number > 0 {
		body.CurrentPage.Set(q.Number)
		body.TotalPages.Set(page.TotalPages)
	}
	return gen.ListAPIKeys200JSONResponse(body), nil
}

// pageQuery fills in what Diga's spec says of parameters left out.
func pageQuery(p gen.ListAPIKeysParams) project.PageQuery {
	q := project.PageQuery{Limit: defaultLimit, After: p.After, Before: p.Before}
	if p.Limit != nil {
		q.Limit = *p.Limit
	}
	if p.Page != nil {
		q.Number = *p.Page
	}
	if p.Order != nil && *p.Order == gen.ListAPIKeysParamsOrderAsc {
		q.Order = project.OldestFirst
	}
	return q
}

// apiKey shows k as the API does: never its secret.
func apiKey(k *project.Key) gen.APIKey {
	shown := gen.APIKey{
		ID:             k.ID,
		Name:           k.Name,
		CreatedDate:    k.Created,
		CreatorID:      k.CreatorID,
		LastFourDigits: k.LastFour,
		Restricted:     k.Restricted,
		Permissions:    nullable.NewNullNullable[[]gen.Permission](),
	}
	if k.Restricted {
		shown.Permissions.Set(k.Permissions)
	}
	return shown
}
