package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/contract/plan"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, path, item string
		want            []plan.Identity
	}{
		{"named like the parameter", "/agent/{agent_id}", "{id:uuid agent_id:uuid}", []plan.Identity{{Property: "agent_id", Parameter: "agent_id", Type: "string", Format: "uuid"}}},
		{"the parameter without the resource", "/piece/{piece_name}", "{id:str name:str}", []plan.Identity{{Property: "name", Parameter: "piece_name", Type: "string"}}},
		{"the same in camel case", "/pets/{petId}", "{id:int name:str}", []plan.Identity{{Property: "id", Parameter: "petId", Type: "integer"}}},
		{"id, whatever the parameter", "/member/{profile_id}", "{id:uuid name:str}", []plan.Identity{{Property: "id", Parameter: "profile_id", Type: "string", Format: "uuid"}}},
		{"the resource and id", "/orders/{number}", "{order_id:int total:num}", []plan.Identity{{Property: "order_id", Parameter: "number", Type: "integer"}}},
		{"a required code", "/country/{iso}", "{code:str title:str}", []plan.Identity{{Property: "code", Parameter: "iso", Type: "string"}}},
		{"two parameters", "/repo/{owner}/{name}", "{name:str owner:str}", []plan.Identity{{Property: "owner", Parameter: "owner", Type: "string"}, {Property: "name", Parameter: "name", Type: "string"}}},
		{"two parameters in one segment", "/route/{from}-{to}", "{from:str to:str}", []plan.Identity{{Property: "from", Parameter: "from", Type: "string"}, {Property: "to", Parameter: "to", Type: "string"}}},
		{"the path alone", "/config/{entry}", "{value:str}", []plan.Identity{{Parameter: "entry"}}},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			p := planOf(t, "GET "+test.path+" -> 200 "+test.item+"\nDELETE "+test.path+" -> 204")
			if len(p.Collections) != 1 {
				t.Fatalf("%d collections", len(p.Collections))
			}
			got := p.Collections[0].Identity
			for i := range got {
				if got[i].Reason == "" {
					t.Errorf("%s: no reason", got[i].Property)
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(plan.Identity{}, "Reason", "Schema")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// All parameters of an id name the item, each by its own property.
func TestParametersOfAnItem(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		GET /org/{org_id} -> 200 {id:uuid}
		GET /org/{org_id}/repo/{owner}/{name} -> 200 {owner:str name:str stars:int}
		POST /org/{org_id}/repo/{owner}/{name}/star -> 204
		GET /org/{org_id}/report?repo_id:uuid&region_id:str -> 200 {lines:int}
		GET /region -> 200 [{id:str}]
	`)
	want := []plan.Parameter{
		{Name: "org_id", In: "path", Collection: "org", Property: "id"},
		{Name: "owner", In: "path", Collection: "org/repo", Property: "owner"},
		{Name: "name", In: "path", Collection: "org/repo", Property: "name"},
	}
	star := line(t, p, "POST", "/org/{org_id}/repo/{owner}/{name}/star")
	if diff := cmp.Diff(want, star.Parameters); diff != "" || star.Text() != "act on org/repo" || star.Item != "name" {
		t.Errorf("%s by %s (-want +got):\n%s", star.Text(), star.Item, diff)
	}
	report := line(t, p, "GET", "/org/{org_id}/report")
	want = []plan.Parameter{want[0], {Name: "region_id", In: "query", Collection: "region", Property: "id"}}
	if diff := cmp.Diff(want, report.Parameters); diff != "" || !slices.Equal(report.Ignored, []string{"repo_id"}) { // one value is no id of two parts
		t.Errorf("ignored %v (-want +got):\n%s", report.Ignored, diff)
	}
}

func TestCollections(t *testing.T) {
	t.Parallel()
	p := planOf(t, joined(`
		Org = {id:uuid name:str}
		Team = {id:uuid org_id:uuid name:str date_created:date modifiedAt:date}
		Person = {id:uuid name:str}
		Cat = {id:uuid kind:(cat) owner:Person}
		Dog = {id:uuid kind:(dog) owner:Person~}
		Key = {id:uuid name:str created_date:date person_id:uuid}
		NewKey = {id:uuid name:str created_date:date person_id:uuid value:str~}
		Log = {id:uuid team_id:uuid timestamp:date}
		GET /v1/org -> 200 [Org]
		GET /v1/org/{org_id} -> 200 Org
		GET /v1/org/{org_id}/team?limit:int -> 200 {data:[Team]}
		GET /v1/team/{team_id} -> 200 Team
		GET /v1/log/team/{team_id}?limit:int -> 200 {data:[Log]}
		GET /v1/person -> 200 [Person]
		GET /v1/person/{person_id} -> 200 Person
		GET /v1/pet -> 200 [Cat|Dog]
		POST /v1/pet/cat {owner_id:uuid} -> 201 Cat
		GET /v1/pet/{id} -> 200 Cat|Dog
		GET /v1/key -> 200 [Key]
		POST /v1/key {name:str} -> 201 NewKey
		GET /v1/region/{region}/zone -> 200 [{name:str}]
		`))
	const components = "/components/schemas/"
	for _, want := range []plan.Collection{
		{Name: "org", Path: "/v1/org", ItemPath: "/v1/org/{org_id}", Schema: components + "Org", Projections: []plan.Projection{{Schema: components + "Org", Use: plan.List}}},
		{
			Name: "org/team", Path: "/v1/org/{org_id}/team", ItemPath: "/v1/team/{team_id}", Schema: components + "Team",
			Parents: []plan.Parameter{{Name: "org_id", In: "path", Collection: "org", Property: "id"}}, ParentProperty: "org_id", Created: "date_created", Updated: "modifiedAt",
			Projections: []plan.Projection{{Schema: components + "Team", Use: plan.List}}, Links: []plan.Link{{Property: "/org_id", Collection: "org"}},
		},
		{
			Name: "log/team", Path: "/v1/log/team/{team_id}", Schema: components + "Log",
			Parents: []plan.Parameter{{Name: "team_id", In: "path", Collection: "org/team", Property: "id"}}, ParentProperty: "team_id", Created: "timestamp",
			Projections: []plan.Projection{{Schema: components + "Log", Use: plan.List}}, Links: []plan.Link{{Property: "/team_id", Collection: "org/team"}},
		},
		{Name: "person", Path: "/v1/person", ItemPath: "/v1/person/{person_id}", Schema: components + "Person", Projections: []plan.Projection{{Schema: components + "Person", Use: plan.List}}},
		{
			Name: "pet", Path: "/v1/pet", ItemPath: "/v1/pet/{id}", Schema: "/paths/~1v1~1pet~1{id}/get/responses/200/content/application~1json/schema", Creatable: true,
			Projections: []plan.Projection{{Schema: "/paths/~1v1~1pet/get/responses/200/content/application~1json/schema/items", Use: plan.List}, {Schema: components + "Cat", Use: plan.Create}},
			Branches:    []plan.Branch{{Schema: components + "Cat", Discriminator: "kind", Value: "cat"}, {Schema: components + "Dog", Discriminator: "kind", Value: "dog"}},
			Links:       []plan.Link{{Property: "/owner", Collection: "person", Embedded: true, Schema: components + "Person"}},
		},
		{
			Name: "key", Path: "/v1/key", Schema: components + "Key", Creatable: true, Created: "created_date", Once: []string{"value"},
			Projections: []plan.Projection{{Schema: components + "Key", Use: plan.List}, {Schema: components + "NewKey", Use: plan.Create}},
			Links:       []plan.Link{{Property: "/person_id", Collection: "person"}},
		},
		{
			Name: "region/zone", Path: "/v1/region/{region}/zone", Schema: "/paths/~1v1~1region~1{region}~1zone/get/responses/200/content/application~1json/schema/items",
			Parents:     []plan.Parameter{{Name: "region", In: "path"}},
			Projections: []plan.Projection{{Schema: "/paths/~1v1~1region~1{region}~1zone/get/responses/200/content/application~1json/schema/items", Use: plan.List}},
		},
	} {
		t.Run(want.Name, func(t *testing.T) {
			t.Parallel()
			got := p.Collection(want.Name)
			if got == nil {
				t.Fatalf("there is none")
			}
			if diff := cmp.Diff(&want, got, cmpopts.IgnoreFields(plan.Collection{}, "Identity")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if len(p.Collections) != 7 {
		t.Errorf("%d collections, want 7", len(p.Collections))
	}
}

// A collection at the top and one below an item may go by the same word: X_id is
// one of the former, whatever the parameter of the latter is called.
func TestTheCollectionAtTheTopIsMeant(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		Team = {id:uuid name:str}
		GET /action/{id}/team/{team_id} -> 200 Team
		GET /action -> 200 [{id:uuid}]
		GET /action/{id} -> 200 {id:uuid}
		GET /team -> 200 [Team]
		GET /team/{id} -> 200 Team
		GET /call -> 200 [{id:uuid team_id:uuid}]
	`)
	want := []plan.Link{{Property: "/team_id", Collection: "team"}}
	if diff := cmp.Diff(want, p.Collection("call").Links); diff != "" {
		t.Errorf("links of a call (-want +got):\n%s", diff)
	}
}
