package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/store"
)

const (
	operations = 136
	vesselPath = "/v1/vessel/" // the first collection of spectest.Document
)

// newVessels returns a server of a whole document whose collections hold a number
// of items each.
func newVessels(items int) (*mockserver.Server, error) {
	document, err := spec.Parse(spectest.Document(operations))
	if err != nil {
		return nil, err
	}
	return mockserver.New(mockserver.WithDocument(document), mockserver.WithItems(items))
}

// measureCreate creates items over HTTP.
func measureCreate(ctx context.Context) ([]row, error) {
	const items = 10_000
	srv, err := newVessels(25)
	if err != nil {
		return nil, err
	}
	addr, stop, err := serve(ctx, srv)
	if err != nil {
		return nil, err
	}
	defer stop()
	request := post(vesselPath, mockserver.UnrestrictedKey, `{"name": "Aurora", "status": "active", "capacity": 1200, "tags": ["ferry", "night"], "location": {"latitude": 41.38, "longitude": 2.17}}`)
	var seconds []float64
	for range rounds {
		var asked atomic.Int64
		began := time.Now()
		_, err := load(ctx, addr, func() []byte {
			if asked.Add(1) > items {
				return nil
			}
			return request
		})
		if err != nil {
			return nil, err
		}
		seconds = append(seconds, time.Since(began).Seconds())
	}
	s := median(seconds)
	return []row{{what: "creating 10,000 items over HTTP", measured: fmt.Sprintf("%.2f s", s), target: "≤ 2 s", met: s <= 2}}, nil
}

// trains is a document of one small collection, of which a million fit into memory.
const trains = `{"openapi": "3.1.0", "info": {"title": "Trains", "version": "1"}, "paths": {"/v1/train/": {"get": {
  "parameters": [
    {"name": "after", "in": "query", "schema": {"type": "string", "format": "uuid"}},
    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 50, "minimum": 1, "maximum": 100}}],
  "responses": {"200": {"description": "Trains", "content": {"application/json": {"schema": {"type": "object", "required": ["data", "has_more"], "properties": {
    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Train"}},
    "last_id": {"type": ["string", "null"], "format": "uuid"}, "has_more": {"type": "boolean"}}}}}}}}}},
  "components": {"schemas": {"Train": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}}}}}`

// newTrains returns a server of a small collection of n items. They come in a
// snapshot, since --items goes to 100,000.
func newTrains(n int) (*mockserver.Server, error) {
	document, err := spec.Parse([]byte(trains))
	if err != nil {
		return nil, err
	}
	srv, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithItems(1))
	if err != nil {
		return nil, err
	}
	demo, err := srv.Project("demo")
	if err != nil {
		return nil, err
	}
	shot, err := demo.Snapshot()
	if err != nil {
		return nil, err
	}
	items := make([]store.ItemSnapshot, n)
	var number uint64
	for i := range items {
		number++
		id := uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i)).String()
		items[i] = store.ItemSnapshot{ID: id, Number: number, Value: map[string]any{"id": id, "name": "Night train"}}
	}
	shot.Items = store.ItemsSnapshot{Next: number, Collections: map[string]store.CollectionSnapshot{
		"train": {Made: n, Scopes: map[string][]store.ItemSnapshot{"": items}},
	}}
	return srv, demo.Restore(shot)
}
