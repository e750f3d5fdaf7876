package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// whole is a client of Diga's newest document.
type whole struct {
	t   *testing.T
	srv *mockserver.Server
	key string
}

func newWhole(t *testing.T, options ...mockserver.Option) whole {
	t.Helper()
	document := spectest.Shared(t, "diga/openapi-2026-07-22.json")
	return whole{t, mockserver.Start(t, append(options, mockserver.WithDocument(parsed(t, string(document))))...), mockserver.UnrestrictedKey}
}

func (w whole) do(method, path string, body any) (int, map[string]any) {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		try(w.t, json.NewEncoder(&sent).Encode(body))
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.srv.URL()+path, &sent)
	try(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := w.srv.Client(w.key).Do(r)
	try(w.t, err)
	defer resp.Body.Close()
	var got any
	_ = json.NewDecoder(resp.Body).Decode(&got) // there may be none
	if list, ok := got.([]any); ok {
		got = map[string]any{"data": list}
	}
	object, _ := got.(map[string]any)
	return resp.StatusCode, object
}

func (w whole) must(method, path string, body any) map[string]any {
	w.t.Helper()
	status, got := w.do(method, path, body)
	if status >= 300 {
		w.t.Fatalf("%s %s answered %d: %v", method, path, status, got)
	}
	return got
}

func (w whole) refused(method, path string, body any, status int, code string) {
	w.t.Helper()
	if got, answer := w.do(method, path, body); got != status || answer["error_code"] != code {
		w.t.Errorf("%s %s answered %d %v, want %d %s", method, path, got, answer, status, code)
	}
}

func (w whole) list(path string) (items []map[string]any) {
	w.t.Helper()
	data, _ := w.must(http.MethodGet, path, nil)["data"].([]any)
	for _, one := range data {
		item, _ := one.(map[string]any)
		items = append(items, item)
	}
	return items
}

func column(items []map[string]any, name string) (all []any) {
	for _, item := range items {
		all = append(all, item[name])
	}
	return all
}

func TestVersionsOfAgents(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	voice := w.list("/v1/voice/")[0]["id"]
	agent := w.must("POST", "/v1/agent/", map[string]any{"name": "Ada", "voice_id": voice, "language": "es", "mode": "free", "prompt": "Be kind."})
	at := fmt.Sprint("/v1/agent/", agent["agent_id"])
	if agent["is_draft"] != true || agent["is_published"] != false || agent["version_number"] != 1.0 {
		t.Errorf("a new agent is draft %v, published %v, number %v", agent["is_draft"], agent["is_published"], agent["version_number"])
	}
	w.must("PATCH", at, map[string]any{"prompt": "Be brief."})
	second := w.must("POST", at+"/version", map[string]any{"version_name": "brief"})
	w.must("PATCH", at, map[string]any{"prompt": "Be silent."})
	for property, want := range map[string]any{"version_number": 2.0, "version_name": "brief", "prompt": "Be brief.", "is_draft": false, "is_published": false, "agent_id": agent["agent_id"], "name": "Ada"} {
		if second[property] != want {
			t.Errorf("the second version's %s is %v, want %v", property, second[property], want)
		}
	}
	if got := column(w.list(at+"/version"), "version_number"); !cmp.Equal(got, []any{2.0, 1.0}) {
		t.Errorf("the versions are %v", got)
	}
	id := second["version_id"]
	if got := w.must("GET", fmt.Sprintf("%s?version_id=%v", at, id), nil); got["prompt"] != "Be brief." || got["version_number"] != 2.0 {
		t.Errorf("the second version is read as %v %q", got["version_number"], got["prompt"])
	}
	w.refused("GET", fmt.Sprintf("%s?version_id=%v&is_published=true", at, id), nil, 400, "BAD_PARAMETER")
	w.refused("GET", at+"?is_published=true", nil, 404, "AGENT_NOT_FOUND")

	phones := w.list("/v1/phone/")
	published := w.must("PATCH", at+"/published_version", map[string]any{"version_id": id, "inbound_phone_number_id": phones[0]["id"], "outbound_phone_number_id": phones[1]["id"]})
	if published["agent_id"] != agent["agent_id"] || published["published_version_id"] != id || published["inbound_phone_number_id"] != phones[0]["id"] {
		t.Errorf("publishing answered %v", published)
	}
	if got := w.must("GET", at+"?is_published=true", nil); got["version_id"] != id || got["is_published"] != true {
		t.Errorf("the published version is %v", got["version_id"])
	}
	for path, property := range map[string]string{fmt.Sprint("/v1/phone/", phones[0]["id"]): "inbound_agent_id", fmt.Sprint("/v1/phone/", phones[1]["id"]): "outbound_agent_id"} {
		if got := w.must("GET", path, nil); got[property] != agent["agent_id"] {
			t.Errorf("%s of %s is %v", property, path, got[property])
		}
	}
	nobody := "2c6a1e1e-6f8b-4d0e-9d53-0a2e7f6f2b11"
	w.refused("PATCH", at+"/published_version", map[string]any{"version_id": nobody}, 400, "BAD_PARAMETER")
	w.refused("PATCH", at+"/published_version", map[string]any{"version_id": id, "inbound_phone_number_id": nobody}, 400, "BAD_PARAMETER")
	w.refused("PATCH", "/v1/agent/"+nobody+"/published_version", map[string]any{}, 404, "AGENT_NOT_FOUND")
	w.refused("DELETE", at, nil, 409, "PUBLISHED_AGENT_VERSION_DELETION")
	_, refusal := w.do("DELETE", fmt.Sprintf("%s/version/%v", at, id), nil)
	if want := fmt.Sprintf("Cannot delete published version %v of agent %v", id, agent["agent_id"]); refusal["error_code"] != "PUBLISHED_AGENT_VERSION_DELETION" || refusal["message"] != want {
		t.Errorf("deleting the published version answered %v, want %s", refusal, want)
	}

	w.must("PATCH", at+"/published_version", map[string]any{"version_id": nil})
	w.must("DELETE", fmt.Sprintf("%s/version/%v", at, id), nil)
	if third := w.must("POST", at+"/version", map[string]any{}); third["version_number"] != 3.0 {
		t.Errorf("after a deletion the next version is %v: numbers never come again", third["version_number"])
	}
	w.must("DELETE", at, nil)
}

