package mockserver_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/control"
)

// editable is a document that lets clients change API keys.
const editable = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{
	"/v1/api_key/{id}":{"patch":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],
		"requestBody":{"content":{"application/json":{"schema":{"type":"object"}}}},"responses":{"204":{"description":"d"}}}},
	"/v1/vessel":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Vessel"}}}}}}}}},
	"components":{"schemas":{"Vessel":{"type":"object","required":["id","state"],"properties":{"id":{"type":"string"},"state":{"enum":["afloat","docked"]}}}}}}`

func TestKeysChangeWhereTheDocumentLetsThem(t *testing.T) {
	t.Parallel()
	api := controlOf(t, mockserver.Start(t, mockserver.WithDocument(parsed(t, editable))))
	yes, no, name := true, false, "Renamed"
	for _, tc := range []struct {
		name   string
		change control.KeyChange
		want   string // name and permissions; nil: unrestricted
		given  []string
	}{
		{"a name alone: the permissions stay", control.KeyChange{Name: &name}, "Renamed", []string{"calls.view", "logs.view"}},
		{"a level: other resources and permissions of none stay", control.KeyChange{Access: &map[string]string{"Agents": "Read"}}, "Old", []string{"agents.view", "calls.view", "logs.view"}},
		{"no access: that resource's are gone", control.KeyChange{Access: &map[string]string{"Calls": "No access"}}, "Old", []string{"logs.view"}},
		{"permissions take the place of all", control.KeyChange{Permissions: &[]string{"voices.view"}}, "Old", []string{"voices.view"}},
		{"unrestricted", control.KeyChange{Restricted: &no}, "Old", nil},
		{"restricted already", control.KeyChange{Restricted: &yes}, "Old", []string{"calls.view", "logs.view"}},
	} {
		made, err := api.CreateAPIKeyWithResponse(t.Context(), "demo", nil, control.NewKey{Name: "Old", Permissions: &[]string{"calls.view", "logs.view"}})
		ok(t, made, err)
		changed, err := api.UpdateAPIKeyWithResponse(t.Context(), "demo", made.JSON201.ID, nil, tc.change)
		ok(t, changed, err)
		got, _ := changed.JSON200.Permissions.Get()
		slices.Sort(got)
		if changed.JSON200.Name != tc.want || !cmp.Equal(got, tc.given) || changed.JSON200.Restricted != (tc.given != nil) {
			t.Errorf("%s: %s %q restricted %v, want %s %q", tc.name, changed.JSON200.Name, got, changed.JSON200.Restricted, tc.want, tc.given)
		}
	}
	wrong, err := api.CreateAPIKeyWithResponse(t.Context(), "demo", nil, control.NewKey{Name: "Old"})
	ok(t, wrong, err)
	refused, err := api.UpdateAPIKeyWithResponse(t.Context(), "demo", wrong.JSON201.ID, nil, control.KeyChange{Name: &name, Access: &map[string]string{"Ships": "Read"}})
	try(t, err)
	left, err := api.ListAPIKeysWithResponse(t.Context(), "demo", &control.ListAPIKeysParams{Search: &name})
	ok(t, left, err)
	if refused.StatusCode() != http.StatusUnprocessableEntity || left.JSON200.Total != 1 {
		t.Errorf("a resource that is not there: %d, and %d keys have the name, want 1", refused.StatusCode(), left.JSON200.Total)
	}
	for _, change := range []control.KeyChange{
		{Name: &name, Restricted: &no, Permissions: &[]string{"calls.view"}},
		{Name: &name, Restricted: &no, Access: &map[string]string{"Calls": "Read"}},
	} {
		refused, err = api.UpdateAPIKeyWithResponse(t.Context(), "demo", wrong.JSON201.ID, nil, change)
		if err != nil || refused.StatusCode() != http.StatusUnprocessableEntity {
			t.Errorf("permissions of an unrestricted key: %d, %v, want 422", refused.StatusCode(), err)
		}
	}

	fixed := controlOf(t, mockserver.Start(t))
	keys, err := fixed.ListAPIKeysWithResponse(t.Context(), "demo", nil)
	ok(t, keys, err)
	refused, err = fixed.UpdateAPIKeyWithResponse(t.Context(), "demo", keys.JSON200.APIKeys[0].ID, nil, control.KeyChange{Name: &name})
	if err != nil || refused.StatusCode() != http.StatusConflict || keys.JSON200.Editable || !left.JSON200.Editable {
		t.Errorf("without the operation a change is answered %d, %v; editable %v and %v", refused.StatusCode(), err, keys.JSON200.Editable, left.JSON200.Editable)
	}
}

func TestPagesOfTheControlAPI(t *testing.T) {
	t.Parallel()
	api := controlOf(t, mockserver.Start(t, mockserver.WithDocument(parsed(t, editable)), mockserver.WithItems(7)))
	all, err := api.ListAPIKeysWithResponse(t.Context(), "demo", nil)
	ok(t, all, err)
	for _, tc := range []struct{ offset, limit, want int }{{0, 2, 2}, {59, 2, 1}, {60, 2, 0}, {1000, 1, 0}} {
		page, err := api.ListAPIKeysWithResponse(t.Context(), "demo", &control.ListAPIKeysParams{Offset: &tc.offset, Limit: &tc.limit})
		ok(t, page, err)
		from := min(tc.offset, all.JSON200.Total)
		if !cmp.Equal(page.JSON200.APIKeys, all.JSON200.APIKeys[from:from+tc.want]) || page.JSON200.Total != all.JSON200.Total {
			t.Errorf("keys %+v: %d of %d", tc, len(page.JSON200.APIKeys), page.JSON200.Total)
		}
	}
	listed, err := api.ListItemsWithResponse(t.Context(), "demo", "vessel", nil)
	ok(t, listed, err)
	counts := map[any]int{}
	for _, item := range listed.JSON200.Items {
		counts[item.Value["state"]]++
	}
	filter, offset, limit := []string{"state=docked"}, 1, 1
	page, err := api.ListItemsWithResponse(t.Context(), "demo", "vessel", &control.ListItemsParams{Filter: &filter, Offset: &offset, Limit: &limit})
	ok(t, page, err)
	if page.JSON200.Total != counts["docked"] || len(page.JSON200.Items) != min(1, counts["docked"]-1) || listed.JSON200.Total != 7 {
		t.Errorf("%d of %d docked vessels, want one of %d; %d in all", len(page.JSON200.Items), page.JSON200.Total, counts["docked"], listed.JSON200.Total)
	}
	collections, err := api.ListCollectionsWithResponse(t.Context(), "demo")
	ok(t, collections, err)
	if got := collections.JSON200.Collections[0].Properties; len(got) != 2 || !cmp.Equal(*got[1].Enum, []any{"afloat", "docked"}) {
		t.Errorf("the properties of a vessel are %+v", got)
	}
}

func TestARoleActsOnKeys(t *testing.T) {
	t.Parallel()
	api := controlOf(t, mockserver.Start(t))
	for role, want := range map[string]int{"administrator": 200, "member": 403, "reader": 403, "owner": 422} {
		got, err := api.ListAPIKeysWithResponse(t.Context(), "demo", &control.ListAPIKeysParams{XMockMember: &role})
		if err != nil || got.StatusCode() != want {
			t.Errorf("%s: %d, %v, want %d", role, got.StatusCode(), err, want)
		}
	}
}
