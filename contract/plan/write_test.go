package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/contract/plan"
)

func TestMappings(t *testing.T) {
	t.Parallel()
	const item = `
		Voice = {id:uuid name:str}
		Role = {id:uuid name:str}
		Flow = {id:str name:str}
		Agent = {agent_id:uuid name:str description?:str voice:Voice flows:[Flow] role:Role state:(on,off) sip_config:{uri:str user:str} invited_email:str source_voice_id:uuid created_at:date}
		GET /voice -> 200 [Voice]
		GET /voice/{voice_id} -> 200 Voice
		GET /role -> 200 [Role]
		GET /flow -> 200 [Flow]
		GET /flow/{flow_id} -> 200 Flow
		GET /agent?limit:int -> 200 {data:[Agent]}
		GET /agent/{agent_id} -> 200 Agent
	`
	for _, test := range []struct {
		name, operation string
		mappings        []plan.Mapping
		unkept          []string
		into            string
	}{
		{"same names", "POST /agent {name:str description?:str} -> 201 Agent", []plan.Mapping{{From: "name", To: "name", How: plan.Same}, {From: "description", To: "description", How: plan.Same}}, nil, ""},
		{"other words of the same name", "POST /agent {createdAt:date} -> 201 Agent", []plan.Mapping{{From: "createdAt", To: "created_at", How: plan.Renamed}}, nil, ""},
		{"an id whose item is shown", "POST /agent {voice_id:uuid} -> 201 Agent", []plan.Mapping{{From: "voice_id", To: "voice", How: plan.Embeds, Collection: "voice"}}, nil, ""},
		{"ids whose items are shown", "POST /agent {flow_ids:[str]} -> 201 Agent", []plan.Mapping{{From: "flow_ids", To: "flows", How: plan.Embeds, Collection: "flow", Many: true}}, nil, ""},
		{"a name whose item is shown", "PATCH /agent/{agent_id} {role:(admin,reader)} -> 200 Agent", []plan.Mapping{{From: "role", To: "role", How: plan.Embeds, Collection: "role", By: "name"}}, nil, ""},
		{"the only property that ends so", "POST /agent {email:str} -> 201 Agent", []plan.Mapping{{From: "email", To: "invited_email", How: plan.Renamed}}, nil, ""},
		{"a longer name for it", "POST /agent {agent_name:str} -> 201 Agent", []plan.Mapping{{From: "agent_name", To: "name", How: plan.Renamed}}, nil, ""},
		{"an id is never renamed", "POST /agent {other_source_voice_id:uuid} -> 201 Agent", nil, []string{"other_source_voice_id"}, ""},
		{"no place for it", "POST /agent {colour:str} -> 201 Agent", nil, []string{"colour"}, ""},
		{"another type has no place", "POST /agent {agent_name:int} -> 201 Agent", nil, []string{"agent_name"}, ""},
		{"a query parameter of a creation", "POST /agent?state:(on,off) {name:str} -> 201 Agent", []plan.Mapping{{From: "name", To: "name", How: plan.Same}, {From: "state", In: "query", To: "state", How: plan.Same}}, nil, ""},
		{"an action on a property of its name", "PATCH /agent/{agent_id}/sip-config {uri:str user:str} -> 200 Agent", []plan.Mapping{{From: "uri", To: "uri", How: plan.Same}, {From: "user", To: "user", How: plan.Same}}, nil, "/sip_config"},
		{"an action with a property of its own name", "PATCH /agent/{agent_id}/state {state:(on,off)} -> 200 Agent", []plan.Mapping{{From: "state", To: "state", How: plan.Same}}, nil, ""},
		{"an action that speaks of something else", "POST /agent/{agent_id}/step {name:str position:int} -> 200 Agent", nil, []string{"position", "name"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			words := strings.FieldsFunc(test.operation, func(r rune) bool { return r == ' ' || r == '?' })
			l := line(t, planOf(t, item+test.operation), words[0], words[1])
			if l.Write == nil {
				t.Fatalf("%s writes nothing", l.Text())
			}
			got := *l.Write
			if diff := cmp.Diff(test.mappings, got.Mappings); diff != "" {
				t.Errorf("mappings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unkept, got.Unkept, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("unkept (-want +got):\n%s", diff)
			}
			if got.Into != test.into {
				t.Errorf("into %q, want %q", got.Into, test.into)
			}
		})
	}
}

func TestWrites(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		Item = {id:uuid name:str base_id:uuid~ done:bool}
		Base = {id:uuid name:str}
		GET /base -> 200 [Base]
		GET /base/{base_id} -> 200 Base
		GET /item?limit:int -> 200 {data:[Item]}
		GET /item/{item_id} -> 200 Item
		PUT /item Item -> 200 Item
		POST /item/import {items:[{name:str}] base_id?:uuid} -> 200 {made:[Item] failed:[str]}
		POST /item/bulk-delete {item_ids:[uuid]} -> 200 {deleted:int}
		PATCH /item/done {changes:[{item_id:uuid done:bool}]} -> 204
		POST /doc {data:{title:str}} -> 201 {data:{id:uuid title:str}}
		GET /doc?limit:int -> 200 {data:[{id:uuid title:str}]}
		GET /note/{id}/draft -> 200 {content:any}
		PUT /note/{id}/draft {payload:any} -> 204
	`)
	same := func(name string) plan.Mapping { return plan.Mapping{From: name, To: name, How: plan.Same} }
	link := func(at, to string, many bool) []plan.Link {
		return []plan.Link{{Property: at, Collection: to, Many: many}}
	}
	for _, test := range []struct {
		why, method, path string
		want              plan.Write
	}{
		{"the body names the item", "PUT", "/item", plan.Write{
			Identity: "id", Mappings: []plan.Mapping{same("id"), same("name"), same("base_id"), same("done")},
			Links: []plan.Link{{Property: "/base_id", Collection: "base", Nullable: true}},
		}},
		{"an array of items, and what all of them share", "POST", "/item/import", plan.Write{
			Data: "/items", Items: true, Mappings: []plan.Mapping{same("name")}, Shared: []plan.Mapping{same("base_id")}, Links: link("/base_id", "base", false),
		}},
		{"ids alone", "POST", "/item/bulk-delete", plan.Write{IDs: "/item_ids", Links: link("/item_ids", "item", true)}},
		{"ids with what to change", "PATCH", "/item/done", plan.Write{
			IDs: "/changes/*/item_id", Data: "/changes", Items: true, Identity: "item_id", Mappings: []plan.Mapping{same("done")}, Links: link("/changes/*/item_id", "item", false),
		}},
		{"a wrapper, as the answer has it", "POST", "/doc", plan.Write{Data: "/data", Mappings: []plan.Mapping{same("title")}}},
		{"the only property of any type", "PUT", "/note/{id}/draft", plan.Write{Mappings: []plan.Mapping{{From: "payload", To: "content", How: plan.Renamed}}}},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			l := line(t, p, test.method, test.path)
			if l.Write == nil {
				t.Fatalf("%s writes nothing", l.Text())
			}
			got := *l.Write
			if got.Media != "application/json" || got.Schema == "" {
				t.Errorf("the body is %q %q", got.Media, got.Schema)
			}
			got.Media, got.Schema = "", ""
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		Hook = {id:uuid url:str start:date}
		Made = {id:uuid url:str start:date secret:str}
		Check = {id:uuid state:str}
		Room = {id:uuid name:str}
		Invitation = {id:uuid room_id:uuid}
		GET /hook -> 200 [Hook]
		POST /hook {url:str} -> 201 Made
		GET /hook/{hook_id} -> 200 Hook
		DELETE /hook/{hook_id} -> 200 {id:uuid deleted:bool}
		POST /hook/{hook_id}/rotate -> 200 {secret:str}
		GET /trace/hook/{hook_id} -> 200 {id:str hook_id:uuid start:date spans:int}
		POST /hook/{hook_id}/try {depth:int} -> 200 {hook_id:uuid depth:int ok:bool}
		GET /check -> 200 [Check]
		POST /check {} -> 200 {check_id:uuid}
		POST /check/{check_id}/copy {check_state?:str} -> 201 {check_id:uuid check_state:str}
		GET /check/{check_id} -> 200 Check
		POST /check/bulk-delete {check_ids:[uuid]} -> 200 {deleted:int}
		GET /room -> 200 [Room]
		GET /invitation/{id} -> 200 Invitation
		POST /invitation/{id}/join -> 200 Room
	`)
	for _, test := range []struct {
		why, method, path string
		want              plan.Answer
	}{
		{"what is shown once", "POST", "/hook", plan.Answer{Status: 201, HasItem: true, Once: []string{"secret"}}},
		{"what is made anew", "POST", "/hook/{hook_id}/rotate", plan.Answer{Status: 200, Once: []string{"secret"}}},
		{"the identity of what is gone", "DELETE", "/hook/{hook_id}", plan.Answer{Status: 200, Mappings: []plan.Mapping{{From: "id", To: "id", How: plan.Same}}}},
		{"a view takes over what the item has, but its own id", "GET", "/trace/hook/{hook_id}", plan.Answer{Status: 200, Mappings: []plan.Mapping{
			{From: "id", To: "hook_id", How: plan.Renamed}, {From: "start", To: "start", How: plan.Same},
		}}},
		{"a sample that says what it was asked", "POST", "/hook/{hook_id}/try", plan.Answer{Status: 200, Echo: []string{"depth"}, Mappings: []plan.Mapping{{From: "hook_id", In: "path", To: "hook_id", How: plan.Same}}}},
		{"the identity under the resource's name", "POST", "/check", plan.Answer{Status: 200, Mappings: []plan.Mapping{{From: "id", To: "check_id", How: plan.Renamed}}}},
		{"what is sent under another name is answered as the item has it", "POST", "/check/{check_id}/copy", plan.Answer{Status: 201, Mappings: []plan.Mapping{
			{From: "id", To: "check_id", How: plan.Renamed}, {From: "state", To: "check_state", How: plan.Renamed},
		}}},
		{"how many it was", "POST", "/check/bulk-delete", plan.Answer{Status: 200, Count: "/deleted"}},
		{"the item that the item names", "POST", "/invitation/{id}/join", plan.Answer{Status: 200, HasItem: true, Of: "room", By: "/room_id"}},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			got := line(t, p, test.method, test.path).Answer
			if got.HasItem != (got.Item != "") {
				t.Errorf("has_item %v, and the item's schema is %q", got.HasItem, got.Item)
			}
			got.Media, got.Schema, got.Item = "", "", ""
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	l := line(t, planOf(t, `
		Problem = {code:str}
		GET /hook/{hook_id} -> 200 {id:uuid}, 404 Problem, 4XX {error:str}, default
	`), "GET", "/hook/{hook_id}")
	for _, test := range []struct{ why, status, want, schema string }{
		{"its own", "404", "404", "/components/schemas/Problem"},
		{"its range", "409", "4XX", "/paths/~1hook~1{hook_id}/get/responses/4XX/content/application~1json/schema"},
		{"all others", "500", "default", ""},
		{"no status at all", "", "default", ""},
	} {
		if r := l.Refusal(test.status); r == nil || r.Status != test.want || r.Schema != test.schema {
			t.Errorf("%s: the refusal for %q is %+v, want that of %s", test.why, test.status, r, test.want)
		}
	}
}
