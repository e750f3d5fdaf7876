package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/mockserver/control"
)

type collectionIn struct {
	projectIn
	Collection string `json:"collection" jsonschema:"name, as list_collections tells"`
}

type collectionsIn struct {
	projectIn
	Name string `json:"name,omitempty" jsonschema:"of one collection: shows its properties and links, too"`
}

type collection struct {
	Name       string             `json:"name"`
	Path       string             `json:"path" jsonschema:"of its list in the API"`
	Items      int                `json:"items"`
	Properties []control.Property `json:"properties,omitempty"`
	Links      []control.Link     `json:"links,omitempty"`
}

type collectionsOut struct {
	Collections []collection `json:"collections"`
}

type itemsIn struct {
	collectionIn
	Search     string   `json:"search,omitempty" jsonschema:"text that an item has somewhere"`
	Filter     []string `json:"filter,omitempty" jsonschema:"each PROPERTY=VALUE, such as status=completed; all must hold"`
	Limit      int      `json:"limit,omitempty" jsonschema:"items at most; 5 when left out"`
	Offset     int      `json:"offset,omitempty" jsonschema:"items to leave out at the beginning"`
	Properties []string `json:"properties,omitempty" jsonschema:"show these alone"`
}

type itemsOut struct {
	control.ListItems200JSONResponse
	Hint string `json:"hint,omitempty"`
}

type itemIn struct {
	collectionIn
	ID string `json:"id"`
}

type createItemIn struct {
	collectionIn
	Value map[string]any `json:"value,omitempty" jsonschema:"properties; the rest is made up"`
}

type updateItemIn struct {
	itemIn
	Patch map[string]any `json:"patch" jsonschema:"merge patch (RFC 7396)"`
}

func (m *mock) addItems(s *mcp.Server) {
	add(s, "list_collections", reads, "List the collections of the mock's state, API keys apart, with how many items each has.", m.listCollections)
	add(s, "list_items", reads, "List items of a collection, newest first, also with properties that the API does not show.", m.listItems)
	add(s, "get_item", reads, "Read one item of a collection.", func(ctx context.Context, in itemIn) (control.Item, error) {
		return asked[control.Item](m.control.GetItem(ctx, m.of(in.Project), dotted(in.Collection), in.ID))
	})
	add(s, "create_item", adds, "Make an item in any state, also where the API itself only reads. It must fit the document.", func(ctx context.Context, in createItemIn) (control.Item, error) {
		if in.Value == nil {
			in.Value = map[string]any{}
		}
		return asked[control.Item](m.control.CreateItem(ctx, m.of(in.Project), dotted(in.Collection), in.Value))
	})
	add(s, "update_item", destroys, "Change an item by a merge patch, also what the API lets nobody change. It must fit the document.", func(ctx context.Context, in updateItemIn) (control.Item, error) {
		return asked[control.Item](m.control.UpdateItem(ctx, m.of(in.Project), dotted(in.Collection), in.ID, in.Patch))
	})
	add(s, "delete_item", destroys, "Delete an item and what lies below it.", func(ctx context.Context, in itemIn) (done, error) {
		_, err := asked[json.RawMessage](m.control.DeleteItem(ctx, m.of(in.Project), dotted(in.Collection), in.ID))
		return done{"deleted " + in.Collection + " " + in.ID}, err
	})
}

// dotted is the name of a collection as a path has it.
func dotted(name string) string { return strings.ReplaceAll(name, "/", ".") }

func (m *mock) listCollections(ctx context.Context, in collectionsIn) (collectionsOut, error) {
	all, err := asked[control.ListCollections200JSONResponse](m.control.ListCollections(ctx, m.of(in.Project)))
	out := collectionsOut{Collections: []collection{}}
	for _, c := range all.Collections {
		switch {
		case in.Name == "":
			out.Collections = append(out.Collections, collection{Name: c.Name, Path: c.Path, Items: c.Items})
		case dotted(in.Name) == dotted(c.Name):
			out.Collections = append(out.Collections, collection{c.Name, c.Path, c.Items, c.Properties, c.Links})
		}
	}
	if err == nil && in.Name != "" && len(out.Collections) == 0 {
		err = fmt.Errorf("there is no collection %q; leave name out to see all", in.Name)
	}
	return out, err
}

func (m *mock) listItems(ctx context.Context, in itemsIn) (itemsOut, error) {
	params := &control.ListItemsParams{Search: given(in.Search), Limit: new(orElse(in.Limit, 5)), Offset: given(in.Offset)}
	if len(in.Filter) > 0 {
		params.Filter = &in.Filter
	}
	found, err := asked[control.ListItems200JSONResponse](m.control.ListItems(ctx, m.of(in.Project), dotted(in.Collection), params))
	if err != nil {
		return itemsOut{}, err
	}
	out := itemsOut{ListItems200JSONResponse: found}
	for _, item := range found.Items {
		maps.DeleteFunc(item.Value, func(name string, _ any) bool {
			return len(in.Properties) > 0 && !slices.Contains(in.Properties, name)
		})
	}
	if next := in.Offset + len(found.Items); next < found.Total {
		out.Hint = fmt.Sprintf("%d more: ask with offset %d, or for less with search, filter and properties", found.Total-next, next)
	}
	return out, nil
}
