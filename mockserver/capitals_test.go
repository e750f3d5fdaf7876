package mockserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func capitals(id any) string { return strings.ToUpper(fmt.Sprint(id)) }

// An id is that of its item in whatever case a path has it: what is done there, and what
// lies below it, is the same.
func TestIDsInCapitalsInPaths(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	for _, agent := range w.list("/v1/agent/?limit=100") {
		at, loud := fmt.Sprint("/v1/agent/", agent["agent_id"]), "/v1/agent/"+capitals(agent["agent_id"])
		if agent["is_published"] == true {
			w.refused("DELETE", loud, nil, 409, "PUBLISHED_AGENT_VERSION_DELETION")
			published := w.list(at + "/version")[0]
			w.refused("DELETE", loud+"/version/"+capitals(published["version_id"]), nil, 409, "PUBLISHED_AGENT_VERSION_DELETION")
		}
		if small, big := column(w.list(at+"/version"), "version_id"), column(w.list(loud+"/version"), "version_id"); !cmp.Equal(small, big) {
			t.Errorf("the versions of %s are %v, of %s %v", loud, big, at, small)
		}
	}

	agent := w.list("/v1/agent/")[0]
	at, loud := fmt.Sprint("/v1/agent/", agent["agent_id"]), "/v1/agent/"+capitals(agent["agent_id"])
	version := w.must("POST", loud+"/version", map[string]any{"version_name": "loud"})
	if got := w.list(at + "/version")[0]; got["version_id"] != version["version_id"] || got["agent_id"] != agent["agent_id"] {
		t.Errorf("a version made at %s is %v of %v, and the newest below %s %v", loud, version["version_id"], version["agent_id"], at, got["version_id"])
	}
	phone := w.list("/v1/phone/")[0]
	published := w.must("PATCH", loud+"/published_version", map[string]any{"version_id": version["version_id"], "inbound_phone_number_id": phone["id"]})
	if got := w.must("GET", fmt.Sprint("/v1/phone/", phone["id"]), nil); published["agent_id"] != agent["agent_id"] || got["inbound_agent_id"] != agent["agent_id"] {
		t.Errorf("published at %s are %v and the phone of %v", loud, published["agent_id"], got["inbound_agent_id"])
	}

	integration := w.must("POST", "/v1/integration", map[string]any{"name": "Shop", "integration_type": "HTTP", "base_url": "https://example.com"})
	tool := map[string]any{"name": "order", "description": "d", "endpoint_path": "/orders", "method": "GET"}
	at, loud = fmt.Sprintf("/v1/integration/%v/tool", integration["id"]), "/v1/integration/"+capitals(integration["id"])+"/tool"
	w.must("POST", at, tool)
	w.refused("POST", loud, tool, 409, "DUPLICATE_FIELD")
	if got := len(w.list(loud)); got != 1 {
		t.Errorf("%s has %d tools, not 1", loud, got)
	}

	base := w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "Prices"})
	item := w.must("POST", "/v1/knowledge/item/text", map[string]any{"name": "Cut", "content": "20 euros", "knowledge_base_id": base["id"]})
	w.must("DELETE", "/v1/knowledge/base/"+capitals(base["id"]), nil)
	if status, _ := w.do("GET", fmt.Sprint("/v1/knowledge/item/", item["id"]), nil); status != 404 {
		t.Errorf("the item of a base that was deleted by an id in capitals answers %d", status)
	}
}

// What a body names by an id in capitals is linked like what it names in small letters,
// and shown as the item has its id.
func TestIDsInCapitalsInBodies(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	first := func(path, property string) any { return w.list(path)[0][property] }
	item, path, phone := first("/v1/knowledge/item/", "id"), first("/v1/path/", "id"), first("/v1/phone/", "id")
	agent := fmt.Sprint(first("/v1/agent/", "agent_id"))
	version := first("/v1/agent/"+agent+"/version", "version_id")
	same := func(what string, got, want any) {
		t.Helper()
		if !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}

	base := w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "Prices", "knowledge_item_ids": []any{capitals(item), item}})
	same("the items of a new base", base["knowledge_item_ids"], []any{item})
	same("the base of its item", w.must("GET", fmt.Sprint("/v1/knowledge/item/", item), nil)["knowledge_base_id"], base["id"])
	text := w.must("POST", "/v1/knowledge/item/text", map[string]any{"name": "Cut", "content": "20 euros", "knowledge_base_id": capitals(base["id"])})
	same("the base of a new text", text["knowledge_base_id"], base["id"])
	same("the items of its base", w.must("GET", fmt.Sprint("/v1/knowledge/base/", base["id"]), nil)["knowledge_item_ids"], []any{item, text["id"]})

	changed := w.must("PATCH", "/v1/agent/"+agent, map[string]any{"knowledge_base_ids": []any{capitals(base["id"])}, "conversational_path_id": capitals(path)})
	same("the bases of an agent", changed["knowledge_base_ids"], []any{base["id"]})
	same("its path", changed["conversational_path_id"], path)
	w.must("DELETE", fmt.Sprint("/v1/knowledge/base/", base["id"]), nil)
	same("its bases after the deletion", w.must("GET", "/v1/agent/"+agent, nil)["knowledge_base_ids"], []any{})

	published := w.must("PATCH", "/v1/agent/"+agent+"/published_version", map[string]any{"version_id": capitals(version), "inbound_phone_number_id": capitals(phone)})
	same("the published version", published["published_version_id"], version)
	same("its phone", published["inbound_phone_number_id"], phone)

	p, err := w.srv.Project("demo")
	try(t, err)
	call, err := p.Collection("call").Create(map[string]any{"agent_id": strings.ToUpper(agent), "agent_version_id": capitals(version)})
	try(t, err)
	got := w.must("GET", "/v1/call/"+call.ID, nil)
	same("the agent of a call that was set", got["agent_id"], agent)
	same("its version", got["agent_version_id"], version)
	_, err = p.Collection("call").Update(strings.ToUpper(call.ID), map[string]any{"agent_id": strings.ToUpper(agent)})
	try(t, err)
	same("the agent of a call that was changed", w.must("GET", "/v1/call/"+call.ID, nil)["agent_id"], agent)
	made, err := p.Collection("agent/version").Create(map[string]any{"agent_id": strings.ToUpper(agent)})
	try(t, err)
	same("the newest version", first("/v1/agent/"+agent+"/version", "version_id"), made.ID)
}