// Agents that are there from the start have numbered versions, of which the last may
// be published, and the dropdown lists the same.
func TestVersionsFromTheStart(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	dropdown := map[any]int{}
	for _, agent := range w.list("/v1/agent/versions-dropdown/dashboard") {
		versions, _ := agent["versions"].([]any)
		dropdown[agent["agent_id"]] = len(versions)
	}
	published := 0
	for _, agent := range w.list("/v1/agent/?limit=100") {
		versions := w.list(fmt.Sprintf("/v1/agent/%v/version", agent["agent_id"]))
		numbers := column(versions, "version_number")
		for i, n := range numbers {
			if n != float64(len(numbers)-i) {
				t.Errorf("the versions are numbered %v", numbers)
			}
		}
		if agent["version_number"] != float64(len(versions)) || agent["is_draft"] != true || versions[0]["is_published"] != agent["is_published"] {
			t.Errorf("an agent of number %v, draft %v, published %v has versions %v, the last published %v", agent["version_number"], agent["is_draft"], agent["is_published"], numbers, versions[0]["is_published"])
		}
		if agent["is_published"] == true {
			published++
		}
		if dropdown[agent["agent_id"]] != len(versions)+1 {
			t.Errorf("the dropdown has %d of %d versions and a draft", dropdown[agent["agent_id"]], len(versions))
		}
	}
	if published == 0 || published == len(dropdown) {
		t.Errorf("%d of %d agents are published", published, len(dropdown))
	}
}

