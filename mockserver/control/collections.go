package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
)

// GetPlan answers GET /_mock/plan.
func (h handlers) GetPlan(context.Context, GetPlanRequestObject) (GetPlanResponseObject, error) {
	text, err := json.Marshal(h.World.Plan())
	return published(text), err
}

func (p published) VisitGetPlanResponse(w http.ResponseWriter) error { return p.visit(w) }

// ListCollections answers GET /_mock/projects/{project}/collections.
func (h handlers) ListCollections(ctx context.Context, _ ListCollectionsRequestObject) (ListCollectionsResponseObject, error) {
	p := projectFrom(ctx)
	shown := ListCollections200JSONResponse{Collections: []Collection{}}
	for _, c := range p.Collections() {
		_, items, err := p.Collection(c.Name).List(engine.Search{Limit: 1})
		if err != nil {
			return nil, err
		}
		one := Collection{Name: c.Name, Path: c.Path, Items: items, Schema: c.Schema, Properties: []Property{}, Links: []Link{}}
		for _, property := range p.Properties(c) {
			one.Properties = append(one.Properties, showProperty(property))
		}
		for _, l := range c.Links {
			one.Links = append(one.Links, Link{Property: l.Property, Collection: l.Collection})
		}
		shown.Collections = append(shown.Collections, one)
	}
	return shown, nil
}

func showProperty(p spec.Property) Property {
	shown := Property{Name: p.Name, Types: append([]string{}, p.Schema.Types...)}
	if p.Schema.Format != "" {
		shown.Format = &p.Schema.Format
	}
	if p.Schema.Enum != nil {
		shown.Enum = &p.Schema.Enum
	}
	return shown
}

// ListItems answers GET /_mock/projects/{project}/collections/{collection}.
func (h handlers) ListItems(ctx context.Context, request ListItemsRequestObject) (ListItemsResponseObject, error) {
	p := projectFrom(ctx)
	q := engine.Search{Text: valueOf(request.Params.Search), Offset: valueOf(request.Params.Offset), Limit: valueOf(request.Params.Limit), Values: map[string]string{}}
	for _, filter := range valueOf(request.Params.Filter) {
		property, value, _ := strings.Cut(filter, "=")
		q.Values[property] = value
	}
	items, total, err := p.Collection(request.Collection).List(q)
	shown, size := ListItems200JSONResponse{Items: []Item{}, Total: total}, 0
	for i, item := range items {
		if size += len(item.Value); size > largeAnswer && i > 0 {
			shown.Cut = new(true)
			break
		}
		one, failed := showItem(item, err)
		if err = failed; err != nil {
			break
		}
		shown.Items = append(shown.Items, one)
	}
	return shown, err
}

// valueOf is what was given, or the zero value.
func valueOf[T any](p *T) T { return valueOr(p, *new(T)) }

// valueOr is what was given, or what stands for nothing.
func valueOr[T any](p *T, usual T) T {
	if p == nil {
		return usual
	}
	return *p
}

func showItem(item engine.Item, err error) (Item, error) {
	if err != nil {
		return Item{}, err
	}
	value, err := spec.DecodeJSON(item.Value)
	object, _ := value.(map[string]any)
	return Item{ID: item.ID, Value: object}, err
}

// CreateItem answers POST /_mock/projects/{project}/collections/{collection}.
func (h handlers) CreateItem(ctx context.Context, request CreateItemRequestObject) (CreateItemResponseObject, error) {
	p := projectFrom(ctx)
	shown, err := showItem(p.Collection(request.Collection).Create(valueOr(request.Body, CreateItemJSONRequestBody{})))
	return CreateItem201JSONResponse(shown), itemError(err)
}

// GetItem answers GET /_mock/projects/{project}/collections/{collection}/{item}.
func (h handlers) GetItem(ctx context.Context, request GetItemRequestObject) (GetItemResponseObject, error) {
	p := projectFrom(ctx)
	shown, err := showItem(p.Collection(request.Collection).Get(request.Item))
	return GetItem200JSONResponse(shown), err
}

// UpdateItem answers PATCH /_mock/projects/{project}/collections/{collection}/{item}.
func (h handlers) UpdateItem(ctx context.Context, request UpdateItemRequestObject) (UpdateItemResponseObject, error) {
	p := projectFrom(ctx)
	shown, err := showItem(p.Collection(request.Collection).Update(request.Item, *request.Body))
	return UpdateItem200JSONResponse(shown), itemError(err)
}

// DeleteItem answers DELETE /_mock/projects/{project}/collections/{collection}/{item}.
func (h handlers) DeleteItem(ctx context.Context, request DeleteItemRequestObject) (DeleteItemResponseObject, error) {
	p := projectFrom(ctx)
	return DeleteItem204Response{}, p.Collection(request.Collection).Delete(request.Item)
}

func itemError(err error) error {
	if wrong, ok := errors.AsType[*engine.ValueError](err); ok {
		return invalidBody(wrong.Pointer, errors.New("engine: "+wrong.Message))
	}
	return err
}
