package main

import (
	"fmt"
	"sync/atomic"

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
func newVessels(items int) *mockserver.Server {
	document := must(spec.Parse(spectest.Document(operations)))
	return must(mockserver.New(mockserver.WithDocument(document), mockserver.WithItems(items)))
}

// measureCreate creates items over HTTP.
func measureCreate(b *bench) {
	const items = 10_000
	addr, stop, err := serve(b, newVessels(25))
	check(err)
	defer stop()
	request := post(vesselPath, mockserver.UnrestrictedKey, `{"name": "Aurora", "status": "active", "capacity": 1200, "tags": ["ferry", "night"], "location": {"latitude": 41.38, "longitude": 2.17}}`)
	s := medianOf(rounds, func() float64 {
		var asked atomic.Int64
		return seconds(func() {
			must(load(b, addr, func() []byte {
				if asked.Add(1) > items {
					return nil
				}
				return request
			}))
		})
	})
	b.atMost("creating 10,000 items over HTTP", fmt.Sprintf("%.2f s", s), s, 2, " s")
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
func newTrains(n int) *mockserver.Server {
	srv := must(mockserver.New(mockserver.WithDocument(must(spec.Parse([]byte(trains)))), mockserver.WithItems(1)))
	demo := must(srv.Project("demo"))
	shot := must(demo.Snapshot())
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
	check(demo.Restore(shot))
	return srv
}