func TestLastOnesStay(t *testing.T) {
	t.Parallel()
	w := newWhole(t, mockserver.WithItems(3))
	projects := w.list("/v1/project/")
	at := fmt.Sprint("/v1/project/", projects[0]["id"])
	members := w.list(at + "/member")
	if projects[0]["members_count"] != float64(len(members)) {
		t.Errorf("a project of %v members lists %d", projects[0]["members_count"], len(members))
	}
	role := func(member map[string]any) any {
		of, _ := member["role"].(map[string]any)
		return of["name"]
	}
	var names []any
	for _, r := range w.list("/v1/role/") {
		names = append(names, r["name"])
	}
	if !cmp.Equal(names, []any{"admin", "member", "reader"}) && !cmp.Equal(names, []any{"reader", "member", "admin"}) {
		t.Errorf("the roles are %v", names)
	}
	var administrators, others []string
	for _, m := range members {
		if role(m) == "admin" {
			administrators = append(administrators, fmt.Sprint(at, "/member/", m["id"]))
		} else {
			others = append(others, fmt.Sprint(at, "/member/", m["id"]))
		}
	}
	if len(administrators) != 1 || len(others) != 2 {
		t.Fatalf("of %d members %d are administrators", len(members), len(administrators))
	}
	w.refused("DELETE", administrators[0], nil, 400, "CANNOT_REMOVE_LAST_ADMIN")
	w.refused("PATCH", administrators[0]+"/role", map[string]any{"role": "reader"}, 400, "CANNOT_REMOVE_LAST_ADMIN")
	w.must("PATCH", others[0]+"/role", map[string]any{"role": "admin"})
	if got := w.must("GET", others[0], nil); role(got) != "admin" {
		t.Errorf("a member who became an administrator is %v", role(got))
	}
	w.must("DELETE", administrators[0], nil)
	if got := w.must("GET", at, nil); got["members_count"] != 2.0 {
		t.Errorf("of 3 members one was removed, and %v are counted", got["members_count"])
	}
	for _, p := range projects[1:] {
		w.must("DELETE", fmt.Sprint("/v1/project/", p["id"]), nil)
	}
	w.refused("DELETE", at, nil, 400, "LAST_PROJECT")
}

// A client that asks for one project gets that of its key, whichever it is, and however
// many others there are.
func TestTheFirstProjectIsThatOfTheKey(t *testing.T) {
	t.Parallel()
	for _, items := range []int{0, 1, 25} {
		w := newWhole(t, mockserver.WithItems(items))
		other, err := w.srv.CreateProject("other", 1)
		try(t, err)
		demo, err := w.srv.Project("demo")
		try(t, err)
		for key, own := range map[string]*mockserver.Project{mockserver.UnrestrictedKey: demo, other.AdminKey: other} {
			w.key = key
			list := w.list("/v1/project/?limit=50")
			if len(list) != max(items, 1) || list[0]["id"] != own.ID().String() || list[0]["name"] != own.Name() {
				t.Errorf("with %d items, %d projects are listed, the first %v, want %s %s", items, len(list), list[0], own.Name(), own.ID())
			}
			if got := w.must(http.MethodGet, "/v1/project/"+own.ID().String(), nil); got["name"] != own.Name() {
				t.Errorf("the project itself is %v, want %s", got, own.Name())
			}
		}
	}
}

func TestInvitationsMakeMembers(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	at := fmt.Sprint("/v1/project/", w.list("/v1/project/")[0]["id"])
	before := w.list(at + "/member?limit=100")
	for _, role := range []string{"admin", "reader"} {
		email := role + "@example.com"
		sent := w.must("POST", "/v1/project/invitation/send", map[string]any{"email": email, "role": role})
		join := fmt.Sprint("/v1/project/invitation/", sent["id"], "/join")
		if joined := w.must("POST", join, nil); "/v1/project/"+fmt.Sprint(joined["id"]) != at || joined["members_count"] != float64(len(before)+1) {
			t.Errorf("joining a project of %d answers %v", len(before), joined)
		}
		w.refused("POST", join, nil, 404, "INVITATION_NOT_FOUND")
		w.refused("POST", "/v1/project/invitation/send", map[string]any{"email": email}, 409, "PROFILE_ALREADY_IN_PROJECT")
		now := w.list(at + "/member?limit=100")
		of, _ := now[0]["role"].(map[string]any)
		if len(now) != len(before)+1 || now[0]["email"] != email || of["name"] != role {
			t.Errorf("of %d members the newest is %v, want %s as %s", len(now), now[0], email, role)
		}
		before = now
	}
}

// An invitation is to the project of the key, whatever has become of the item of that project.
func TestInvitationsAreToTheProjectOfTheKey(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(w whole, at string){
		"there":   func(whole, string) {},
		"renamed": func(w whole, at string) { w.must("PATCH", at, map[string]any{"name": "Salon"}) },
		"deleted": func(w whole, at string) { w.must("DELETE", at, nil) },
	} {
		w := newWhole(t)
		demo, err := w.srv.Project("demo")
		try(t, err)
		at := fmt.Sprint("/v1/project/", demo.ID())
		before(w, at)
		want := map[bool]string{true: "Salon", false: "demo"}[name == "renamed"]
		if sent := w.must("POST", "/v1/project/invitation/send", map[string]any{"email": "a@example.com", "role": "reader"}); sent["project_id"] != demo.ID().String() || sent["project_name"] != want {
			t.Errorf("%s: the invitation is to %v %v, want %s %s", name, sent["project_id"], sent["project_name"], demo.ID(), want)
		}
	}
}

func TestCallsFromPhonesOfTheProject(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	phone := w.list("/v1/phone/")[0]
	for _, from := range []any{phone["number"], phone["id"]} {
		call := w.must("POST", "/v1/call/", map[string]any{"from_number": from, "to_number": "+34600000001"})
		contact, _ := call["contact"].(map[string]any)
		if contact["identifier"] != "+34600000001" || call["phone_register_id"] != phone["id"] || call["agent_id"] != phone["outbound_agent_id"] || call["status"] != "dialing" || call["type"] != "outbound" {
			t.Errorf("a call from %v is %v", from, call)
		}
	}
	w.refused("POST", "/v1/call/", map[string]any{"from_number": "+34600000000", "to_number": "+34600000001"}, 404, "PHONE_NUMBER_NOT_FOUND")
	for _, number := range []string{"+4915112345", "+34", "+34 ", "+3460000000", "+346000000011", "+34abcdefghi", "600000001"} {
		w.refused("POST", "/v1/call/", map[string]any{"from_number": phone["number"], "to_number": number}, 400, "NON_SPANISH_PHONE_NUMBER")
	}
}

// A call that has not ended says so, is counted as active, and is not deleted with others.
func TestActiveCalls(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	calls := w.list("/v1/call/?limit=50")
	active := 0
	for i, c := range calls {
		contact, _ := c["contact"].(map[string]any)
		if number, _ := contact["identifier"].(string); contact["contact_type"] == "call" && !strings.HasPrefix(number, "+34") {
			t.Errorf("a phone call is with %v", contact)
		}
		if c["status"] == "completed" {
			if c["start_time"] == nil || c["end_time"] == nil || c["duration"] == nil {
				t.Errorf("call %d has ended: %v", i, c)
			}
			continue
		}
		active++
		if c["end_time"] != nil || c["duration"] != nil || c["end_reason"] != nil || c["recording_url"] != nil || (c["start_time"] != nil) != (c["status"] == "in_progress") {
			t.Errorf("call %d is %v: %v", i, c["status"], c)
		}
	}
	if got := w.must("GET", "/v1/call/concurrency/stream", nil); active != 3 || len(got) != 1 || got["active_calls"] != float64(active) {
		t.Errorf("%d calls are active, and the stream counts %v", active, got)
	}
	ids := column(calls, "id")
	if got := w.must("POST", "/v1/call/bulk-delete", map[string]any{"call_ids": ids}); got["deleted"] != float64(len(ids)-active) {
		t.Errorf("of %d calls, %d active, were deleted %v", len(ids), active, got["deleted"])
	}
	if left := w.list("/v1/call/"); len(left) != active {
		t.Errorf("%d calls are left, %d were active", len(left), active)
	}
}

// What a filter takes is what items have, also where their schema does not list it.
func TestLogsAreFiltered(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	seen := 0
	for _, c := range w.list("/v1/call/?limit=50") {
		for _, level := range []string{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"} {
			for _, entry := range w.list(fmt.Sprintf("/v1/log/call/%v?level=%s", c["id"], level)) {
				if seen++; entry["level"] != level {
					t.Errorf("asked for %s and got %v", level, entry["level"])
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no level finds any entry")
	}
}

// A base names the items that say they are its, counts them, and takes them with it.
func TestKnowledgeAgrees(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	agree := func() {
		t.Helper()
		want := map[any]int{}
		for _, item := range w.list("/v1/knowledge/item/?limit=1000") {
			if item["knowledge_base_id"] != nil {
				want[item["knowledge_base_id"]]++
			}
		}
		for _, base := range w.list("/v1/knowledge/base/?limit=100") {
			ids, _ := base["knowledge_item_ids"].([]any)
			if base["item_count"] != float64(len(ids)) || len(ids) != want[base["id"]] {
				t.Errorf("a base of %v items names %d, and %d say they are its", base["item_count"], len(ids), want[base["id"]])
			}
		}
	}
	agree()
	for _, first := range []string{"item", "base"} { // whichever is asked for first
		other := newWhole(t)
		other.list("/v1/knowledge/" + first + "/")
		named := 0
		for _, base := range other.list("/v1/knowledge/base/?limit=100") {
			ids, _ := base["knowledge_item_ids"].([]any)
			named += len(ids)
		}
		if items := other.list("/v1/knowledge/item/?limit=1000"); named == 0 || named > len(items) {
			t.Errorf("asked for %ss first, bases name %d of %d items", first, named, len(items))
		}
	}
	base := w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "Prices"})
	at := fmt.Sprint("/v1/knowledge/base/", base["id"])
	item := w.must("POST", "/v1/knowledge/item/text", map[string]any{"name": "Cut", "content": "20 euros", "knowledge_base_id": base["id"]})
	if item["category"] != "txt" || item["content"] != "20 euros" || item["status"] != "uploaded" {
		t.Errorf("a text became %v", item)
	}
	itemAt := fmt.Sprint("/v1/knowledge/item/", item["id"])
	if got := w.must("GET", itemAt, nil); got["category"] != "txt" || got["content"] != "20 euros" {
		t.Errorf("a text is read as %v", got)
	}
	if got := w.must("GET", at, nil); got["item_count"] != 1.0 {
		t.Errorf("a base with an item counts %v", got["item_count"])
	}
	agree()
	second := w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "All", "knowledge_item_ids": []any{item["id"]}})
	if second["item_count"] != 1.0 {
		t.Errorf("a base that names an item counts %v", second["item_count"])
	}
	agree()
	w.must("DELETE", itemAt, nil)
	if got := w.must("GET", fmt.Sprint("/v1/knowledge/base/", second["id"]), nil); got["item_count"] != 0.0 {
		t.Errorf("without its item it counts %v", got["item_count"])
	}
	item = w.must("POST", "/v1/knowledge/item/text", map[string]any{"name": "Dye", "content": "40 euros", "knowledge_base_id": base["id"]})
	w.must("DELETE", at, nil)
	if status, _ := w.do("GET", fmt.Sprint("/v1/knowledge/item/", item["id"]), nil); status != http.StatusNotFound {
		t.Errorf("the item of a base that is gone answers %d", status)
	}
	agree()
}

func TestTestedFlowsAndTemplates(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	template := w.list("/v1/workflow/template")[0]
	copied := w.must("POST", fmt.Sprintf("/v1/workflow/template/%v/copy", template["id"]), map[string]any{"flow_name": "Remind"})
	at := fmt.Sprint("/v1/workflow/", copied["flow_id"])
	if flow := w.must("GET", at, nil); flow["name"] != "Remind" || copied["flow_name"] != "Remind" {
		t.Errorf("the copy of a template is %v", flow)
	}
	before := w.list(at + "/executions")
	run := w.must("POST", at+"/test", nil)
	after := w.list(at + "/executions")
	if len(after) != len(before)+1 || after[0]["id"] != run["runId"] || after[0]["status"] != run["status"] || run["success"] != true {
		t.Errorf("a test is run %v, and the newest of %d executions, before %d, is %v", run["runId"], len(after), len(before), after[0]["id"])
	}
	if got := w.must("GET", fmt.Sprint("/v1/workflow/executions/", run["runId"]), nil); got["flowId"] != copied["flow_id"] {
		t.Errorf("the execution is of %v, not %v", got["flowId"], copied["flow_id"])
	}
}

// Eight operations of 136 are made up in every dialect; Diga's leaves fewer.
func TestFewAnswersAreMadeUp(t *testing.T) {
	t.Parallel()
	if got := newWhole(t).srv.Served(); got != "every operation of the document (136, 5 with made-up answers)" {
		t.Errorf("served: %s", got)
	}
}

// A schema does not say all that a key's name must be; what refuses it names the place.
func TestARefusedKeyNamesTheBody(t *testing.T) {
	t.Parallel()
	status, got := newWhole(t).do("POST", "/v1/api_key/", map[string]any{"name": "", "restricted": false})
	detail, _ := json.Marshal(got["detail"])
	if status != http.StatusUnprocessableEntity || !bytes.Contains(detail, []byte(`"loc":["body"`)) {
		t.Errorf("a key without a name: %d %v, want 422 at the body", status, got)
	}
}

// Permissions are for restricted keys alone, as the document's words on them say: of
// another they say nothing, and its answers show what the profile has for it.
func TestPermissionsOfAnUnrestrictedKey(t *testing.T) {
	t.Parallel()
	for profile, want := range map[mockserver.UnrestrictedPermissions]any{mockserver.UnrestrictedPermissionsNull: nil, mockserver.UnrestrictedPermissionsEmpty: []any{}} {
		w := newWhole(t, mockserver.WithProfile(mockserver.Profile{UnrestrictedPermissions: profile}))
		made := w.must("POST", "/v1/api_key/", map[string]any{"name": "CI", "restricted": false, "permissions": []string{"calls.view"}})
		at := fmt.Sprint("/v1/api_key/", made["id"])
		for what, key := range map[string]map[string]any{
			"created": made, "read": w.must("GET", at, nil), "listed": w.list("/v1/api_key/?limit=1")[0],
			"changed": w.must("PATCH", at, map[string]any{"permissions": []string{"calls.view"}}), "read again": w.must("GET", at, nil),
		} {
			if key["restricted"] != false || !cmp.Equal(key["permissions"], want) {
				t.Errorf("by %s: %s, restricted is %v and permissions are %v, want %v", profile, what, key["restricted"], key["permissions"], want)
			}
		}
		if a := call(t, "GET", w.srv.URL()+"/v1/agent/", as(fmt.Sprint(made["value"]))); a.status != http.StatusOK {
			t.Errorf("an unrestricted key is answered %d", a.status)
		}
	}
}

// A key ends at the date that it was given, however that is written.
func TestKeysExpire(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	for expiry, want := range map[any]int{
		nil: http.StatusOK, "2026-01-15T09:31:00Z": http.StatusOK, "2026-01-15t09:29:00z": http.StatusForbidden, "2026-01-15T10:29:00.25+01:00": http.StatusForbidden,
		"2016-12-31T23:59:60Z": http.StatusForbidden, "2026-01-15t10:31:00+01:00": http.StatusOK,
	} {
		made := w.must("POST", "/v1/api_key/", map[string]any{"name": "CI", "restricted": false, "expiry_date": expiry})
		if a := call(t, "GET", w.srv.URL()+keysPath, as(fmt.Sprint(made["value"]))); a.status != want {
			t.Errorf("a key that expires at %v is answered %d at 2026-01-15T09:30:00Z, want %d", expiry, a.status, want)
		}
	}
}

// What an operation documents besides its validation is answered where its words say so.
func TestDocumentedRefusals(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	const unknown = "00000000-0000-4000-8000-000000000001"
	tool := func(name string) map[string]any {
		return map[string]any{"name": name, "description": "Books", "endpoint_path": "/slots", "method": "GET"}
	}
	of := map[any]string{}
	for _, one := range w.list("/v1/integration?limit=100") {
		of[one["integration_type"]] = fmt.Sprintf("/v1/integration/%v/tool", one["id"])
	}
	first, second := w.must("POST", of["HTTP"], tool("book")), w.must("POST", of["HTTP"], tool("cancel"))
	w.refused("POST", of["HTTP"], tool("book"), 409, "DUPLICATE_FIELD")
	w.refused("PATCH", fmt.Sprint(of["HTTP"], "/", second["id"]), tool("book"), 409, "DUPLICATE_FIELD")
	w.must("PATCH", fmt.Sprint(of["HTTP"], "/", first["id"]), tool("book")) // its own name
	for method, path := range map[string]string{"POST": "", "PATCH": "/" + unknown, "DELETE": "/" + unknown} {
		w.refused(method, of["MCP"]+path, tool("book"), 400, "INTEGRATION_TYPE")
	}

	recorded := func(want bool) (ids []any) {
		for _, call := range w.list("/v1/call/?limit=100") {
			if (call["recording_url"] != nil) == want {
				ids = append(ids, call["id"])
			}
		}
		return ids
	}
	w.refused("POST", "/v1/recording/bulk", map[string]any{"call_ids": append(recorded(false)[:1], unknown)}, 404, "NO_RECORDINGS_FOUND")
	w.must("POST", "/v1/recording/bulk", map[string]any{"call_ids": append(recorded(true)[:1], unknown)})

	agent := w.list("/v1/agent/")[0]
	w.refused("DELETE", fmt.Sprintf("/v1/agent/%v/version/%v", agent["agent_id"], agent["version_id"]), nil, 409, "PUBLISHED_AGENT_VERSION_DELETION")
	w.refused("POST", fmt.Sprintf("/v1/agent/%v/duplicate", agent["agent_id"]), map[string]any{"target_project_id": unknown}, 400, "BAD_PARAMETER")

	for _, email := range []string{"ada", "ada@", "Ada <ada@example.com>", ""} {
		w.refused("POST", "/v1/project/invitation/send", map[string]any{"email": email}, 400, "INVALID_EMAIL")
	}
	made := w.must("POST", "/v1/project/invitation/send", map[string]any{"email": "ada@example.com"})
	if made["role"] != "member" {
		t.Errorf("without a role, one is invited as %v; the body's default is member", made["role"])
	}
	at := fmt.Sprint("/v1/project/invitation/", made["id"])
	w.must("GET", at, nil)
	demo, err := w.srv.Project("demo")
	try(t, err)
	try(t, demo.Advance(8*24*time.Hour))
	w.refused("GET", at, nil, 410, "INVITATION_EXPIRED")
}

// Who asks is a member like the others, also when nobody has listed them yet.
func TestTheMemberWhoAsksIsListed(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	demo, err := w.srv.Project("demo")
	try(t, err)
	at := fmt.Sprint("/v1/project/", demo.ID(), "/member")
	me := w.must("GET", at+"/me", nil)
	members := w.list(at + "?limit=100")
	if i := slices.Index(column(members, "id"), me["id"]); i < 0 || members[i]["email"] != me["email"] {
		t.Errorf("%v %v asks, and the members are %v", me["id"], me["email"], column(members, "id"))
	}
	if again := w.must("GET", at+"/me", nil); again["id"] != me["id"] {
		t.Errorf("first %v asked, then %v", me["id"], again["id"])
	}
}

// A duplicate is a draft of its own.
func TestADuplicateHasAVersionOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	project := w.list("/v1/project/")[0]["id"]
	for _, agent := range w.list("/v1/agent/?limit=2") {
		copied := w.must("POST", fmt.Sprintf("/v1/agent/%v/duplicate", agent["agent_id"]), map[string]any{"target_project_id": project})
		if copied["version_id"] == agent["version_id"] || copied["agent_id"] == agent["agent_id"] {
			t.Errorf("the duplicate of agent %v, version %v, is agent %v, version %v", agent["agent_id"], agent["version_id"], copied["agent_id"], copied["version_id"])
		}
		if copied["prompt"] != agent["prompt"] || copied["is_draft"] != true || copied["is_published"] != false || copied["version_number"] != 1.0 {
			t.Errorf("a duplicate is draft %v, published %v, number %v, of %q, not %q", copied["is_draft"], copied["is_published"], copied["version_number"], copied["prompt"], agent["prompt"])
		}
	}
}

// What is set past the API agrees with what it is named by, like what the API sets.
func TestKnowledgeThatIsSetAgrees(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	p, err := w.srv.Project("demo")
	try(t, err)
	bases := []any{w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "Prices"})["id"], w.must("POST", "/v1/knowledge/base/", map[string]any{"name": "Hours"})["id"]}
	named := func(want ...[]any) {
		t.Helper()
		for i, id := range bases {
			base := w.must("GET", fmt.Sprint("/v1/knowledge/base/", id), nil)
			if ids, _ := base["knowledge_item_ids"].([]any); !slices.Equal(ids, want[i]) || base["item_count"] != float64(len(want[i])) {
				t.Errorf("base %d names %v and counts %v, want %v", i, ids, base["item_count"], want[i])
			}
		}
	}
	items := p.Collection("knowledge/item")
	item, err := items.Create(map[string]any{"name": "Cut", "knowledge_base_id": bases[0]})
	try(t, err)
	own := "2c6a1e1e-6f8b-4d0e-9d53-0a2e7f6f2b11"
	_, err = items.Create(map[string]any{"id": own, "knowledge_base_id": bases[0]})
	try(t, err)
	named([]any{item.ID, own}, nil)
	_, err = items.Update(item.ID, map[string]any{"knowledge_base_id": bases[1]})
	try(t, err)
	named([]any{own}, []any{item.ID})
	_, err = items.Update(own, map[string]any{"knowledge_base_id": nil})
	try(t, err)
	named(nil, []any{item.ID})
	_, err = p.Collection("knowledge/base").Update(fmt.Sprint(bases[0]), map[string]any{"knowledge_item_ids": []any{own, item.ID}})
	try(t, err)
	named([]any{own, item.ID}, nil)
	try(t, items.Delete(own))
	named([]any{item.ID}, nil)
	all, agree := 0, 0
	for _, base := range w.list("/v1/knowledge/base/?limit=100") {
		ids, _ := base["knowledge_item_ids"].([]any)
		for _, id := range ids {
			all++
			if w.must("GET", fmt.Sprint("/v1/knowledge/item/", id), nil)["knowledge_base_id"] == base["id"] {
				agree++
			}
		}
	}
	if all == 0 || agree != all {
		t.Errorf("of %d items that bases name, %d say that they are theirs", all, agree)
	}
}

func TestAnInvitationEnds(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	p, err := w.srv.Project("demo")
	try(t, err)
	sent := w.must("POST", "/v1/project/invitation/send", map[string]any{"email": "late@example.com", "role": "reader"})
	at := fmt.Sprint("/v1/project/invitation/", sent["id"])
	try(t, p.Advance(8*24*time.Hour))
	w.refused("GET", at, nil, 410, "INVITATION_EXPIRED")
	w.refused("POST", at+"/join", nil, 404, "INVITATION_NOT_FOUND")
	try(t, p.Advance(-8*24*time.Hour))
	w.must("POST", at+"/join", nil)
}

// A call ends when it is set to have ended, at that time unless another is given, and one
// that goes on has no end.
func TestCallsEndWhenTheyAreSetTo(t *testing.T) {
	t.Parallel()
	w := newWhole(t)
	p, err := w.srv.Project("demo")
	try(t, err)
	calls, phone := p.Collection("call"), w.list("/v1/phone/")[0]
	id := fmt.Sprint(w.must("POST", "/v1/call/", map[string]any{"from_number": phone["number"], "to_number": "+34600000001"})["id"])
	shown := func(want map[string]any) {
		t.Helper()
		got := w.must("GET", "/v1/call/"+id, nil)
		for name, v := range want {
			if got[name] != v {
				t.Errorf("the %s of a call that is %v is %v, want %v", name, got["status"], got[name], v)
			}
		}
	}
	set := func(patch map[string]any) {
		t.Helper()
		_, err := calls.Update(id, patch)
		try(t, err)
	}
	now := func() string {
		now, _, err := p.Clock()
		try(t, err)
		return now.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	begun := now()
	set(map[string]any{"status": "in_progress"})
	shown(map[string]any{"start_time": begun, "end_time": nil, "duration": nil, "end_reason": nil})
	try(t, p.Advance(90*time.Second))
	set(map[string]any{"status": "completed", "end_reason": "voicemail_left"})
	shown(map[string]any{"start_time": begun, "end_time": now(), "duration": 90.0, "end_reason": "voicemail_left"})
	set(map[string]any{"end_reason": "ivr_no_answer"})
	shown(map[string]any{"end_time": now(), "duration": 90.0, "end_reason": "ivr_no_answer"})
	set(map[string]any{"status": "in_queue"})
	shown(map[string]any{"start_time": nil, "end_time": nil, "duration": nil, "end_reason": nil})
	set(map[string]any{"status": "completed", "duration": 7, "start_time": "2026-01-01T00:00:00.000000Z", "end_time": "2026-01-01T00:00:09.000000Z"})
	shown(map[string]any{"start_time": "2026-01-01T00:00:00.000000Z", "end_time": "2026-01-01T00:00:09.000000Z", "duration": 7.0})
	set(map[string]any{"status": "dialing"})
	set(map[string]any{"status": "completed"})
	shown(map[string]any{"start_time": now(), "end_time": now(), "duration": 0.0})
	if made, err := calls.Create(map[string]any{"status": "dialing"}); err != nil {
		t.Error(err)
	} else if id = made.ID; true {
		shown(map[string]any{"start_time": nil, "end_time": nil, "duration": nil, "end_reason": nil})
	}
}
